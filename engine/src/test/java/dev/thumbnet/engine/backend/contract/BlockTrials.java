package dev.thumbnet.engine.backend.contract;

import static dev.thumbnet.engine.testing.Numbers.normal;
import static dev.thumbnet.engine.testing.Numbers.uniform;

import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.Indices;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Everything but convolutions and products, around the borders of how work is cut: shorter than a
 * vector, not a multiple of one, several blocks, several stripes of columns.
 */
final class BlockTrials {
  private BlockTrials() {}

  /** Returns all trials, each made when it is asked for. */
  static Stream<Trial> all() {
    return Stream.of(
            lengths().boxed().map(BlockTrials::elementwise),
            axis().map(BlockTrials::of),
            batchNorm().map(BlockTrials::of),
            pool().map(BlockTrials::of),
            resize().map(BlockTrials::of),
            softmax().map(s -> softmax(s[0], s[1])),
            transpose().map(p -> List.of(SpatialTrials.transpose(p, 23))),
            gather().map(p -> SpatialTrials.gather(p, 24)))
        .flatMap(lists -> lists)
        .flatMap(List::stream);
  }

  static IntStream lengths() {
    return IntStream.of(0, 1, 15, 16, 1000, 50_001);
  }

  static List<Trial> elementwise(int n) {
    List<Trial> trials = new ArrayList<>(ElementTrials.elementwise(n, 1));
    trials.addAll(ElementTrials.optimizers(n, 2));
    return trials;
  }

  static Stream<AxisProblem> axis() {
    return Stream.of(
            new int[][] {
              {1, 1, 1},
              {1, 7, 1},
              {1, 70_001, 1},
              {1, 20_000, 3},
              {1, 3, 300},
              {2, 900, 24},
              {1, 500, 64},
              {3, 49, 512},
              {1, 70, 365},
              {1, 35, 509},
              {1, 40, 10_007},
              {64, 1000, 1},
              {5000, 3, 1},
              {700, 2, 8},
              {300, 1, 300},
            })
        .map(s -> new AxisProblem(s[0], s[1], s[2]));
  }

  static List<Trial> of(AxisProblem p) {
    return ElementTrials.axis(p, 5);
  }

  static Stream<BatchNormProblem> batchNorm() {
    return Stream.of(
            new int[][] {{1, 5}, {4, 1}, {20_000, 3}, {3000, 24}, {900, 64}, {98, 512}, {50, 5000}})
        .flatMap(
            s ->
                Stream.of(
                    new BatchNormProblem(s[0], s[1], 1e-3, false),
                    new BatchNormProblem(s[0], s[1], 1e-3, true)));
  }

  /** The mean of channel c is c; a standard deviation is about 1. */
  static List<Trial> of(BatchNormProblem p) {
    return NormTrials.batchNorm(p, 0, 1, 8);
  }

  static Stream<PoolProblem> pool() {
    return Stream.of(
            "n2 h28 w28 c64 r3 s3 st2 p1",
            "n1 h17 w9 c200 r2 s2 st2",
            "n9 h6 w5 c200 r2 s2 st2",
            "n2 h13 w13 c3 r3 s3 st2 p1",
            "n1 h8 w8 c17 r3 s2 st1x2 p1x0",
            "n3 h7 w7 c32 r7 s7 st1",
            "n1 h9 w10 c5 r2 s2 st3",
            "n1 h2 w2 c16 r3 s3 st2 p1")
        .map(PoolProblem::parse);
  }

  /** Also with a NaN among ties and zeros of both signs. */
  static List<Trial> of(PoolProblem p) {
    double[] x = normal(15, p.inputSize());
    Arrays.setAll(x, i -> Math.rint(2 * x[i]));
    x[x.length / 2] = Double.NaN;
    List<Trial> trials = new ArrayList<>(SpatialTrials.pool(p, 16));
    trials.addAll(SpatialTrials.maxPool(p, x, normal(17, p.outputSize())));
    return trials;
  }

  static Stream<ResizeProblem> resize() {
    List<ResizeProblem> problems = new ArrayList<>();
    for (Filter filter : Filter.values()) {
      for (int c : new int[] {1, 3, 5, 16, 40}) {
        problems.add(new ResizeProblem(2, 37, 29, c, 11, 14, filter));
        problems.add(new ResizeProblem(1, 9, 11, c, 20, 31, filter));
      }
      problems.add(new ResizeProblem(2, 64, 64, 3, 1, 1, filter));
    }
    return problems.stream();
  }

  static List<Trial> of(ResizeProblem p) {
    return SpatialTrials.resize(p, 18);
  }

  /** Returns numbers of rows and columns. */
  static Stream<int[]> softmax() {
    return Stream.of(new int[][] {{0, 5}, {1, 1}, {7, 10}, {3, 1000}, {500, 37}});
  }

  /** Logits far apart, one of them of an impossible class; the gradients also of any numbers. */
  static List<Trial> softmax(int rows, int cols) {
    int n = rows * cols;
    double[] x = uniform(20, n, -100, 100);
    if (rows > 1) {
      x[1] = Double.NEGATIVE_INFINITY;
    }
    double[][] numbers = {uniform(21, n, -5, 0), normal(22, n)};
    List<Trial> trials = new ArrayList<>(NormTrials.softmax(rows, cols, 100, 19));
    for (Trial t : NormTrials.softmax(rows, cols, 100, 19)) {
      switch (t.method()) {
        case "softmax", "logSoftmax", "crossEntropy" ->
            trials.add(t.withInputs(new double[][] {x}));
        case "softmaxBackward", "logSoftmaxBackward" -> trials.add(t.withInputs(numbers));
        default -> {}
      }
    }
    return trials;
  }

  /** Planes that are tiny, large, wide and high, copied runs, axes of one element, many axes. */
  static Stream<TransposeProblem> transpose() {
    return Stream.of(
        TransposeProblem.of(new int[] {1}, new int[] {0}),
        TransposeProblem.of(new int[] {3, 5}, new int[] {1, 0}),
        TransposeProblem.of(new int[] {300, 517}, new int[] {1, 0}),
        TransposeProblem.of(new int[] {3, 40_001}, new int[] {1, 0}),
        TransposeProblem.of(new int[] {40_001, 3}, new int[] {1, 0}),
        TransposeProblem.of(new int[] {2, 17, 13, 24}, new int[] {0, 3, 1, 2}),
        TransposeProblem.of(new int[] {2, 24, 17, 13}, new int[] {0, 2, 3, 1}),
        TransposeProblem.of(new int[] {2, 30, 20, 7}, new int[] {0, 2, 1, 3}),
        TransposeProblem.of(new int[] {2, 3, 1, 5, 64}, new int[] {1, 2, 0, 4, 3}),
        TransposeProblem.of(new int[] {9, 8, 7, 16}, new int[] {3, 2, 1, 0}),
        TransposeProblem.of(new int[] {2, 3, 2, 3, 2, 3, 2, 3}, new int[] {1, 0, 3, 2, 5, 4, 7, 6}),
        TransposeProblem.of(new int[] {4, 6, 5, 2, 2, 3}, new int[] {0, 1, 3, 2, 4, 5}));
  }

  static Stream<GatherProblem> gather() {
    int none = Indices.NONE;
    Indices one = Indices.of(0);
    Indices padded = Indices.of(none, none, 0, 1, 2, 3, none);
    return Stream.of(
        new GatherProblem(1, 1, 1, 1, one, one),
        new GatherProblem(1, 1, 4, 1, one, Indices.of(3, 0, 0, 2, 1, 3)),
        new GatherProblem(3, 4, 4, 5, padded, padded),
        new GatherProblem(2, 5, 40, 24, Indices.of(1, 0, 1, 2, 3, 4, 3), Indices.of(2, 1, 0, 1, 2)),
        new GatherProblem(70, 3, 5, 64, Indices.of(2, none, 0), Indices.of(none, 4, 4, 4, none)),
        new GatherProblem(2, 1, 3, 20_001, one, Indices.of(2, 2, 1)));
  }
}
