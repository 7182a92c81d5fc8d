package dev.thumbnet.bench.endure;

import dev.thumbnet.bench.endure.picture.BombTrial;
import dev.thumbnet.bench.endure.picture.PictureTrial;
import dev.thumbnet.bench.endure.service.ServiceTrial;
import dev.thumbnet.bench.endure.trial.Folders;
import dev.thumbnet.bench.endure.trial.PartResult;
import dev.thumbnet.bench.endure.trial.Trial;
import dev.thumbnet.bench.endure.trial.Trials;
import dev.thumbnet.bench.endure.trial.Violation;
import dev.thumbnet.bench.harness.ResultFiles;
import dev.thumbnet.bench.harness.Subprocess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The process of a part. It says on the way what it has found, so that nothing is lost if it comes
 * to grief, and has a folder for temporary files that must be empty in the end.
 */
final class PartProcess {
  private static final String ANY_CASE = "-";

  /** Where the part that runs has its files, if one does. */
  private static volatile Path running;

  /** How many violations were said. */
  private static int said;

  private PartProcess() {}

  // ---------------------------------------------------------------- in the program

  /** Runs a part in a JVM of its own. */
  static PartResult start(PartStart.Order order) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("endure");
    running = folder;
    try {
      Path temporary = Files.createDirectory(folder.resolve("temporary"));
      Path report = folder.resolve("report.json");
      int status = run(order, temporary, report);
      Descendants.checkNotEnding();
      PartResult found =
          Files.exists(report)
              ? ResultFiles.read(report, PartResult.class)
              : new PartResult(0, new TreeMap<>(), new TreeMap<>(), 0, 0, 0, 0, 0, List.of());
      if (status != 0) {
        found = found.with(ANY_CASE, "the process ended with exit code " + status);
      }
      List<String> left = names(temporary);
      return left.isEmpty()
          ? found
          : found.with(ANY_CASE, "temporary files stay: " + String.join(", ", left));
    } finally {
      Folders.remove(folder);
      running = null;
    }
  }

  /** Removes what a part leaves that is cut short. */
  static void cleanUp() {
    Path folder = running;
    if (folder != null) {
      try {
        Folders.remove(folder);
      } catch (IOException e) {
        System.err.println("endure: " + folder + " stays: " + e.getMessage());
      }
    }
  }

  private static int run(PartStart.Order order, Path temporary, Path report)
      throws IOException, InterruptedException {
    Part part = order.part();
    Process process =
        new ProcessBuilder(
                Subprocess.jvm(
                        part.name(),
                        flags(part, temporary),
                        classPath(part.withPlugins()),
                        PartProcess.class,
                        part.name(),
                        Long.toString(order.seed()),
                        Long.toString(order.share().toMillis()),
                        Long.toString(order.least()),
                        order.only().isPresent()
                            ? Long.toString(order.only().getAsLong())
                            : ANY_CASE,
                        report.toString())
                    .command())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      return process.waitFor();
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> flags(Part part, Path temporary) {
    return List.of(
        "-Xmx" + part.needs().megabytes() + "m",
        "-Djava.awt.headless=true",
        "-Djava.io.tmpdir=" + temporary,
        "--add-modules=jdk.incubator.vector");
  }

  /** This program's class path, as far as wished without TwelveMonkeys' plug-ins. */
  private static String classPath(boolean withPlugins) {
    return Stream.of(Subprocess.classPath().split(File.pathSeparator))
        .filter(entry -> withPlugins || !isPlugin(Path.of(entry).getFileName().toString()))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isPlugin(String jar) {
    return jar.startsWith("imageio-") || jar.matches("common-(image|io|lang)\\b.*");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  // ---------------------------------------------------------------- in the new process

  /** Runs once; arguments: part, seed, milliseconds, cases, the only case, file to report to. */
  public static void main(String[] args) throws Exception {
    Descendants.endWithThisProcess(() -> {});
    Descendants.endWithParent();
    Part part = Part.valueOf(args[0]);
    long seed = Long.parseLong(args[1]);
    Duration share = Duration.ofMillis(Long.parseLong(args[2]));
    Path report = Path.of(args[5]);
    Trial trial = trial(part, seed, share);
    long least = Math.max(trial.least(), Long.parseLong(args[3]));
    Trials trials = new Trials(trial, part.bounds());
    PartResult found =
        args[4].equals(ANY_CASE)
            ? trials.run(new Trials.Extent(share, least), so -> progress(part, so, report))
            : trials.one(Long.parseLong(args[4]));
    progress(part, found, report);
    System.exit(0); // a case that did not end would keep this from ending
  }

  private static Trial trial(Part part, long seed, Duration share) throws Exception {
    return switch (part) {
      case KILLS -> new KillTrial(seed);
      case MODELS -> new ModelMutants(seed);
      case PICTURES, PICTURES_JDK -> new PictureTrial(seed);
      case BOMBS -> new BombTrial(seed);
      case CONCURRENCY -> new ConcurrencyTrial(seed);
      case SERVICE -> new ServiceTrial(seed, share);
    };
  }

  /** Writes down and says what there is so far; violations only once. */
  private static void progress(Part part, PartResult found, Path report) {
    System.err.printf(
        "%s: %d cases in %.0f s, %d violations%n",
        part, found.cases(), found.seconds(), found.violations());
    List<Violation> examples = found.examples();
    for (Violation violation : examples.subList(said, examples.size())) {
      System.err.printf("  case %d: %s%n", violation.number(), violation.what());
    }
    said = examples.size();
    try {
      ResultFiles.write(report, found);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
