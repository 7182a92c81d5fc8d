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
 * One start of a JVM: runs cases with all contenders in turns, so that whatever disturbs the
 * machine disturbs all alike. Arguments: the file to write, the number of threads, the effort,
 * cases.
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

    private final long warmUp;
    private final int rounds;
    private final long slice;

    Effort(long warmUpMillis, int rounds, long sliceMillis) {
      this.warmUp = warmUpMillis * 1_000_000;
      this.rounds = rounds;
      this.slice = sliceMillis * 1_000_000;
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
    for (Contender contender : contenders) {
      slice(contender, effort.warmUp);
    }
    double[][] times = new double[contenders.size()][effort.rounds];
    for (int round = 0; round < effort.rounds; round++) {
      for (int turn = 0; turn < contenders.size(); turn++) {
        int index = (turn + round) % contenders.size();
        // Lets the threads of the one before stop spinning, then fetches what it has evicted.
        Thread.sleep(20);
        contenders.get(index).run();
        times[index][round] = slice(contenders.get(index), effort.slice);
      }
    }
    Map<Integer, Workload.Cost> costs = new HashMap<>();
    for (int i = 0; i < contenders.size(); i++) {
      Arrays.sort(times[i]);
      timings.add(
          new Results.Timing(
              workload.toString(),
              contenders.get(i).name(),
              times[i][effort.rounds / 2],
              times[i][effort.rounds - 1],
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

  /** Runs for a while and returns the median time of a run in milliseconds. */
  private static double slice(Contender contender, long nanos) {
    List<Long> times = new ArrayList<>();
    long begin = System.nanoTime();
    long now = begin;
    while (times.size() < 3 || now - begin < nanos) {
      long before = now;
      contender.run();
      now = System.nanoTime();
      times.add(now - before);
    }
    times.sort(null);
    return times.get(times.size() / 2) / 1e6;
  }
}
