package dev.thumbnet.bench.gpu;

import dev.thumbnet.bench.harness.CommandRunner;
import dev.thumbnet.bench.harness.CommandText;
import dev.thumbnet.bench.harness.CountConverter;
import dev.thumbnet.bench.harness.Effort;
import dev.thumbnet.bench.harness.Machine;
import dev.thumbnet.bench.harness.Run;
import dev.thumbnet.bench.harness.RunOptions;
import dev.thumbnet.bench.harness.Subprocess;
import dev.thumbnet.bench.harness.UsageException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs cases with both sides by turns: the engine, PyTorch, the engine, PyTorch, ..., each time in
 * a new process, so that neither finds the other's memory on the card. See {@code
 * bench/bin/compare-gpu}.
 */
@Command(
    name = "compare-gpu",
    sortOptions = false,
    description =
        "Times the engine on a GPU of NVIDIA beside PyTorch on the same card, by turns. Let nothing"
            + " else run meanwhile.")
final class CompareGpu implements Callable<Integer> {
  private static final String LIBRARIES = "dev.thumbnet.engine.cuda.path";
  private static final String CARD = "card";
  private static final String SOFTWARE = "software";
  private static final int ROUNDS = 3;
  private static final int QUICK_ROUNDS = 1;

  @Spec private CommandSpec command;

  @Option(
      names = "--rounds",
      converter = CountConverter.class,
      description = "how often both run each case; tables show medians (default: 3, quickly 1)")
  private Integer rounds;

  @Option(
      names = "--case",
      paramLabel = "TEXT",
      description =
          "measure what contains it, or else a case written as --list prints them; may be repeated"
              + " (default: all)")
  private List<String> wanted = new ArrayList<>();

  @Option(names = "--quick", description = "measure too shortly for conclusions")
  private boolean quick;

  @Option(names = "--list", description = "print the cases and end")
  private boolean list;

  @Mixin private RunOptions options = new RunOptions("-gpu");

  @Option(names = "--python", hidden = true, description = "what bench/bin/compare-gpu has found")
  private String python = "python3";

  @Option(names = "--pytorch", hidden = true, description = "the script of PyTorch's side")
  private String script = "bench/src/gpu/pytorch_side.py";

  @Option(names = "--driver", hidden = true, description = "the version of NVIDIA's driver")
  private String driver = "";

  /** Runs the command line. */
  public static void main(String[] args) {
    CommandRunner.main(new CompareGpu(), args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> chosen = chosen();
    if (list) {
      chosen.forEach(command.commandLine().getOut()::println);
      return 0;
    }
    Run<GpuResults.Round, GpuResults> run = options.begin(none(), GpuResults.class);
    List<String> failures = run.results().failures();
    failures.clear();
    for (String name : chosen) {
      try {
        for (int round = 1; round <= rounds(); round++) {
          run.start(name, round, rounds(), () -> round(name));
        }
      } catch (IOException e) {
        // One case, of which a card may have too little memory, must not cost all others.
        failures.add(name + ": " + e.getMessage());
        System.err.println("compare-gpu: " + failures.getLast());
        run.write();
      }
    }
    run.end();
    return failures.isEmpty() ? 0 : 1;
  }

  private int rounds() {
    if (rounds != null) {
      return rounds;
    }
    return quick ? QUICK_ROUNDS : ROUNDS;
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
        chosen.add(further(text));
      }
    }
    return chosen;
  }

  /** Returns a case that is not one of the comparison. */
  private static String further(String text) {
    try {
      return GpuCase.parse(text).toString();
    } catch (IllegalArgumentException e) {
      throw new UsageException("--case: " + e.getMessage());
    }
  }

  private String command() {
    return new CommandText("bench/bin/compare-gpu")
        .flag("--quick", quick)
        .option("--rounds", rounds())
        .option("--case", wanted)
        .toString();
  }

  private GpuResults none() throws IOException, InterruptedException {
    Map<String, String> engine = engine("--about");
    Map<String, String> pytorch = pytorch("--about");
    if (!engine.get(CARD).equals(pytorch.get(CARD))) {
      throw new IOException(
          "the engine sees "
              + engine.get(CARD)
              + ", but PyTorch sees "
              + pytorch.get(CARD)
              + "; set CUDA_VISIBLE_DEVICES to one of them");
    }
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("Engine", engine.get(SOFTWARE));
    versions.put("PyTorch", pytorch.get(SOFTWARE));
    return new GpuResults(
        Machine.now(),
        command(),
        Machine.describe() + (driver.isEmpty() ? "" : ", NVIDIA driver " + driver),
        Machine.java(),
        engine.get(CARD),
        versions,
        new ArrayList<>(),
        new ArrayList<>());
  }

  private GpuResults.Round round(String name) throws IOException, InterruptedException {
    String effort = (quick ? Effort.QUICK : Effort.FULL).name();
    Map<String, BigDecimal> engine = figures(engine(effort, name));
    Map<String, BigDecimal> pytorch = figures(pytorch(effort, name));
    BigDecimal ours = engine.get(EngineSide.PARAMETERS);
    BigDecimal theirs = pytorch.get(EngineSide.PARAMETERS);
    if (!Objects.equals(ours, theirs)) {
      throw new IOException("the networks differ, with " + ours + " and " + theirs + " parameters");
    }
    if (GpuCase.parse(name).kind() == GpuCase.Kind.LAYERS
        && !engine.keySet().equals(pytorch.keySet())) {
      throw new IOException("the layers differ: " + engine.keySet() + " and " + pytorch.keySet());
    }
    return new GpuResults.Round(name, engine, pytorch);
  }

  // ---------------------------------------------------------------- sides

  private static Map<String, String> engine(String... arguments)
      throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>();
    flags.add("--add-modules=jdk.incubator.vector");
    flags.add("--enable-native-access=ALL-UNNAMED");
    String libraries = System.getProperty(LIBRARIES);
    if (libraries != null) {
      flags.add("-D" + LIBRARIES + "=" + libraries);
    }
    return printed(
        Subprocess.jvm("the engine", flags, Subprocess.classPath(), EngineSide.class, arguments));
  }

  private Map<String, String> pytorch(String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python, script));
    command.addAll(List.of(arguments));
    return printed(new Subprocess("PyTorch", command));
  }

  /** Runs a side and returns what it printed, by key. */
  private static Map<String, String> printed(Subprocess side)
      throws IOException, InterruptedException {
    Map<String, String> printed = new LinkedHashMap<>();
    for (String line : side.run()) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        printed.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return printed;
  }

  /** Returns the numbers; libraries may have said something else between them. */
  private static Map<String, BigDecimal> figures(Map<String, String> printed) {
    Map<String, BigDecimal> figures = new LinkedHashMap<>();
    printed.forEach(
        (key, value) -> {
          if (value.matches("\\d+(\\.\\d+)?")) {
            figures.put(key, new BigDecimal(value));
          }
        });
    return figures;
  }
}
