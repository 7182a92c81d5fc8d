package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.Transpose;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes blocks in registers, which is two to four times as fast as moving single numbers. With
 * 16 lanes a block is 16 x 16, or, where neighbouring rows of eight follow each other, 16 x 8 and 8
 * x 16; with 8 lanes it is 8 x 8. Machines with fewer lanes, and what blocks leave over, take
 * {@link Transpose}.
 *
 * <p>Of n vectors, i and i + n/2 are interleaved, like two halves of a pack of cards, and give
 * vectors 2i and 2i + 1. That rotates the bits of the number (vector, lane) by one; done as often
 * as a row or a column has bits, it exchanges row and column.
 */
final class TransposeTiles {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  /** Rows and columns that are transposed with single numbers if there are not so many. */
  private static final int FEWEST = 8;

  /** Columns that are read together: what is written of them meanwhile stays in L1. */
  private static final int STRIPE = 64;

  /** Each lane of the lower half twice, and of the upper half. */
  private static final VectorShuffle<Float> LOW = VectorShuffle.fromOp(F, i -> i / 2);

  private static final VectorShuffle<Float> HIGH = VectorShuffle.fromOp(F, i -> (L + i) / 2);

  private static final VectorMask<Float> ODD = VectorMask.fromLong(F, 0xaaaa);

  /** The even lanes, twice, and the odd ones. */
  private static final VectorShuffle<Float> EVENS = VectorShuffle.fromOp(F, i -> 2 * i % L);

  private static final VectorShuffle<Float> ODDS = VectorShuffle.fromOp(F, i -> 2 * i % L + 1);

  private static final VectorMask<Float> UPPER = VectorMask.fromLong(F, -1L << L / 2);

  private TransposeTiles() {}

  static void transpose(
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
      interleaveEight(a, aBase, aStep, b, bBase, bStep);
    } else if (wide < L) {
      transpose16x8(a, aBase, aStep, b, bBase, bStep);
    } else if (high < L) {
      // Rows of B follow each other, so that each vector fills two.
      interleaveEight(a, aBase, aStep, b, bBase, 2 * bStep);
    } else {
      transpose16x16(a, aBase, aStep, b, bBase, bStep);
    }
  }

  private static FloatVector low(FloatVector x, FloatVector y) {
    return x.rearrange(LOW).blend(y.rearrange(LOW), ODD);
  }

  private static FloatVector high(FloatVector x, FloatVector y) {
    return x.rearrange(HIGH).blend(y.rearrange(HIGH), ODD);
  }

  private static FloatVector even(FloatVector x, FloatVector y) {
    return x.rearrange(EVENS).blend(y.rearrange(EVENS), UPPER);
  }

  private static FloatVector odd(FloatVector x, FloatVector y) {
    return x.rearrange(ODDS).blend(y.rearrange(ODDS), UPPER);
  }

  /** Interleaves eight vectors three times: 8 x 8 with 8 lanes, 8 x 16 with 16. */
  private static void interleaveEight(
      float[] a, int aBase, int aStep, float[] b, int bBase, int bStep) {
    FloatVector r0 = FloatVector.fromArray(F, a, aBase);
    FloatVector r1 = FloatVector.fromArray(F, a, aBase + aStep);
    FloatVector r2 = FloatVector.fromArray(F, a, aBase + 2 * aStep);
    FloatVector r3 = FloatVector.fromArray(F, a, aBase + 3 * aStep);
    FloatVector r4 = FloatVector.fromArray(F, a, aBase + 4 * aStep);
    FloatVector r5 = FloatVector.fromArray(F, a, aBase + 5 * aStep);
    FloatVector r6 = FloatVector.fromArray(F, a, aBase + 6 * aStep);
    FloatVector r7 = FloatVector.fromArray(F, a, aBase + 7 * aStep);
    FloatVector s0 = low(r0, r4);
    FloatVector s1 = high(r0, r4);
    FloatVector s2 = low(r1, r5);
    FloatVector s3 = high(r1, r5);
    FloatVector s4 = low(r2, r6);
    FloatVector s5 = high(r2, r6);
    FloatVector s6 = low(r3, r7);
    FloatVector s7 = high(r3, r7);
    FloatVector t0 = low(s0, s4);
    FloatVector t1 = high(s0, s4);
    FloatVector t2 = low(s1, s5);
    FloatVector t3 = high(s1, s5);
    FloatVector t4 = low(s2, s6);
    FloatVector t5 = high(s2, s6);
    FloatVector t6 = low(s3, s7);
    FloatVector t7 = high(s3, s7);
    FloatVector u0 = low(t0, t4);
    FloatVector u1 = high(t0, t4);
    FloatVector u2 = low(t1, t5);
    FloatVector u3 = high(t1, t5);
    FloatVector u4 = low(t2, t6);
    FloatVector u5 = high(t2, t6);
    FloatVector u6 = low(t3, t7);
    FloatVector u7 = high(t3, t7);
    u0.intoArray(b, bBase);
    u1.intoArray(b, bBase + bStep);
    u2.intoArray(b, bBase + 2 * bStep);
    u3.intoArray(b, bBase + 3 * bStep);
    u4.intoArray(b, bBase + 4 * bStep);
    u5.intoArray(b, bBase + 5 * bStep);
    u6.intoArray(b, bBase + 6 * bStep);
    u7.intoArray(b, bBase + 7 * bStep);
  }

  /**
   * 16 x 16 with 16 lanes: four times interleaved, as twice by twice four vectors, because all at
   * once is more than C2 inlines. The first half leaves its results where the second, which works
   * in place, finds the four that belong together side by side.
   */
  private static void transpose16x16(
      float[] a, int aBase, int aStep, float[] b, int bBase, int bStep) {
    for (int i = 0; i < 4; i++) {
      interleaveFour(a, aBase + i * aStep, 4 * aStep, b, bBase + i * bStep, 4 * bStep);
    }
    for (int i = 0; i < 4; i++) {
      int at = bBase + 4 * i * bStep;
      interleaveFour(b, at, bStep, b, at, bStep);
    }
  }

  /** Interleaves vectors i, i + n/4, i + n/2 and i + 3n/4 twice, which gives 4i to 4i + 3. */
  private static void interleaveFour(
      float[] a, int aBase, int aStep, float[] b, int bBase, int bStep) {
    FloatVector r0 = FloatVector.fromArray(F, a, aBase);
    FloatVector r1 = FloatVector.fromArray(F, a, aBase + aStep);
    FloatVector r2 = FloatVector.fromArray(F, a, aBase + 2 * aStep);
    FloatVector r3 = FloatVector.fromArray(F, a, aBase + 3 * aStep);
    FloatVector s0 = low(r0, r2);
    FloatVector s1 = high(r0, r2);
    FloatVector s2 = low(r1, r3);
    FloatVector s3 = high(r1, r3);
    low(s0, s2).intoArray(b, bBase);
    high(s0, s2).intoArray(b, bBase + bStep);
    low(s1, s3).intoArray(b, bBase + 2 * bStep);
    high(s1, s3).intoArray(b, bBase + 3 * bStep);
  }

  /**
   * 16 x 8 with 16 lanes: rows of A follow each other, so that each vector holds two. Seven bits
   * are rotated by three in the other direction instead of four in this one.
   */
  private static void transpose16x8(
      float[] a, int aBase, int aStep, float[] b, int bBase, int bStep) {
    FloatVector r0 = FloatVector.fromArray(F, a, aBase);
    FloatVector r1 = FloatVector.fromArray(F, a, aBase + 2 * aStep);
    FloatVector r2 = FloatVector.fromArray(F, a, aBase + 4 * aStep);
    FloatVector r3 = FloatVector.fromArray(F, a, aBase + 6 * aStep);
    FloatVector r4 = FloatVector.fromArray(F, a, aBase + 8 * aStep);
    FloatVector r5 = FloatVector.fromArray(F, a, aBase + 10 * aStep);
    FloatVector r6 = FloatVector.fromArray(F, a, aBase + 12 * aStep);
    FloatVector r7 = FloatVector.fromArray(F, a, aBase + 14 * aStep);
    FloatVector s0 = even(r0, r1);
    FloatVector s1 = even(r2, r3);
    FloatVector s2 = even(r4, r5);
    FloatVector s3 = even(r6, r7);
    FloatVector s4 = odd(r0, r1);
    FloatVector s5 = odd(r2, r3);
    FloatVector s6 = odd(r4, r5);
    FloatVector s7 = odd(r6, r7);
    FloatVector t0 = even(s0, s1);
    FloatVector t1 = even(s2, s3);
    FloatVector t2 = even(s4, s5);
    FloatVector t3 = even(s6, s7);
    FloatVector t4 = odd(s0, s1);
    FloatVector t5 = odd(s2, s3);
    FloatVector t6 = odd(s4, s5);
    FloatVector t7 = odd(s6, s7);
    FloatVector u0 = even(t0, t1);
    FloatVector u1 = even(t2, t3);
    FloatVector u2 = even(t4, t5);
    FloatVector u3 = even(t6, t7);
    FloatVector u4 = odd(t0, t1);
    FloatVector u5 = odd(t2, t3);
    FloatVector u6 = odd(t4, t5);
    FloatVector u7 = odd(t6, t7);
    u0.intoArray(b, bBase);
    u1.intoArray(b, bBase + bStep);
    u2.intoArray(b, bBase + 2 * bStep);
    u3.intoArray(b, bBase + 3 * bStep);
    u4.intoArray(b, bBase + 4 * bStep);
    u5.intoArray(b, bBase + 5 * bStep);
    u6.intoArray(b, bBase + 6 * bStep);
    u7.intoArray(b, bBase + 7 * bStep);
  }
}
