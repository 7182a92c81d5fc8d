package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.bench.harness.Differences;
import dev.thumbnet.bench.harness.Effort;
import dev.thumbnet.bench.harness.Machine;
import dev.thumbnet.bench.harness.ResultFiles;
import dev.thumbnet.bench.harness.Scatter;
import dev.thumbnet.bench.harness.Turns;
import dev.thumbnet.engine.backend.WeightFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One start of a JVM: runs cases with all contenders in {@link Turns}. Arguments: the file to
 * write, the number of threads, the effort, cases.
 */
final class PeerStart {
  private final int threads;
  private final Turns turns;
  private final List<PeerResults.Timing> timings = new ArrayList<>();

  private PeerStart(int threads, Effort effort) {
    this.threads = threads;
    this.turns =
        switch (effort) {
          case QUICK -> new Turns(1_500_000_000, 3, 60_000_000);
          case FULL -> new Turns(2_500_000_000L, 5, 200_000_000);
        };
  }

  /** Measures and writes a {@link PeerResults.OneStart}. */
  public static void main(String[] args) throws Exception {
    int threads = Integer.parseInt(args[1]);
    PeerStart start = new PeerStart(threads, Effort.valueOf(args[2]));
    Limits limits = Limits.measure(threads);
    String engine = Machine.engine(threads);
    for (String text : Arrays.asList(args).subList(3, args.length)) {
      start.run(Workload.parse(text));
    }
    ResultFiles.write(
        Path.of(args[0]), new PeerResults.OneStart(threads, limits, engine, start.timings));
    // DJL leaves threads behind that keep the JVM alive.
    System.exit(0);
  }

  private List<Contender> contenders(Workload workload) throws Exception {
    return switch (workload.kind()) {
      case FORWARD ->
          List.of(
              new EngineForward(PeerTables.ENGINE, workload, 1, WeightFormat.F32, threads),
              new EngineForward(PeerTables.ENGINE_BF16, workload, 1, WeightFormat.BF16, threads),
              new OnnxRuntimeForward(workload, threads),
              new PyTorchForward(workload));
      case TRAIN ->
          List.of(
              new EngineTraining(workload, threads),
              new PyTorchTraining(workload, false),
              new PyTorchTraining(workload, true));
      case THUMBNAILS ->
          List.of(
              new EngineForward("T", workload, 1, WeightFormat.F32, threads),
              new EngineForward("E + S 4:1", workload, 2, WeightFormat.F32, threads),
              new EngineForward("E + S 16:1", workload, 4, WeightFormat.F32, threads),
              new EngineForward("E + S 4:1, bf16", workload, 2, WeightFormat.BF16, threads),
              new EngineForward("E + S 16:1, bf16", workload, 4, WeightFormat.BF16, threads));
      case PRODUCT ->
          List.of(new EngineProduct(workload, threads), new OpenBlasProduct(workload, threads));
    };
  }

  private void run(Workload workload) throws Exception {
    List<Contender> contenders = contenders(workload);
    // Downscaled pictures give other results than whole ones.
    double[] differences =
        workload.kind() == Workload.Kind.THUMBNAILS
            ? new double[contenders.size()]
            : Differences.check(workload.toString(), contenders);
    List<Scatter> times = turns.measure(contenders);
    Map<Integer, Workload.Floor> floors = new HashMap<>();
    for (int i = 0; i < contenders.size(); i++) {
      Contender contender = contenders.get(i);
      int factor = contender instanceof EngineForward forward ? forward.factor() : 1;
      timings.add(
          new PeerResults.Timing(
              workload.toString(),
              contender.name(),
              times.get(i).median(),
              times.get(i).worst(),
              differences[i],
              floors.computeIfAbsent(factor, workload::floor),
              contender.memory()));
      contender.close();
    }
  }
}
