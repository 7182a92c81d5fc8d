package dev.thumbnet.engine.backend.contract;

import static dev.thumbnet.engine.backend.contract.Tolerances.sizes;
import static dev.thumbnet.engine.backend.contract.Tolerances.sumFactor;
import static dev.thumbnet.engine.backend.contract.Tolerances.sumOfTerms;
import static dev.thumbnet.engine.testing.Numbers.normal;
import static dev.thumbnet.engine.testing.Numbers.uniform;

import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.contract.Trial.Call;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Convolution, its gradients and the matrix product. */
public final class ConvTrials {
  /** By how much of itself rounding to the 8 bits of a bfloat16 changes a number at most. */
  private static final double HALF_UNIT = 1.0 / 256;

  /** By how much of the largest of its channel, here at most 1, rounding to a byte does so. */
  private static final double HALF_STEP = 1.0 / 254;

  private ConvTrials() {}

  /** Returns one of the activation functions that networks end convolutions with, or null. */
  private static Unary activation(long seed) {
    return switch ((int) Math.floorMod(seed, 5L)) {
      case 0 -> null;
      case 1 -> Unary.RELU;
      case 2 -> Unary.RELU6;
      case 3 -> Unary.HARD_SWISH;
      default -> Unary.SILU;
    };
  }

  /** Returns by how much more than its argument one of these functions changes at most. */
  private static double steepest(Unary activation) {
    return switch (activation) {
      case RELU, RELU6 -> 1;
      case SILU -> 1.1;
      case HARD_SWISH -> 1.5;
      default -> throw new IllegalArgumentException(activation.name());
    };
  }

  public static List<Trial> conv2d(Conv2dProblem p, long seed) {
    double[] x = uniform(seed, p.inputSize(), -1, 1);
    double[] weight = uniform(seed + 1, p.weightSize(), -1, 1);
    double[] dy = uniform(seed + 2, p.outputSize(), -1, 1);
    double[] bias = uniform(seed + 3, p.k(), -1, 1);
    Call forward = (k, i, o) -> k.conv2d(p, i[0], i[1], null, o[0]);
    Call forwardWithBias = (k, i, o) -> k.conv2d(p, i[0], i[1], i[2], o[0]);
    Call backwardData = (k, i, o) -> k.conv2dBackwardData(p, i[0], i[1], o[0]);
    Call backwardWeights = (k, i, o) -> k.conv2dBackwardWeights(p, i[0], i[1], o[0]);
    int elements = p.kh() * p.kw();
    boolean withBias = seed % 2 == 0;
    return List.of(
        conv(
            "conv2d " + p + (withBias ? " with bias" : ""),
            withBias ? new double[][] {x, weight, bias} : new double[][] {x, weight},
            p.outputSize(),
            withBias ? forwardWithBias : forward,
            elements * (p.c() / p.groups()),
            winogradForward(p)),
        conv(
            "conv2dBackwardData " + p,
            new double[][] {dy, weight},
            p.inputSize(),
            backwardData,
            elements * (p.k() / p.groups()),
            winogradBackward(p)),
        conv(
            "conv2dBackwardWeights " + p,
            new double[][] {x, dy},
            p.weightSize(),
            backwardWeights,
            p.n() * p.outH() * p.outW(),
            winogradBackward(p)),
        fixed(p, false, x, weight, bias, seed, WeightFormat.F32),
        fixed(p, false, x, weight, bias, seed, WeightFormat.BF16),
        fixed(p, false, x, weight, bias, seed, WeightFormat.INT8),
        transposed(p, dy, weight, seed));
  }

  private static Trial transposed(Conv2dProblem p, double[] dy, double[] weight, long seed) {
    double[] bias = uniform(seed + 5, p.c(), -1, 1);
    WeightFormat[] formats = WeightFormat.values();
    WeightFormat format = formats[(int) Math.floorMod(seed, (long) formats.length)];
    return fixed(p, true, dy, weight, bias, seed, format);
  }

  /**
   * The convolution prepared for one picture more, run twice, with or without a residual and one of
   * the activations.
   */
  private static Trial fixed(
      Conv2dProblem p,
      boolean transposed,
      double[] x,
      double[] weight,
      double[] bias,
      long seed,
      WeightFormat format) {
    boolean adds = (seed & 2) != 0;
    Unary activation = activation(seed >> 2);
    int size = transposed ? p.inputSize() : p.outputSize();
    double[] residual = uniform(seed + 4, size, -1, 1);
    double[][] inputs =
        adds ? new double[][] {x, weight, bias, residual} : new double[][] {x, weight, bias};
    Trial sums =
        conv(
            (transposed ? "prepareTransposed " : "prepare ")
                + p
                + " "
                + format
                + (adds ? " + residual" : ""),
            inputs,
            size,
            fixed(p, transposed, null, adds, format),
            p.kh() * p.kw() * ((transposed ? p.k() : p.c()) / p.groups()) + 1,
            transposed ? winogradBackward(p) : winogradForward(p),
            w -> rounded(p, transposed, w, format));
    if (activation == null) {
      return sums;
    }
    return new Trial(
        sums + ", " + activation,
        inputs,
        new int[] {size},
        fixed(p, transposed, activation, adds, format),
        (in, expected) -> {
          double[] allowed = sums.tolerance().allowed(in, expected)[0];
          Arrays.setAll(allowed, i -> steepest(activation) * allowed[i]);
          return new double[][] {allowed};
        });
  }

  private static Call fixed(
      Conv2dProblem p, boolean transposed, Unary activation, boolean adds, WeightFormat format) {
    return (k, i, o) -> {
      Conv2dProblem more = p.withBatch(p.n() + 1);
      PreparedConvolution<Storage> prepared =
          transposed
              ? k.prepareTransposed(more, i[1], i[2], activation, format)
              : k.prepare(more, i[1], i[2], activation, format);
      Runnable bound = prepared.bind(p.n(), i[0], adds ? i[3] : null, o[0]);
      bound.run();
      bound.run();
    };
  }

  /** Returns by how much each weight may be rounded, or null for not at all. */
  private static double[] rounded(
      Conv2dProblem p, boolean transposed, double[] weight, WeightFormat format) {
    return switch (format) {
      case F32 -> null;
      case BF16 -> Arrays.stream(weight).map(w -> HALF_UNIT * w).toArray();
      case INT8 -> {
        double[] largest = new double[transposed ? p.c() : p.k()];
        for (int i = 0; i < weight.length; i++) {
          int channel = channel(p, transposed, i);
          largest[channel] = Math.max(largest[channel], Math.abs(weight[i]));
        }
        double[] steps = new double[weight.length];
        Arrays.setAll(steps, i -> HALF_STEP * largest[channel(p, transposed, i)]);
        yield steps;
      }
    };
  }

  /** Returns the channel of the result that a weight contributes to. */
  private static int channel(Conv2dProblem p, boolean transposed, int weight) {
    int k = weight % p.k();
    int groupC = p.c() / p.groups();
    return transposed ? k / (p.k() / p.groups()) * groupC + weight / p.k() % groupC : k;
  }

  private static Trial conv(
      String what, double[][] inputs, int output, Call call, int terms, boolean winograd) {
    return conv(what, inputs, output, call, terms, winograd, w -> null);
  }

  /**
   * @param winograd whether Winograd's algorithm may do it
   * @param rounded by how much each of the weights, the second input, may be rounded; null for not
   *     at all
   */
  private static Trial conv(
      String what,
      double[][] inputs,
      int output,
      Call call,
      int terms,
      boolean winograd,
      UnaryOperator<double[]> rounded) {
    int[] outputs = {output};
    Trial plain = new Trial(what, inputs, outputs, call, null);
    return new Trial(
        what,
        inputs,
        outputs,
        call,
        (in, expected) -> {
          Trial given = plain.withInputs(in);
          double[] allowed = tolerance(winograd, terms, sizes(given)[0]);
          double[] weights = rounded.apply(in[1]);
          if (weights != null) {
            double[] changes = changes(given, weights);
            Arrays.setAll(allowed, i -> allowed[i] + changes[i]);
          }
          return new double[][] {allowed};
        });
  }

  /** Returns what the results change by if all weights change by so much: Σ|x|·change. */
  private static double[] changes(Trial plain, double[] rounded) {
    double[][] inputs = plain.inputs().clone();
    for (int i = 1; i < inputs.length; i++) {
      inputs[i] = i == 1 ? rounded : new double[inputs[i].length]; // no bias, no residual
    }
    return sizes(plain.withInputs(inputs))[0];
  }

  /**
   * What a convolution may be off, from Σ|a·b| of each output. Direct algorithms: as any sum. The
   * error of Winograd's algorithm comes from the largest numbers of the tile: there the largest
   * Σ|a·b| counts for all outputs, and tiles of 4x4 add a factor of 3.
   */
  static double[] tolerance(boolean winograd, int terms, double[] sizes) {
    double[] allowed = sizes.clone();
    if (winograd) {
      Arrays.fill(allowed, 3 * Arrays.stream(sizes).max().orElseThrow());
    }
    for (int i = 0; i < allowed.length; i++) {
      allowed[i] *= sumFactor(terms);
    }
    return allowed;
  }

  /** Tells whether Winograd's algorithm may do a convolution. */
  static boolean winogradForward(Conv2dProblem p) {
    return winogradMayServe(p, 1) || winogradMayServe(p, 2);
  }

  /** Tells whether Winograd's algorithm may do the gradients of a convolution. */
  static boolean winogradBackward(Conv2dProblem p) {
    return winogradMayServe(p, 1);
  }

  private static boolean winogradMayServe(Conv2dProblem p, int stride) {
    return p.kh() == 3
        && p.kw() == 3
        && p.strideH() == stride
        && p.strideW() == stride
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
            "matmul 3 of " + p,
            new double[][] {normal(seed, 3 * a.length), normal(seed + 1, 3 * b.length)},
            new int[] {3 * p.m() * p.n()},
            (k, i, o) -> k.matmul(3, p, i[0], i[1], o[0]),
            p.k()),
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
}
