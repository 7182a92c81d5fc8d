package dev.thumbnet.method.lowrank;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Sums over parts of vectors, in a fixed order, so that the same numbers give the same bits. */
final class Vectors {
  private Vectors() {}

  /** Σ x[i] · y[i] for i in [from, to), as four sums side by side. */
  static double dot(double[] x, double[] y, int from, int to) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      sum0 += x[i] * y[i];
      sum1 += x[i + 1] * y[i + 1];
      sum2 += x[i + 2] * y[i + 2];
      sum3 += x[i + 3] * y[i + 3];
    }
    for (; i < to; i++) {
      sum0 += x[i] * y[i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  /** Σ x[i] · y[i] over all of both. */
  static double dot(double[] x, double[] y) {
    return dot(x, y, 0, x.length);
  }

  /** y[i] += factor · x[i] for i in [from, to). */
  static void addScaled(double[] y, double factor, double[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] += factor * x[i];
    }
  }

  /** x[i] *= factor. */
  static void scale(double[] x, double factor) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= factor;
    }
  }

  /** Returns the indices of numbers, that of the largest first, and those of equals in order. */
  static int[] descending(double[] x) {
    return IntStream.range(0, x.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -x[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Makes a square matrix symmetric whose elements below the diagonal are not set. */
  static void mirror(double[][] a) {
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < i; j++) {
        a[i][j] = a[j][i];
      }
    }
  }

  /** (x, y) becomes (c x + s y, c y − s x). */
  static void rotate(double[] x, double[] y, double c, double s) {
    for (int i = 0; i < x.length; i++) {
      double a = x[i];
      double b = y[i];
      x[i] = c * a + s * b;
      y[i] = c * b - s * a;
    }
  }
}
