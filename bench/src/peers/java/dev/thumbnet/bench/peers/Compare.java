package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.CommandRunner;
import dev.thumbnet.bench.harness.Machine;
import dev.thumbnet.bench.harness.ResultFiles;
import dev.thumbnet.bench.harness.Run;
import dev.thumbnet.bench.harness.RunOptions;
import dev.thumbnet.bench.harness.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes a {@link PeerStart} in new JVMs, one after the other, as often as is wished. */
@Command(
    name = "compare",
    sortOptions = false,
    description =
        "Times the engine and native frameworks on the same work, in turns. Let nothing else run"
            + " meanwhile.")
final class Compare implements Callable<Integer> {
  /** The JVM's defaults otherwise. */
  static final List<String> FLAGS =
      List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED");

  private static final Path NEWEST = Path.of("bench", "RESULTS.md");

  @Spec private CommandSpec command;

  @Mixin private CompareOptions options = new CompareOptions();

  /** Runs the command line. */
  public static void main(String[] args) {
    CommandRunner.main(new Compare(), args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (options.list()) {
      Workload.all().forEach(command.commandLine().getOut()::println);
      return 0;
    }
    if (options.page() || measure(options.isa(Isa.here())).isWhole()) {
      ResultFiles.writePage(NEWEST, PeerPage.of(PeerPage.read(RunOptions.FOLDER)));
    }
    return 0;
  }

  private PeerResults measure(Isa isa) throws IOException, InterruptedException {
    command.commandLine().getErr().printf("%s; %s%n", Machine.describe(), isa);
    List<String> flags = new ArrayList<>(FLAGS);
    if (isa == Isa.AVX2_BY_OPTION) {
      flags.add(Isa.OPTION);
    }
    PeerResults none =
        new PeerResults(
            Machine.now(),
            options.command(),
            Machine.describe(),
            Machine.java(),
            flags,
            isa == Isa.AVX2_BY_OPTION ? Map.of() : versions(),
            new ArrayList<>());
    Run<PeerResults.OneStart, PeerResults> run = options.run().begin(none, PeerResults.class);
    for (int i = 1; i <= options.starts(); i++) {
      for (int threads : options.threads()) {
        run.start(PeerResults.kind(threads), i, options.starts(), () -> start(isa, flags, threads));
      }
    }
    run.end();
    return run.results();
  }

  private PeerResults.OneStart start(Isa isa, List<String> flags, int threads)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("start", ".json");
    try {
      List<String> all = new ArrayList<>(flags);
      // PyTorch's number of threads cannot be changed later.
      all.add("-Dai.djl.pytorch.num_threads=" + threads);
      all.add("-Dai.djl.pytorch.num_interop_threads=1");
      all.add("-Doffline=true");
      List<String> arguments = new ArrayList<>();
      arguments.add(file.toString());
      arguments.add(Integer.toString(threads));
      arguments.add(options.effort().name());
      arguments.add(isa.name());
      arguments.addAll(options.cases());
      Subprocess.jvm(
              "a start",
              all,
              Subprocess.classPath(),
              PeerStart.class,
              arguments.toArray(String[]::new))
          // oneDNN takes its number of threads from OpenMP.
          .with("OMP_NUM_THREADS", Integer.toString(threads))
          .run();
      return ResultFiles.read(file, PeerResults.OneStart.class);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("ONNX Runtime", OnnxRuntimeForward.version());
    versions.put("PyTorch", PyTorchForward.version());
    versions.put("Libtorch", LibtorchProcess.version());
    versions.put("OpenCV", OpenCvForward.version());
    versions.put("oneDNN", OneDnnConvolution.version());
    versions.put("OpenBLAS", OpenBlasProduct.version());
    return versions;
  }
}
