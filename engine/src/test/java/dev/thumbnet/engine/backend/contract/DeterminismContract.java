package dev.thumbnet.engine.backend.contract;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.testing.Close;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The same bits for any number of threads, again and again, and from several callers at once. */
public interface DeterminismContract extends BackendSource {
  /** Every primitive on a problem large enough to be shared out among threads. */
  private static List<Trial> large() {
    List<Trial> trials = new ArrayList<>();
    trials.addAll(ElementTrials.elementwise(60_007, 1));
    trials.addAll(ElementTrials.axis(new AxisProblem(1, 9_001, 17), 2));
    trials.addAll(ElementTrials.axis(new AxisProblem(1, 150_011, 1), 2));
    trials.addAll(ElementTrials.axis(new AxisProblem(500, 411, 1), 3));
    trials.addAll(NormTrials.batchNorm(new BatchNormProblem(9_001, 33, 1e-5, true), 0, 4));
    trials.addAll(NormTrials.batchNorm(new BatchNormProblem(100_003, 1, 1e-5, false), 3, 4));
    trials.addAll(SpatialTrials.pool(PoolProblem.parse("n2 h41 w43 c65 r3 s3 st2 p1"), 5));
    trials.addAll(
        SpatialTrials.resize(new ResizeProblem(2, 64, 60, 17, 31, 33, Filter.BILINEAR), 6));
    trials.addAll(
        SpatialTrials.resize(new ResizeProblem(2, 64, 64, 3, 32, 32, Filter.BICUBIC_ANTIALIAS), 7));
    trials.addAll(NormTrials.softmax(300, 101, 5, 8));
    trials.addAll(ElementTrials.optimizers(60_007, 9));
    trials.addAll(ConvTrials.gemm(new GemmProblem(200, 130, 300, false, true), 10));
    trials.addAll(ConvTrials.gemm(new GemmProblem(3, 1000, 512, false, false), 11));
    trials.addAll(ConvTrials.gemm(new GemmProblem(6, 2100, 130, false, false), 11));
    trials.addAll(ConvTrials.gemm(new GemmProblem(70, 33, 5000, true, false), 12));
    Stream.of(
            "n2 h28 w28 c64 k64 r3 s3 p1",
            "n1 h56 w56 c16 k16 r3 s3 p1",
            "n1 h7 w7 c128 k256 r3 s3 p1",
            "n3 h30 w31 c33 k65 r3 s3 st2 p1",
            "n1 h64 w64 c3 k32 r7 s7 st2 p3",
            "n2 h28 w28 c100 k63 r1 s1",
            "n2 h28 w28 c64 k128 r1 s1 st2",
            "n1 h32 w32 c16 k3 r5 s5 p2",
            "n2 h20 w20 c32 k32 r3 s3 p1 g32",
            "n2 h20 w20 c32 k64 r3 s3 p1 g4",
            "n2 h20 w20 c64 k64 r3 s3 p1 g16",
            "n1 h6 w150 c64 k64 r3 s3 p1 g16")
        .map(Conv2dProblem::parse)
        .forEach(p -> trials.addAll(ConvTrials.conv2d(p, 13)));
    return trials;
  }

  @Test
  default void sameBitsForAnyNumberOfThreads() {
    List<Trial> trials = large();
    List<double[][]> expected;
    try (Backend one = make(1)) {
      expected = trials.stream().map(t -> t.run(one)).toList();
    }
    for (int threads : new int[] {1, 2, 3}) {
      try (Backend several = make(threads)) {
        for (int i = 0; i < trials.size(); i++) {
          same(threads + " threads", trials.get(i), expected.get(i), several);
        }
      }
    }
  }

  @Test
  default void sameBitsForAnyNumberOfThreadsAroundBlocks() {
    try (Backend one = make(1);
        Backend two = make(2);
        Backend three = make(3)) {
      BlockTrials.all()
          .forEach(
              trial -> {
                double[][] expected = trial.run(one);
                same("2 threads", trial, expected, two);
                same("3 threads", trial, expected, three);
              });
    }
  }

  @Test
  default void sameBitsFromSeveralCallersAtOnce() throws Exception {
    List<Trial> trials = large();
    List<double[][]> expected = trials.stream().map(t -> t.run(backend())).toList();
    int callers = 3;
    ExecutorService executor = Executors.newFixedThreadPool(callers);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int c = 0; c < callers; c++) {
        int start = c * trials.size() / callers;
        tasks.add(
            () -> {
              for (int i = 0; i < trials.size(); i += 2) {
                int at = (start + i) % trials.size();
                same("several callers", trials.get(at), expected.get(at), backend());
              }
              return null;
            });
      }
      for (Future<Void> done : executor.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      executor.shutdown();
    }
  }

  private static void same(String how, Trial trial, double[][] expected, Backend backend) {
    double[][] actual = trial.run(backend);
    for (int i = 0; i < expected.length; i++) {
      Close.assertSameBits(trial + ", output " + i + ", " + how, expected[i], actual[i]);
    }
  }
}
