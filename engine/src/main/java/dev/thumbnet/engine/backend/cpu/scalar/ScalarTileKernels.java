package dev.thumbnet.engine.backend.cpu.scalar;

import dev.thumbnet.engine.backend.cpu.kernel.Bfloat16;
import dev.thumbnet.engine.backend.cpu.kernel.Int8;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Transpose;

/**
 * The tiles as plain loops. C2 vectorises the innermost ones by itself, and a·b + c is written as
 * two operations: {@code Math.fma} costs thousands of cycles on a processor that has none.
 */
final class ScalarTileKernels implements TileKernels {
  private static final int WIDE = 32;
  private static final int NARROW = 8;

  @Override
  public int[] widths() {
    return new int[] {WIDE, NARROW};
  }

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
      int q = cBase + pixels[begin + 2 * i + 1] * cStep;
      for (int r = 0; r < rows; r++) {
        int p = aBase + pixels[begin + 2 * i] + r * aStep;
        for (int k = 0; k < len; k++) {
          addScaled(width, a[p + k], b, bBase + r * bStep + k * width, c, q);
        }
      }
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
    for (int i = 0; i < count; i++) {
      int q = cBase + pixels[begin + 2 * i + 1] * cStep;
      for (int r = 0; r < rows; r++) {
        int p = aBase + pixels[begin + 2 * i] + r * aStep;
        for (int k = 0; k < len; k++) {
          addScaledBf16(a[p + k], b, bBase + r * bStep + k * WIDE / 2, c, q);
        }
      }
    }
  }

  private static void addScaledBf16(float factor, int[] b, int bBase, float[] c, int cBase) {
    for (int j = 0; j < WIDE / 2; j++) {
      c[cBase + j] += factor * Bfloat16.low(b[bBase + j]);
      c[cBase + WIDE / 2 + j] += factor * Bfloat16.high(b[bBase + j]);
    }
  }

  @Override
  public void packBf16(int rows, float[] from, int fromBase, int[] to) {
    Bfloat16.pack(rows * WIDE, WIDE / 2, from, fromBase, to);
  }

  @Override
  public int int8Rows() {
    return 1;
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
    for (int i = 0; i < count; i++) {
      int q = cBase + pixels[begin + 2 * i + 1] * cStep;
      for (int r = 0; r < rows; r++) {
        int p = aBase + pixels[begin + 2 * i] + r * aStep;
        for (int k = 0; k < len; k++) {
          addScaledInt8(a[p + k], b, bBase + r * bStep + k * WIDE / 4, c, q);
        }
      }
    }
  }

  private static void addScaledInt8(float factor, int[] b, int bBase, float[] c, int cBase) {
    for (int j = 0; j < WIDE; j++) {
      c[cBase + j] += factor * Int8.get(b[bBase + j % (WIDE / 4)], j / (WIDE / 4));
    }
  }

  @Override
  public void packInt8(int rows, float[] from, int fromBase, float[] factors, int[] to) {
    Int8.pack(rows, WIDE / 4, from, fromBase, factors, to);
  }

  @Override
  public void outerProducts(
      int rows,
      int ny,
      int nx,
      float[] a,
      int aBase,
      int aStepY,
      int aStepX,
      float[] b,
      int bBase,
      int bStepY,
      int bStepX,
      float[] c,
      int cBase,
      int width) {
    for (int y = 0; y < ny; y++) {
      for (int x = 0; x < nx; x++) {
        int p = aBase + y * aStepY + x * aStepX;
        int q = bBase + y * bStepY + x * bStepX;
        for (int i = 0; i < rows; i++) {
          addScaled(width, a[p + i], b, q, c, cBase + i * width);
        }
      }
    }
  }

  private static void addScaled(int len, float scale, float[] b, int bBase, float[] c, int cBase) {
    for (int j = 0; j < len; j++) {
      c[cBase + j] += scale * b[bBase + j];
    }
  }

  @Override
  public void dots(
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
          sum += dot(len, a, p + r * aStep, b, bBase + j * bColumn + r * bStep);
        }
        c[q + j] += sum;
      }
    }
  }

  @Override
  public void multiplyRows(
      int rows,
      int columns,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase,
      int cStep) {
    for (int k = 0; k < len; k++) {
      for (int i = 0; i < rows; i++) {
        float factor = a[aBase + i * aStep + k];
        addScaled(columns, factor, b, bBase + k * bStep, c, cBase + i * cStep);
      }
    }
  }

  /** Four sums side by side, because one would wait for each addition. */
  private static float dot(int len, float[] a, int aBase, float[] b, int bBase) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int k = 0;
    for (; k + 3 < len; k += 4) {
      s0 += a[aBase + k] * b[bBase + k];
      s1 += a[aBase + k + 1] * b[bBase + k + 1];
      s2 += a[aBase + k + 2] * b[bBase + k + 2];
      s3 += a[aBase + k + 3] * b[bBase + k + 3];
    }
    for (; k < len; k++) {
      s0 += a[aBase + k] * b[bBase + k];
    }
    return (s0 + s1) + (s2 + s3);
  }

  @Override
  public int planesWidth() {
    return WIDE;
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
          addScaled(WIDE, a[p + i], b, q, c, cBase + i * cStep);
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
