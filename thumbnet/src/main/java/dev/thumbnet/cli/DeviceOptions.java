package dev.thumbnet.cli;

import dev.thumbnet.engine.Device;
import picocli.CommandLine.Option;

/** Options of all commands that compute. */
final class DeviceOptions {
  /** Where to compute. */
  enum Kind {
    CPU,
    REFERENCE
  }

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description =
          "Where to compute: cpu, or reference (plain loops in double precision, very slow, for"
              + " comparison). Default: ${DEFAULT-VALUE}.")
  private Kind device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {
        "How many threads compute; results do not depend on it. Default: one for each processor."
      })
  private Integer threads;

  /** The number of threads that the device has. */
  int threads() {
    if (device == Kind.REFERENCE) {
      return 1;
    }
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** The device; to be closed by the caller. */
  Device open() {
    if (threads != null && threads < 1) {
      throw new IllegalArgumentException("--threads must be at least 1, got " + threads);
    }
    if (device == Kind.REFERENCE) {
      return Device.reference();
    }
    return threads == null ? Device.cpu() : Device.cpu(threads);
  }
}
