package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.AxisProblem;

/** Broadcasts of a small array over a big one, and sums of the big one to the small. */
final class Axes {
  private Axes() {}

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
}
