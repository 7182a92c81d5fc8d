package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.Int8;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles of {@link MultiplyTiles} for the widest panel, with weights of 8 bits: a vector of ints
 * holds four of weights, one in each byte. Shifted to the upper byte they are whole numbers that
 * become floats; what stands below them belongs to them, see {@link Int8}, and the factor of their
 * channel comes to the sum. That costs seven more instructions for four vectors of weights, and
 * saves three quarters of the bytes.
 */
final class ByteTiles {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
  private static final int L = F.length();

  private ByteTiles() {}

  private static FloatVector first(IntVector four) {
    return floats(four.lanewise(VectorOperators.LSHL, 24));
  }

  private static FloatVector second(IntVector four) {
    return floats(four.lanewise(VectorOperators.LSHL, 16));
  }

  private static FloatVector third(IntVector four) {
    return floats(four.lanewise(VectorOperators.LSHL, 8));
  }

  private static FloatVector floats(IntVector upper) {
    return (FloatVector) upper.convert(VectorOperators.I2F, 0);
  }

  static void width4(
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
      float[] c) {
    int at = begin;
    for (int left = count; left > 0; ) {
      int tile = Tiles.nextRows(left, 5);
      switch (tile) {
        case 5 -> multiply5x4(pixels, at, rows, len, a, aBase, aStep, b, bBase, bStep, c);
        case 4 -> multiply4x4(pixels, at, rows, len, a, aBase, aStep, b, bBase, bStep, c);
        default -> multiply1x4(pixels, at, rows, len, a, aBase, aStep, b, bBase, bStep, c);
      }
      at += 2 * tile;
      left -= tile;
    }
  }

  static void width2(
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
      float[] c) {
    int at = begin;
    for (int left = count; left > 0; ) {
      int tile = Tiles.nextRows(left, 6);
      switch (tile) {
        case 6 -> multiply6x2(pixels, at, rows, len, a, aBase, aStep, b, bBase, bStep, c);
        case 4 -> multiply4x2(pixels, at, rows, len, a, aBase, aStep, b, bBase, bStep, c);
        default -> multiply1x2(pixels, at, rows, len, a, aBase, aStep, b, bBase, bStep, c);
      }
      at += 2 * tile;
      left -= tile;
    }
  }

  private static void multiply5x4(
      int[] pixels,
      int at,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      int[] b,
      int bBase,
      int bStep,
      float[] c) {
    int a0 = aBase + pixels[at];
    int a1 = aBase + pixels[at + 2];
    int a2 = aBase + pixels[at + 4];
    int a3 = aBase + pixels[at + 6];
    int a4 = aBase + pixels[at + 8];
    int c0 = pixels[at + 1] * 4 * L;
    int c1 = pixels[at + 3] * 4 * L;
    int c2 = pixels[at + 5] * 4 * L;
    int c3 = pixels[at + 7] * 4 * L;
    int c4 = pixels[at + 9] * 4 * L;
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
    FloatVector s40 = FloatVector.fromArray(F, c, c4);
    FloatVector s41 = FloatVector.fromArray(F, c, c4 + L);
    FloatVector s42 = FloatVector.fromArray(F, c, c4 + 2 * L);
    FloatVector s43 = FloatVector.fromArray(F, c, c4 + 3 * L);
    int row = bBase;
    for (int r = 0; r < rows; r++) {
      int p = row;
      for (int k = 0; k < len; k++) {
        IntVector four = IntVector.fromArray(I, b, p);
        FloatVector b0 = first(four);
        FloatVector b1 = second(four);
        FloatVector b2 = third(four);
        FloatVector b3 = floats(four);
        FloatVector x0 = FloatVector.broadcast(F, a[a0 + k]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        s02 = x0.fma(b2, s02);
        s03 = x0.fma(b3, s03);
        FloatVector x1 = FloatVector.broadcast(F, a[a1 + k]);
        s10 = x1.fma(b0, s10);
        s11 = x1.fma(b1, s11);
        s12 = x1.fma(b2, s12);
        s13 = x1.fma(b3, s13);
        FloatVector x2 = FloatVector.broadcast(F, a[a2 + k]);
        s20 = x2.fma(b0, s20);
        s21 = x2.fma(b1, s21);
        s22 = x2.fma(b2, s22);
        s23 = x2.fma(b3, s23);
        FloatVector x3 = FloatVector.broadcast(F, a[a3 + k]);
        s30 = x3.fma(b0, s30);
        s31 = x3.fma(b1, s31);
        s32 = x3.fma(b2, s32);
        s33 = x3.fma(b3, s33);
        FloatVector x4 = FloatVector.broadcast(F, a[a4 + k]);
        s40 = x4.fma(b0, s40);
        s41 = x4.fma(b1, s41);
        s42 = x4.fma(b2, s42);
        s43 = x4.fma(b3, s43);
        p += L;
      }
      row += bStep;
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      a4 += aStep;
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
    s40.intoArray(c, c4);
    s41.intoArray(c, c4 + L);
    s42.intoArray(c, c4 + 2 * L);
    s43.intoArray(c, c4 + 3 * L);
  }

  private static void multiply4x4(
      int[] pixels,
      int at,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      int[] b,
      int bBase,
      int bStep,
      float[] c) {
    int a0 = aBase + pixels[at];
    int a1 = aBase + pixels[at + 2];
    int a2 = aBase + pixels[at + 4];
    int a3 = aBase + pixels[at + 6];
    int c0 = pixels[at + 1] * 4 * L;
    int c1 = pixels[at + 3] * 4 * L;
    int c2 = pixels[at + 5] * 4 * L;
    int c3 = pixels[at + 7] * 4 * L;
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
    int row = bBase;
    for (int r = 0; r < rows; r++) {
      int p = row;
      for (int k = 0; k < len; k++) {
        IntVector four = IntVector.fromArray(I, b, p);
        FloatVector b0 = first(four);
        FloatVector b1 = second(four);
        FloatVector b2 = third(four);
        FloatVector b3 = floats(four);
        FloatVector x0 = FloatVector.broadcast(F, a[a0 + k]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        s02 = x0.fma(b2, s02);
        s03 = x0.fma(b3, s03);
        FloatVector x1 = FloatVector.broadcast(F, a[a1 + k]);
        s10 = x1.fma(b0, s10);
        s11 = x1.fma(b1, s11);
        s12 = x1.fma(b2, s12);
        s13 = x1.fma(b3, s13);
        FloatVector x2 = FloatVector.broadcast(F, a[a2 + k]);
        s20 = x2.fma(b0, s20);
        s21 = x2.fma(b1, s21);
        s22 = x2.fma(b2, s22);
        s23 = x2.fma(b3, s23);
        FloatVector x3 = FloatVector.broadcast(F, a[a3 + k]);
        s30 = x3.fma(b0, s30);
        s31 = x3.fma(b1, s31);
        s32 = x3.fma(b2, s32);
        s33 = x3.fma(b3, s33);
        p += L;
      }
      row += bStep;
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
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

  private static void multiply1x4(
      int[] pixels,
      int at,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      int[] b,
      int bBase,
      int bStep,
      float[] c) {
    int a0 = aBase + pixels[at];
    int c0 = pixels[at + 1] * 4 * L;
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    FloatVector s02 = FloatVector.fromArray(F, c, c0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(F, c, c0 + 3 * L);
    int row = bBase;
    for (int r = 0; r < rows; r++) {
      int p = row;
      for (int k = 0; k < len; k++) {
        IntVector four = IntVector.fromArray(I, b, p);
        FloatVector b0 = first(four);
        FloatVector b1 = second(four);
        FloatVector b2 = third(four);
        FloatVector b3 = floats(four);
        FloatVector x0 = FloatVector.broadcast(F, a[a0 + k]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        s02 = x0.fma(b2, s02);
        s03 = x0.fma(b3, s03);
        p += L;
      }
      row += bStep;
      a0 += aStep;
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
    s02.intoArray(c, c0 + 2 * L);
    s03.intoArray(c, c0 + 3 * L);
  }

  private static void multiply6x2(
      int[] pixels,
      int at,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      int[] b,
      int bBase,
      int bStep,
      float[] c) {
    int a0 = aBase + pixels[at];
    int a1 = aBase + pixels[at + 2];
    int a2 = aBase + pixels[at + 4];
    int a3 = aBase + pixels[at + 6];
    int a4 = aBase + pixels[at + 8];
    int a5 = aBase + pixels[at + 10];
    int c0 = pixels[at + 1] * 2 * L;
    int c1 = pixels[at + 3] * 2 * L;
    int c2 = pixels[at + 5] * 2 * L;
    int c3 = pixels[at + 7] * 2 * L;
    int c4 = pixels[at + 9] * 2 * L;
    int c5 = pixels[at + 11] * 2 * L;
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    FloatVector s10 = FloatVector.fromArray(F, c, c1);
    FloatVector s11 = FloatVector.fromArray(F, c, c1 + L);
    FloatVector s20 = FloatVector.fromArray(F, c, c2);
    FloatVector s21 = FloatVector.fromArray(F, c, c2 + L);
    FloatVector s30 = FloatVector.fromArray(F, c, c3);
    FloatVector s31 = FloatVector.fromArray(F, c, c3 + L);
    FloatVector s40 = FloatVector.fromArray(F, c, c4);
    FloatVector s41 = FloatVector.fromArray(F, c, c4 + L);
    FloatVector s50 = FloatVector.fromArray(F, c, c5);
    FloatVector s51 = FloatVector.fromArray(F, c, c5 + L);
    int row = bBase;
    for (int r = 0; r < rows; r++) {
      int p = row;
      for (int k = 0; k < len; k += 2) {
        IntVector four = IntVector.fromArray(I, b, p);
        FloatVector b0 = first(four);
        FloatVector b1 = second(four);
        FloatVector b2 = third(four);
        FloatVector b3 = floats(four);
        FloatVector x0 = FloatVector.broadcast(F, a[a0 + k]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        FloatVector x1 = FloatVector.broadcast(F, a[a1 + k]);
        s10 = x1.fma(b0, s10);
        s11 = x1.fma(b1, s11);
        FloatVector x2 = FloatVector.broadcast(F, a[a2 + k]);
        s20 = x2.fma(b0, s20);
        s21 = x2.fma(b1, s21);
        FloatVector x3 = FloatVector.broadcast(F, a[a3 + k]);
        s30 = x3.fma(b0, s30);
        s31 = x3.fma(b1, s31);
        FloatVector x4 = FloatVector.broadcast(F, a[a4 + k]);
        s40 = x4.fma(b0, s40);
        s41 = x4.fma(b1, s41);
        FloatVector x5 = FloatVector.broadcast(F, a[a5 + k]);
        s50 = x5.fma(b0, s50);
        s51 = x5.fma(b1, s51);
        FloatVector z0 = FloatVector.broadcast(F, a[a0 + k + 1]);
        s00 = z0.fma(b2, s00);
        s01 = z0.fma(b3, s01);
        FloatVector z1 = FloatVector.broadcast(F, a[a1 + k + 1]);
        s10 = z1.fma(b2, s10);
        s11 = z1.fma(b3, s11);
        FloatVector z2 = FloatVector.broadcast(F, a[a2 + k + 1]);
        s20 = z2.fma(b2, s20);
        s21 = z2.fma(b3, s21);
        FloatVector z3 = FloatVector.broadcast(F, a[a3 + k + 1]);
        s30 = z3.fma(b2, s30);
        s31 = z3.fma(b3, s31);
        FloatVector z4 = FloatVector.broadcast(F, a[a4 + k + 1]);
        s40 = z4.fma(b2, s40);
        s41 = z4.fma(b3, s41);
        FloatVector z5 = FloatVector.broadcast(F, a[a5 + k + 1]);
        s50 = z5.fma(b2, s50);
        s51 = z5.fma(b3, s51);
        p += L;
      }
      row += bStep;
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      a4 += aStep;
      a5 += aStep;
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + L);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + L);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + L);
    s40.intoArray(c, c4);
    s41.intoArray(c, c4 + L);
    s50.intoArray(c, c5);
    s51.intoArray(c, c5 + L);
  }

  private static void multiply4x2(
      int[] pixels,
      int at,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      int[] b,
      int bBase,
      int bStep,
      float[] c) {
    int a0 = aBase + pixels[at];
    int a1 = aBase + pixels[at + 2];
    int a2 = aBase + pixels[at + 4];
    int a3 = aBase + pixels[at + 6];
    int c0 = pixels[at + 1] * 2 * L;
    int c1 = pixels[at + 3] * 2 * L;
    int c2 = pixels[at + 5] * 2 * L;
    int c3 = pixels[at + 7] * 2 * L;
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    FloatVector s10 = FloatVector.fromArray(F, c, c1);
    FloatVector s11 = FloatVector.fromArray(F, c, c1 + L);
    FloatVector s20 = FloatVector.fromArray(F, c, c2);
    FloatVector s21 = FloatVector.fromArray(F, c, c2 + L);
    FloatVector s30 = FloatVector.fromArray(F, c, c3);
    FloatVector s31 = FloatVector.fromArray(F, c, c3 + L);
    int row = bBase;
    for (int r = 0; r < rows; r++) {
      int p = row;
      for (int k = 0; k < len; k += 2) {
        IntVector four = IntVector.fromArray(I, b, p);
        FloatVector b0 = first(four);
        FloatVector b1 = second(four);
        FloatVector b2 = third(four);
        FloatVector b3 = floats(four);
        FloatVector x0 = FloatVector.broadcast(F, a[a0 + k]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        FloatVector x1 = FloatVector.broadcast(F, a[a1 + k]);
        s10 = x1.fma(b0, s10);
        s11 = x1.fma(b1, s11);
        FloatVector x2 = FloatVector.broadcast(F, a[a2 + k]);
        s20 = x2.fma(b0, s20);
        s21 = x2.fma(b1, s21);
        FloatVector x3 = FloatVector.broadcast(F, a[a3 + k]);
        s30 = x3.fma(b0, s30);
        s31 = x3.fma(b1, s31);
        FloatVector z0 = FloatVector.broadcast(F, a[a0 + k + 1]);
        s00 = z0.fma(b2, s00);
        s01 = z0.fma(b3, s01);
        FloatVector z1 = FloatVector.broadcast(F, a[a1 + k + 1]);
        s10 = z1.fma(b2, s10);
        s11 = z1.fma(b3, s11);
        FloatVector z2 = FloatVector.broadcast(F, a[a2 + k + 1]);
        s20 = z2.fma(b2, s20);
        s21 = z2.fma(b3, s21);
        FloatVector z3 = FloatVector.broadcast(F, a[a3 + k + 1]);
        s30 = z3.fma(b2, s30);
        s31 = z3.fma(b3, s31);
        p += L;
      }
      row += bStep;
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
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

  private static void multiply1x2(
      int[] pixels,
      int at,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      int[] b,
      int bBase,
      int bStep,
      float[] c) {
    int a0 = aBase + pixels[at];
    int c0 = pixels[at + 1] * 2 * L;
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    int row = bBase;
    for (int r = 0; r < rows; r++) {
      int p = row;
      for (int k = 0; k < len; k += 2) {
        IntVector four = IntVector.fromArray(I, b, p);
        FloatVector b0 = first(four);
        FloatVector b1 = second(four);
        FloatVector b2 = third(four);
        FloatVector b3 = floats(four);
        FloatVector x0 = FloatVector.broadcast(F, a[a0 + k]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        FloatVector z0 = FloatVector.broadcast(F, a[a0 + k + 1]);
        s00 = z0.fma(b2, s00);
        s01 = z0.fma(b3, s01);
        p += L;
      }
      row += bStep;
      a0 += aStep;
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
  }
}
