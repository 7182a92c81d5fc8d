package dev.thumbnet.engine.backend.cpu.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of {@link dev.thumbnet.engine.backend.cpu.TileKernels#dots}, rows x columns. The
 * lanes run along the sum, so nothing is wasted when there are only a few columns; 8x3 does 24
 * multiply-adds for 11 loads (which cross cache lines, so that each costs two). At the end the
 * lanes of a sum are added in a fixed order.
 *
 * <p>What does not fill a vector is added by methods of its own, as the last vector of the run with
 * the lanes that were added before set to zero, and the lanes of a sum are added elsewhere: all in
 * one method, or with masked loads, is more than C2 likes, and then each vector is an object.
 */
final class DotTiles {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());

  /** L zeros and L times all bits: from r on it keeps the last r lanes. */
  private static final int[] KEEP = new int[2 * L];

  static {
    Arrays.fill(KEEP, L, 2 * L, -1);
  }

  /** Rows of the largest tile. */
  private static final int ROWS = 4;

  /** Columns of the largest tile. */
  private static final int COLUMNS = 3;

  private DotTiles() {}

  static void dots(
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
    float[] sums = new float[ROWS * COLUMNS * L];
    int at = begin;
    for (int left = count; left > 0; ) {
      int tall = left >= ROWS ? ROWS : 1;
      for (int j = 0; j < columns; ) {
        int wide = columns - j >= COLUMNS ? COLUMNS : 1;
        tile(
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

  /** Leaves the lanes of each sum in {@code sums}: whole vectors first, then what remains. */
  private static void tile(
      int tall,
      int wide,
      int[] pixels,
      int at,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bColumn,
      int bStep,
      float[] sums) {
    int whole = F.loopBound(len);
    int rest = len - whole;
    if (tall == ROWS) {
      if (wide == COLUMNS) {
        whole4x3(pixels, at, rows, whole, a, aBase, aStep, b, bBase, bColumn, bStep, sums);
      } else {
        whole4x1(pixels, at, rows, whole, a, aBase, aStep, b, bBase, bColumn, bStep, sums);
      }
    } else if (wide == COLUMNS) {
      whole1x3(pixels, at, rows, whole, a, aBase, aStep, b, bBase, bColumn, bStep, sums);
    } else {
      whole1x1(pixels, at, rows, whole, a, aBase, aStep, b, bBase, bColumn, bStep, sums);
    }
    if (rest > 0) {
      if (tall == ROWS) {
        if (wide == COLUMNS) {
          tail4x3(
              pixels,
              at,
              rows,
              rest,
              a,
              aBase + len - L,
              aStep,
              b,
              bBase + len - L,
              bColumn,
              bStep,
              sums);
        } else {
          tail4x1(
              pixels,
              at,
              rows,
              rest,
              a,
              aBase + len - L,
              aStep,
              b,
              bBase + len - L,
              bColumn,
              bStep,
              sums);
        }
      } else if (wide == COLUMNS) {
        tail1x3(
            pixels,
            at,
            rows,
            rest,
            a,
            aBase + len - L,
            aStep,
            b,
            bBase + len - L,
            bColumn,
            bStep,
            sums);
      } else {
        tail1x1(
            pixels,
            at,
            rows,
            rest,
            a,
            aBase + len - L,
            aStep,
            b,
            bBase + len - L,
            bColumn,
            bStep,
            sums);
      }
    }
  }

  private static void whole4x3(
      int[] pixels,
      int at,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bColumn,
      int bStep,
      float[] sums) {
    int a0 = aBase + pixels[at];
    int a1 = aBase + pixels[at + 2];
    int a2 = aBase + pixels[at + 4];
    int a3 = aBase + pixels[at + 6];
    int b0 = bBase;
    int b1 = bBase + bColumn;
    int b2 = bBase + 2 * bColumn;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    FloatVector s12 = FloatVector.zero(F);
    FloatVector s20 = FloatVector.zero(F);
    FloatVector s21 = FloatVector.zero(F);
    FloatVector s22 = FloatVector.zero(F);
    FloatVector s30 = FloatVector.zero(F);
    FloatVector s31 = FloatVector.zero(F);
    FloatVector s32 = FloatVector.zero(F);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < len; k += L) {
        FloatVector w0 = FloatVector.fromArray(F, b, b0 + k);
        FloatVector w1 = FloatVector.fromArray(F, b, b1 + k);
        FloatVector w2 = FloatVector.fromArray(F, b, b2 + k);
        FloatVector x0 = FloatVector.fromArray(F, a, a0 + k);
        s00 = x0.fma(w0, s00);
        s01 = x0.fma(w1, s01);
        s02 = x0.fma(w2, s02);
        FloatVector x1 = FloatVector.fromArray(F, a, a1 + k);
        s10 = x1.fma(w0, s10);
        s11 = x1.fma(w1, s11);
        s12 = x1.fma(w2, s12);
        FloatVector x2 = FloatVector.fromArray(F, a, a2 + k);
        s20 = x2.fma(w0, s20);
        s21 = x2.fma(w1, s21);
        s22 = x2.fma(w2, s22);
        FloatVector x3 = FloatVector.fromArray(F, a, a3 + k);
        s30 = x3.fma(w0, s30);
        s31 = x3.fma(w1, s31);
        s32 = x3.fma(w2, s32);
      }
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      b0 += bStep;
      b1 += bStep;
      b2 += bStep;
    }
    s00.intoArray(sums, 0);
    s01.intoArray(sums, L);
    s02.intoArray(sums, 2 * L);
    s10.intoArray(sums, 3 * L);
    s11.intoArray(sums, 4 * L);
    s12.intoArray(sums, 5 * L);
    s20.intoArray(sums, 6 * L);
    s21.intoArray(sums, 7 * L);
    s22.intoArray(sums, 8 * L);
    s30.intoArray(sums, 9 * L);
    s31.intoArray(sums, 10 * L);
    s32.intoArray(sums, 11 * L);
  }

  private static void whole4x1(
      int[] pixels,
      int at,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bColumn,
      int bStep,
      float[] sums) {
    int a0 = aBase + pixels[at];
    int a1 = aBase + pixels[at + 2];
    int a2 = aBase + pixels[at + 4];
    int a3 = aBase + pixels[at + 6];
    int b0 = bBase;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s20 = FloatVector.zero(F);
    FloatVector s30 = FloatVector.zero(F);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < len; k += L) {
        FloatVector w0 = FloatVector.fromArray(F, b, b0 + k);
        FloatVector x0 = FloatVector.fromArray(F, a, a0 + k);
        s00 = x0.fma(w0, s00);
        FloatVector x1 = FloatVector.fromArray(F, a, a1 + k);
        s10 = x1.fma(w0, s10);
        FloatVector x2 = FloatVector.fromArray(F, a, a2 + k);
        s20 = x2.fma(w0, s20);
        FloatVector x3 = FloatVector.fromArray(F, a, a3 + k);
        s30 = x3.fma(w0, s30);
      }
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      b0 += bStep;
    }
    s00.intoArray(sums, 0);
    s10.intoArray(sums, L);
    s20.intoArray(sums, 2 * L);
    s30.intoArray(sums, 3 * L);
  }

  private static void whole1x3(
      int[] pixels,
      int at,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bColumn,
      int bStep,
      float[] sums) {
    int a0 = aBase + pixels[at];
    int b0 = bBase;
    int b1 = bBase + bColumn;
    int b2 = bBase + 2 * bColumn;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < len; k += L) {
        FloatVector w0 = FloatVector.fromArray(F, b, b0 + k);
        FloatVector w1 = FloatVector.fromArray(F, b, b1 + k);
        FloatVector w2 = FloatVector.fromArray(F, b, b2 + k);
        FloatVector x0 = FloatVector.fromArray(F, a, a0 + k);
        s00 = x0.fma(w0, s00);
        s01 = x0.fma(w1, s01);
        s02 = x0.fma(w2, s02);
      }
      a0 += aStep;
      b0 += bStep;
      b1 += bStep;
      b2 += bStep;
    }
    s00.intoArray(sums, 0);
    s01.intoArray(sums, L);
    s02.intoArray(sums, 2 * L);
  }

  private static void whole1x1(
      int[] pixels,
      int at,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bColumn,
      int bStep,
      float[] sums) {
    int a0 = aBase + pixels[at];
    int b0 = bBase;
    FloatVector s00 = FloatVector.zero(F);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < len; k += L) {
        FloatVector w0 = FloatVector.fromArray(F, b, b0 + k);
        FloatVector x0 = FloatVector.fromArray(F, a, a0 + k);
        s00 = x0.fma(w0, s00);
      }
      a0 += aStep;
      b0 += bStep;
    }
    s00.intoArray(sums, 0);
  }

  /** The last vector of a run, with zeros in the lanes that were used before. */
  private static FloatVector last(float[] array, int at, IntVector keep) {
    return FloatVector.fromArray(F, array, at).reinterpretAsInts().and(keep).reinterpretAsFloats();
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

  private static void tail4x3(
      int[] pixels,
      int at,
      int rows,
      int rest,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bColumn,
      int bStep,
      float[] sums) {
    int a0 = aBase + pixels[at];
    int a1 = aBase + pixels[at + 2];
    int a2 = aBase + pixels[at + 4];
    int a3 = aBase + pixels[at + 6];
    int b0 = bBase;
    int b1 = bBase + bColumn;
    int b2 = bBase + 2 * bColumn;
    FloatVector s00 = FloatVector.fromArray(F, sums, 0);
    FloatVector s01 = FloatVector.fromArray(F, sums, L);
    FloatVector s02 = FloatVector.fromArray(F, sums, 2 * L);
    FloatVector s10 = FloatVector.fromArray(F, sums, 3 * L);
    FloatVector s11 = FloatVector.fromArray(F, sums, 4 * L);
    FloatVector s12 = FloatVector.fromArray(F, sums, 5 * L);
    FloatVector s20 = FloatVector.fromArray(F, sums, 6 * L);
    FloatVector s21 = FloatVector.fromArray(F, sums, 7 * L);
    FloatVector s22 = FloatVector.fromArray(F, sums, 8 * L);
    FloatVector s30 = FloatVector.fromArray(F, sums, 9 * L);
    FloatVector s31 = FloatVector.fromArray(F, sums, 10 * L);
    FloatVector s32 = FloatVector.fromArray(F, sums, 11 * L);
    IntVector keep = IntVector.fromArray(I, KEEP, rest);
    for (int r = 0; r < rows; r++) {
      FloatVector w0 = last(b, b0, keep);
      FloatVector w1 = last(b, b1, keep);
      FloatVector w2 = last(b, b2, keep);
      FloatVector x0 = last(a, a0, keep);
      s00 = x0.fma(w0, s00);
      s01 = x0.fma(w1, s01);
      s02 = x0.fma(w2, s02);
      FloatVector x1 = last(a, a1, keep);
      s10 = x1.fma(w0, s10);
      s11 = x1.fma(w1, s11);
      s12 = x1.fma(w2, s12);
      FloatVector x2 = last(a, a2, keep);
      s20 = x2.fma(w0, s20);
      s21 = x2.fma(w1, s21);
      s22 = x2.fma(w2, s22);
      FloatVector x3 = last(a, a3, keep);
      s30 = x3.fma(w0, s30);
      s31 = x3.fma(w1, s31);
      s32 = x3.fma(w2, s32);
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      b0 += bStep;
      b1 += bStep;
      b2 += bStep;
    }
    s00.intoArray(sums, 0);
    s01.intoArray(sums, L);
    s02.intoArray(sums, 2 * L);
    s10.intoArray(sums, 3 * L);
    s11.intoArray(sums, 4 * L);
    s12.intoArray(sums, 5 * L);
    s20.intoArray(sums, 6 * L);
    s21.intoArray(sums, 7 * L);
    s22.intoArray(sums, 8 * L);
    s30.intoArray(sums, 9 * L);
    s31.intoArray(sums, 10 * L);
    s32.intoArray(sums, 11 * L);
  }

  private static void tail4x1(
      int[] pixels,
      int at,
      int rows,
      int rest,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bColumn,
      int bStep,
      float[] sums) {
    int a0 = aBase + pixels[at];
    int a1 = aBase + pixels[at + 2];
    int a2 = aBase + pixels[at + 4];
    int a3 = aBase + pixels[at + 6];
    int b0 = bBase;
    FloatVector s00 = FloatVector.fromArray(F, sums, 0);
    FloatVector s10 = FloatVector.fromArray(F, sums, L);
    FloatVector s20 = FloatVector.fromArray(F, sums, 2 * L);
    FloatVector s30 = FloatVector.fromArray(F, sums, 3 * L);
    IntVector keep = IntVector.fromArray(I, KEEP, rest);
    for (int r = 0; r < rows; r++) {
      FloatVector w0 = last(b, b0, keep);
      FloatVector x0 = last(a, a0, keep);
      s00 = x0.fma(w0, s00);
      FloatVector x1 = last(a, a1, keep);
      s10 = x1.fma(w0, s10);
      FloatVector x2 = last(a, a2, keep);
      s20 = x2.fma(w0, s20);
      FloatVector x3 = last(a, a3, keep);
      s30 = x3.fma(w0, s30);
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      b0 += bStep;
    }
    s00.intoArray(sums, 0);
    s10.intoArray(sums, L);
    s20.intoArray(sums, 2 * L);
    s30.intoArray(sums, 3 * L);
  }

  private static void tail1x3(
      int[] pixels,
      int at,
      int rows,
      int rest,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bColumn,
      int bStep,
      float[] sums) {
    int a0 = aBase + pixels[at];
    int b0 = bBase;
    int b1 = bBase + bColumn;
    int b2 = bBase + 2 * bColumn;
    FloatVector s00 = FloatVector.fromArray(F, sums, 0);
    FloatVector s01 = FloatVector.fromArray(F, sums, L);
    FloatVector s02 = FloatVector.fromArray(F, sums, 2 * L);
    IntVector keep = IntVector.fromArray(I, KEEP, rest);
    for (int r = 0; r < rows; r++) {
      FloatVector w0 = last(b, b0, keep);
      FloatVector w1 = last(b, b1, keep);
      FloatVector w2 = last(b, b2, keep);
      FloatVector x0 = last(a, a0, keep);
      s00 = x0.fma(w0, s00);
      s01 = x0.fma(w1, s01);
      s02 = x0.fma(w2, s02);
      a0 += aStep;
      b0 += bStep;
      b1 += bStep;
      b2 += bStep;
    }
    s00.intoArray(sums, 0);
    s01.intoArray(sums, L);
    s02.intoArray(sums, 2 * L);
  }

  private static void tail1x1(
      int[] pixels,
      int at,
      int rows,
      int rest,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bColumn,
      int bStep,
      float[] sums) {
    int a0 = aBase + pixels[at];
    int b0 = bBase;
    FloatVector s00 = FloatVector.fromArray(F, sums, 0);
    IntVector keep = IntVector.fromArray(I, KEEP, rest);
    for (int r = 0; r < rows; r++) {
      FloatVector w0 = last(b, b0, keep);
      FloatVector x0 = last(a, a0, keep);
      s00 = x0.fma(w0, s00);
      a0 += aStep;
      b0 += bStep;
    }
    s00.intoArray(sums, 0);
  }
}
