package dev.thumbnet.data.image.jpeg;

/**
 * The inverse transform to fewer samples, 4, 2 or 1 for the side of a block, with the bits of
 * libjpeg's. Each sample is the mean of those that {@link Idct} would give in its place: of g = 2
 * or 4 samples beside each other, so that in one dimension, with n from 0 to 8/g − 1,
 *
 * <pre>
 *   √8 x_n = X_0 + Σ_k X_k a_n,k,  a_n,k = (√2 / g) Σ_j cos((2 (g n + j) + 1) k π / 16),  j = 0 … g − 1
 * </pre>
 *
 * For g = 2 the factor of X_4 is zero, for g = 4 those of all even ones but X_0. Even coefficients
 * add the same to both samples of a pair n and 8/g − 1 − n, odd ones the opposite.
 *
 * <p>g a_n,k has 13 bits behind the point; the shifts of {@link Idct} grow by log2 g. For g = 8
 * what remains is DC.
 */
final class ReducedIdct {
  private static final int COLUMN_SHIFT = Idct.FRACTION_BITS - Idct.COLUMN_BITS;
  private static final int ROW_SHIFT = Idct.FRACTION_BITS + Idct.COLUMN_BITS + 3;

  // Means of two.
  private static final int FIRST_1 = mean(2, 0, 1);
  private static final int FIRST_2 = mean(2, 0, 2);
  private static final int FIRST_3 = mean(2, 0, 3);
  private static final int FIRST_5 = mean(2, 0, 5);
  private static final int FIRST_6 = mean(2, 0, 6);
  private static final int FIRST_7 = mean(2, 0, 7);
  private static final int SECOND_1 = mean(2, 1, 1);
  private static final int SECOND_3 = mean(2, 1, 3);
  private static final int SECOND_5 = mean(2, 1, 5);
  private static final int SECOND_7 = mean(2, 1, 7);

  // Means of four.
  private static final int HALF_1 = mean(4, 0, 1);
  private static final int HALF_3 = mean(4, 0, 3);
  private static final int HALF_5 = mean(4, 0, 5);
  private static final int HALF_7 = mean(4, 0, 7);

  private final int[] columns = new int[4 * Component.SIDE];

  /** g a_n,k. */
  private static int mean(int g, int n, int k) {
    double sum = 0;
    for (int j = 0; j < g; j++) {
      sum += Math.cos((2 * (g * n + j) + 1) * k * Math.PI / 16);
    }
    return Idct.fixed(Math.sqrt(2) * sum);
  }

  /** As {@link Idct#transform}, to 4 × 4 samples. */
  void toFour(short[] in, int base, int[] factors, int[][] out, int top, int left) {
    int[] w = columns;
    for (int c = 0; c < Component.SIDE; c++) {
      int i = base + c;
      int x0 = (short) (in[i] * factors[c]);
      int x1 = (short) (in[i + 8] * factors[c + 8]);
      int x2 = (short) (in[i + 16] * factors[c + 16]);
      int x3 = (short) (in[i + 24] * factors[c + 24]);
      int x5 = (short) (in[i + 40] * factors[c + 40]);
      int x6 = (short) (in[i + 48] * factors[c + 48]);
      int x7 = (short) (in[i + 56] * factors[c + 56]);
      int dc = (x0 << Idct.FRACTION_BITS + 1) + (1 << COLUMN_SHIFT);
      int even = x2 * FIRST_2 + x6 * FIRST_6;
      int first = x1 * FIRST_1 + x3 * FIRST_3 + x5 * FIRST_5 + x7 * FIRST_7;
      int second = x1 * SECOND_1 + x3 * SECOND_3 + x5 * SECOND_5 + x7 * SECOND_7;
      w[c] = dc + even + first >> COLUMN_SHIFT + 1;
      w[c + 8] = dc - even + second >> COLUMN_SHIFT + 1;
      w[c + 16] = dc - even - second >> COLUMN_SHIFT + 1;
      w[c + 24] = dc + even - first >> COLUMN_SHIFT + 1;
    }
    for (int row = 0; row < 4; row++) {
      int[] to = out[top + row];
      int i = Component.SIDE * row;
      int dc = (w[i] << Idct.FRACTION_BITS + 1) + (1 << ROW_SHIFT) + (128 << ROW_SHIFT + 1);
      int even = w[i + 2] * FIRST_2 + w[i + 6] * FIRST_6;
      int first = w[i + 1] * FIRST_1 + w[i + 3] * FIRST_3 + w[i + 5] * FIRST_5 + w[i + 7] * FIRST_7;
      int second =
          w[i + 1] * SECOND_1 + w[i + 3] * SECOND_3 + w[i + 5] * SECOND_5 + w[i + 7] * SECOND_7;
      to[left] = Idct.sample(dc + even + first >> ROW_SHIFT + 1);
      to[left + 1] = Idct.sample(dc - even + second >> ROW_SHIFT + 1);
      to[left + 2] = Idct.sample(dc - even - second >> ROW_SHIFT + 1);
      to[left + 3] = Idct.sample(dc + even - first >> ROW_SHIFT + 1);
    }
  }

  /** As {@link Idct#transform}, to 2 × 2 samples. */
  void toTwo(short[] in, int base, int[] factors, int[][] out, int top, int left) {
    int[] w = columns;
    for (int c = 0; c < Component.SIDE; c += c == 0 ? 1 : 2) {
      int i = base + c;
      int x0 = (short) (in[i] * factors[c]);
      int x1 = (short) (in[i + 8] * factors[c + 8]);
      int x3 = (short) (in[i + 24] * factors[c + 24]);
      int x5 = (short) (in[i + 40] * factors[c + 40]);
      int x7 = (short) (in[i + 56] * factors[c + 56]);
      int dc = (x0 << Idct.FRACTION_BITS + 2) + (2 << COLUMN_SHIFT);
      int odd = x1 * HALF_1 + x3 * HALF_3 + x5 * HALF_5 + x7 * HALF_7;
      w[c] = dc + odd >> COLUMN_SHIFT + 2;
      w[c + 8] = dc - odd >> COLUMN_SHIFT + 2;
    }
    for (int row = 0; row < 2; row++) {
      int[] to = out[top + row];
      int i = Component.SIDE * row;
      // The 128 comes last: with it the sum would be too large.
      int dc = (w[i] << Idct.FRACTION_BITS + 2) + (2 << ROW_SHIFT);
      int odd = w[i + 1] * HALF_1 + w[i + 3] * HALF_3 + w[i + 5] * HALF_5 + w[i + 7] * HALF_7;
      to[left] = Idct.sample((dc + odd >> ROW_SHIFT + 2) + 128);
      to[left + 1] = Idct.sample((dc - odd >> ROW_SHIFT + 2) + 128);
    }
  }
}
