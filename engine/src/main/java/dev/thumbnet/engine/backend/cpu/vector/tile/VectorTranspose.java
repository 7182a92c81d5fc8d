package dev.thumbnet.engine.backend.cpu.vector.tile;

import dev.thumbnet.engine.backend.cpu.kernel.Transpose;

/**
 * Transposes blocks in registers, see {@link TransposeTiles}, which is two to four times as fast as
 * moving single numbers. With 16 lanes a block is 16 x 16, or, where neighbouring rows of eight
 * follow each other, 16 x 8 and 8 x 16; with 8 lanes it is 8 x 8. Machines with fewer lanes, and
 * what blocks leave over, take {@link Transpose}.
 */
public final class VectorTranspose {
  private static final int L = Lanes.F.length();

  /** Rows and columns that are transposed with single numbers if there are not so many. */
  private static final int FEWEST = 8;

  /** Columns that are read together: what is written of them meanwhile stays in L1. */
  private static final int STRIPE = 64;

  private VectorTranspose() {}

  public static void transpose(
      int rows, int cols, float[] a, int aBase, int aStep, float[] b, int bBase, int bStep) {
    int high = L;
    int wide = L;
    if (L < FEWEST) {
      Transpose.run(rows, cols, a, aBase, aStep, b, bBase, bStep);
      return;
    }
    if (L == 2 * FEWEST && cols == FEWEST && aStep == FEWEST) {
      wide = FEWEST;
    } else if (L == 2 * FEWEST && rows == FEWEST && bStep == FEWEST) {
      high = FEWEST;
    }
    int wholeRows = rows / high * high;
    int wholeCols = wholeRows == 0 ? 0 : cols / wide * wide;
    for (int j = 0; j < wholeCols; j += STRIPE) {
      int end = Math.min(wholeCols, j + STRIPE);
      for (int i = 0; i < wholeRows; i += high) {
        for (int k = j; k < end; k += wide) {
          block(high, wide, a, aBase + i * aStep + k, aStep, b, bBase + k * bStep + i, bStep);
        }
      }
    }
    int right = cols - wholeCols;
    Transpose.run(
        wholeRows, right, a, aBase + wholeCols, aStep, b, bBase + wholeCols * bStep, bStep);
    int from = aBase + wholeRows * aStep;
    Transpose.run(rows - wholeRows, cols, a, from, aStep, b, bBase + wholeRows, bStep);
  }

  private static void block(
      int high, int wide, float[] a, int aBase, int aStep, float[] b, int bBase, int bStep) {
    if (L == FEWEST) {
      TransposeTiles.interleaveEight(a, aBase, aStep, b, bBase, bStep);
    } else if (wide < L) {
      TransposeTiles.transpose16x8(a, aBase, aStep, b, bBase, bStep);
    } else if (high < L) {
      // Rows of B follow each other, so that each vector fills two.
      TransposeTiles.interleaveEight(a, aBase, aStep, b, bBase, 2 * bStep);
    } else {
      transpose16x16(a, aBase, aStep, b, bBase, bStep);
    }
  }

  /**
   * 16 x 16 with 16 lanes: four times interleaved, as twice by twice four vectors, because all at
   * once is more than C2 inlines. The first half leaves its results where the second, which works
   * in place, finds the four that belong together side by side.
   */
  private static void transpose16x16(
      float[] a, int aBase, int aStep, float[] b, int bBase, int bStep) {
    for (int i = 0; i < 4; i++) {
      TransposeTiles.interleaveFour(
          a, aBase + i * aStep, 4 * aStep, b, bBase + i * bStep, 4 * bStep);
    }
    for (int i = 0; i < 4; i++) {
      int at = bBase + 4 * i * bStep;
      TransposeTiles.interleaveFour(b, at, bStep, b, at, bStep);
    }
  }
}
