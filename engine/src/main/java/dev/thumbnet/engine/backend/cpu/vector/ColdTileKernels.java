package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.Bfloat16;
import dev.thumbnet.engine.backend.cpu.kernel.Int8;
import dev.thumbnet.engine.backend.cpu.kernel.Transpose;
import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;

/**
 * The tiles of inference as plain loops, see {@link ColdKernels}. A lane of a vector tile adds
 * products to one result in the order of the sum; so do these, one row of the result at a time.
 */
final class ColdTileKernels extends VectorTileKernels {
  private static final int L = Lanes.F.length();

  @Override
  public void multiply(
      int[] pixels,
      int begin,
      int count,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase,
      int cStep,
      int width) {
    for (int i = 0; i < count; i++) {
      int to = cBase + pixels[begin + 2 * i + 1] * cStep;
      for (int r = 0; r < rows; r++) {
        int p = aBase + pixels[begin + 2 * i] + r * aStep;
        int q = bBase + r * bStep;
        int k = 0;
        for (; k + 3 < len; k += 4) {
          addFour(width, a, p + k, b, q + k * width, c, to);
        }
        for (; k < len; k++) {
          add(width, a[p + k], b, q + k * width, c, to);
        }
      }
    }
  }

  /** Four steps of the sum; C1 compiles fewer loads and stores of results then. */
  private static void addFour(int width, float[] a, int p, float[] b, int q, float[] c, int to) {
    float a0 = a[p];
    float a1 = a[p + 1];
    float a2 = a[p + 2];
    float a3 = a[p + 3];
    for (int j = 0; j < width; j++) {
      int at = q + j;
      float sum = Math.fma(a0, b[at], c[to + j]);
      sum = Math.fma(a1, b[at + width], sum);
      sum = Math.fma(a2, b[at + 2 * width], sum);
      c[to + j] = Math.fma(a3, b[at + 3 * width], sum);
    }
  }

  private static void add(int width, float factor, float[] b, int q, float[] c, int to) {
    for (int j = 0; j < width; j++) {
      c[to + j] = Math.fma(factor, b[q + j], c[to + j]);
    }
  }

  @Override
  public void multiplyBf16(
      int[] pixels,
      int begin,
      int count,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      int[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase,
      int cStep) {
    int vectors = widths()[0] / L;
    for (int i = 0; i < count; i++) {
      int to = cBase + pixels[begin + 2 * i + 1] * cStep;
      for (int r = 0; r < rows; r++) {
        int p = aBase + pixels[begin + 2 * i] + r * aStep;
        for (int k = 0; k < len; k++) {
          int q = bBase + r * bStep + k * vectors / 2 * L;
          for (int v = 0; v < vectors; v += 2) {
            addBf16(a[p + k], b, q + v / 2 * L, c, to + v * L);
          }
        }
      }
    }
  }

  private static void addBf16(float factor, int[] b, int q, float[] c, int to) {
    for (int j = 0; j < L; j++) {
      int pair = b[q + j];
      c[to + j] = Math.fma(factor, Bfloat16.low(pair), c[to + j]);
      c[to + L + j] = Math.fma(factor, Bfloat16.high(pair), c[to + L + j]);
    }
  }

  @Override
  public void multiplyInt8(
      int[] pixels,
      int begin,
      int count,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      int[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase,
      int cStep) {
    int steps = int8Rows();
    for (int i = 0; i < count; i++) {
      int to = cBase + pixels[begin + 2 * i + 1] * cStep;
      for (int r = 0; r < rows; r++) {
        int p = aBase + pixels[begin + 2 * i] + r * aStep;
        for (int k = 0; k < len; k += steps) {
          int q = bBase + r * bStep + k / steps * L;
          if (steps == 1) {
            addInt8(a[p + k], b, q, c, to);
          } else {
            addInt8(a[p + k], a[p + k + 1], b, q, c, to);
          }
        }
      }
    }
  }

  /** A step of a panel of four vectors. */
  private static void addInt8(float factor, int[] b, int q, float[] c, int to) {
    for (int j = 0; j < L; j++) {
      int four = b[q + j];
      int at = to + j;
      c[at] = Math.fma(factor, Int8.get(four, 0), c[at]);
      c[at + L] = Math.fma(factor, Int8.get(four, 1), c[at + L]);
      c[at + 2 * L] = Math.fma(factor, Int8.get(four, 2), c[at + 2 * L]);
      c[at + 3 * L] = Math.fma(factor, Int8.get(four, 3), c[at + 3 * L]);
    }
  }

  /** Two steps of a panel of two vectors. */
  private static void addInt8(float first, float second, int[] b, int q, float[] c, int to) {
    for (int j = 0; j < L; j++) {
      int four = b[q + j];
      int at = to + j;
      float sum = Math.fma(first, Int8.get(four, 0), c[at]);
      c[at] = Math.fma(second, Int8.get(four, 2), sum);
      sum = Math.fma(first, Int8.get(four, 1), c[at + L]);
      c[at + L] = Math.fma(second, Int8.get(four, 3), sum);
    }
  }

  @Override
  public void planes(
      int rows,
      int[] shifts,
      int len,
      float[] a,
      int aBase,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase,
      int cStep) {
    int p = aBase;
    for (int shift : shifts) {
      for (int k = 0; k < len; k++) {
        int q = bBase + shift + k * bStep;
        for (int i = 0; i < rows; i++) {
          add(planesWidth(), a[p + i], b, q, c, cBase + i * cStep);
        }
        p += rows;
      }
    }
  }

  @Override
  public void transpose(
      int rows, int cols, float[] a, int aBase, int aStep, float[] b, int bBase, int bStep) {
    Transpose.run(rows, cols, a, aBase, aStep, b, bBase, bStep);
  }
}
