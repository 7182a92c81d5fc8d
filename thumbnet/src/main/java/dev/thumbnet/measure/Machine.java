package dev.thumbnet.measure;

import dev.thumbnet.engine.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where numbers were measured.
 *
 * @param processor model of the processor, as far as the system tells
 * @param cores processors that the JVM may use
 * @param system operating system and architecture
 * @param java JVM and its version
 * @param device the engine's own description: kernels, lanes, threads
 */
public record Machine(String processor, int cores, String system, String java, String device) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** This machine. */
  public static Machine here(Device device) {
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        property("os.name") + " " + property("os.version") + ", " + property("os.arch"),
        property("java.vm.name") + " " + property("java.vm.version"),
        device.describe());
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  /** Linux tells it in a file, Windows in a variable; elsewhere it stays unknown. */
  private static String processorName() {
    try {
      for (String line : Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of("")) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      // The name is for the reader only; without it the report says "unknown".
    }
    String windows = System.getenv("PROCESSOR_IDENTIFIER");
    return windows == null ? "unknown" : windows;
  }
}
