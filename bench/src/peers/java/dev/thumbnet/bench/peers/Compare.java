package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.peers.Results.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

/** Starts {@link Contest} in new JVMs, one after the other, and makes tables of what they say. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Times the engine and native frameworks on the same work, in turns. Let nothing else run"
            + " meanwhile.")
final class Compare implements Callable<Integer> {
  /** The JVM's defaults otherwise. */
  private static final List<String> FLAGS =
      List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED");

  @Spec private CommandSpec command;

  @Option(
      names = "--starts",
      defaultValue = "10",
      description = "JVM starts per number of threads; tables show medians (default: 10)")
  private int starts;

  @Option(
      names = "--threads",
      split = ",",
      defaultValue = "1,2",
      description = "numbers of threads (default: 1,2)")
  private List<Integer> threads;

  @Option(
      names = "--case",
      paramLabel = "CASE",
      description = "as --list prints it; may be repeated (default: all)")
  private List<String> cases;

  @Option(names = "--quick", description = "measure too shortly for conclusions, once")
  private boolean quick;

  @Option(
      names = "--resume",
      description = "go on with the file of a comparison that was stopped, if it measured the same")
  private boolean resume;

  @Option(names = "--list", description = "print the cases and end")
  private boolean list;

  @Mixin private ResultFiles files = new ResultFiles("", "RESULTS.md");

  /** Runs the command line. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Compare()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (list) {
      Workload.all().forEach(System.out::println);
      return 0;
    }
    List<String> chosen =
        cases == null
            ? Workload.all().stream().map(Workload::toString).toList()
            : cases.stream().map(text -> Workload.parse(text).toString()).toList();
    Results results = resume && Files.exists(files.raw()) ? earlier(chosen) : none(chosen);
    int rounds = quick ? 1 : starts;
    for (int i = 0; i < rounds; i++) {
      for (int number : threads) {
        int wanted = i + 1;
        long made = results.starts().stream().filter(s -> s.threads() == number).count();
        if (made < wanted) {
          System.err.printf("start %d of %d, %d threads%n", wanted, rounds, number);
          results.starts().add(start(number, chosen));
          files.write(results, Tables.of(results));
        }
      }
    }
    if (!quick && cases == null) {
      files.publish();
    }
    return 0;
  }

  private Results none(List<String> chosen) {
    return new Results(
        Instant.now().truncatedTo(ChronoUnit.MINUTES).toString(),
        command(chosen),
        Host.describe(),
        Host.java(),
        FLAGS,
        versions(),
        new ArrayList<>());
  }

  /** Returns what a comparison has measured that was stopped. */
  private Results earlier(List<String> chosen) throws IOException {
    Results found = new ObjectMapper().readValue(files.raw(), Results.class);
    Results ours = none(chosen);
    if (!found.command().equals(ours.command())
        || !found.machine().equals(ours.machine())
        || !found.java().equals(ours.java())) {
      throw new CommandLine.ParameterException(
          command.commandLine(),
          files.raw()
              + " was made by \""
              + found.command()
              + "\" on "
              + found.machine()
              + ", "
              + found.java()
              + "; leave out --resume, or give another --name");
    }
    return found;
  }

  private Start start(int number, List<String> chosen) throws IOException, InterruptedException {
    Path file = Files.createTempFile("contest", ".json");
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(FLAGS);
      // PyTorch's number of threads cannot be changed later.
      command.add("-Dai.djl.pytorch.num_threads=" + number);
      command.add("-Dai.djl.pytorch.num_interop_threads=1");
      command.add("-Doffline=true");
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(Contest.class.getName());
      command.add(file.toString());
      command.add(Integer.toString(number));
      command.add((quick ? Contest.Effort.QUICK : Contest.Effort.FULL).name());
      command.addAll(chosen);
      int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IOException("a start ended with exit code " + exit + ", see above");
      }
      return new ObjectMapper().readValue(file, Start.class);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private String command(List<String> chosen) {
    StringBuilder command = new StringBuilder("bench/bin/compare");
    if (quick) {
      command.append(" --quick");
    } else {
      command.append(" --starts ").append(starts);
    }
    command.append(" --threads ");
    command.append(String.join(",", threads.stream().map(String::valueOf).toList()));
    if (cases != null) {
      chosen.forEach(text -> command.append(" --case '").append(text).append('\''));
    }
    return command.toString();
  }

  private static Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("ONNX Runtime", OnnxRuntimeForward.version());
    versions.put("PyTorch", PyTorchForward.version());
    versions.put("OpenBLAS", OpenBlasProduct.version());
    return versions;
  }
}
