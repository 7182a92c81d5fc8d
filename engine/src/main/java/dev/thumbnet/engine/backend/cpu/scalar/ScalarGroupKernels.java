package dev.thumbnet.engine.backend.cpu.scalar;

import dev.thumbnet.engine.backend.cpu.kernel.GroupKernels;

/** The loops as they are written, over enough channels for C2 to make vectors of them. */
final class ScalarGroupKernels implements GroupKernels {
  private static final int WIDTH = 32;

  @Override
  public int width() {
    return WIDTH;
  }

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
      System.arraycopy(w, wBase, y, to, WIDTH);
      int q = wBase + WIDTH;
      for (int row : rows) {
        int p = xBase + row + m * stride * WIDTH;
        for (int s = 0; s < elements; s++) {
          addProducts(x, p + s * elementStep * WIDTH, w, q, y, to);
          q += WIDTH;
        }
      }
    }
  }

  @Override
  public void addGradient(
      int count,
      int stride,
      int[] rows,
      int elements,
      int elementStep,
      float[] x,
      int xBase,
      float[] dy,
      int dyBase,
      float[] sums) {
    int to = 0;
    for (int row : rows) {
      for (int s = 0; s < elements; s++) {
        int p = xBase + row + s * elementStep * WIDTH;
        for (int m = 0; m < count; m++) {
          addProducts(x, p + m * stride * WIDTH, dy, dyBase + m * WIDTH, sums, to);
        }
        to += WIDTH;
      }
    }
  }

  private static void addProducts(float[] x, int p, float[] w, int q, float[] y, int to) {
    for (int j = 0; j < WIDTH; j++) {
      y[to + j] += x[p + j] * w[q + j];
    }
  }
}
