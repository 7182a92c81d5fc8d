package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;

/** Plain loops with the bits of the tiles, see {@link ColdKernels}. */
final class ColdGroupKernels extends VectorGroupKernels {
  private static final int L = Lanes.F.length();

  @Override
  public void copy(int count, int valid, float[] x, int xBase, int xStep, float[] to, int toBase) {
    for (int m = 0; m < count; m++) {
      System.arraycopy(x, xBase + m * xStep, to, toBase + m * width(), valid);
    }
  }

  @Override
  public void spread(
      int count,
      int valid,
      int size,
      int member,
      float[] x,
      int xBase,
      int xStep,
      float[] to,
      int toBase) {
    for (int m = 0; m < count; m++) {
      for (int j = 0; j < valid; j++) {
        to[toBase + m * width() + j] = x[xBase + m * xStep + j / size * size + member];
      }
    }
  }

  @Override
  public void multiply(
      int count,
      int stride,
      int[] rows,
      int elements,
      int elementStep,
      float[] x,
      int xBase,
      float[] w,
      int wBase,
      float[] y,
      int yBase,
      int yStep) {
    for (int m = 0; m < count; m++) {
      int to = yBase + m * yStep;
      System.arraycopy(w, wBase, y, to, L);
      int q = wBase + L;
      for (int row : rows) {
        int p = xBase + row + m * stride * L;
        for (int s = 0; s < elements; s++) {
          addProducts(x, p + s * elementStep * L, w, q, y, to);
          q += L;
        }
      }
    }
  }

  private static void addProducts(float[] x, int p, float[] w, int q, float[] y, int to) {
    for (int j = 0; j < L; j++) {
      y[to + j] = Math.fma(x[p + j], w[q + j], y[to + j]);
    }
  }
}
