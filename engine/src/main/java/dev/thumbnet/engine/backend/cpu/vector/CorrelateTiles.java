package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of {@link dev.thumbnet.engine.backend.cpu.TileKernels#correlate}, rows x vectors;
 * the sizes are those of {@link MultiplyTiles}, and 8x2 and 16x1.
 *
 * <p>Rows of the result are neighbours in A, so a tile needs one pointer into A and one into B, and
 * C2 has registers enough for two nested loops. (A third loop around them made it spill 16 of 24
 * sums.)
 */
final class CorrelateTiles {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  /** With 32 registers, narrow panels have taller tiles, which load less for each multiply-add. */
  private static final boolean TALL = Tiles.widestPanel(L) == 4;

  private CorrelateTiles() {}

  static void width4(
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
      int cBase) {
    int p = aBase;
    int q = cBase;
    for (int left = rows; left > 0; ) {
      int tile = nextRows(left, 6);
      switch (tile) {
        case 6 -> correlate6x4(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
        case 4 -> correlate4x4(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
        case 3 -> correlate3x4(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
        default -> correlate1x4(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
      }
      p += tile;
      q += tile * 4 * L;
      left -= tile;
    }
  }

  static void width2(
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
      int cBase) {
    int p = aBase;
    int q = cBase;
    for (int left = rows; left > 0; ) {
      int tile = TALL && left % 8 == 0 ? 8 : nextRows(left, 6);
      switch (tile) {
        case 8 -> correlate8x2(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
        case 6 -> correlate6x2(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
        case 4 -> correlate4x2(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
        case 3 -> correlate3x2(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
        default -> correlate1x2(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
      }
      p += tile;
      q += tile * 2 * L;
      left -= tile;
    }
  }

  static void width1(
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
      int cBase) {
    int p = aBase;
    int q = cBase;
    for (int left = rows; left > 0; ) {
      int tile = TALL && left >= 16 ? 16 : nextRows(left, 8);
      switch (tile) {
        case 16 -> correlate16x1(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
        case 8 -> correlate8x1(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
        case 4 -> correlate4x1(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
        case 3 -> correlate3x1(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
        default -> correlate1x1(ny, nx, a, p, aStepY, aStepX, b, bBase, bStepY, bStepX, c, q);
      }
      p += tile;
      q += tile * L;
      left -= tile;
    }
  }

  /** As for other tiles, but three rows are a picture's colours, or what is left of 15 or 7. */
  private static int nextRows(int left, int most) {
    return left == 3 ? 3 : left == 7 ? 4 : Tiles.nextRows(left, most);
  }

  private static void correlate6x4(
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
      int cBase) {
    int c0 = cBase;
    int c1 = c0 + 4 * L;
    int c2 = c1 + 4 * L;
    int c3 = c2 + 4 * L;
    int c4 = c3 + 4 * L;
    int c5 = c4 + 4 * L;
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
    FloatVector s50 = FloatVector.fromArray(F, c, c5);
    FloatVector s51 = FloatVector.fromArray(F, c, c5 + L);
    FloatVector s52 = FloatVector.fromArray(F, c, c5 + 2 * L);
    FloatVector s53 = FloatVector.fromArray(F, c, c5 + 3 * L);
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
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
        FloatVector x4 = FloatVector.broadcast(F, a[p + 4]);
        s40 = x4.fma(b0, s40);
        s41 = x4.fma(b1, s41);
        s42 = x4.fma(b2, s42);
        s43 = x4.fma(b3, s43);
        FloatVector x5 = FloatVector.broadcast(F, a[p + 5]);
        s50 = x5.fma(b0, s50);
        s51 = x5.fma(b1, s51);
        s52 = x5.fma(b2, s52);
        s53 = x5.fma(b3, s53);
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
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
    s50.intoArray(c, c5);
    s51.intoArray(c, c5 + L);
    s52.intoArray(c, c5 + 2 * L);
    s53.intoArray(c, c5 + 3 * L);
  }

  private static void correlate4x4(
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
      int cBase) {
    int c0 = cBase;
    int c1 = c0 + 4 * L;
    int c2 = c1 + 4 * L;
    int c3 = c2 + 4 * L;
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
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
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
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
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

  private static void correlate3x4(
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
      int cBase) {
    int c0 = cBase;
    int c1 = c0 + 4 * L;
    int c2 = c1 + 4 * L;
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
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
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
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
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

  private static void correlate1x4(
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
      int cBase) {
    int c0 = cBase;
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    FloatVector s02 = FloatVector.fromArray(F, c, c0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(F, c, c0 + 3 * L);
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector b1 = FloatVector.fromArray(F, b, q + L);
        FloatVector b2 = FloatVector.fromArray(F, b, q + 2 * L);
        FloatVector b3 = FloatVector.fromArray(F, b, q + 3 * L);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        s02 = x0.fma(b2, s02);
        s03 = x0.fma(b3, s03);
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
    s02.intoArray(c, c0 + 2 * L);
    s03.intoArray(c, c0 + 3 * L);
  }

  private static void correlate8x2(
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
      int cBase) {
    int c0 = cBase;
    int c1 = c0 + 2 * L;
    int c2 = c1 + 2 * L;
    int c3 = c2 + 2 * L;
    int c4 = c3 + 2 * L;
    int c5 = c4 + 2 * L;
    int c6 = c5 + 2 * L;
    int c7 = c6 + 2 * L;
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
    FloatVector s60 = FloatVector.fromArray(F, c, c6);
    FloatVector s61 = FloatVector.fromArray(F, c, c6 + L);
    FloatVector s70 = FloatVector.fromArray(F, c, c7);
    FloatVector s71 = FloatVector.fromArray(F, c, c7 + L);
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector b1 = FloatVector.fromArray(F, b, q + L);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        FloatVector x1 = FloatVector.broadcast(F, a[p + 1]);
        s10 = x1.fma(b0, s10);
        s11 = x1.fma(b1, s11);
        FloatVector x2 = FloatVector.broadcast(F, a[p + 2]);
        s20 = x2.fma(b0, s20);
        s21 = x2.fma(b1, s21);
        FloatVector x3 = FloatVector.broadcast(F, a[p + 3]);
        s30 = x3.fma(b0, s30);
        s31 = x3.fma(b1, s31);
        FloatVector x4 = FloatVector.broadcast(F, a[p + 4]);
        s40 = x4.fma(b0, s40);
        s41 = x4.fma(b1, s41);
        FloatVector x5 = FloatVector.broadcast(F, a[p + 5]);
        s50 = x5.fma(b0, s50);
        s51 = x5.fma(b1, s51);
        FloatVector x6 = FloatVector.broadcast(F, a[p + 6]);
        s60 = x6.fma(b0, s60);
        s61 = x6.fma(b1, s61);
        FloatVector x7 = FloatVector.broadcast(F, a[p + 7]);
        s70 = x7.fma(b0, s70);
        s71 = x7.fma(b1, s71);
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
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
    s60.intoArray(c, c6);
    s61.intoArray(c, c6 + L);
    s70.intoArray(c, c7);
    s71.intoArray(c, c7 + L);
  }

  private static void correlate6x2(
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
      int cBase) {
    int c0 = cBase;
    int c1 = c0 + 2 * L;
    int c2 = c1 + 2 * L;
    int c3 = c2 + 2 * L;
    int c4 = c3 + 2 * L;
    int c5 = c4 + 2 * L;
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
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector b1 = FloatVector.fromArray(F, b, q + L);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        FloatVector x1 = FloatVector.broadcast(F, a[p + 1]);
        s10 = x1.fma(b0, s10);
        s11 = x1.fma(b1, s11);
        FloatVector x2 = FloatVector.broadcast(F, a[p + 2]);
        s20 = x2.fma(b0, s20);
        s21 = x2.fma(b1, s21);
        FloatVector x3 = FloatVector.broadcast(F, a[p + 3]);
        s30 = x3.fma(b0, s30);
        s31 = x3.fma(b1, s31);
        FloatVector x4 = FloatVector.broadcast(F, a[p + 4]);
        s40 = x4.fma(b0, s40);
        s41 = x4.fma(b1, s41);
        FloatVector x5 = FloatVector.broadcast(F, a[p + 5]);
        s50 = x5.fma(b0, s50);
        s51 = x5.fma(b1, s51);
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
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

  private static void correlate4x2(
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
      int cBase) {
    int c0 = cBase;
    int c1 = c0 + 2 * L;
    int c2 = c1 + 2 * L;
    int c3 = c2 + 2 * L;
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    FloatVector s10 = FloatVector.fromArray(F, c, c1);
    FloatVector s11 = FloatVector.fromArray(F, c, c1 + L);
    FloatVector s20 = FloatVector.fromArray(F, c, c2);
    FloatVector s21 = FloatVector.fromArray(F, c, c2 + L);
    FloatVector s30 = FloatVector.fromArray(F, c, c3);
    FloatVector s31 = FloatVector.fromArray(F, c, c3 + L);
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector b1 = FloatVector.fromArray(F, b, q + L);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        FloatVector x1 = FloatVector.broadcast(F, a[p + 1]);
        s10 = x1.fma(b0, s10);
        s11 = x1.fma(b1, s11);
        FloatVector x2 = FloatVector.broadcast(F, a[p + 2]);
        s20 = x2.fma(b0, s20);
        s21 = x2.fma(b1, s21);
        FloatVector x3 = FloatVector.broadcast(F, a[p + 3]);
        s30 = x3.fma(b0, s30);
        s31 = x3.fma(b1, s31);
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
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

  private static void correlate3x2(
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
      int cBase) {
    int c0 = cBase;
    int c1 = c0 + 2 * L;
    int c2 = c1 + 2 * L;
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    FloatVector s10 = FloatVector.fromArray(F, c, c1);
    FloatVector s11 = FloatVector.fromArray(F, c, c1 + L);
    FloatVector s20 = FloatVector.fromArray(F, c, c2);
    FloatVector s21 = FloatVector.fromArray(F, c, c2 + L);
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector b1 = FloatVector.fromArray(F, b, q + L);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        FloatVector x1 = FloatVector.broadcast(F, a[p + 1]);
        s10 = x1.fma(b0, s10);
        s11 = x1.fma(b1, s11);
        FloatVector x2 = FloatVector.broadcast(F, a[p + 2]);
        s20 = x2.fma(b0, s20);
        s21 = x2.fma(b1, s21);
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + L);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + L);
  }

  private static void correlate1x2(
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
      int cBase) {
    int c0 = cBase;
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s01 = FloatVector.fromArray(F, c, c0 + L);
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector b1 = FloatVector.fromArray(F, b, q + L);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        s01 = x0.fma(b1, s01);
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + L);
  }

  private static void correlate16x1(
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
      int cBase) {
    int c0 = cBase;
    int c1 = c0 + L;
    int c2 = c1 + L;
    int c3 = c2 + L;
    int c4 = c3 + L;
    int c5 = c4 + L;
    int c6 = c5 + L;
    int c7 = c6 + L;
    int c8 = c7 + L;
    int c9 = c8 + L;
    int c10 = c9 + L;
    int c11 = c10 + L;
    int c12 = c11 + L;
    int c13 = c12 + L;
    int c14 = c13 + L;
    int c15 = c14 + L;
    FloatVector s0 = FloatVector.fromArray(F, c, c0);
    FloatVector s1 = FloatVector.fromArray(F, c, c1);
    FloatVector s2 = FloatVector.fromArray(F, c, c2);
    FloatVector s3 = FloatVector.fromArray(F, c, c3);
    FloatVector s4 = FloatVector.fromArray(F, c, c4);
    FloatVector s5 = FloatVector.fromArray(F, c, c5);
    FloatVector s6 = FloatVector.fromArray(F, c, c6);
    FloatVector s7 = FloatVector.fromArray(F, c, c7);
    FloatVector s8 = FloatVector.fromArray(F, c, c8);
    FloatVector s9 = FloatVector.fromArray(F, c, c9);
    FloatVector s10 = FloatVector.fromArray(F, c, c10);
    FloatVector s11 = FloatVector.fromArray(F, c, c11);
    FloatVector s12 = FloatVector.fromArray(F, c, c12);
    FloatVector s13 = FloatVector.fromArray(F, c, c13);
    FloatVector s14 = FloatVector.fromArray(F, c, c14);
    FloatVector s15 = FloatVector.fromArray(F, c, c15);
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s0 = x0.fma(b0, s0);
        FloatVector x1 = FloatVector.broadcast(F, a[p + 1]);
        s1 = x1.fma(b0, s1);
        FloatVector x2 = FloatVector.broadcast(F, a[p + 2]);
        s2 = x2.fma(b0, s2);
        FloatVector x3 = FloatVector.broadcast(F, a[p + 3]);
        s3 = x3.fma(b0, s3);
        FloatVector x4 = FloatVector.broadcast(F, a[p + 4]);
        s4 = x4.fma(b0, s4);
        FloatVector x5 = FloatVector.broadcast(F, a[p + 5]);
        s5 = x5.fma(b0, s5);
        FloatVector x6 = FloatVector.broadcast(F, a[p + 6]);
        s6 = x6.fma(b0, s6);
        FloatVector x7 = FloatVector.broadcast(F, a[p + 7]);
        s7 = x7.fma(b0, s7);
        FloatVector x8 = FloatVector.broadcast(F, a[p + 8]);
        s8 = x8.fma(b0, s8);
        FloatVector x9 = FloatVector.broadcast(F, a[p + 9]);
        s9 = x9.fma(b0, s9);
        FloatVector x10 = FloatVector.broadcast(F, a[p + 10]);
        s10 = x10.fma(b0, s10);
        FloatVector x11 = FloatVector.broadcast(F, a[p + 11]);
        s11 = x11.fma(b0, s11);
        FloatVector x12 = FloatVector.broadcast(F, a[p + 12]);
        s12 = x12.fma(b0, s12);
        FloatVector x13 = FloatVector.broadcast(F, a[p + 13]);
        s13 = x13.fma(b0, s13);
        FloatVector x14 = FloatVector.broadcast(F, a[p + 14]);
        s14 = x14.fma(b0, s14);
        FloatVector x15 = FloatVector.broadcast(F, a[p + 15]);
        s15 = x15.fma(b0, s15);
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
    }
    s0.intoArray(c, c0);
    s1.intoArray(c, c1);
    s2.intoArray(c, c2);
    s3.intoArray(c, c3);
    s4.intoArray(c, c4);
    s5.intoArray(c, c5);
    s6.intoArray(c, c6);
    s7.intoArray(c, c7);
    s8.intoArray(c, c8);
    s9.intoArray(c, c9);
    s10.intoArray(c, c10);
    s11.intoArray(c, c11);
    s12.intoArray(c, c12);
    s13.intoArray(c, c13);
    s14.intoArray(c, c14);
    s15.intoArray(c, c15);
  }

  private static void correlate8x1(
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
      int cBase) {
    int c0 = cBase;
    int c1 = c0 + L;
    int c2 = c1 + L;
    int c3 = c2 + L;
    int c4 = c3 + L;
    int c5 = c4 + L;
    int c6 = c5 + L;
    int c7 = c6 + L;
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s10 = FloatVector.fromArray(F, c, c1);
    FloatVector s20 = FloatVector.fromArray(F, c, c2);
    FloatVector s30 = FloatVector.fromArray(F, c, c3);
    FloatVector s40 = FloatVector.fromArray(F, c, c4);
    FloatVector s50 = FloatVector.fromArray(F, c, c5);
    FloatVector s60 = FloatVector.fromArray(F, c, c6);
    FloatVector s70 = FloatVector.fromArray(F, c, c7);
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        FloatVector x1 = FloatVector.broadcast(F, a[p + 1]);
        s10 = x1.fma(b0, s10);
        FloatVector x2 = FloatVector.broadcast(F, a[p + 2]);
        s20 = x2.fma(b0, s20);
        FloatVector x3 = FloatVector.broadcast(F, a[p + 3]);
        s30 = x3.fma(b0, s30);
        FloatVector x4 = FloatVector.broadcast(F, a[p + 4]);
        s40 = x4.fma(b0, s40);
        FloatVector x5 = FloatVector.broadcast(F, a[p + 5]);
        s50 = x5.fma(b0, s50);
        FloatVector x6 = FloatVector.broadcast(F, a[p + 6]);
        s60 = x6.fma(b0, s60);
        FloatVector x7 = FloatVector.broadcast(F, a[p + 7]);
        s70 = x7.fma(b0, s70);
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
    }
    s00.intoArray(c, c0);
    s10.intoArray(c, c1);
    s20.intoArray(c, c2);
    s30.intoArray(c, c3);
    s40.intoArray(c, c4);
    s50.intoArray(c, c5);
    s60.intoArray(c, c6);
    s70.intoArray(c, c7);
  }

  private static void correlate4x1(
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
      int cBase) {
    int c0 = cBase;
    int c1 = c0 + L;
    int c2 = c1 + L;
    int c3 = c2 + L;
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s10 = FloatVector.fromArray(F, c, c1);
    FloatVector s20 = FloatVector.fromArray(F, c, c2);
    FloatVector s30 = FloatVector.fromArray(F, c, c3);
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        FloatVector x1 = FloatVector.broadcast(F, a[p + 1]);
        s10 = x1.fma(b0, s10);
        FloatVector x2 = FloatVector.broadcast(F, a[p + 2]);
        s20 = x2.fma(b0, s20);
        FloatVector x3 = FloatVector.broadcast(F, a[p + 3]);
        s30 = x3.fma(b0, s30);
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
    }
    s00.intoArray(c, c0);
    s10.intoArray(c, c1);
    s20.intoArray(c, c2);
    s30.intoArray(c, c3);
  }

  private static void correlate3x1(
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
      int cBase) {
    int c0 = cBase;
    int c1 = c0 + L;
    int c2 = c1 + L;
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    FloatVector s10 = FloatVector.fromArray(F, c, c1);
    FloatVector s20 = FloatVector.fromArray(F, c, c2);
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        FloatVector x1 = FloatVector.broadcast(F, a[p + 1]);
        s10 = x1.fma(b0, s10);
        FloatVector x2 = FloatVector.broadcast(F, a[p + 2]);
        s20 = x2.fma(b0, s20);
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
    }
    s00.intoArray(c, c0);
    s10.intoArray(c, c1);
    s20.intoArray(c, c2);
  }

  private static void correlate1x1(
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
      int cBase) {
    int c0 = cBase;
    FloatVector s00 = FloatVector.fromArray(F, c, c0);
    int rowA = aBase;
    int rowB = bBase;
    for (int y = 0; y < ny; y++) {
      int p = rowA;
      int q = rowB;
      for (int x = 0; x < nx; x++) {
        FloatVector b0 = FloatVector.fromArray(F, b, q);
        FloatVector x0 = FloatVector.broadcast(F, a[p]);
        s00 = x0.fma(b0, s00);
        p += aStepX;
        q += bStepX;
      }
      rowA += aStepY;
      rowB += bStepY;
    }
    s00.intoArray(c, c0);
  }
}
