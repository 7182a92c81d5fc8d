package dev.thumbnet.method.lowrank;

import java.util.Arrays;

/**
 * The singular value decomposition A = Σ σ_j l_j r_jᵀ, by Jacobi's rotations from one side
 * (Hestenes 1958). They start from the eigenvectors of A Aᵀ, or Aᵀ A if that is smaller. These
 * alone would give no value below 1e-8 of the largest; so little is left for the rotations that
 * nearly all of the time is that of a few matrix products. Values below 1e-14 of the largest are
 * rounding, and 0 is put for them.
 *
 * <p>With s rows or columns on the shorter side and m on the longer it takes about 5 s² m + 9 s³
 * operations on one core: for a convolution of 3x3 with 512 channels a second as 4608 x 512, and
 * six seconds as 1536 x 1536.
 *
 * @param values σ, the largest first, as many as the shorter side has
 * @param left l, one for each value, of length 1 and orthogonal; those of values of 0 are zero if
 *     there are more rows than columns
 * @param right r, likewise; those of values of 0 are zero if there are not more rows than columns
 */
record Svd(double[] values, double[][] left, double[][] right) {
  /** Cosine of the angle of two vectors that count as orthogonal. */
  private static final double ORTHOGONAL = 1e-12;

  /** Part of the largest value below which others are 0. */
  private static final double NEGLIGIBLE = 1e-14;

  /** Rounds of rotations that are tried; two or three are usual. */
  private static final int ROUNDS = 60;

  /** Numbers of a row that are used again while they are in a fast cache. */
  private static final int BLOCK = 256;

  /**
   * Decomposes a matrix.
   *
   * @param a its rows, at least one
   * @throws ArithmeticException if it has numbers that are not finite
   */
  static Svd of(double[][] a) {
    if (a.length <= a[0].length) {
      return ofWide(a);
    }
    double[][] transposed = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        transposed[j][i] = a[i][j];
      }
    }
    Svd svd = ofWide(transposed);
    return new Svd(svd.values, svd.right, svd.left);
  }

  /** For not more rows than columns: A = LᵀR with orthogonal rows in L, and in the end in R. */
  private static Svd ofWide(double[][] a) {
    double[][] left = SymmetricEigen.of(squared(a)).vectors();
    double[][] right = product(left, a);
    makeOrthogonal(right, left);
    double[] lengths = new double[a.length];
    for (int j = 0; j < a.length; j++) {
      lengths[j] = Math.sqrt(Vectors.dot(right[j], right[j]));
      if (lengths[j] > 0) {
        Vectors.scale(right[j], 1 / lengths[j]);
      }
    }
    int[] order = Vectors.descending(lengths);
    return new Svd(
        Arrays.stream(order).mapToDouble(j -> lengths[j]).toArray(),
        Arrays.stream(order).mapToObj(j -> left[j]).toArray(double[][]::new),
        Arrays.stream(order).mapToObj(j -> right[j]).toArray(double[][]::new));
  }

  /** A Aᵀ. */
  private static double[][] squared(double[][] a) {
    int n = a.length;
    int length = a[0].length;
    double[][] squared = new double[n][n];
    for (int from = 0; from < length; from += BLOCK) {
      int to = Math.min(length, from + BLOCK);
      for (int i = 0; i < n; i++) {
        for (int j = i; j < n; j++) {
          squared[i][j] += Vectors.dot(a[i], a[j], from, to);
        }
      }
    }
    Vectors.mirror(squared);
    return squared;
  }

  /** X A for a square X. */
  private static double[][] product(double[][] x, double[][] a) {
    int n = a.length;
    int length = a[0].length;
    double[][] product = new double[n][length];
    for (int from = 0; from < length; from += BLOCK) {
      int to = Math.min(length, from + BLOCK);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          Vectors.addScaled(product[i], x[i][j], a[j], from, to);
        }
      }
    }
    return product;
  }

  /**
   * Rotates pairs of rows until all are orthogonal, and those of a companion with them. The angle φ
   * that makes the rows p and q so has cot 2φ = (|q|² − |p|²) / 2 pᵀq.
   */
  private static void makeOrthogonal(double[][] rows, double[][] companions) {
    int n = rows.length;
    double[] squares = Arrays.stream(rows).mapToDouble(row -> Vectors.dot(row, row)).toArray();
    double largest = Arrays.stream(squares).max().orElseThrow();
    double negligible = NEGLIGIBLE * NEGLIGIBLE * largest;
    Arrays.setAll(squares, i -> square(rows[i], negligible));
    boolean rotated = true;
    for (int round = 0; rotated; round++) {
      if (round == ROUNDS) {
        throw new ArithmeticException("a matrix of " + n + " rows has no singular values");
      }
      rotated = false;
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          double along = Vectors.dot(rows[p], rows[q]);
          if (Math.abs(along) <= ORTHOGONAL * Math.sqrt(squares[p]) * Math.sqrt(squares[q])) {
            continue;
          }
          double cot = (squares[q] - squares[p]) / (2 * along);
          double tan = Math.copySign(1, cot) / (Math.abs(cot) + Math.hypot(1, cot));
          double c = 1 / Math.hypot(1, tan);
          Vectors.rotate(rows[p], rows[q], c, -c * tan);
          Vectors.rotate(companions[p], companions[q], c, -c * tan);
          squares[p] = square(rows[p], negligible);
          squares[q] = square(rows[q], negligible);
          rotated = true;
        }
      }
    }
  }

  /** Returns the squared length of a row, and makes it zero if that is negligible. */
  private static double square(double[] row, double negligible) {
    double square = Vectors.dot(row, row);
    if (square > negligible || Double.isNaN(square)) {
      return square;
    }
    Arrays.fill(row, 0);
    return 0;
  }
}
