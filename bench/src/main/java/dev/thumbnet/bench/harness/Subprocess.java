package dev.thumbnet.bench.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Another process that measures, most often a JVM of its own; its complaints are shown as they
 * come.
 *
 * @param name in messages
 * @param command program and arguments
 * @param environment variables beside those of this process
 */
public record Subprocess(String name, List<String> command, Map<String, String> environment) {
  /** Makes one with the variables of this process. */
  public Subprocess(String name, List<String> command) {
    this(name, command, Map.of());
  }

  /**
   * Returns a JVM like this one that runs a class.
   *
   * @param flags options of the JVM
   */
  public static Subprocess jvm(
      String name, List<String> flags, String classPath, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return new Subprocess(name, command);
  }

  /** Returns the same process with a variable in its environment. */
  public Subprocess with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Subprocess(name, command, Map.copyOf(more));
  }

  /** Returns this program's own class path. */
  public static String classPath() {
    return System.getProperty("java.class.path");
  }

  /**
   * Starts it.
   *
   * @throws IOException if it cannot be started
   */
  Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /**
   * Runs it and returns the lines that it printed.
   *
   * @throws IOException if it cannot be started or fails
   */
  public List<String> run() throws IOException, InterruptedException {
    Process process = start();
    List<String> lines = process.inputReader().readAllLines();
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(name + " ended with exit code " + status + ", see above");
    }
    return lines;
  }
}
