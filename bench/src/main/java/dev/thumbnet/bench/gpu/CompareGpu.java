package dev.thumbnet.bench.gpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Runs cases with both sides by turns: the engine, PyTorch, the engine, PyTorch, ..., each time in
 * a new process, so that neither finds the other's memory on the card. See {@code
 * bench/bin/compare-gpu}.
 */
final class CompareGpu {
  private static final String LIBRARIES = "dev.thumbnet.engine.cuda.path";
  private static final int QUICK_ROUNDS = 1;

  private int rounds = 3;
  private Stopwatch.Effort effort = Stopwatch.Effort.FULL;
  private final List<String> wanted = new ArrayList<>();
  private boolean list;
  private Path out = Path.of("bench", "results", LocalDate.now(ZoneOffset.UTC) + "-gpu.json");
  private String python;
  private String script;
  private String machine = "";

  private CompareGpu(List<String> arguments) {
    boolean roundsGiven = false;
    for (Iterator<String> i = arguments.iterator(); i.hasNext(); ) {
      String option = i.next();
      switch (option) {
        case "--quick" -> effort = Stopwatch.Effort.QUICK;
        case "--list" -> list = true;
        case "--case" -> wanted.add(value(option, i));
        case "--name" -> out = Path.of("bench", "results", value(option, i) + "-gpu.json");
        case "--python" -> python = value(option, i);
        case "--pytorch" -> script = value(option, i);
        case "--machine" -> machine = value(option, i);
        case "--rounds" -> {
          rounds = Integer.parseInt(value(option, i));
          roundsGiven = true;
        }
        default -> throw new IllegalArgumentException("no such option: " + option);
      }
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("--rounds must be at least 1, not " + rounds);
    }
    if (effort == Stopwatch.Effort.QUICK && !roundsGiven) {
      rounds = QUICK_ROUNDS;
    }
  }

  private static String value(String option, Iterator<String> arguments) {
    if (!arguments.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return arguments.next();
  }

  /** Runs the command line. */
  public static void main(String[] args) throws InterruptedException {
    int status = 1;
    try {
      status = new CompareGpu(Arrays.asList(args)).run();
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("compare-gpu: " + e.getMessage());
    }
    System.exit(status);
  }

  private int run() throws IOException, InterruptedException {
    List<String> chosen = chosen();
    if (list) {
      chosen.forEach(System.out::println);
      return 0;
    }
    GpuResults results = new GpuResults(about(), new ArrayList<>(), new ArrayList<>());
    for (String name : chosen) {
      for (int round = 1; round <= rounds; round++) {
        System.err.printf("%s, round %d of %d%n", name, round, rounds);
        try {
          results.rounds().add(round(name));
        } catch (IOException e) {
          // One case, of which a card may have too little memory, must not cost all others.
          results.failures().add(name + ": " + e.getMessage());
          System.err.println("compare-gpu: " + results.failures().getLast());
          break;
        }
      }
      write(results);
    }
    return results.failures().isEmpty() ? 0 : 1;
  }

  private List<String> chosen() {
    List<String> all = GpuCase.all().stream().map(GpuCase::toString).toList();
    if (wanted.isEmpty()) {
      return all;
    }
    Predicate<String> matches = name -> wanted.stream().anyMatch(name::contains);
    List<String> chosen = new ArrayList<>(all.stream().filter(matches).toList());
    for (String text : wanted) {
      if (all.stream().noneMatch(name -> name.contains(text))) {
        // Not one of the comparison, but perhaps a case.
        chosen.add(GpuCase.parse(text).toString());
      }
    }
    return chosen;
  }

  private String command() {
    StringBuilder command = new StringBuilder("bench/bin/compare-gpu");
    if (effort == Stopwatch.Effort.QUICK) {
      command.append(" --quick");
    }
    command.append(" --rounds ").append(rounds);
    wanted.forEach(text -> command.append(" --case '").append(text).append('\''));
    return command.toString();
  }

  private Map<String, String> about() throws IOException, InterruptedException {
    Map<String, String> engine = side(engine("--about"));
    Map<String, String> pytorch = side(List.of(python, script, "--about"));
    if (!engine.get("card").equals(pytorch.get("card"))) {
      throw new IOException(
          "the engine sees "
              + engine.get("card")
              + ", but PyTorch sees "
              + pytorch.get("card")
              + "; set CUDA_VISIBLE_DEVICES to one of them");
    }
    Map<String, String> about = new LinkedHashMap<>();
    about.put("date", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
    about.put("command", command());
    about.put("card", engine.get("card"));
    about.put("machine", machine);
    about.put("engine", engine.get("software"));
    about.put("PyTorch", pytorch.get("software"));
    about.put("rounds", Integer.toString(rounds));
    return about;
  }

  private GpuResults.Round round(String name) throws IOException, InterruptedException {
    Map<String, String> engine = side(engine(effort.name(), name));
    Map<String, String> pytorch = side(List.of(python, script, effort.name(), name));
    if (!engine.get("parameters").equals(pytorch.get("parameters"))) {
      throw new IOException(
          "the networks differ, with "
              + engine.get("parameters")
              + " and "
              + pytorch.get("parameters")
              + " parameters");
    }
    if (GpuCase.parse(name).kind() == GpuCase.Kind.LAYERS
        && !engine.keySet().equals(pytorch.keySet())) {
      throw new IOException("the layers differ: " + engine.keySet() + " and " + pytorch.keySet());
    }
    return new GpuResults.Round(name, engine, pytorch);
  }

  private static List<String> engine(String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("--add-modules=jdk.incubator.vector");
    line.add("--enable-native-access=ALL-UNNAMED");
    String libraries = System.getProperty(LIBRARIES);
    if (libraries != null) {
      line.add("-D" + LIBRARIES + "=" + libraries);
    }
    line.addAll(List.of("-cp", System.getProperty("java.class.path")));
    line.add(EngineSide.class.getName());
    line.addAll(List.of(arguments));
    return line;
  }

  /** Runs a side and returns what it printed, by key. Its complaints are shown as they come. */
  private static Map<String, String> side(List<String> line)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<String, String> printed = new LinkedHashMap<>();
    try (BufferedReader reader = process.inputReader()) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        int colon = text.indexOf(": ");
        if (colon > 0) {
          printed.put(text.substring(0, colon), text.substring(colon + 2));
        }
      }
    }
    int status = process.waitFor();
    if (status != 0) {
      boolean ours = line.contains(EngineSide.class.getName());
      throw new IOException((ours ? "the engine" : "PyTorch") + " ended with exit code " + status);
    }
    return printed;
  }

  private void write(GpuResults results) throws IOException {
    Files.createDirectories(out.toAbsolutePath().getParent());
    Path tables = out.resolveSibling(out.getFileName().toString().replaceAll("\\.json$", ".md"));
    Files.writeString(out, results.json());
    Files.writeString(tables, results.markdown());
    System.err.println("wrote " + out + " and " + tables);
  }
}
