package dev.thumbnet.bench.endure;

import dev.thumbnet.bench.endure.trial.Folders;
import dev.thumbnet.bench.endure.trial.Outcome;
import dev.thumbnet.bench.endure.trial.ProcessStatus;
import dev.thumbnet.bench.endure.trial.Trial;
import dev.thumbnet.bench.harness.Subprocess;
import dev.thumbnet.cli.Main;
import dev.thumbnet.data.synthetic.SyntheticPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Cases that are trainings by the command line, which are killed at drawn moments and resumed until
 * they end: with the same models, byte for byte, as if nothing had happened, and no other files.
 */
final class KillTrial implements Trial {
  private static final int SIDE = 32;
  private static final int CLASSES = 3;
  private static final int PICTURES = 8;
  private static final int MOST_KILLS = 4;
  private static final int BETWEEN_SIGNALS_MILLIS = 300;
  private static final int POLL_MILLIS = 20;

  /** An experiment takes long, so only some cases are one. */
  private static final int EVERY = 5;

  /** It takes a second where the machine has nothing else to do. */
  private static final long TERM_MILLIS = 20_000;

  private static final long FINISH_MILLIS = 300_000;

  /** How a process is ended. */
  private enum Ending {
    KILL,
    TERM,
    TERM_THEN_KILL
  }

  /**
   * What an undisturbed process left.
   *
   * @param files all of them; those that are no models with nothing in them
   */
  private record Reference(Path folder, Map<String, byte[]> files, long millis) {}

  private final long seed;
  private final Path folder;
  private final Map<TrainingProgram, Reference> references = new EnumMap<>(TrainingProgram.class);
  private double megabytes;

  KillTrial(long seed) throws IOException {
    this.seed = seed;
    this.folder = Files.createTempDirectory("kills");
    drawn("train", SyntheticPictures.train(SIDE, PICTURES, 1));
    drawn("val", SyntheticPictures.val(SIDE, PICTURES, 1));
  }

  private void drawn(String part, SyntheticPictures pictures) throws IOException {
    for (int i = 0; i < CLASSES * PICTURES; i++) {
      String name = pictures.classes().get(pictures.label(i));
      Path target = Files.createDirectories(data().resolve(part).resolve(name));
      pictures.get(i).writePng(target.resolve(i + ".png"));
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  @Override
  public double processMegabytes() {
    return megabytes;
  }

  @Override
  public List<String> end() throws IOException {
    Folders.remove(folder);
    return List.of();
  }

  // ---------------------------------------------------------------- cases

  @Override
  public Outcome attempt(long number) throws IOException, InterruptedException {
    RandomGenerator random = Trial.random(seed, number);
    TrainingProgram program = program(number);
    Reference reference = reference(program);
    Path out = Files.createDirectory(folder.resolve("case-" + number));
    Map<String, Long> results = new TreeMap<>();
    List<String> violations = new ArrayList<>();
    int kills = 1 + random.nextInt(MOST_KILLS);
    boolean ended = false;
    for (int i = 0; i < kills && !ended; i++) {
      Ending ending = Ending.values()[random.nextInt(Ending.values().length)];
      long moment = (long) (reference.millis() * random.nextDouble(0.1, 1));
      ended = killed(program, out, moment, ending, random, violations);
      results.merge(ended ? "ended before" : ending.name(), 1L, Long::sum);
    }
    if (!ended && !program.isComplete(out)) {
      finish(program, out).ifPresent(violations::add);
    }
    results.merge("finished", 1L, Long::sum);
    compare(reference.files(), files(out), violations);
    Folders.remove(out);
    Files.delete(log(out));
    return new Outcome(program.name(), results, violations);
  }

  private static TrainingProgram program(long number) {
    if (number % EVERY == EVERY - 1) {
      return TrainingProgram.REPRODUCE;
    }
    return number % EVERY % 2 == 0 ? TrainingProgram.TRAIN : TrainingProgram.DISTILL;
  }

  private Reference reference(TrainingProgram program) throws IOException, InterruptedException {
    Reference known = references.get(program);
    if (known != null) {
      return known;
    }
    Path out = Files.createDirectory(folder.resolve(program.name()));
    if (program == TrainingProgram.DISTILL) {
      reference(TrainingProgram.TRAIN); // its teacher
    }
    long begin = System.nanoTime();
    Optional<String> failure = finish(program, out);
    if (failure.isPresent()) {
      throw new IOException("undisturbed, " + failure.get());
    }
    long millis = (System.nanoTime() - begin) / 1_000_000;
    Reference found = new Reference(out, files(out), millis);
    references.put(program, found);
    return found;
  }

  private static void compare(
      Map<String, byte[]> expected, Map<String, byte[]> found, List<String> violations) {
    for (String name : expected.keySet()) {
      if (!found.containsKey(name)) {
        violations.add(name + " is missing");
      } else if (!Arrays.equals(expected.get(name), found.get(name))) {
        violations.add(name + " is not what an undisturbed process writes");
      }
    }
    for (String name : found.keySet()) {
      if (!expected.containsKey(name)) {
        violations.add(name + " stays");
      }
    }
  }

  /** Returns the content of models, and names of other files. */
  private static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (Path file : Folders.files(folder)) {
      boolean model = file.toString().endsWith(".safetensors");
      byte[] content = model ? Files.readAllBytes(file) : new byte[0];
      files.put(folder.relativize(file).toString(), content);
    }
    return files;
  }

  // ---------------------------------------------------------------- processes

  private static Path log(Path out) {
    return out.resolveSibling(out.getFileName() + ".log");
  }

  private Process start(TrainingProgram program, Path out) throws IOException {
    Reference teacher = references.get(TrainingProgram.TRAIN);
    Path teacherFolder = teacher == null ? folder : teacher.folder();
    List<String> arguments = program.arguments(data(), TrainingProgram.model(teacherFolder), out);
    List<String> flags =
        List.of(
            "-Xmx512m",
            "-Djava.awt.headless=true",
            "-Djava.io.tmpdir=" + folder,
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED");
    List<String> command =
        Subprocess.jvm(
                program.name(),
                flags,
                Subprocess.classPath(),
                Main.class,
                arguments.toArray(String[]::new))
            .command();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(out).toFile()))
        .start();
  }

  /** Starts a process and ends it; returns whether it was ready before. */
  private boolean killed(
      TrainingProgram program,
      Path out,
      long moment,
      Ending ending,
      RandomGenerator random,
      List<String> violations)
      throws IOException, InterruptedException {
    int between = random.nextInt(BETWEEN_SIGNALS_MILLIS);
    if (program.isComplete(out)) {
      return true;
    }
    Process process = start(program, out);
    if (ended(process, moment)) {
      failure(process, out).ifPresent(violations::add);
      return true;
    }
    if (ending != Ending.KILL) {
      process.destroy();
      if (!ended(process, ending == Ending.TERM ? TERM_MILLIS : between) && ending == Ending.TERM) {
        violations.add("SIGTERM did not end it within " + TERM_MILLIS / 1000 + " s");
      }
    }
    process.destroyForcibly().waitFor();
    return false;
  }

  /** Runs a process to its end; returns what went wrong. */
  private Optional<String> finish(TrainingProgram program, Path out)
      throws IOException, InterruptedException {
    Process process = start(program, out);
    if (!ended(process, FINISH_MILLIS)) {
      process.destroyForcibly().waitFor();
      return Optional.of("it did not end within " + FINISH_MILLIS / 1000 + " s");
    }
    return failure(process, out);
  }

  private static Optional<String> failure(Process process, Path out) throws IOException {
    if (process.exitValue() == 0) {
      return Optional.empty();
    }
    String text = Files.readString(log(out)).strip();
    return Optional.of(
        "it ended with exit code %d: %s"
            .formatted(process.exitValue(), text.substring(Math.max(0, text.length() - 300))));
  }

  /** Waits for a process; returns whether it ended in time. */
  private boolean ended(Process process, long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (process.isAlive() && System.nanoTime() < end) {
      megabytes = Math.max(megabytes, ProcessStatus.largestMegabytes(process.pid()));
      Thread.sleep(POLL_MILLIS);
    }
    return !process.isAlive();
  }
}
