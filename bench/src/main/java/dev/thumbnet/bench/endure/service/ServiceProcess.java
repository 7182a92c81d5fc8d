package dev.thumbnet.bench.endure.service;

import dev.thumbnet.bench.endure.trial.ProcessStatus;
import dev.thumbnet.bench.harness.Subprocess;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** The example service, compiled and started as its page says. */
final class ServiceProcess {
  static final int HEAP_MEGABYTES = 512;

  /** From the project's folder, and from that of this module. */
  private static final List<Path> SOURCES =
      List.of(
          Path.of("thumbnet", "examples", "service"),
          Path.of("..", "thumbnet", "examples", "service"));

  private final Path log;
  private final Process process;
  private final int port;
  private double largestMegabytes;

  /**
   * Starts it.
   *
   * @param folder for its classes and its log
   */
  ServiceProcess(Path folder, Path model) throws IOException {
    Path classes = compiled(folder);
    log = folder.resolve("service.log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-Djava.awt.headless=true",
                "-Djava.io.tmpdir=" + folder,
                "--add-modules=jdk.incubator.vector",
                "-cp",
                classes + File.pathSeparator + Subprocess.classPath(),
                "ClassifierService",
                model.toString(),
                "0"));
    process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    port = port();
  }

  private static Path compiled(Path folder) throws IOException {
    Path sources = SOURCES.stream().filter(Files::isDirectory).findFirst().orElseThrow();
    Path classes = folder.resolve("classes");
    List<String> words =
        new ArrayList<>(List.of("-d", classes.toString(), "-cp", Subprocess.classPath()));
    try (Stream<Path> files = Files.list(sources)) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(words::add);
    }
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    if (javac.run(writer, writer, words.toArray(String[]::new)) != 0) {
      throw new IOException("the service cannot be compiled: " + said);
    }
    return classes;
  }

  private int port() throws IOException {
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    if (line == null || !line.startsWith("listening on port ")) {
      throw new IOException("the service does not start: " + line + " " + Files.readString(log));
    }
    return Integer.parseInt(line.replaceAll("\\D", ""));
  }

  int listening() {
    return port;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int threads() {
    return ProcessStatus.threads(process.pid());
  }

  double megabytes() {
    return ProcessStatus.megabytes(process.pid());
  }

  /** Returns the most megabytes that it had resident, also after its end. */
  double largestMegabytes() {
    largestMegabytes = Math.max(largestMegabytes, ProcessStatus.largestMegabytes(process.pid()));
    return largestMegabytes;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** Asks it to end; returns whether it did within some seconds. */
  boolean end(int seconds) throws InterruptedException {
    largestMegabytes();
    process.destroy();
    boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    return ended;
  }
}
