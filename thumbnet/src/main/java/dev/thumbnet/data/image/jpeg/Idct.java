package dev.thumbnet.data.image.jpeg;

import java.util.Arrays;

/**
 * The inverse cosine transform of a block, in the integers of libjpeg's accurate method, to the
 * bit.
 *
 * <p>In one dimension eight coefficients X become
 *
 * <pre>  x_n = X_0 / √8 + ½ Σ_k X_k cos((2n + 1) k π / 16),  k = 1 … 7</pre>
 *
 * and in two dimensions first each column and then each row. Multiplied by √8 it takes 12
 * multiplications: C. Loeffler, A. Ligtenberg, G. Moschytz, <i>Practical fast 1-D DCT algorithms
 * with 11 multiplications</i>, 1989. With c_k = √2 cos(k π / 16) its even half is
 *
 * <pre>
 *   e = c_6 (X_2 + X_6),  u = e + (c_2 − c_6) X_2,  v = e − (c_2 + c_6) X_6
 *   E_0, E_3 = X_0 + X_4 ± u,  E_1, E_2 = X_0 − X_4 ± v
 * </pre>
 *
 * and x_n = E_n + O_n, x_(7−n) = E_n − O_n, where the odd half O is a sum of products of X_1, X_3,
 * X_5, X_7 and four sums of them with constants.
 *
 * <p>Constants have 13 bits behind the point. What columns become keeps 2 of these, rounded; what
 * rows become is divided by 2^(13 + 2 + 3), rounded, the 3 being √8 · √8; then 128 is added and it
 * is confined to 0 … 255. A product of coefficient and factor is taken modulo 2^16, sums are modulo
 * 2^32. Nothing in a picture's file comes near these; of one made to exceed them, by factors of 16
 * bits for instance, the samples are some of 0 … 255, but not always those of libjpeg.
 *
 * <p>A column of DC alone gives this eight times, with the same bits. If there is nothing in
 * columns 1 to 7, all samples of a row are equal; if there is nothing in columns 4 to 7, half of a
 * row's products are none.
 */
final class Idct {
  static final int FRACTION_BITS = 13;

  /** More bits that columns have than coefficients. */
  static final int COLUMN_BITS = 2;

  private static final int COLUMN_SHIFT = FRACTION_BITS - COLUMN_BITS;
  private static final int COLUMN_HALF = 1 << COLUMN_SHIFT - 1;
  private static final int ROW_SHIFT = FRACTION_BITS + COLUMN_BITS + 3;

  /** Half of the last digit, and 128. */
  private static final int ROW_HALF = (1 << ROW_SHIFT - 1) + (128 << ROW_SHIFT);

  private static final int EVEN_6 = fixed(Math.sqrt(2) * cos(6));
  private static final int EVEN_2_LESS_6 = fixed(Math.sqrt(2) * (cos(2) - cos(6)));
  private static final int EVEN_2_AND_6 = fixed(Math.sqrt(2) * (cos(2) + cos(6)));

  // The odd half: what remains of each coefficient, of pairs, and of all.
  private static final int ODD_ALL = fixed(Math.sqrt(2) * cos(3));
  private static final int ODD_7 = fixed(Math.sqrt(2) * (-cos(1) + cos(3) + cos(5) - cos(7)));
  private static final int ODD_5 = fixed(Math.sqrt(2) * (cos(1) + cos(3) - cos(5) + cos(7)));
  private static final int ODD_3 = fixed(Math.sqrt(2) * (cos(1) + cos(3) + cos(5) - cos(7)));
  private static final int ODD_1 = fixed(Math.sqrt(2) * (cos(1) + cos(3) - cos(5) - cos(7)));
  private static final int ODD_7_1 = fixed(Math.sqrt(2) * (cos(3) - cos(7)));
  private static final int ODD_5_3 = fixed(Math.sqrt(2) * (cos(1) + cos(3)));
  private static final int ODD_7_3 = fixed(Math.sqrt(2) * (cos(3) + cos(5)));
  private static final int ODD_5_1 = fixed(Math.sqrt(2) * (cos(3) - cos(5)));

  /** What columns became. */
  private final int[] columns = new int[Component.BLOCK];

  private static double cos(int k) {
    return Math.cos(k * Math.PI / 16);
  }

  static int fixed(double factor) {
    return (int) Math.rint(factor * (1 << FRACTION_BITS));
  }

  /** Confines a sample. */
  static int sample(int value) {
    return Math.max(0, Math.min(255, value));
  }

  /** The sample that all of a block have whose only coefficient, multiplied, is this one. */
  static int flat(int dc) {
    return sample(((short) dc + 4 >> 3) + 128);
  }

  /**
   * Transforms a block.
   *
   * @param in the coefficients in natural order
   * @param base where they begin
   * @param factors by which they are to be multiplied
   * @param out gets samples 0 to 255; its rows
   * @param top row of the first of them
   * @param left column of the first
   */
  void transform(short[] in, int base, int[] factors, int[][] out, int top, int left) {
    int used = 0;
    for (int c = 0; c < Component.SIDE; c++) {
      used |= column(in, base + c, factors, c) << c;
    }
    for (int row = 0; row < Component.SIDE; row++) {
      int[] to = out[top + row];
      if (used == 1) {
        int value = sample((columns[8 * row] + 16 >> 5) + 128);
        Arrays.fill(to, left, left + Component.SIDE, value);
      } else if (used < 16) {
        shortRow(8 * row, to, left);
      } else {
        row(8 * row, to, left);
      }
    }
  }

  /** Transforms a column, and says whether there is something in it: 1 or 0. */
  private int column(short[] in, int i, int[] factors, int c) {
    int[] w = columns;
    int ac =
        in[i + 8] | in[i + 16] | in[i + 24] | in[i + 32] | in[i + 40] | in[i + 48] | in[i + 56];
    int x0 = (short) (in[i] * factors[c]);
    if (ac == 0) {
      int dc = x0 << COLUMN_BITS;
      w[c] = dc;
      w[c + 8] = dc;
      w[c + 16] = dc;
      w[c + 24] = dc;
      w[c + 32] = dc;
      w[c + 40] = dc;
      w[c + 48] = dc;
      w[c + 56] = dc;
      return c == 0 || dc != 0 ? 1 : 0;
    }
    int x2 = (short) (in[i + 16] * factors[c + 16]);
    int x4 = (short) (in[i + 32] * factors[c + 32]);
    int x6 = (short) (in[i + 48] * factors[c + 48]);
    int e = (x2 + x6) * EVEN_6;
    int u = e + x2 * EVEN_2_LESS_6;
    int v = e - x6 * EVEN_2_AND_6;
    int sum = (x0 + x4 << FRACTION_BITS) + COLUMN_HALF;
    int difference = (x0 - x4 << FRACTION_BITS) + COLUMN_HALF;
    int e0 = sum + u;
    int e3 = sum - u;
    int e1 = difference + v;
    int e2 = difference - v;

    int x1 = (short) (in[i + 8] * factors[c + 8]);
    int x3 = (short) (in[i + 24] * factors[c + 24]);
    int x5 = (short) (in[i + 40] * factors[c + 40]);
    int x7 = (short) (in[i + 56] * factors[c + 56]);
    int all = (x1 + x3 + x5 + x7) * ODD_ALL;
    int p71 = (x7 + x1) * ODD_7_1;
    int p53 = (x5 + x3) * ODD_5_3;
    int p73 = all - (x7 + x3) * ODD_7_3;
    int p51 = all - (x5 + x1) * ODD_5_1;
    int o0 = x1 * ODD_1 - p71 + p51;
    int o1 = x3 * ODD_3 - p53 + p73;
    int o2 = x5 * ODD_5 - p53 + p51;
    int o3 = x7 * ODD_7 - p71 + p73;
    w[c] = e0 + o0 >> COLUMN_SHIFT;
    w[c + 56] = e0 - o0 >> COLUMN_SHIFT;
    w[c + 8] = e1 + o1 >> COLUMN_SHIFT;
    w[c + 48] = e1 - o1 >> COLUMN_SHIFT;
    w[c + 16] = e2 + o2 >> COLUMN_SHIFT;
    w[c + 40] = e2 - o2 >> COLUMN_SHIFT;
    w[c + 24] = e3 + o3 >> COLUMN_SHIFT;
    w[c + 32] = e3 - o3 >> COLUMN_SHIFT;
    return 1;
  }

  private void row(int i, int[] out, int o) {
    int[] w = columns;
    int x0 = w[i];
    int x1 = w[i + 1];
    int x2 = w[i + 2];
    int x3 = w[i + 3];
    int x4 = w[i + 4];
    int x5 = w[i + 5];
    int x6 = w[i + 6];
    int x7 = w[i + 7];
    int e = (x2 + x6) * EVEN_6;
    int u = e + x2 * EVEN_2_LESS_6;
    int v = e - x6 * EVEN_2_AND_6;
    int sum = (x0 + x4 << FRACTION_BITS) + ROW_HALF;
    int difference = (x0 - x4 << FRACTION_BITS) + ROW_HALF;
    int all = (x1 + x3 + x5 + x7) * ODD_ALL;
    int p71 = (x7 + x1) * ODD_7_1;
    int p53 = (x5 + x3) * ODD_5_3;
    int p73 = all - (x7 + x3) * ODD_7_3;
    int p51 = all - (x5 + x1) * ODD_5_1;
    int o0 = x1 * ODD_1 - p71 + p51;
    int o1 = x3 * ODD_3 - p53 + p73;
    int o2 = x5 * ODD_5 - p53 + p51;
    int o3 = x7 * ODD_7 - p71 + p73;
    put(sum + u, o0, difference + v, o1, out, o);
    putInner(difference - v, o2, sum - u, o3, out, o);
  }

  /** As {@link #row}, without what is zero. */
  private void shortRow(int i, int[] out, int o) {
    int[] w = columns;
    int x0 = (w[i] << FRACTION_BITS) + ROW_HALF;
    int x1 = w[i + 1];
    int x2 = w[i + 2];
    int x3 = w[i + 3];
    int v = x2 * EVEN_6;
    int u = v + x2 * EVEN_2_LESS_6;
    int all = (x1 + x3) * ODD_ALL;
    int p71 = x1 * ODD_7_1;
    int p53 = x3 * ODD_5_3;
    int p73 = all - x3 * ODD_7_3;
    int p51 = all - x1 * ODD_5_1;
    put(x0 + u, x1 * ODD_1 - p71 + p51, x0 + v, x3 * ODD_3 - p53 + p73, out, o);
    putInner(x0 - v, p51 - p53, x0 - u, p73 - p71, out, o);
  }

  private static void put(int e0, int o0, int e1, int o1, int[] out, int o) {
    out[o] = sample(e0 + o0 >> ROW_SHIFT);
    out[o + 7] = sample(e0 - o0 >> ROW_SHIFT);
    out[o + 1] = sample(e1 + o1 >> ROW_SHIFT);
    out[o + 6] = sample(e1 - o1 >> ROW_SHIFT);
  }

  private static void putInner(int e2, int o2, int e3, int o3, int[] out, int o) {
    out[o + 2] = sample(e2 + o2 >> ROW_SHIFT);
    out[o + 5] = sample(e2 - o2 >> ROW_SHIFT);
    out[o + 3] = sample(e3 + o3 >> ROW_SHIFT);
    out[o + 4] = sample(e3 - o3 >> ROW_SHIFT);
  }
}
