package dev.thumbnet.method.lowrank;

import java.util.Arrays;

/**
 * A = Σ λ_j v_j v_jᵀ for a symmetric A with n rows: Householder reflections make it tridiagonal, T
 * = Qᵀ A Q, and implicit QR steps with Wilkinson's shift make T diagonal (Golub and Van Loan 2013,
 * sections 8.3.1 and 8.3.2). Values are as accurate as rounding is relative to the largest, vectors
 * are orthogonal up to rounding. It takes about 9 n³ operations on one core, nearly all on whole
 * rows: a tenth of a second for n = 512, three seconds for n = 1536.
 *
 * @param values the largest first
 * @param vectors one for each value, of length 1
 */
record SymmetricEigen(double[] values, double[][] vectors) {
  /** Reflections of squared lengths below this are left out: they would overflow. */
  private static final double TINY = 1e-290;

  /** QR steps that are tried for each value; two or three are usual. */
  private static final int STEPS = 30;

  /**
   * Decomposes a matrix.
   *
   * @param a symmetric, at least one row; is overwritten
   * @throws ArithmeticException if it has numbers that are not finite
   */
  static SymmetricEigen of(double[][] a) {
    Work work = new Work(a);
    work.makeTridiagonal();
    work.makeDiagonal();
    int[] order = Vectors.descending(work.diagonal);
    return new SymmetricEigen(
        Arrays.stream(order).mapToDouble(i -> work.diagonal[i]).toArray(),
        Arrays.stream(order).mapToObj(i -> work.basis[i]).toArray(double[][]::new));
  }

  /** A = Q T Qᵀ on the way: the rows of {@code basis} are the columns of Q. */
  private static final class Work {
    private final double[][] a;
    private final int n;

    /** T[i][i]. */
    private final double[] diagonal;

    /** T[i][i + 1]; the last is not used. */
    private final double[] beside;

    private final double[][] basis;

    Work(double[][] a) {
      this.a = a;
      this.n = a.length;
      this.diagonal = new double[n];
      this.beside = new double[n];
      this.basis = new double[n][n];
    }

    /**
     * Row k is reflected onto its first element beside the diagonal: H = I − s v vᵀ for v in the
     * rest of the row, A ← H A H = A − v wᵀ − w vᵀ with p = s A v and w = p − (s/2)(pᵀv) v.
     */
    void makeTridiagonal() {
      double[] scales = new double[n];
      double[] w = new double[n];
      for (int k = 0; k < n; k++) {
        diagonal[k] = a[k][k];
        if (k + 2 < n) {
          scales[k] = reflect(k, w);
        } else if (k + 1 < n) {
          beside[k] = a[k][k + 1];
        }
      }
      for (int i = 0; i < n; i++) {
        basis[i][i] = 1;
      }
      for (int k = n - 3; k >= 0; k--) {
        for (int i = k + 1; i < n; i++) {
          double along = Vectors.dot(basis[i], a[k], k + 1, n);
          Vectors.addScaled(basis[i], -scales[k] * along, a[k], k + 1, n);
        }
      }
    }

    /** Leaves v in row k, from k + 1 on, and returns s. */
    private double reflect(int k, double[] w) {
      double[] v = a[k];
      double square = Vectors.dot(v, v, k + 1, n);
      if (square < TINY) {
        return 0;
      }
      beside[k] = v[k + 1] > 0 ? -Math.sqrt(square) : Math.sqrt(square);
      v[k + 1] -= beside[k];
      double s = 2 / Vectors.dot(v, v, k + 1, n);
      Arrays.fill(w, 0);
      for (int i = k + 1; i < n; i++) {
        Vectors.addScaled(w, s * v[i], a[i], k + 1, n);
      }
      Vectors.addScaled(w, -s / 2 * Vectors.dot(w, v, k + 1, n), v, k + 1, n);
      for (int i = k + 1; i < n; i++) {
        double[] row = a[i];
        double vi = v[i];
        double wi = w[i];
        for (int j = k + 1; j < n; j++) {
          row[j] -= vi * w[j] + wi * v[j];
        }
      }
      return s;
    }

    /** Values are split off at the end, where the shift lets them converge. */
    void makeDiagonal() {
      double largest = 0;
      for (int i = 0; i < n; i++) {
        largest = Math.max(largest, Math.abs(diagonal[i]) + Math.abs(beside[i]));
      }
      double negligible = 4 * Math.ulp(largest);
      int steps = 0;
      int end = n - 1;
      while (end > 0) {
        if (Math.abs(beside[end - 1]) <= negligible) {
          end--;
          continue;
        }
        int start = end - 1;
        while (start > 0 && Math.abs(beside[start - 1]) > negligible) {
          start--;
        }
        if (++steps > STEPS * n) {
          throw new ArithmeticException("a matrix of " + n + " rows has no eigenvalues");
        }
        step(start, end);
      }
    }

    /**
     * A QR step on the rows and columns from {@code start} to {@code end}: the first rotation is
     * that of T − μ I, and each of the others moves the element that its predecessor left beside
     * the three diagonals one further down.
     */
    private void step(int start, int end) {
      double x = diagonal[start] - shift(end);
      double z = beside[start];
      for (int k = start; k < end; k++) {
        double r = Math.hypot(x, z);
        double c = r == 0 ? 1 : x / r;
        double s = r == 0 ? 0 : z / r;
        if (k > start) {
          beside[k - 1] = r;
        }
        double p = diagonal[k];
        double q = beside[k];
        double t = diagonal[k + 1];
        diagonal[k] = c * c * p + 2 * c * s * q + s * s * t;
        diagonal[k + 1] = s * s * p - 2 * c * s * q + c * c * t;
        beside[k] = c * s * (t - p) + (c * c - s * s) * q;
        if (k + 1 < end) {
          x = beside[k];
          z = s * beside[k + 1];
          beside[k + 1] *= c;
        }
        Vectors.rotate(basis[k], basis[k + 1], c, s);
      }
    }

    /** Returns the eigenvalue of the last two rows that is closer to the last. */
    private double shift(int end) {
      double half = (diagonal[end - 1] - diagonal[end]) / 2;
      double b = beside[end - 1];
      double root = Math.hypot(half, b);
      return diagonal[end] - b * b / (half + Math.copySign(root, half));
    }
  }
}
