package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.CommandRunner;
import dev.thumbnet.bench.harness.Machine;
import dev.thumbnet.bench.harness.ResultFiles;
import dev.thumbnet.bench.harness.Run;
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
  private static final List<String> FLAGS =
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
    Run<PeerResults.OneStart, PeerResults> run = options.run().begin(none(), PeerResults.class);
    for (int i = 1; i <= options.starts(); i++) {
      for (int threads : options.threads()) {
        run.start(PeerResults.kind(threads), i, options.starts(), () -> start(threads));
      }
    }
    run.end();
    if (options.whole()) {
      options.run().files().publish(NEWEST);
    }
    return 0;
  }

  private PeerResults none() {
    return new PeerResults(
        Machine.now(),
        options.command(),
        Machine.describe(),
        Machine.java(),
        FLAGS,
        versions(),
        new ArrayList<>());
  }

  private PeerResults.OneStart start(int threads) throws IOException, InterruptedException {
    Path file = Files.createTempFile("start", ".json");
    try {
      List<String> flags = new ArrayList<>(FLAGS);
      // PyTorch's number of threads cannot be changed later.
      flags.add("-Dai.djl.pytorch.num_threads=" + threads);
      flags.add("-Dai.djl.pytorch.num_interop_threads=1");
      flags.add("-Doffline=true");
      List<String> arguments = new ArrayList<>();
      arguments.add(file.toString());
      arguments.add(Integer.toString(threads));
      arguments.add(options.effort().name());
      arguments.addAll(options.cases());
      Subprocess.jvm(
              "a start",
              flags,
              Subprocess.classPath(),
              PeerStart.class,
              arguments.toArray(String[]::new))
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
    versions.put("OpenBLAS", OpenBlasProduct.version());
    return versions;
  }
}
