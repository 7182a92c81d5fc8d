package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of {@link dev.thumbnet.engine.backend.cpu.TileKernels#planes}, rows x vectors: as
 * in {@link MultiplyTiles}, but here the rows are output channels and the vectors run along pixels.
 * Most loads of B cross a cache line and take two cycles: a step of 4x4 has 16 multiply-adds for
 * 4·2 + 4 cycles of loads, one of 3x4 has 12 for 4·2 + 3.
 */
final class PlaneTiles {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  /** With 16 registers three vectors: 4x3 sums, 3 vectors of B and a broadcast. */
  private static final boolean WIDE = Tiles.widestPanel(L) == 4;

  static final int WIDTH = WIDE ? 4 * L : 3 * L;

  private PlaneTiles() {}

  static void planes(
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
    int i = 0;
    while (i < rows) {
      int tile = nextRows(rows - i);
      int p = aBase + i;
      int q = cBase + i * cStep;
      if (WIDE) {
        wide(tile, shifts, len, a, p, rows, b, bBase, bStep, c, q, cStep);
      } else {
        narrow(tile, shifts, len, a, p, rows, b, bBase, bStep, c, q, cStep);
      }
      i += tile;
    }
  }

  /** Four, three or one: three channels are a picture, and 6 and 7 contain no single row. */
  private static int nextRows(int left) {
    if (left == 3 || left == 6) {
      return 3;
    }
    return left >= 4 ? 4 : 1;
  }

  private static void wide(
      int tile,
      int[] shifts,
      int len,
      float[] a,
      int p,
      int aStep,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int q,
      int cStep) {
    switch (tile) {
      case 4 -> sum4x4(shifts, len, a, p, aStep, b, bBase, bStep, c, q, cStep);
      case 3 -> sum3x4(shifts, len, a, p, aStep, b, bBase, bStep, c, q, cStep);
      default -> sum1x4(shifts, len, a, p, aStep, b, bBase, bStep, c, q);
    }
  }

  private static void narrow(
      int tile,
      int[] shifts,
      int len,
      float[] a,
      int p,
      int aStep,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int q,
      int cStep) {
    switch (tile) {
      case 4 -> sum4x3(shifts, len, a, p, aStep, b, bBase, bStep, c, q, cStep);
      case 3 -> sum3x3(shifts, len, a, p, aStep, b, bBase, bStep, c, q, cStep);
      default -> sum1x3(shifts, len, a, p, aStep, b, bBase, bStep, c, q);
    }
  }

  private static void sum4x4(
      int[] shifts,
      int len,
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
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    FloatVector s02 = FloatVector.fromArray(F, c, c0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(F, c, c0 + 3 * L);
    FloatVector s10 = FloatVector.fromArray(F, c, c1);
    FloatVector s11 = FloatVector.fromArray(F, c, c1 + L);
    FloatVector s12 = FloatVector.fromArray(F, c, c1 + 2 * L);
    FloatVector s13 = FloatVector.fromArray(F, c, c1 + 3 * L);
    FloatVector s20 = FloatVector.fromArray(F, c, c2);
    FloatVector s21 = FloatVector.fromArray(F, c, c2 + L);
    FloatVector s22 = FloatVector.fromArray(F, c, c2 + 2 * L);
    FloatVector s23 = FloatVector.fromArray(F, c, c2 + 3 * L);
    FloatVector s30 = FloatVector.fromArray(F, c, c3);
    FloatVector s31 = FloatVector.fromArray(F, c, c3 + L);
    FloatVector s32 = FloatVector.fromArray(F, c, c3 + 2 * L);
    FloatVector s33 = FloatVector.fromArray(F, c, c3 + 3 * L);
    int p = aBase;
    for (int shift : shifts) {
      int q = bBase + shift;
      for (int k = 0; k < len; k++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector b1 = FloatVector.fromArray(F, b, q + L);
        FloatVector b2 = FloatVector.fromArray(F, b, q + 2 * L);
        FloatVector b3 = FloatVector.fromArray(F, b, q + 3 * L);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        s02 = x0.fma(b2, s02);
        s03 = x0.fma(b3, s03);
        FloatVector x1 = FloatVector.broadcast(F, a[p + 1]);
        s10 = x1.fma(b0, s10);
        s11 = x1.fma(b1, s11);
        s12 = x1.fma(b2, s12);
        s13 = x1.fma(b3, s13);
        FloatVector x2 = FloatVector.broadcast(F, a[p + 2]);
        s20 = x2.fma(b0, s20);
        s21 = x2.fma(b1, s21);
        s22 = x2.fma(b2, s22);
        s23 = x2.fma(b3, s23);
        FloatVector x3 = FloatVector.broadcast(F, a[p + 3]);
        s30 = x3.fma(b0, s30);
        s31 = x3.fma(b1, s31);
        s32 = x3.fma(b2, s32);
        s33 = x3.fma(b3, s33);
        p += aStep;
        q += bStep;
      }
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
    s02.intoArray(c, c0 + 2 * L);
    s03.intoArray(c, c0 + 3 * L);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + L);
    s12.intoArray(c, c1 + 2 * L);
    s13.intoArray(c, c1 + 3 * L);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + L);
    s22.intoArray(c, c2 + 2 * L);
    s23.intoArray(c, c2 + 3 * L);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + L);
    s32.intoArray(c, c3 + 2 * L);
    s33.intoArray(c, c3 + 3 * L);
  }

  private static void sum3x4(
      int[] shifts,
      int len,
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
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    FloatVector s02 = FloatVector.fromArray(F, c, c0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(F, c, c0 + 3 * L);
    FloatVector s10 = FloatVector.fromArray(F, c, c1);
    FloatVector s11 = FloatVector.fromArray(F, c, c1 + L);
    FloatVector s12 = FloatVector.fromArray(F, c, c1 + 2 * L);
    FloatVector s13 = FloatVector.fromArray(F, c, c1 + 3 * L);
    FloatVector s20 = FloatVector.fromArray(F, c, c2);
    FloatVector s21 = FloatVector.fromArray(F, c, c2 + L);
    FloatVector s22 = FloatVector.fromArray(F, c, c2 + 2 * L);
    FloatVector s23 = FloatVector.fromArray(F, c, c2 + 3 * L);
    int p = aBase;
    for (int shift : shifts) {
      int q = bBase + shift;
      for (int k = 0; k < len; k++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector b1 = FloatVector.fromArray(F, b, q + L);
        FloatVector b2 = FloatVector.fromArray(F, b, q + 2 * L);
        FloatVector b3 = FloatVector.fromArray(F, b, q + 3 * L);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        s02 = x0.fma(b2, s02);
        s03 = x0.fma(b3, s03);
        FloatVector x1 = FloatVector.broadcast(F, a[p + 1]);
        s10 = x1.fma(b0, s10);
        s11 = x1.fma(b1, s11);
        s12 = x1.fma(b2, s12);
        s13 = x1.fma(b3, s13);
        FloatVector x2 = FloatVector.broadcast(F, a[p + 2]);
        s20 = x2.fma(b0, s20);
        s21 = x2.fma(b1, s21);
        s22 = x2.fma(b2, s22);
        s23 = x2.fma(b3, s23);
        p += aStep;
        q += bStep;
      }
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
    s02.intoArray(c, c0 + 2 * L);
    s03.intoArray(c, c0 + 3 * L);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + L);
    s12.intoArray(c, c1 + 2 * L);
    s13.intoArray(c, c1 + 3 * L);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + L);
    s22.intoArray(c, c2 + 2 * L);
    s23.intoArray(c, c2 + 3 * L);
  }

  private static void sum1x4(
      int[] shifts,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int c0) {
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    FloatVector s02 = FloatVector.fromArray(F, c, c0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(F, c, c0 + 3 * L);
    int p = aBase;
    for (int shift : shifts) {
      int q = bBase + shift;
      for (int k = 0; k < len; k++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector b1 = FloatVector.fromArray(F, b, q + L);
        FloatVector b2 = FloatVector.fromArray(F, b, q + 2 * L);
        FloatVector b3 = FloatVector.fromArray(F, b, q + 3 * L);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        s02 = x0.fma(b2, s02);
        s03 = x0.fma(b3, s03);
        p += aStep;
        q += bStep;
      }
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
    s02.intoArray(c, c0 + 2 * L);
    s03.intoArray(c, c0 + 3 * L);
  }

  private static void sum4x3(
      int[] shifts,
      int len,
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
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    FloatVector s02 = FloatVector.fromArray(F, c, c0 + 2 * L);
    FloatVector s10 = FloatVector.fromArray(F, c, c1);
    FloatVector s11 = FloatVector.fromArray(F, c, c1 + L);
    FloatVector s12 = FloatVector.fromArray(F, c, c1 + 2 * L);
    FloatVector s20 = FloatVector.fromArray(F, c, c2);
    FloatVector s21 = FloatVector.fromArray(F, c, c2 + L);
    FloatVector s22 = FloatVector.fromArray(F, c, c2 + 2 * L);
    FloatVector s30 = FloatVector.fromArray(F, c, c3);
    FloatVector s31 = FloatVector.fromArray(F, c, c3 + L);
    FloatVector s32 = FloatVector.fromArray(F, c, c3 + 2 * L);
    int p = aBase;
    for (int shift : shifts) {
      int q = bBase + shift;
      for (int k = 0; k < len; k++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector b1 = FloatVector.fromArray(F, b, q + L);
        FloatVector b2 = FloatVector.fromArray(F, b, q + 2 * L);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        s02 = x0.fma(b2, s02);
        FloatVector x1 = FloatVector.broadcast(F, a[p + 1]);
        s10 = x1.fma(b0, s10);
        s11 = x1.fma(b1, s11);
        s12 = x1.fma(b2, s12);
        FloatVector x2 = FloatVector.broadcast(F, a[p + 2]);
        s20 = x2.fma(b0, s20);
        s21 = x2.fma(b1, s21);
        s22 = x2.fma(b2, s22);
        FloatVector x3 = FloatVector.broadcast(F, a[p + 3]);
        s30 = x3.fma(b0, s30);
        s31 = x3.fma(b1, s31);
        s32 = x3.fma(b2, s32);
        p += aStep;
        q += bStep;
      }
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
    s02.intoArray(c, c0 + 2 * L);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + L);
    s12.intoArray(c, c1 + 2 * L);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + L);
    s22.intoArray(c, c2 + 2 * L);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + L);
    s32.intoArray(c, c3 + 2 * L);
  }

  private static void sum3x3(
      int[] shifts,
      int len,
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
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    FloatVector s02 = FloatVector.fromArray(F, c, c0 + 2 * L);
    FloatVector s10 = FloatVector.fromArray(F, c, c1);
    FloatVector s11 = FloatVector.fromArray(F, c, c1 + L);
    FloatVector s12 = FloatVector.fromArray(F, c, c1 + 2 * L);
    FloatVector s20 = FloatVector.fromArray(F, c, c2);
    FloatVector s21 = FloatVector.fromArray(F, c, c2 + L);
    FloatVector s22 = FloatVector.fromArray(F, c, c2 + 2 * L);
    int p = aBase;
    for (int shift : shifts) {
      int q = bBase + shift;
      for (int k = 0; k < len; k++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector b1 = FloatVector.fromArray(F, b, q + L);
        FloatVector b2 = FloatVector.fromArray(F, b, q + 2 * L);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        s02 = x0.fma(b2, s02);
        FloatVector x1 = FloatVector.broadcast(F, a[p + 1]);
        s10 = x1.fma(b0, s10);
        s11 = x1.fma(b1, s11);
        s12 = x1.fma(b2, s12);
        FloatVector x2 = FloatVector.broadcast(F, a[p + 2]);
        s20 = x2.fma(b0, s20);
        s21 = x2.fma(b1, s21);
        s22 = x2.fma(b2, s22);
        p += aStep;
        q += bStep;
      }
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
    s02.intoArray(c, c0 + 2 * L);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + L);
    s12.intoArray(c, c1 + 2 * L);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + L);
    s22.intoArray(c, c2 + 2 * L);
  }

  private static void sum1x3(
      int[] shifts,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int c0) {
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    FloatVector s02 = FloatVector.fromArray(F, c, c0 + 2 * L);
    int p = aBase;
    for (int shift : shifts) {
      int q = bBase + shift;
      for (int k = 0; k < len; k++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector b1 = FloatVector.fromArray(F, b, q + L);
        FloatVector b2 = FloatVector.fromArray(F, b, q + 2 * L);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        s02 = x0.fma(b2, s02);
        p += aStep;
        q += bStep;
      }
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
    s02.intoArray(c, c0 + 2 * L);
  }
}
