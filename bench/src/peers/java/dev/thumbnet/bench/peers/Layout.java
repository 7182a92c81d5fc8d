package dev.thumbnet.bench.peers;

import java.util.Arrays;

/** Orders elements as others want them. */
final class Layout {
  private Layout() {}

  /** Returns a matrix (rows, columns) as (columns, rows). */
  static float[] transposed(float[] matrix, int rows, int columns) {
    float[] t = new float[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      t[i % columns * rows + i / columns] = matrix[i];
    }
    return t;
  }

  /** Returns pictures (n, pixels, c) as (n, c, pixels). */
  static float[] nchw(float[] nhwc, int n, int pixels, int c) {
    float[] nchw = new float[nhwc.length];
    for (int i = 0; i < n; i++) {
      int from = i * pixels * c;
      float[] one = Arrays.copyOfRange(nhwc, from, from + pixels * c);
      System.arraycopy(transposed(one, pixels, c), 0, nchw, from, pixels * c);
    }
    return nchw;
  }
}
