package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.problem.AxisProblem;

/** Broadcasts of a small array over a big one, and sums of the big one to the small. */
final class Broadcasts {
  private Broadcasts() {}

  static void broadcastAdd(
      AxisProblem p, double[] big, double scale, double[] small, double[] out) {
    for (int o = 0; o < p.outer(); o++) {
      for (int r = 0; r < p.repeat(); r++) {
        for (int i = 0; i < p.inner(); i++) {
          int at = (o * p.repeat() + r) * p.inner() + i;
          out[at] = big[at] + scale * small[o * p.inner() + i];
        }
      }
    }
  }

  static void broadcastMultiply(AxisProblem p, double[] big, double[] small, double[] out) {
    for (int o = 0; o < p.outer(); o++) {
      for (int r = 0; r < p.repeat(); r++) {
        for (int i = 0; i < p.inner(); i++) {
          int at = (o * p.repeat() + r) * p.inner() + i;
          out[at] = big[at] * small[o * p.inner() + i];
        }
      }
    }
  }

  static void clamp(AxisProblem p, double[] x, double[] low, double[] high, double[] y) {
    for (int i = 0; i < p.bigSize(); i++) {
      int j = small(p, i);
      y[i] = x[i] < low[j] ? low[j] : x[i] > high[j] ? high[j] : x[i];
    }
  }

  static void clampBackward(
      AxisProblem p, double[] x, double[] low, double[] high, double[] dy, double[] dx) {
    for (int i = 0; i < p.bigSize(); i++) {
      int j = small(p, i);
      dx[i] = x[i] >= low[j] && x[i] <= high[j] ? dy[i] : 0;
    }
  }

  static void broadcast(AxisProblem p, double scale, double[] small, double[] out) {
    for (int o = 0; o < p.outer(); o++) {
      for (int r = 0; r < p.repeat(); r++) {
        for (int i = 0; i < p.inner(); i++) {
          out[(o * p.repeat() + r) * p.inner() + i] = scale * small[o * p.inner() + i];
        }
      }
    }
  }

  static void sum(AxisProblem p, double scale, double[] big, double[] small) {
    for (int o = 0; o < p.outer(); o++) {
      for (int i = 0; i < p.inner(); i++) {
        double sum = 0;
        for (int r = 0; r < p.repeat(); r++) {
          sum += big[(o * p.repeat() + r) * p.inner() + i];
        }
        small[o * p.inner() + i] = scale * sum;
      }
    }
  }

  static void sumOfProducts(AxisProblem p, double scale, double[] a, double[] b, double[] small) {
    for (int o = 0; o < p.outer(); o++) {
      for (int i = 0; i < p.inner(); i++) {
        double sum = 0;
        for (int r = 0; r < p.repeat(); r++) {
          int at = (o * p.repeat() + r) * p.inner() + i;
          sum += a[at] * b[at];
        }
        small[o * p.inner() + i] = scale * sum;
      }
    }
  }

  /** Returns the element of the small array that goes with element {@code at} of the big one. */
  private static int small(AxisProblem p, int at) {
    return at / (p.repeat() * p.inner()) * p.inner() + at % p.inner();
  }
}
