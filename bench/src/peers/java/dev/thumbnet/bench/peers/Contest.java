package dev.thumbnet.bench.peers;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/**
 * One start of a JVM: runs cases with all contenders in {@link Turns}. Arguments: the file to
 * write, the number of threads, the effort, cases.
 */
final class Contest {
  /** Runs whose results are compared; more than one because training goes on from each. */
  private static final int COMPARED = 3;

  private final int threads;
  private final Effort effort;
  private final List<Results.Timing> timings = new ArrayList<>();

  /** How long is measured. */
  enum Effort {
    /** To see that it works. */
    QUICK(1500, 3, 60),
    /** For tables. */
    FULL(2500, 5, 200);

    private final Turns turns;

    Effort(long warmUpMillis, int rounds, long sliceMillis) {
      turns = new Turns(warmUpMillis * 1_000_000, rounds, sliceMillis * 1_000_000);
    }
  }

  private Contest(int threads, Effort effort) {
    this.threads = threads;
    this.effort = effort;
  }

  /** Measures and writes a {@link Results.Start}. */
  public static void main(String[] args) throws Exception {
    int threads = Integer.parseInt(args[1]);
    Contest contest = new Contest(threads, Effort.valueOf(args[2]));
    Limits limits = Limits.measure(threads);
    String engine;
    try (Device device = Device.cpu(threads)) {
      engine = device.describe();
    }
    for (String text : Arrays.asList(args).subList(3, args.length)) {
      contest.run(Workload.parse(text));
    }
    Results.Start start = new Results.Start(threads, limits, engine, contest.timings);
    new ObjectMapper().writeValue(Path.of(args[0]), start);
    // DJL leaves threads behind that keep the JVM alive.
    System.exit(0);
  }

  private List<Contender> contenders(Workload workload) throws Exception {
    return switch (workload.kind()) {
      case FORWARD ->
          List.of(
              new EngineForward(Tables.ENGINE, workload, 1, WeightFormat.F32, threads),
              new EngineForward(Tables.ENGINE_BF16, workload, 1, WeightFormat.BF16, threads),
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
    double[] differences = compare(workload, contenders);
    List<Runnable> runs = new ArrayList<>();
    for (Contender contender : contenders) {
      runs.add(contender::run);
    }
    double[][] times = effort.turns.measure(runs);
    Map<Integer, Workload.Cost> costs = new HashMap<>();
    for (int i = 0; i < contenders.size(); i++) {
      timings.add(
          new Results.Timing(
              workload.toString(),
              contenders.get(i).name(),
              times[i][times[i].length / 2],
              times[i][times[i].length - 1],
              differences[i],
              costs.computeIfAbsent(contenders.get(i).factor(), workload::cost),
              contenders.get(i).memory()));
      contenders.get(i).close();
    }
  }

  /** Fails unless all give the results of the first, where they compute the same. */
  private static double[] compare(Workload workload, List<Contender> contenders) {
    double[] differences = new double[contenders.size()];
    if (workload.kind() == Workload.Kind.THUMBNAILS) {
      return differences;
    }
    for (int run = 0; run < COMPARED; run++) {
      float[] expected = contenders.getFirst().run();
      for (int i = 1; i < differences.length; i++) {
        double difference = difference(expected, contenders.get(i).run());
        differences[i] = Math.max(differences[i], difference);
        if (!(difference <= contenders.get(i).tolerance())) {
          throw new IllegalStateException(
              workload
                  + ": "
                  + contenders.get(i).name()
                  + " differs from the engine by "
                  + difference
                  + " of the largest element in run "
                  + run
                  + "; nothing is timed");
        }
      }
    }
    return differences;
  }

  private static double difference(float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double d = Math.abs((double) expected[i] - actual[i]);
      if (!(d <= difference)) {
        difference = d;
      }
    }
    return difference / largest;
  }
}
