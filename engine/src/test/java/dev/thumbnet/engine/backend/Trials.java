package dev.thumbnet.engine.backend;

import static dev.thumbnet.engine.testing.Numbers.abs;
import static dev.thumbnet.engine.testing.Numbers.normal;
import static dev.thumbnet.engine.testing.Numbers.uniform;

import dev.thumbnet.engine.backend.Trial.Call;
import dev.thumbnet.engine.backend.Trial.Tolerance;
import dev.thumbnet.engine.testing.Close;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A trial of each primitive for any problem, with random inputs and the tolerance of single
 * precision. With u the unit roundoff 2⁻²⁴:
 *
 * <ul>
 *   <li>one or a few operations per element: a few u times the terms' sizes;
 *   <li>exp, log, tanh, sigmoid: relative 8 u, down to the smallest normal float;
 *   <li>a sum of K products in any order: (4 + 2√K) u Σ|a·b|. Rounding errors are as good as
 *       independent, so they grow with √K (Higham and Mary 2019); the worst case K u never occurs
 *       and would let a missing term of a long sum pass;
 *   <li>Winograd's convolution: see {@link #convTolerance}.
 * </ul>
 */
final class Trials {
  private static final double U = Close.FLOAT;

  private Trials() {}

  // ---------------------------------------------------------------- tolerances

  private interface Element {
    double allowed(double[][] in, double expected, int i);
  }

  private static Tolerance each(Element element) {
    return (in, expected) -> {
      double[] allowed = new double[expected[0].length];
      for (int i = 0; i < allowed.length; i++) {
        allowed[i] = element.allowed(in, expected[0][i], i);
      }
      return new double[][] {allowed};
    };
  }

  private static Tolerance relative(double units) {
    return each((in, y, i) -> units * U * Math.abs(y) + Float.MIN_VALUE);
  }

  /** A sum of {@code terms} products: the reference of the absolute values gives Σ|a·b|. */
  private static Trial sumOfTerms(
      String what, double[][] inputs, int[] outputs, Call call, double terms) {
    Trial plain = new Trial(what, inputs, outputs, call, null);
    return new Trial(
        what, inputs, outputs, call, (in, expected) -> scaled(sumFactor(terms), sizes(plain)));
  }

  static double sumFactor(double terms) {
    return (4 + 2 * Math.sqrt(terms)) * U;
  }

  private static double[][] sizes(Trial trial) {
    return Trial.reference(
        trial, in -> Arrays.stream(in).map(a -> abs(a)).toArray(double[][]::new));
  }

  private static double[][] scaled(double factor, double[][] arrays) {
    return Arrays.stream(arrays)
        .map(a -> Arrays.stream(a).map(v -> factor * Math.abs(v) + Float.MIN_VALUE).toArray())
        .toArray(double[][]::new);
  }

  // ---------------------------------------------------------------- elementwise

  static List<Trial> elementwise(int n, long seed) {
    String len = " len " + n;
    double[] a = normal(seed, n);
    double[] b = normal(seed + 1, n);
    double[] positive = uniform(seed + 2, n, 0.01, 20);
    double[][] ab = {a, b};
    int[] out = {n};
    List<Trial> trials = new ArrayList<>();
    trials.add(
        new Trial(
                "linearCombination" + len,
                ab,
                out,
                (k, i, o) -> k.linearCombination(n, 1.7, i[0], -0.3, i[1], o[0]),
                each((in, y, i) -> 4 * U * (1.7 * Math.abs(a[i]) + 0.3 * Math.abs(b[i]))))
            .mayBeInPlaceOf(0, 1));
    trials.add(
        new Trial(
                "affine" + len,
                new double[][] {a},
                out,
                (k, i, o) -> k.affine(n, -1.3, i[0], 0.7, o[0]),
                each((in, y, i) -> 4 * U * (1.3 * Math.abs(a[i]) + 0.7)))
            .mayBeInPlaceOf(0));
    trials.add(
        new Trial(
                "multiply" + len,
                ab,
                out,
                (k, i, o) -> k.multiply(n, i[0], i[1], o[0]),
                relative(1))
            .mayBeInPlaceOf(0, 1));
    trials.add(
        new Trial("divide" + len, ab, out, (k, i, o) -> k.divide(n, i[0], i[1], o[0]), relative(1))
            .mayBeInPlaceOf(0, 1));
    trials.add(
        new Trial(
                "addRelu" + len, ab, out, (k, i, o) -> k.addRelu(n, i[0], i[1], o[0]), relative(1))
            .mayBeInPlaceOf(0, 1));
    trials.add(
        new Trial(
                "leakyRelu" + len,
                new double[][] {a},
                out,
                (k, i, o) -> k.leakyRelu(n, 0.1, i[0], o[0]),
                relative(2))
            .mayBeInPlaceOf(0));
    trials.add(
        new Trial(
                "leakyReluBackward" + len,
                ab,
                out,
                (k, i, o) -> k.leakyReluBackward(n, 0.1, i[0], i[1], o[0]),
                relative(2))
            .mayBeInPlaceOf(1));
    trials.add(
        new Trial(
            "dropoutMask" + len,
            new double[0][],
            out,
            (k, i, o) -> k.dropoutMask(n, seed * 0x1234567890ABCDEFL, 0.3, o[0]),
            relative(1)));
    trials.add(
        new Trial(
            "fill" + len, new double[0][], out, (k, i, o) -> k.fill(o[0], n, 0.1), relative(1)));
    trials.add(copyRows(1, n, 0, n, 0, n, seed));
    for (Unary f : Unary.values()) {
      boolean needsPositive = f == Unary.LOG || f == Unary.SQRT;
      trials.add(unary(f, needsPositive ? positive : a));
      trials.add(unaryBackward(f, needsPositive ? positive : a, b));
    }
    return trials;
  }

  static Trial unary(Unary f, double[] x) {
    int n = x.length;
    double units =
        switch (f) {
          case RELU, ABS -> 0;
          case SQRT, SQUARE -> 1;
          case EXP, LOG, SIGMOID, TANH -> 8;
        };
    // Below the smallest normal float rounding is coarser, and functions may give zero.
    double floor = units == 0 ? 0 : units == 1 ? Float.MIN_VALUE : Float.MIN_NORMAL;
    return new Trial(
            "unary " + f + " len " + n,
            new double[][] {x},
            new int[] {n},
            (k, i, o) -> k.unary(f, n, i[0], o[0]),
            each((in, y, i) -> units * U * Math.abs(y) + floor))
        .mayBeInPlaceOf(0);
  }

  private static Trial unaryBackward(Unary f, double[] x, double[] dy) {
    int n = x.length;
    double[] y = Trial.reference(unary(f, x), in -> in)[0];
    for (int i = 0; i < n; i++) {
      y[i] = (float) y[i];
    }
    boolean usesX = f == Unary.LOG || f == Unary.SQUARE || f == Unary.ABS;
    return new Trial(
            "unaryBackward " + f + " len " + n,
            new double[][] {usesX ? x : y, dy},
            new int[] {n},
            (k, i, o) ->
                k.unaryBackward(f, n, usesX ? i[0] : null, usesX ? null : i[0], i[1], o[0]),
            // 1 − y² of tanh cancels: its error is relative to 1.
            each((in, dx, i) -> 4 * U * (f == Unary.TANH ? Math.abs(dy[i]) : Math.abs(dx))))
        .mayBeInPlaceOf(1);
  }

  static Trial copyRows(
      int rows, int length, int from, int fromStride, int to, int toStride, long seed) {
    int source = from + (rows - 1) * fromStride + length;
    int target = to + (rows - 1) * toStride + length;
    return new Trial(
            "copyRows "
                + rows
                + "x"
                + length
                + " from "
                + from
                + " by "
                + fromStride
                + " to "
                + to
                + " by "
                + toStride,
            new double[][] {normal(seed, source), normal(seed + 1, target)},
            new int[0],
            (k, i, o) -> k.copyRows(rows, length, i[0], from, fromStride, i[1], to, toStride),
            (in, expected) -> new double[][] {new double[target]})
        .updates(1);
  }

  // ---------------------------------------------------------------- broadcasts and sums

  static List<Trial> axis(AxisProblem p, long seed) {
    double[] big = normal(seed, p.bigSize());
    double[] other = normal(seed + 1, p.bigSize());
    double[] small = normal(seed + 2, p.smallSize());
    double[][] both = {big, small};
    int[] bigOut = {p.bigSize()};
    int[] smallOut = {p.smallSize()};
    return List.of(
        new Trial(
                "broadcastAdd " + p,
                both,
                bigOut,
                (k, i, o) -> k.broadcastAdd(p, i[0], -0.7, i[1], o[0]),
                each(
                    (in, y, i) ->
                        4 * U * (Math.abs(big[i]) + 0.7 * Math.abs(small[smallIndex(p, i)]))))
            .mayBeInPlaceOf(0),
        new Trial(
                "broadcastMultiply " + p,
                both,
                bigOut,
                (k, i, o) -> k.broadcastMultiply(p, i[0], i[1], o[0]),
                relative(1))
            .mayBeInPlaceOf(0),
        new Trial(
            "broadcast " + p,
            new double[][] {small},
            bigOut,
            (k, i, o) -> k.broadcast(p, 1.3, i[0], o[0]),
            relative(2)),
        sumOfTerms(
            "sum " + p,
            new double[][] {big},
            smallOut,
            (k, i, o) -> k.sum(p, -0.1, i[0], o[0]),
            p.repeat()),
        sumOfTerms(
            "sumOfProducts " + p,
            new double[][] {big, other},
            smallOut,
            (k, i, o) -> k.sumOfProducts(p, 1.1, i[0], i[1], o[0]),
            p.repeat()));
  }

  private static int smallIndex(AxisProblem p, int i) {
    return i / (p.repeat() * p.inner()) * p.inner() + i % p.inner();
  }

  // ---------------------------------------------------------------- convolution and product

  static List<Trial> conv2d(Conv2dProblem p, long seed) {
    double[] x = uniform(seed, p.inputSize(), -1, 1);
    double[] weight = uniform(seed + 1, p.weightSize(), -1, 1);
    double[] dy = uniform(seed + 2, p.outputSize(), -1, 1);
    double[] bias = uniform(seed + 3, p.k(), -1, 1);
    Call forward = (k, i, o) -> k.conv2d(p, i[0], i[1], null, o[0]);
    Call forwardWithBias = (k, i, o) -> k.conv2d(p, i[0], i[1], i[2], o[0]);
    Call backwardData = (k, i, o) -> k.conv2dBackwardData(p, i[0], i[1], o[0]);
    Call backwardWeights = (k, i, o) -> k.conv2dBackwardWeights(p, i[0], i[1], o[0]);
    int taps = p.kh() * p.kw();
    boolean withBias = seed % 2 == 0;
    return List.of(
        conv(
            "conv2d " + p + (withBias ? " with bias" : ""),
            p,
            withBias ? new double[][] {x, weight, bias} : new double[][] {x, weight},
            p.outputSize(),
            withBias ? forwardWithBias : forward,
            taps * (p.c() / p.groups())),
        conv(
            "conv2dBackwardData " + p,
            p,
            new double[][] {dy, weight},
            p.inputSize(),
            backwardData,
            taps * (p.k() / p.groups())),
        conv(
            "conv2dBackwardWeights " + p,
            p,
            new double[][] {x, dy},
            p.weightSize(),
            backwardWeights,
            p.n() * p.outH() * p.outW()));
  }

  private static Trial conv(
      String what, Conv2dProblem p, double[][] inputs, int output, Call call, int terms) {
    int[] outputs = {output};
    Trial plain = new Trial(what, inputs, outputs, call, null);
    return new Trial(
        what,
        inputs,
        outputs,
        call,
        (in, expected) -> new double[][] {convTolerance(p, terms, sizes(plain)[0])});
  }

  /**
   * What a convolution may be off, from Σ|a·b| of each output. Direct algorithms: as any sum. 3x3
   * with stride 1 may be done by Winograd's algorithm, whose error comes from the largest numbers
   * of the tile: there the largest Σ|a·b| counts for all outputs, and F(4x4) adds a factor of 3.
   */
  static double[] convTolerance(Conv2dProblem p, int terms, double[] sizes) {
    double[] allowed = sizes.clone();
    if (winogradMayServe(p)) {
      Arrays.fill(allowed, 3 * Arrays.stream(sizes).max().orElseThrow());
    }
    for (int i = 0; i < allowed.length; i++) {
      allowed[i] *= sumFactor(terms);
    }
    return allowed;
  }

  private static boolean winogradMayServe(Conv2dProblem p) {
    return p.kh() == 3
        && p.kw() == 3
        && p.strideH() == 1
        && p.strideW() == 1
        && p.dilationH() == 1
        && p.dilationW() == 1
        && p.groups() == 1;
  }

  static List<Trial> gemm(GemmProblem p, long seed) {
    double[] a = normal(seed, p.m() * p.k());
    double[] b = normal(seed + 1, p.k() * p.n());
    double[] bias = normal(seed + 2, p.n());
    return List.of(
        sumOfTerms(
            "gemm " + p,
            new double[][] {a, b},
            new int[] {p.m() * p.n()},
            (k, i, o) -> k.gemm(p, i[0], i[1], null, o[0]),
            p.k()),
        sumOfTerms(
            "gemm " + p + " with bias",
            new double[][] {a, b, bias},
            new int[] {p.m() * p.n()},
            (k, i, o) -> k.gemm(p, i[0], i[1], i[2], o[0]),
            p.k()));
  }

  // ---------------------------------------------------------------- batch normalisation

  /** Batch norm of x = center + normal numbers; a large center tells careless sums. */
  static List<Trial> batchNorm(BatchNormProblem p, double center, long seed) {
    double[] x = uniform(seed, p.size(), center - 2, center + 2);
    double[] gamma = normal(seed + 1, p.channels());
    double[] beta = normal(seed + 2, p.channels());
    double[] mean = uniform(seed + 3, p.channels(), center - 0.2, center + 0.2);
    double[] variance = uniform(seed + 4, p.channels(), 0.1, 2);
    double[] y = normal(seed + 5, p.size());
    double[] dy = normal(seed + 6, p.size());
    int[] one = {p.size()};
    String text = " " + p + " around " + center;
    List<Trial> trials = new ArrayList<>();
    trials.add(
        new Trial(
            "batchNormTrain" + text,
            new double[][] {x, gamma, beta},
            new int[] {p.size(), p.channels(), p.channels()},
            (k, i, o) -> k.batchNormTrain(p, i[0], i[1], i[2], o[1], o[2], o[0]),
            (in, expected) -> trainTolerance(p, in, expected)));
    trials.add(
        new Trial(
                "batchNormEval" + text,
                new double[][] {x, gamma, beta, mean, variance},
                one,
                (k, i, o) -> k.batchNormEval(p, i[0], i[1], i[2], i[3], i[4], o[0]),
                each(
                    (in, value, i) -> {
                      int c = i % p.channels();
                      double scale = Math.abs(gamma[c]) / Math.sqrt(variance[c] + p.eps());
                      return 6
                          * U
                          * (scale * (Math.abs(x[i]) + Math.abs(mean[c])) + Math.abs(beta[c]));
                    }))
            .mayBeInPlaceOf(0));
    for (boolean batch : new boolean[] {true, false}) {
      double[][] in = {x, dy, gamma, mean, variance, y};
      trials.add(
          new Trial(
              "batchNormBackward" + text + (batch ? " batch statistics" : " constants"),
              p.relu() ? in : Arrays.copyOf(in, 5),
              new int[] {p.size(), p.channels(), p.channels()},
              (k, i, o) ->
                  k.batchNormBackward(
                      p,
                      batch,
                      i[0],
                      p.relu() ? i[5] : null,
                      i[1],
                      i[2],
                      i[3],
                      i[4],
                      o[0],
                      o[1],
                      o[2]),
              (inputs, expected) -> backwardTolerance(p, batch, inputs, expected)));
    }
    trials.add(
        new Trial(
            "batchNormBackward" + text + " without dx",
            new double[][] {x, dy, gamma, mean, variance, y},
            new int[] {p.channels(), p.channels()},
            (k, i, o) ->
                k.batchNormBackward(p, true, i[0], i[5], i[1], i[2], i[3], i[4], null, o[0], o[1]),
            (inputs, expected) -> {
              double[][] all =
                  backwardTolerance(
                      p, true, inputs, new double[][] {new double[0], expected[0], expected[1]});
              return new double[][] {all[1], all[2]};
            }));
    return trials;
  }

  /**
   * The mean is a sum; the variance is a sum of squares of x − mean and so feels the square of the
   * error of the mean; y feels both.
   */
  private static double[][] trainTolerance(BatchNormProblem p, double[][] in, double[][] expected) {
    double factor = sumFactor(p.rows());
    double[] forMean = new double[p.channels()];
    for (int i = 0; i < p.size(); i++) {
      forMean[i % p.channels()] += factor * Math.abs(in[0][i]) / p.rows();
    }
    double[] forVariance = new double[p.channels()];
    for (int c = 0; c < p.channels(); c++) {
      forVariance[c] = 2 * factor * expected[2][c] + 4 * forMean[c] * forMean[c];
    }
    double[] forY = new double[p.size()];
    for (int i = 0; i < p.size(); i++) {
      int c = i % p.channels();
      double gamma = Math.abs(in[1][c]);
      double variance = expected[2][c] + p.eps();
      double normal = Math.abs(in[0][i] - expected[1][c]) / Math.sqrt(variance);
      forY[i] =
          gamma * forMean[c] / Math.sqrt(variance)
              + gamma * normal * forVariance[c] / variance
              + 6 * U * (gamma * normal + Math.abs(in[2][c]));
    }
    return new double[][] {forY, forMean, forVariance};
  }

  /**
   * dβ and dγ are sums; dx feels their errors and that of x̂, which is relative to |x| + |mean|.
   */
  private static double[][] backwardTolerance(
      BatchNormProblem p, boolean batch, double[][] in, double[][] expected) {
    double[] forBeta = new double[p.channels()];
    double[] forGamma = new double[p.channels()];
    double[] forNormal = new double[p.size()];
    double[] normal = new double[p.size()];
    double factor = sumFactor(p.rows());
    for (int i = 0; i < p.size(); i++) {
      int c = i % p.channels();
      double inverse = 1 / Math.sqrt(in[4][c] + p.eps());
      normal[i] = (in[0][i] - in[3][c]) * inverse;
      forNormal[i] = 4 * U * (Math.abs(in[0][i]) + Math.abs(in[3][c])) * inverse;
      double g = p.relu() && !(in[5][i] > 0) ? 0 : Math.abs(in[1][i]);
      forBeta[c] += factor * g;
      forGamma[c] += factor * g * Math.abs(normal[i]) + g * forNormal[i];
    }
    double[] forX = new double[expected[0].length];
    for (int i = 0; i < forX.length; i++) {
      int c = i % p.channels();
      double scale = Math.abs(in[2][c]) / Math.sqrt(in[4][c] + p.eps());
      double dGamma = Math.abs(expected[1][c]);
      double dBeta = Math.abs(expected[2][c]);
      double viaStatistics =
          forBeta[c]
              + Math.abs(normal[i]) * forGamma[c]
              + forNormal[i] * dGamma
              + 8 * U * (dBeta + Math.abs(normal[i]) * dGamma);
      forX[i] = scale * (8 * U * Math.abs(in[1][i]) + (batch ? viaStatistics / p.rows() : 0));
    }
    return new double[][] {forX, forGamma, forBeta};
  }

  // ---------------------------------------------------------------- pooling and resizing

  static List<Trial> pool(PoolProblem p, long seed) {
    // Few different values, so that windows have ties.
    double[] x = uniform(seed, p.inputSize(), -4, 4);
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.rint(x[i]);
    }
    double[] dy = normal(seed + 1, p.outputSize());
    int[] in = {p.inputSize()};
    int[] out = {p.outputSize()};
    Trial max =
        new Trial(
            "maxPool " + p,
            new double[][] {x},
            out,
            (k, i, o) -> k.maxPool(p, i[0], o[0]),
            each((a, y, i) -> 0));
    double[] y = Trial.reference(max, a -> a)[0];
    int windows = p.kh() * p.kw();
    Call maxBackward = (k, i, o) -> k.maxPoolBackward(p, i[0], i[1], i[2], o[0]);
    Trial sizes =
        new Trial("maxPoolBackward " + p, new double[][] {x, y, abs(dy)}, in, maxBackward, null);
    List<Trial> trials = new ArrayList<>();
    trials.add(max);
    trials.add(
        new Trial(
            "maxPoolBackward " + p,
            new double[][] {x, y, dy},
            in,
            maxBackward,
            (a, e) -> scaled(sumFactor(windows), Trial.reference(sizes, b -> b))));
    for (boolean countPad : new boolean[] {true, false}) {
      String text = p + (countPad ? " counting padding" : "");
      trials.add(
          sumOfTerms(
              "averagePool " + text,
              new double[][] {normal(seed + 2, p.inputSize())},
              out,
              (k, i, o) -> k.averagePool(p, countPad, i[0], o[0]),
              windows));
      trials.add(
          sumOfTerms(
              "averagePoolBackward " + text,
              new double[][] {dy},
              in,
              (k, i, o) -> k.averagePoolBackward(p, countPad, i[0], o[0]),
              windows));
    }
    return trials;
  }

  static List<Trial> resize(ResizeProblem p, long seed) {
    double[] x = normal(seed, p.inputSize());
    double[] dy = normal(seed + 1, p.outputSize());
    Taps taps = new Taps(p);
    double forY = 2 * sumFactor(taps.longest) * taps.largestRow * largest(x);
    double forDx = 2 * sumFactor(taps.widest) * taps.largestColumn * largest(dy);
    return List.of(
        new Trial(
            "resize " + p,
            new double[][] {x},
            new int[] {p.outputSize()},
            (k, i, o) -> k.resize(p, i[0], o[0]),
            each((in, y, i) -> forY)),
        new Trial(
            "resizeBackward " + p,
            new double[][] {dy},
            new int[] {p.inputSize()},
            (k, i, o) -> k.resizeBackward(p, i[0], o[0]),
            each((in, y, i) -> forDx)));
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }

  /** Sizes of the linear map of a resize: how many terms its sums have and how large they are. */
  private static final class Taps {
    int longest = 1;
    int widest = 1;
    double largestRow = 1;
    double largestColumn = 1;

    Taps(ResizeProblem p) {
      add(p.rows(), p.h());
      add(p.columns(), p.w());
    }

    private void add(ResampleTaps taps, int in) {
      double[] column = new double[in];
      int[] touched = new int[in];
      double row = 0;
      int length = 0;
      for (int i = 0; i < taps.first().length; i++) {
        double sum = 0;
        for (int j = 0; j < taps.weight()[i].length; j++) {
          double w = Math.abs(taps.weight()[i][j]);
          sum += w;
          column[taps.first()[i] + j] += w;
          touched[taps.first()[i] + j]++;
        }
        row = Math.max(row, sum);
        length = Math.max(length, taps.weight()[i].length);
      }
      longest *= length;
      widest *= Math.max(1, Arrays.stream(touched).max().orElseThrow());
      largestRow *= row;
      largestColumn *= largest(column);
    }
  }

  // ---------------------------------------------------------------- softmax and losses

  /** Rows of logits from [−spread, spread). */
  static List<Trial> softmax(int rows, int cols, double spread, long seed) {
    int n = rows * cols;
    double[] x = uniform(seed, n, -spread, spread);
    double[] dy = normal(seed + 1, n);
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = (int) Math.floorMod(seed + 7L * row, (long) cols);
    }
    String text = " " + rows + "x" + cols + " within " + spread;
    int[] out = {n};
    // exp turns an error of its argument, relative to the logits' size, into a relative one.
    double units = 16 + 4 * spread + Math.sqrt(cols);
    Trial softmax =
        new Trial(
                "softmax" + text,
                new double[][] {x},
                out,
                (k, i, o) -> k.softmax(rows, cols, i[0], o[0]),
                each((in, y, i) -> units * U * Math.abs(y) + Float.MIN_NORMAL))
            .mayBeInPlaceOf(0);
    Trial logSoftmax =
        new Trial(
                "logSoftmax" + text,
                new double[][] {x},
                out,
                (k, i, o) -> k.logSoftmax(rows, cols, i[0], o[0]),
                each((in, y, i) -> units * U))
            .mayBeInPlaceOf(0);
    double[] p = floats(Trial.reference(softmax, in -> in)[0]);
    double[] logP = floats(Trial.reference(logSoftmax, in -> in)[0]);
    List<Trial> trials = new ArrayList<>(List.of(softmax, logSoftmax));
    trials.add(
        new Trial(
                "softmaxBackward" + text,
                new double[][] {p, dy},
                out,
                (k, i, o) -> k.softmaxBackward(rows, cols, i[0], i[1], o[0]),
                each(
                    (in, v, i) ->
                        2 * sumFactor(cols) * p[i] * (Math.abs(dy[i]) + rowSize(p, dy, cols, i))
                            + Float.MIN_NORMAL))
            .mayBeInPlaceOf(1));
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    trials.add(
        new Trial(
                "logSoftmaxBackward" + text,
                new double[][] {logP, dy},
                out,
                (k, i, o) -> k.logSoftmaxBackward(rows, cols, i[0], i[1], o[0]),
                each(
                    (in, v, i) ->
                        units
                            * U
                            * (Math.abs(dy[i]) + Math.exp(logP[i]) * rowSize(ones, dy, cols, i))))
            .mayBeInPlaceOf(1));
    for (double smoothing : new double[] {0, 0.1}) {
      trials.add(
          new Trial(
              "crossEntropy" + text + " smoothing " + smoothing,
              new double[][] {x},
              new int[] {n, rows},
              (k, i, o) -> k.crossEntropy(rows, cols, i[0], labels, smoothing, o[0], o[1]),
              (in, expected) ->
                  new double[][] {
                    Arrays.stream(expected[0]).map(v -> units * U * v + Float.MIN_NORMAL).toArray(),
                    Arrays.stream(expected[1]).map(v -> units * U * (1 + v)).toArray()
                  }));
      trials.add(
          new Trial(
              "crossEntropyBackward" + text + " smoothing " + smoothing,
              new double[][] {p},
              out,
              (k, i, o) -> k.crossEntropyBackward(rows, cols, i[0], labels, smoothing, 0.37, o[0]),
              each((in, v, i) -> 4 * U)));
    }
    return trials;
  }

  private static double[] floats(double[] values) {
    return Arrays.stream(values).map(v -> (float) v).toArray();
  }

  private static double rowSize(double[] a, double[] b, int cols, int i) {
    double sum = 0;
    for (int j = i / cols * cols; j < (i / cols + 1) * cols; j++) {
      sum += Math.abs(a[j] * b[j]);
    }
    return sum;
  }

  // ---------------------------------------------------------------- optimisers

  static List<Trial> optimizers(int n, long seed) {
    double[] w = normal(seed, n);
    double[] g = normal(seed + 1, n);
    double[] v = normal(seed + 2, n);
    List<Trial> trials = new ArrayList<>();
    SgdStep plain = new SgdStep(0.1, 0, 5e-4, false);
    trials.add(
        new Trial(
                "sgd len " + n + " " + plain,
                new double[][] {w, g},
                new int[0],
                (k, i, o) -> k.sgd(plain, n, i[0], i[1], null),
                (in, e) -> new double[][] {sizeOfTerms(w, g)})
            .updates(0));
    for (boolean nesterov : new boolean[] {false, true}) {
      SgdStep step = new SgdStep(0.1, 0.9, 5e-4, nesterov);
      trials.add(
          new Trial(
                  "sgd len " + n + " " + step,
                  new double[][] {w, g, v},
                  new int[0],
                  (k, i, o) -> k.sgd(step, n, i[0], i[1], i[2]),
                  (in, e) -> new double[][] {sizeOfTerms(w, g, v), sizeOfTerms(w, g, v)})
              .updates(0, 2));
    }
    double[] v2 = uniform(seed + 3, n, 0, 2);
    for (boolean decoupled : new boolean[] {false, true}) {
      AdamStep step = new AdamStep(1e-2, 0.9, 0.999, 1e-8, 1e-2, decoupled, 3);
      trials.add(
          new Trial(
                  "adam len " + n + " " + step,
                  new double[][] {w, g, v, v2},
                  new int[0],
                  (k, i, o) -> k.adam(step, n, i[0], i[1], i[2], i[3]),
                  (in, e) -> adamTolerance(step, in, e))
              .updates(0, 2, 3));
    }
    return trials;
  }

  private static double[] sizeOfTerms(double[]... arrays) {
    double[] sizes = new double[arrays[0].length];
    for (int i = 0; i < sizes.length; i++) {
      for (double[] a : arrays) {
        sizes[i] += 3 * U * Math.abs(a[i]);
      }
    }
    return sizes;
  }

  private static double[][] adamTolerance(AdamStep step, double[][] in, double[][] expected) {
    int n = in[0].length;
    double[][] allowed = new double[3][n];
    for (int i = 0; i < n; i++) {
      double g = Math.abs(in[1][i]) + step.weightDecay() * Math.abs(in[0][i]);
      double m = step.beta1() * Math.abs(in[2][i]) + (1 - step.beta1()) * g;
      double v = expected[2][i];
      double correction1 = 1 - Math.pow(step.beta1(), step.step());
      double correction2 = 1 - Math.pow(step.beta2(), step.step());
      double update = step.lr() / correction1 * m / (Math.sqrt(v / correction2) + step.eps());
      allowed[0][i] = 2 * U * Math.abs(in[0][i]) + 12 * U * update;
      allowed[1][i] = 4 * U * m;
      allowed[2][i] = 4 * U * (step.beta2() * in[3][i] + (1 - step.beta2()) * g * g);
    }
    return allowed;
  }

  // ---------------------------------------------------------------- all

  /** Every primitive once or more, on odd problems small enough for the reference. */
  static List<Trial> everything() {
    List<Trial> trials = new ArrayList<>();
    trials.addAll(elementwise(1021, 1));
    trials.addAll(axis(new AxisProblem(3, 37, 33), 2));
    trials.addAll(conv2d(Conv2dProblem.parse("n2 h9 w11 c5 k7 r3 s3 st2 p1"), 3));
    trials.addAll(conv2d(Conv2dProblem.parse("n2 h9 w11 c33 k17 r3 s3 p1"), 4));
    trials.addAll(gemm(new GemmProblem(19, 33, 65, false, true), 5));
    trials.addAll(batchNorm(new BatchNormProblem(101, 33, 1e-5, true), 0, 6));
    trials.addAll(pool(PoolProblem.parse("n2 h9 w11 c33 r3 s3 st2 p1"), 7));
    trials.addAll(
        resize(new ResizeProblem(2, 9, 11, 5, 4, 6, ResizeProblem.Filter.BICUBIC_ANTIALIAS), 8));
    trials.addAll(softmax(7, 33, 5, 9));
    trials.addAll(optimizers(1021, 10));
    return trials;
  }
}
