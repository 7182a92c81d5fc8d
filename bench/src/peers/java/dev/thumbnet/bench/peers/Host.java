package dev.thumbnet.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the figures come from, in words. */
public final class Host {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Host() {}

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
