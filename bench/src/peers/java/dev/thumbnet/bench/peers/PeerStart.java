package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.bench.harness.Effort;
import dev.thumbnet.bench.harness.Machine;
import dev.thumbnet.bench.harness.ResultFiles;
import dev.thumbnet.bench.harness.Turns;
import dev.thumbnet.engine.backend.WeightFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One start of a JVM: runs cases with all contenders in {@link Turns}. Arguments: the file to
 * write, the number of threads, the effort, the kind of processor, cases.
 */
final class PeerStart {
  private final int threads;
  private final Isa isa;

  private PeerStart(int threads, Isa isa) {
    this.threads = threads;
    this.isa = isa;
  }

  /** Measures and writes a {@link PeerResults.OneStart}. */
  public static void main(String[] args) throws Exception {
    int threads = Integer.parseInt(args[1]);
    PeerStart start = new PeerStart(threads, Isa.valueOf(args[3]));
    CaseTimer timer = new CaseTimer(turns(Effort.valueOf(args[2])), System.err::println);
    Limits limits = Limits.measure(threads);
    List<PeerResults.Timing> timings = new ArrayList<>();
    for (String text : Arrays.asList(args).subList(4, args.length)) {
      Workload workload = Workload.parse(text);
      timings.addAll(timer.time(workload, start.contenders(workload)));
    }
    ResultFiles.write(
        Path.of(args[0]),
        new PeerResults.OneStart(threads, limits, Machine.engine(threads), timings));
    // DJL leaves threads behind that keep the JVM alive.
    System.exit(0);
  }

  private static Turns turns(Effort effort) {
    return switch (effort) {
      case QUICK -> new Turns(1_500_000_000, 3, 60_000_000);
      case FULL -> new Turns(2_500_000_000L, 5, 200_000_000);
    };
  }

  private List<Contender> contenders(Workload workload) throws Exception {
    List<Contender> all = new ArrayList<>(engines(workload));
    if (isa != Isa.AVX2_BY_OPTION) {
      all.addAll(peers(workload));
    }
    return all;
  }

  private List<Contender> engines(Workload workload) {
    return switch (workload.kind()) {
      case FORWARD ->
          List.of(
              new EngineForward(Figures.ENGINE, workload, 1, WeightFormat.F32, threads),
              new EngineForward(Figures.ENGINE_BF16, workload, 1, WeightFormat.BF16, threads));
      case TRAIN -> List.of(new EngineTraining(workload, threads));
      case THUMBNAILS ->
          List.of(
              new EngineForward("T", workload, 1, WeightFormat.F32, threads),
              new EngineForward("E + S 4:1", workload, 2, WeightFormat.F32, threads),
              new EngineForward("E + S 16:1", workload, 4, WeightFormat.F32, threads),
              new EngineForward("E + S 4:1, bf16", workload, 2, WeightFormat.BF16, threads),
              new EngineForward("E + S 16:1, bf16", workload, 4, WeightFormat.BF16, threads));
      case PRODUCT -> List.of(new EngineProduct(workload, threads));
      case CONVOLUTION -> List.of(new EngineConvolution(workload, threads));
    };
  }

  private List<Contender> peers(Workload workload) throws Exception {
    return switch (workload.kind()) {
      case FORWARD ->
          List.of(
              new OnnxRuntimeForward(workload, threads),
              new PyTorchForward(workload),
              libtorch(workload, LibtorchProcess.Mode.FORWARD),
              new OpenCvForward(workload, true, threads),
              new OpenCvForward(workload, false, threads));
      case TRAIN ->
          List.of(
              new PyTorchTraining(workload, false),
              new PyTorchTraining(workload, true),
              libtorch(workload, LibtorchProcess.Mode.TRAIN),
              libtorch(workload, LibtorchProcess.Mode.TRAIN_CHANNELS_LAST));
      case THUMBNAILS -> List.of();
      case PRODUCT -> List.of(new OpenBlasProduct(workload, threads));
      case CONVOLUTION -> List.of(new OneDnnConvolution(workload));
    };
  }

  private Contender libtorch(Workload workload, LibtorchProcess.Mode mode) throws IOException {
    return LibtorchProcess.start(Compare.FLAGS, workload, mode, threads);
  }
}
