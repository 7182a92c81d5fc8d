package dev.thumbnet.engine.backend.cpu.vector.tile;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link dev.thumbnet.engine.backend.cpu.kernel.TileKernels#multiplyRows} by tiles whose sums stay
 * in registers for {@link #STEPS} rows of B: four rows of A by two vectors, and one by four, so
 * that eight sums, two vectors of B and one number of A do not need more registers than any machine
 * has.
 *
 * <p>So many rows of B are read side by side, each from its beginning to its end. That suits the
 * memory: a page is left when all of it was used, and there are not more streams than the processor
 * watches in order to fetch what comes next.
 */
public final class VectorRows {
  /** Rows of B that are read side by side. */
  private static final int STEPS = 16;

  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  private VectorRows() {}

  public static void multiplyRows(
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
    int fours = rows / 4 * 4;
    for (int k = 0; k < len; k += STEPS) {
      int steps = Math.min(STEPS, len - k);
      int p = aBase + k;
      int q = bBase + k * bStep;
      fours(fours, columns, steps, a, p, aStep, b, q, bStep, c, cBase, cStep);
      for (int i = fours; i < rows; i++) {
        single(columns, steps, a, p + i * aStep, b, q, bStep, c, cBase + i * cStep);
      }
    }
  }

  private static void fours(
      int rows,
      int columns,
      int steps,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase,
      int cStep) {
    int whole = columns / (2 * L) * 2 * L;
    for (int j = 0; j < whole; j += 2 * L) {
      for (int i = 0; i < rows; i += 4) {
        int p = aBase + i * aStep;
        tile4x2(steps, a, p, aStep, b, bBase + j, bStep, c, cBase + i * cStep + j, cStep);
      }
    }
    for (int j = whole; j < columns; j += L) {
      VectorMask<Float> rest = F.indexInRange(j, columns);
      for (int i = 0; i < rows; i += 4) {
        int p = aBase + i * aStep;
        int to = cBase + i * cStep + j;
        tile4x1(rest, steps, a, p, aStep, b, bBase + j, bStep, c, to, cStep);
      }
    }
  }

  private static void single(
      int columns,
      int steps,
      float[] a,
      int aBase,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase) {
    int whole = columns / (4 * L) * 4 * L;
    for (int j = 0; j < whole; j += 4 * L) {
      tile1x4(steps, a, aBase, b, bBase + j, bStep, c, cBase + j);
    }
    for (int j = whole; j < columns; j += L) {
      VectorMask<Float> rest = F.indexInRange(j, columns);
      tile1x1(rest, steps, a, aBase, b, bBase + j, bStep, c, cBase + j);
    }
  }

  private static void tile4x2(
      int steps,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int c0,
      int cStep) {
    int c1 = c0 + cStep;
    int c2 = c1 + cStep;
    int c3 = c2 + cStep;
    FloatVector s00 = load(c, c0);
    FloatVector s01 = load(c, c0 + L);
    FloatVector s10 = load(c, c1);
    FloatVector s11 = load(c, c1 + L);
    FloatVector s20 = load(c, c2);
    FloatVector s21 = load(c, c2 + L);
    FloatVector s30 = load(c, c3);
    FloatVector s31 = load(c, c3 + L);
    int p0 = aBase;
    int p1 = p0 + aStep;
    int p2 = p1 + aStep;
    int p3 = p2 + aStep;
    int q = bBase;
    for (int k = 0; k < steps; k++) {
      FloatVector v0 = load(b, q);
      FloatVector v1 = load(b, q + L);
      FloatVector f = broadcast(a, p0);
      s00 = v0.fma(f, s00);
      s01 = v1.fma(f, s01);
      f = broadcast(a, p1);
      s10 = v0.fma(f, s10);
      s11 = v1.fma(f, s11);
      f = broadcast(a, p2);
      s20 = v0.fma(f, s20);
      s21 = v1.fma(f, s21);
      f = broadcast(a, p3);
      s30 = v0.fma(f, s30);
      s31 = v1.fma(f, s31);
      p0++;
      p1++;
      p2++;
      p3++;
      q += bStep;
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + L);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + L);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + L);
  }

  private static void tile4x1(
      VectorMask<Float> lanes,
      int steps,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int c0,
      int cStep) {
    int c1 = c0 + cStep;
    int c2 = c1 + cStep;
    int c3 = c2 + cStep;
    FloatVector s0 = FloatVector.fromArray(F, c, c0, lanes);
    FloatVector s1 = FloatVector.fromArray(F, c, c1, lanes);
    FloatVector s2 = FloatVector.fromArray(F, c, c2, lanes);
    FloatVector s3 = FloatVector.fromArray(F, c, c3, lanes);
    int p = aBase;
    int q = bBase;
    for (int k = 0; k < steps; k++) {
      FloatVector v = FloatVector.fromArray(F, b, q, lanes);
      s0 = v.fma(broadcast(a, p), s0);
      s1 = v.fma(broadcast(a, p + aStep), s1);
      s2 = v.fma(broadcast(a, p + 2 * aStep), s2);
      s3 = v.fma(broadcast(a, p + 3 * aStep), s3);
      p++;
      q += bStep;
    }
    s0.intoArray(c, c0, lanes);
    s1.intoArray(c, c1, lanes);
    s2.intoArray(c, c2, lanes);
    s3.intoArray(c, c3, lanes);
  }

  private static void tile1x4(
      int steps, float[] a, int aBase, float[] b, int bBase, int bStep, float[] c, int cBase) {
    FloatVector s0 = load(c, cBase);
    FloatVector s1 = load(c, cBase + L);
    FloatVector s2 = load(c, cBase + 2 * L);
    FloatVector s3 = load(c, cBase + 3 * L);
    int p = aBase;
    int q = bBase;
    for (int k = 0; k < steps; k++) {
      FloatVector f = broadcast(a, p);
      s0 = load(b, q).fma(f, s0);
      s1 = load(b, q + L).fma(f, s1);
      s2 = load(b, q + 2 * L).fma(f, s2);
      s3 = load(b, q + 3 * L).fma(f, s3);
      p++;
      q += bStep;
    }
    s0.intoArray(c, cBase);
    s1.intoArray(c, cBase + L);
    s2.intoArray(c, cBase + 2 * L);
    s3.intoArray(c, cBase + 3 * L);
  }

  private static void tile1x1(
      VectorMask<Float> lanes,
      int steps,
      float[] a,
      int aBase,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase) {
    FloatVector s = FloatVector.fromArray(F, c, cBase, lanes);
    int p = aBase;
    int q = bBase;
    for (int k = 0; k < steps; k++) {
      s = FloatVector.fromArray(F, b, q, lanes).fma(broadcast(a, p), s);
      p++;
      q += bStep;
    }
    s.intoArray(c, cBase, lanes);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(F, array, at);
  }

  private static FloatVector broadcast(float[] array, int at) {
    return FloatVector.broadcast(F, array[at]);
  }
}
