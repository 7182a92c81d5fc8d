package dev.thumbnet.bench.harness;

import dev.thumbnet.engine.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Where the figures come from, in words: when, machine, JVM, kernels. */
public final class Machine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** Returns processor, cores and system. */
  public static String describe() {
    return processor()
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " cores, "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.version");
  }

  /** Returns the virtual machine and its version. */
  public static String java() {
    return System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
  }

  /** Returns the minute. */
  public static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MINUTES).toString();
  }

  /** Returns the engine's kernels, lanes and threads. */
  public static String engine(int threads) {
    try (Device device = Device.cpu(threads)) {
      return device.describe();
    }
  }

  private static String processor() {
    try {
      for (String line : Files.readAllLines(CPU_INFO)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      // The name is for the reader only.
    }
    return "unknown processor";
  }
}
