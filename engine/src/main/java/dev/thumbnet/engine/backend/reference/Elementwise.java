package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.ErrorFunction;
import dev.thumbnet.engine.backend.SplitMix64;
import dev.thumbnet.engine.backend.problem.Unary;

/** One result per element, from the elements at the same place. */
final class Elementwise {
  private Elementwise() {}

  static void linearCombination(
      int length, double alpha, double[] a, double beta, double[] b, double[] out) {
    for (int i = 0; i < length; i++) {
      out[i] = alpha * a[i] + beta * b[i];
    }
  }

  static void affine(int length, double scale, double[] x, double shift, double[] out) {
    for (int i = 0; i < length; i++) {
      out[i] = scale * x[i] + shift;
    }
  }

  static void multiply(int length, double[] a, double[] b, double[] out) {
    for (int i = 0; i < length; i++) {
      out[i] = a[i] * b[i];
    }
  }

  static void divide(int length, double[] a, double[] b, double[] out) {
    for (int i = 0; i < length; i++) {
      out[i] = a[i] / b[i];
    }
  }

  static void addRelu(int length, double[] a, double[] b, double[] out) {
    for (int i = 0; i < length; i++) {
      out[i] = Math.max(a[i] + b[i], 0);
    }
  }

  static void unary(Unary f, int length, double[] x, double[] y) {
    for (int i = 0; i < length; i++) {
      y[i] =
          switch (f) {
            case RELU -> Math.max(x[i], 0);
            case SIGMOID -> sigmoid(x[i]);
            case TANH -> StrictMath.tanh(x[i]);
            case EXP -> StrictMath.exp(x[i]);
            case LOG -> StrictMath.log(x[i]);
            case SQRT -> Math.sqrt(x[i]);
            case SQUARE -> x[i] * x[i];
            case ABS -> Math.abs(x[i]);
            case RELU6 -> ramp(x[i]);
            case HARD_SIGMOID -> ramp(x[i] + 3) / 6;
            case HARD_SWISH -> x[i] * ramp(x[i] + 3) / 6;
            case SILU -> x[i] * sigmoid(x[i]);
            case ERF -> ErrorFunction.erf(x[i]);
            case GELU -> x[i] * normal(x[i]);
            case GELU_TANH -> x[i] * sigmoid(2 * tanhArgument(x[i]));
            case SOFTPLUS -> softplus(x[i]);
            case SOFTSIGN -> x[i] / (1 + Math.abs(x[i]));
            case MISH -> x[i] * StrictMath.tanh(softplus(x[i]));
            case RECIPROCAL -> 1 / x[i];
          };
    }
  }

  /** With v = y or, for those that have it in their formula, x; see {@link Unary#gradientUsesX}. */
  static void unaryBackward(Unary f, int length, double[] v, double[] dy, double[] dx) {
    for (int i = 0; i < length; i++) {
      dx[i] =
          switch (f) {
            case RELU -> v[i] > 0 ? dy[i] : 0;
            case SIGMOID -> v[i] * (1 - v[i]) * dy[i];
            case TANH -> (1 - v[i] * v[i]) * dy[i];
            case EXP -> v[i] * dy[i];
            case LOG -> dy[i] / v[i];
            case SQRT -> dy[i] / (2 * v[i]);
            case SQUARE -> 2 * v[i] * dy[i];
            case ABS -> Math.signum(v[i]) * dy[i];
            case RELU6 -> v[i] > 0 && v[i] < 6 ? dy[i] : 0;
            case HARD_SIGMOID -> v[i] > -3 && v[i] < 3 ? dy[i] / 6 : 0;
            case HARD_SWISH -> (v[i] <= -3 ? 0 : v[i] >= 3 ? 1 : (2 * v[i] + 3) / 6) * dy[i];
            case SILU -> sigmoid(v[i]) * (1 + v[i] * (1 - sigmoid(v[i]))) * dy[i];
            case ERF -> 2 / Math.sqrt(Math.PI) * StrictMath.exp(-v[i] * v[i]) * dy[i];
            case GELU -> (normal(v[i]) + v[i] * density(v[i])) * dy[i];
            case GELU_TANH -> geluTanhSlope(v[i]) * dy[i];
            case SOFTPLUS -> sigmoid(v[i]) * dy[i];
            case SOFTSIGN -> dy[i] / ((1 + Math.abs(v[i])) * (1 + Math.abs(v[i])));
            case MISH -> mishSlope(v[i]) * dy[i];
            case RECIPROCAL -> -v[i] * v[i] * dy[i];
          };
    }
  }

  private static double ramp(double x) {
    return Math.min(Math.max(x, 0), 6);
  }

  /** The share of a normal distribution that is below x. */
  private static double normal(double x) {
    return ErrorFunction.erfc(-x / Math.sqrt(2)) / 2;
  }

  private static double density(double x) {
    return StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  private static double tanhArgument(double x) {
    return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
  }

  private static double geluTanhSlope(double x) {
    double s = sigmoid(2 * tanhArgument(x));
    double slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
    return s + 2 * x * s * (1 - s) * slope;
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  private static double mishSlope(double x) {
    double t = StrictMath.tanh(softplus(x));
    return t + x * (1 - t * t) * sigmoid(x);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  static void leakyRelu(int length, double slope, double[] x, double[] y) {
    for (int i = 0; i < length; i++) {
      y[i] = x[i] > 0 ? x[i] : slope * x[i];
    }
  }

  static void leakyReluBackward(int length, double slope, double[] x, double[] dy, double[] dx) {
    for (int i = 0; i < length; i++) {
      dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
    }
  }

  static void dropoutMask(int length, long key, double keep, double[] out) {
    for (int i = 0; i < length; i++) {
      out[i] = SplitMix64.uniform(key, i) < keep ? 1 / keep : 0;
    }
  }

  static void elu(int length, double scale, double alpha, double rate, double[] x, double[] y) {
    for (int i = 0; i < length; i++) {
      y[i] = x[i] > 0 ? scale * x[i] : alpha * StrictMath.expm1(rate * x[i]);
    }
  }

  static void eluBackward(
      int length, double scale, double alpha, double rate, double[] x, double[] dy, double[] dx) {
    for (int i = 0; i < length; i++) {
      dx[i] = (x[i] > 0 ? scale : alpha * rate * StrictMath.exp(rate * x[i])) * dy[i];
    }
  }

  static void maximum(int length, double[] a, double[] b, double[] out) {
    for (int i = 0; i < length; i++) {
      out[i] = Math.max(a[i], b[i]);
    }
  }

  static void minimum(int length, double[] a, double[] b, double[] out) {
    for (int i = 0; i < length; i++) {
      out[i] = Math.min(a[i], b[i]);
    }
  }

  static void maximumBackward(int length, double[] a, double[] b, double[] dy, double[] da) {
    for (int i = 0; i < length; i++) {
      da[i] = a[i] > b[i] ? dy[i] : a[i] == b[i] ? dy[i] / 2 : 0;
    }
  }
}
