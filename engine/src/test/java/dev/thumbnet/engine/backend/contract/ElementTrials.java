package dev.thumbnet.engine.backend.contract;

import static dev.thumbnet.engine.backend.contract.Tolerances.U;
import static dev.thumbnet.engine.backend.contract.Tolerances.each;
import static dev.thumbnet.engine.backend.contract.Tolerances.relative;
import static dev.thumbnet.engine.backend.contract.Tolerances.sumOfTerms;
import static dev.thumbnet.engine.testing.Numbers.normal;
import static dev.thumbnet.engine.testing.Numbers.uniform;

import dev.thumbnet.engine.backend.contract.Trial.Call;
import dev.thumbnet.engine.backend.contract.Trial.Tolerance;
import dev.thumbnet.engine.backend.problem.AdamStep;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.SgdStep;
import dev.thumbnet.engine.backend.problem.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Elementwise functions, copies, broadcasts, sums and optimisers. */
final class ElementTrials {
  private ElementTrials() {}

  /** All elementwise primitives over {@code n} elements. */
  static List<Trial> elementwise(int n, long seed) {
    double[] a = normal(seed, n);
    double[] b = normal(seed + 1, n);
    double[] positive = uniform(seed + 2, n, 0.01, 20);
    List<Trial> trials = new ArrayList<>(arithmetic(a, b));
    trials.addAll(elu(a, b));
    trials.add(copyRows(1, n, 0, n, 0, n, seed));
    trials.add(
        elements(
            "dropoutMask",
            n,
            (k, i, o) -> k.dropoutMask(n, seed * 0x1234567890ABCDEFL, 0.3, o[0]),
            relative(1)));
    trials.add(elements("fill", n, (k, i, o) -> k.fill(o[0], n, 0.1), relative(1)));
    for (Unary f : Unary.values()) {
      double[] x = f == Unary.LOG || f == Unary.SQRT ? positive : a;
      trials.add(unary(f, x));
      trials.add(unaryBackward(f, x, b));
    }
    return trials;
  }

  private static List<Trial> arithmetic(double[] a, double[] b) {
    int n = a.length;
    return List.of(
        elements(
                "linearCombination",
                n,
                (k, i, o) -> k.linearCombination(n, 1.7, i[0], -0.3, i[1], o[0]),
                each((in, y, i) -> 4 * U * (1.7 * Math.abs(in[0][i]) + 0.3 * Math.abs(in[1][i]))),
                a,
                b)
            .mayBeInPlaceOf(0, 1),
        elements(
                "affine",
                n,
                (k, i, o) -> k.affine(n, -1.3, i[0], 0.7, o[0]),
                each((in, y, i) -> 4 * U * (1.3 * Math.abs(in[0][i]) + 0.7)),
                a)
            .mayBeInPlaceOf(0),
        elements("multiply", n, (k, i, o) -> k.multiply(n, i[0], i[1], o[0]), relative(1), a, b)
            .mayBeInPlaceOf(0, 1),
        elements("divide", n, (k, i, o) -> k.divide(n, i[0], i[1], o[0]), relative(1), a, b)
            .mayBeInPlaceOf(0, 1),
        elements("maximum", n, (k, i, o) -> k.maximum(n, i[0], i[1], o[0]), relative(0), a, b)
            .mayBeInPlaceOf(0, 1),
        elements("minimum", n, (k, i, o) -> k.minimum(n, i[0], i[1], o[0]), relative(0), a, b)
            .mayBeInPlaceOf(0, 1),
        elements(
                "maximumBackward",
                n,
                (k, i, o) -> k.maximumBackward(n, i[0], i[1], i[2], o[0]),
                relative(0),
                whole(a),
                whole(b),
                a)
            .mayBeInPlaceOf(2),
        elements("addRelu", n, (k, i, o) -> k.addRelu(n, i[0], i[1], o[0]), relative(1), a, b)
            .mayBeInPlaceOf(0, 1),
        elements("leakyRelu", n, (k, i, o) -> k.leakyRelu(n, 0.1, i[0], o[0]), relative(2), a)
            .mayBeInPlaceOf(0),
        elements(
                "leakyReluBackward",
                n,
                (k, i, o) -> k.leakyReluBackward(n, 0.1, i[0], i[1], o[0]),
                relative(2),
                a,
                b)
            .mayBeInPlaceOf(1));
  }

  /** Rounds to whole numbers, of which many are equal. */
  private static double[] whole(double[] values) {
    return Arrays.stream(values).map(Math::rint).toArray();
  }

  /** Slopes of one, as of selu, and rates of another; alpha turns a rounding into an error. */
  private static List<Trial> elu(double[] x, double[] dy) {
    int n = x.length;
    return List.of(
        elements("elu", n, (k, i, o) -> k.elu(n, 1.05, 1.76, 0.8, i[0], o[0]), relative(8), x)
            .mayBeInPlaceOf(0),
        elements(
                "eluBackward",
                n,
                (k, i, o) -> k.eluBackward(n, 1.05, 1.76, 0.8, i[0], i[1], o[0]),
                relative(8),
                x,
                dy)
            .mayBeInPlaceOf(1));
  }

  private static Trial elements(
      String method, int n, Call call, Tolerance tolerance, double[]... inputs) {
    return new Trial(method + " len " + n, inputs, new int[] {n}, call, tolerance);
  }

  static Trial unary(Unary f, double[] x) {
    int n = x.length;
    double units =
        switch (f) {
          case RELU, RELU6, ABS -> 0;
          case SQRT, SQUARE, RECIPROCAL -> 1;
          case SOFTSIGN -> 2;
          case ERF, GELU, GELU_TANH, SOFTPLUS, MISH -> 8;
          case EXP, LOG, SIGMOID, TANH, HARD_SIGMOID, HARD_SWISH, SILU -> 8;
        };
    // Where x is negative, its factor is a small difference of large numbers.
    boolean ofX = f == Unary.GELU || f == Unary.GELU_TANH;
    // Below the smallest normal float rounding is coarser, and functions may give zero.
    double floor = units == 0 ? 0 : units == 1 ? Float.MIN_VALUE : Float.MIN_NORMAL;
    return new Trial(
            "unary " + f + " len " + n,
            new double[][] {x},
            new int[] {n},
            (k, i, o) -> k.unary(f, n, i[0], o[0]),
            each((in, y, i) -> units * U * Math.abs(ofX ? in[0][i] : y) + floor))
        .mayBeInPlaceOf(0);
  }

  static Trial unaryBackward(Unary f, double[] x, double[] dy) {
    int n = x.length;
    double[] y = Trial.reference(unary(f, x), in -> in)[0];
    for (int i = 0; i < n; i++) {
      y[i] = (float) y[i];
    }
    boolean usesX = f.gradientUsesX();
    // 1 − y² of tanh and slopes that change their sign cancel: their error is relative to 1.
    boolean cancels =
        switch (f) {
          case TANH, HARD_SWISH, SILU, ERF, GELU, GELU_TANH, MISH -> true;
          default -> false;
        };
    int units =
        switch (f) {
          case SILU, ERF, GELU, GELU_TANH, SOFTPLUS, MISH -> 8; // those of the exponential in it
          default -> 4;
        };
    return new Trial(
            "unaryBackward " + f + " len " + n,
            new double[][] {usesX ? x : y, dy},
            new int[] {n},
            (k, i, o) ->
                k.unaryBackward(f, n, usesX ? i[0] : null, usesX ? null : i[0], i[1], o[0]),
            each((in, dx, i) -> units * U * Math.abs(cancels ? dy[i] : dx)))
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

  static List<Trial> axis(AxisProblem p, long seed) {
    double[] big = normal(seed, p.bigSize());
    double[] other = normal(seed + 1, p.bigSize());
    double[] small = normal(seed + 2, p.smallSize());
    double[][] both = {big, small};
    double[] low = uniform(seed + 3, p.smallSize(), -1, 0);
    double[] high = uniform(seed + 4, p.smallSize(), 0, 1);
    double[][] bounded = {big, low, high};
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
                "clamp " + p,
                bounded,
                bigOut,
                (k, i, o) -> k.clamp(p, i[0], i[1], i[2], o[0]),
                relative(1))
            .mayBeInPlaceOf(0),
        new Trial(
            "clampBackward " + p,
            new double[][] {big, low, high, other},
            bigOut,
            (k, i, o) -> k.clampBackward(p, i[0], i[1], i[2], i[3], o[0]),
            relative(1)),
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
}
