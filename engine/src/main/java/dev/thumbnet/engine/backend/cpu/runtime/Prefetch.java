package dev.thumbnet.engine.backend.cpu.runtime;

/**
 * Brings pieces of an array into the cache shortly before code needs them that would wait for one
 * after the other. Java has no instruction for it, so a number of each cache line is loaded: loops
 * that do nothing else have as many loads on the way as the processor can bear.
 */
public final class Prefetch {
  /** Floats in a cache line. */
  private static final int LINE = 16;

  private Prefetch() {}

  /**
   * Loads some channels of the pixels of a rectangle.
   *
   * @param channels channels of each pixel
   * @param step distance of pixels
   * @param rowStep distance of rows
   * @return a number that the caller has to store somewhere, lest the loads be optimised away
   */
  public static float pixels(
      float[] x, int from, int rows, int cols, int channels, int step, int rowStep) {
    boolean neighbours = channels == step;
    int runs = neighbours ? 1 : cols;
    int length = neighbours ? cols * channels : channels;
    float sum = 0;
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < runs; i++) {
        sum += run(x, from + r * rowStep + i * step, length);
      }
    }
    return sum;
  }

  private static float run(float[] x, int from, int length) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = from;
    int end = from + length;
    for (; i + 3 * LINE < end; i += 4 * LINE) {
      sum0 += x[i];
      sum1 += x[i + LINE];
      sum2 += x[i + 2 * LINE];
      sum3 += x[i + 3 * LINE];
    }
    for (; i < end; i += LINE) {
      sum0 += x[i];
    }
    return sum0 + sum1 + sum2 + sum3;
  }
}
