package dev.thumbnet.engine.backend.cpu.vector.tile;

/**
 * {@link dev.thumbnet.engine.backend.cpu.kernel.TileKernels#dots} by {@link DotTiles}. At the end
 * the lanes of a sum are added in a fixed order.
 */
public final class VectorDots {
  private static final int L = Lanes.F.length();

  private VectorDots() {}

  public static void dots(
      int[] pixels,
      int begin,
      int count,
      int columns,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bColumn,
      int bStep,
      float[] c,
      int cBase,
      int cStep) {
    if (len < L) {
      shortDots(
          pixels, begin, count, columns, rows, len, a, aBase, aStep, b, bBase, bColumn, bStep, c,
          cBase, cStep);
      return;
    }
    float[] sums = new float[DotTiles.ROWS * DotTiles.COLUMNS * L];
    int at = begin;
    for (int left = count; left > 0; ) {
      int tall = left >= DotTiles.ROWS ? DotTiles.ROWS : 1;
      for (int j = 0; j < columns; ) {
        int wide = columns - j >= DotTiles.COLUMNS ? DotTiles.COLUMNS : 1;
        DotTiles.tile(
            tall,
            wide,
            pixels,
            at,
            rows,
            len,
            a,
            aBase,
            aStep,
            b,
            bBase + j * bColumn,
            bColumn,
            bStep,
            sums);
        addLanes(sums, tall * wide);
        for (int i = 0; i < tall; i++) {
          int to = cBase + pixels[at + 2 * i + 1] * cStep + j;
          for (int k = 0; k < wide; k++) {
            c[to + k] += sums[i * wide + k];
          }
        }
        j += wide;
      }
      at += 2 * tall;
      left -= tall;
    }
  }

  /**
   * Replaces {@code count} vectors by the sums of their lanes: halves, quarters, then pairs. All
   * vectors take a step before any takes the next, so that they need not wait for each other.
   * Without vectors, because those of half the length would cost all others: see {@link Lanes}.
   */
  private static void addLanes(float[] sums, int count) {
    for (int half = L / 2; half >= 4; half /= 2) {
      for (int i = 0; i < count; i++) {
        for (int k = 0; k < half; k++) {
          sums[i * half + k] = sums[2 * i * half + k] + sums[(2 * i + 1) * half + k];
        }
      }
    }
    for (int i = 0; i < count; i++) {
      int at = 4 * i;
      sums[i] = (sums[at] + sums[at + 1]) + (sums[at + 2] + sums[at + 3]);
    }
  }

  /** Runs shorter than a vector. */
  private static void shortDots(
      int[] pixels,
      int begin,
      int count,
      int columns,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bColumn,
      int bStep,
      float[] c,
      int cBase,
      int cStep) {
    for (int i = 0; i < count; i++) {
      int p = aBase + pixels[begin + 2 * i];
      int q = cBase + pixels[begin + 2 * i + 1] * cStep;
      for (int j = 0; j < columns; j++) {
        float sum = 0;
        for (int r = 0; r < rows; r++) {
          for (int k = 0; k < len; k++) {
            sum += a[p + r * aStep + k] * b[bBase + j * bColumn + r * bStep + k];
          }
        }
        c[q + j] += sum;
      }
    }
  }
}
