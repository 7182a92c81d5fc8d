package dev.thumbnet.cli.option;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.CudaPrecision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of all commands that compute. */
public final class DeviceOptions {
  /** Where to compute. */
  public enum Kind {
    CPU,
    CUDA,
    REFERENCE
  }

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description =
          "Where to compute: cpu, cuda (a GPU of NVIDIA, with its driver, cuDNN 9 and cuBLAS), or"
              + " reference (plain loops in double precision, very slow, for comparison)."
              + " Default: ${DEFAULT-VALUE}.")
  private Kind device;

  @Option(
      names = "--gpu",
      paramLabel = "N",
      defaultValue = "0",
      description = "Which GPU, with --device cuda. Default: ${DEFAULT-VALUE}.")
  private int gpu;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "f32",
      description =
          "How a GPU multiplies: f32, tf32 (11 bits, several times faster), or bf16 (8 bits, half"
              + " of the memory traffic). Default: ${DEFAULT-VALUE}.")
  private CudaPrecision precision;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {
        "How many threads compute; results do not depend on it. Default: one for each processor."
      })
  private @Nullable Integer threads;

  /** The number of threads that the device has. */
  public int threads() {
    return device == Kind.CPU ? workers() : 1;
  }

  /** How many pictures a command works on at once if it can: decoding takes no device. */
  public int workers() {
    return threads == null
        ? Math.min(Device.MOST_THREADS, Runtime.getRuntime().availableProcessors())
        : threads;
  }

  /** The device; to be closed by the caller. */
  public Device open() {
    return open(1);
  }

  /**
   * The device for a command that works on several pictures at once: then each is computed by one
   * thread. To be closed by the caller.
   *
   * @param pictures how many there are
   */
  public Device open(int pictures) {
    if (threads != null && threads < 1) {
      throw new IllegalArgumentException("--threads must be at least 1, got " + threads);
    }
    if (threads != null && threads > Device.MOST_THREADS) {
      throw new IllegalArgumentException(
          "--threads must be at most " + Device.MOST_THREADS + ", got " + threads);
    }
    return switch (device) {
      case CPU ->
          pictures > 1 ? Device.cpu(1) : threads == null ? Device.cpu() : Device.cpu(threads);
      case CUDA -> Device.cuda(gpu, precision);
      case REFERENCE -> Device.reference();
    };
  }
}
