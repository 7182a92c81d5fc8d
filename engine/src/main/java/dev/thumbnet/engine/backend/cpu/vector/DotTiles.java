package dev.thumbnet.engine.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of {@link dev.thumbnet.engine.backend.cpu.TileKernels#dots}, rows x columns. The
 * lanes run along the sum, so nothing is wasted when there are only a few columns; 4x3 does 12
 * multiply-adds for 7 loads. The lanes of a sum are added in a fixed order at the end.
 */
final class DotTiles {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

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
    int at = begin;
    for (int left = count; left > 0; ) {
      int tile = left >= 4 ? 4 : 1;
      int p = bBase;
      int q = cBase;
      for (int j = columns; j > 0; ) {
        int wide = j >= 3 ? 3 : 1;
        if (tile == 4) {
          if (wide == 3) {
            dots4x3(pixels, at, rows, len, a, aBase, aStep, b, p, bColumn, bStep, c, q, cStep);
          } else {
            dots4x1(pixels, at, rows, len, a, aBase, aStep, b, p, bColumn, bStep, c, q, cStep);
          }
        } else {
          if (wide == 3) {
            dots1x3(pixels, at, rows, len, a, aBase, aStep, b, p, bColumn, bStep, c, q, cStep);
          } else {
            dots1x1(pixels, at, rows, len, a, aBase, aStep, b, p, bColumn, bStep, c, q, cStep);
          }
        }
        p += wide * bColumn;
        q += wide;
        j -= wide;
      }
      at += 2 * tile;
      left -= tile;
    }
  }

  private static void dots4x3(
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
      float[] c,
      int cBase,
      int cStep) {
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
    int whole = F.loopBound(len);
    VectorMask<Float> tail = F.indexInRange(whole, len);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < whole; k += L) {
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
      if (whole < len) {
        FloatVector w0 = FloatVector.fromArray(F, b, b0 + whole, tail);
        FloatVector w1 = FloatVector.fromArray(F, b, b1 + whole, tail);
        FloatVector w2 = FloatVector.fromArray(F, b, b2 + whole, tail);
        FloatVector x0 = FloatVector.fromArray(F, a, a0 + whole, tail);
        s00 = x0.fma(w0, s00);
        s01 = x0.fma(w1, s01);
        s02 = x0.fma(w2, s02);
        FloatVector x1 = FloatVector.fromArray(F, a, a1 + whole, tail);
        s10 = x1.fma(w0, s10);
        s11 = x1.fma(w1, s11);
        s12 = x1.fma(w2, s12);
        FloatVector x2 = FloatVector.fromArray(F, a, a2 + whole, tail);
        s20 = x2.fma(w0, s20);
        s21 = x2.fma(w1, s21);
        s22 = x2.fma(w2, s22);
        FloatVector x3 = FloatVector.fromArray(F, a, a3 + whole, tail);
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
    int c0 = cBase + pixels[at + 1] * cStep;
    c[c0] += Lanes.sum(s00);
    c[c0 + 1] += Lanes.sum(s01);
    c[c0 + 2] += Lanes.sum(s02);
    int c1 = cBase + pixels[at + 3] * cStep;
    c[c1] += Lanes.sum(s10);
    c[c1 + 1] += Lanes.sum(s11);
    c[c1 + 2] += Lanes.sum(s12);
    int c2 = cBase + pixels[at + 5] * cStep;
    c[c2] += Lanes.sum(s20);
    c[c2 + 1] += Lanes.sum(s21);
    c[c2 + 2] += Lanes.sum(s22);
    int c3 = cBase + pixels[at + 7] * cStep;
    c[c3] += Lanes.sum(s30);
    c[c3 + 1] += Lanes.sum(s31);
    c[c3 + 2] += Lanes.sum(s32);
  }

  private static void dots4x1(
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
      float[] c,
      int cBase,
      int cStep) {
    int a0 = aBase + pixels[at];
    int a1 = aBase + pixels[at + 2];
    int a2 = aBase + pixels[at + 4];
    int a3 = aBase + pixels[at + 6];
    int b0 = bBase;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s20 = FloatVector.zero(F);
    FloatVector s30 = FloatVector.zero(F);
    int whole = F.loopBound(len);
    VectorMask<Float> tail = F.indexInRange(whole, len);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < whole; k += L) {
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
      if (whole < len) {
        FloatVector w0 = FloatVector.fromArray(F, b, b0 + whole, tail);
        FloatVector x0 = FloatVector.fromArray(F, a, a0 + whole, tail);
        s00 = x0.fma(w0, s00);
        FloatVector x1 = FloatVector.fromArray(F, a, a1 + whole, tail);
        s10 = x1.fma(w0, s10);
        FloatVector x2 = FloatVector.fromArray(F, a, a2 + whole, tail);
        s20 = x2.fma(w0, s20);
        FloatVector x3 = FloatVector.fromArray(F, a, a3 + whole, tail);
        s30 = x3.fma(w0, s30);
      }
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      b0 += bStep;
    }
    int c0 = cBase + pixels[at + 1] * cStep;
    c[c0] += Lanes.sum(s00);
    int c1 = cBase + pixels[at + 3] * cStep;
    c[c1] += Lanes.sum(s10);
    int c2 = cBase + pixels[at + 5] * cStep;
    c[c2] += Lanes.sum(s20);
    int c3 = cBase + pixels[at + 7] * cStep;
    c[c3] += Lanes.sum(s30);
  }

  private static void dots1x3(
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
      float[] c,
      int cBase,
      int cStep) {
    int a0 = aBase + pixels[at];
    int b0 = bBase;
    int b1 = bBase + bColumn;
    int b2 = bBase + 2 * bColumn;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    int whole = F.loopBound(len);
    VectorMask<Float> tail = F.indexInRange(whole, len);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < whole; k += L) {
        FloatVector w0 = FloatVector.fromArray(F, b, b0 + k);
        FloatVector w1 = FloatVector.fromArray(F, b, b1 + k);
        FloatVector w2 = FloatVector.fromArray(F, b, b2 + k);
        FloatVector x0 = FloatVector.fromArray(F, a, a0 + k);
        s00 = x0.fma(w0, s00);
        s01 = x0.fma(w1, s01);
        s02 = x0.fma(w2, s02);
      }
      if (whole < len) {
        FloatVector w0 = FloatVector.fromArray(F, b, b0 + whole, tail);
        FloatVector w1 = FloatVector.fromArray(F, b, b1 + whole, tail);
        FloatVector w2 = FloatVector.fromArray(F, b, b2 + whole, tail);
        FloatVector x0 = FloatVector.fromArray(F, a, a0 + whole, tail);
        s00 = x0.fma(w0, s00);
        s01 = x0.fma(w1, s01);
        s02 = x0.fma(w2, s02);
      }
      a0 += aStep;
      b0 += bStep;
      b1 += bStep;
      b2 += bStep;
    }
    int c0 = cBase + pixels[at + 1] * cStep;
    c[c0] += Lanes.sum(s00);
    c[c0 + 1] += Lanes.sum(s01);
    c[c0 + 2] += Lanes.sum(s02);
  }

  private static void dots1x1(
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
      float[] c,
      int cBase,
      int cStep) {
    int a0 = aBase + pixels[at];
    int b0 = bBase;
    FloatVector s00 = FloatVector.zero(F);
    int whole = F.loopBound(len);
    VectorMask<Float> tail = F.indexInRange(whole, len);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < whole; k += L) {
        FloatVector w0 = FloatVector.fromArray(F, b, b0 + k);
        FloatVector x0 = FloatVector.fromArray(F, a, a0 + k);
        s00 = x0.fma(w0, s00);
      }
      if (whole < len) {
        FloatVector w0 = FloatVector.fromArray(F, b, b0 + whole, tail);
        FloatVector x0 = FloatVector.fromArray(F, a, a0 + whole, tail);
        s00 = x0.fma(w0, s00);
      }
      a0 += aStep;
      b0 += bStep;
    }
    int c0 = cBase + pixels[at + 1] * cStep;
    c[c0] += Lanes.sum(s00);
  }
}
