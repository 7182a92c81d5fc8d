package dev.thumbnet.engine.backend.cpu.vector;

import static dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels.UNITED;
import static dev.thumbnet.engine.backend.cpu.vector.VectorWinogradStrided4.COLUMN;
import static dev.thumbnet.engine.backend.cpu.vector.VectorWinogradStrided4.ROW;
import static dev.thumbnet.engine.backend.cpu.vector.VectorWinogradStrided4.SIZE;

import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The two directions of the transforms of {@link VectorWinogradStrided4}, each on vectors of
 * channels.
 */
final class WinogradStrided4Transforms {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  /** The point √½ and, as the other is its inverse, √2. */
  private static final float P = (float) Math.sqrt(0.5);

  private static final float Q = (float) Math.sqrt(2);

  private WinogradStrided4Transforms() {}

  static void evenColumns(int count, float[] x, int from, int item, int tap, float[] y, int to) {
    FloatVector minusHalf = FloatVector.broadcast(F, -0.5f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector minusP = FloatVector.broadcast(F, -P);
    FloatVector minusP3 = FloatVector.broadcast(F, P * -3);
    FloatVector minusQ = FloatVector.broadcast(F, -Q);
    int i0 = from;
    int i2 = from + tap;
    int i4 = from + 2 * tap;
    int i6 = from + 3 * tap;
    int i8 = from + 4 * tap;
    for (int j = to; j < to + count * COLUMN; j += COLUMN) {
      FloatVector d0 = FloatVector.fromArray(F, x, i0);
      FloatVector d2 = FloatVector.fromArray(F, x, i2);
      FloatVector d4 = FloatVector.fromArray(F, x, i4);
      FloatVector d6 = FloatVector.fromArray(F, x, i6);
      FloatVector d8 = FloatVector.fromArray(F, x, i8);
      FloatVector odd = d2.fma(minusHalf, d6);
      odd.fma(minusQ, d4.fma(minusHalf, d8)).intoArray(y, j);
      d4.fma(minusQ, d0.fma(p, odd)).intoArray(y, j + UNITED);
      d4.fma(minusP, d6.sub(d2)).intoArray(y, j + 3 * UNITED);
      d4.fma(minusP3, d6.add(d2)).intoArray(y, j + 5 * UNITED);
      odd.intoArray(y, j + 7 * UNITED);
      i0 += item;
      i2 += item;
      i4 += item;
      i6 += item;
      i8 += item;
    }
  }

  static void oddColumns(int count, float[] x, int from, int item, int tap, float[] y, int to) {
    int i0 = from;
    int i1 = from + tap;
    int i2 = from + 2 * tap;
    int i3 = from + 3 * tap;
    for (int j = to; j < to + count * COLUMN; j += COLUMN) {
      FloatVector.fromArray(F, x, i0).intoArray(y, j);
      FloatVector.fromArray(F, x, i1).intoArray(y, j + 2 * UNITED);
      FloatVector.fromArray(F, x, i2).intoArray(y, j + 4 * UNITED);
      FloatVector.fromArray(F, x, i3).intoArray(y, j + 6 * UNITED);
      i0 += item;
      i1 += item;
      i2 += item;
      i3 += item;
    }
  }

  static void evenRows(
      int rows, int count, float[] x, int from, float[] y, int to, int toItem, int toTap) {
    FloatVector minusHalf = FloatVector.broadcast(F, -0.5f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector minusP = FloatVector.broadcast(F, -P);
    FloatVector minusP3 = FloatVector.broadcast(F, P * -3);
    FloatVector minusQ = FloatVector.broadcast(F, -Q);
    for (int k = 0; k < rows; k++) {
      int j0 = to + k * SIZE * toTap;
      int j1 = j0 + toTap;
      int j3 = j0 + 3 * toTap;
      int j5 = j0 + 5 * toTap;
      int j7 = j0 + 7 * toTap;
      int end = from + k * UNITED + count * 8 * COLUMN;
      for (int i = from + k * UNITED; i < end; i += 8 * COLUMN) {
        FloatVector d0 = FloatVector.fromArray(F, x, i);
        FloatVector d2 = FloatVector.fromArray(F, x, i + 2 * COLUMN);
        FloatVector d4 = FloatVector.fromArray(F, x, i + 4 * COLUMN);
        FloatVector d6 = FloatVector.fromArray(F, x, i + 6 * COLUMN);
        FloatVector d8 = FloatVector.fromArray(F, x, i + 8 * COLUMN);
        FloatVector odd = d2.fma(minusHalf, d6);
        odd.fma(minusQ, d4.fma(minusHalf, d8)).intoArray(y, j0);
        d4.fma(minusQ, d0.fma(p, odd)).intoArray(y, j1);
        d4.fma(minusP, d6.sub(d2)).intoArray(y, j3);
        d4.fma(minusP3, d6.add(d2)).intoArray(y, j5);
        odd.intoArray(y, j7);
        j0 += toItem;
        j1 += toItem;
        j3 += toItem;
        j5 += toItem;
        j7 += toItem;
      }
    }
  }

  static void oddRows(
      int rows, int count, float[] x, int from, float[] y, int to, int toItem, int toTap) {
    for (int k = 0; k < rows; k++) {
      int j0 = to + k * SIZE * toTap;
      int j1 = j0 + 2 * toTap;
      int j2 = j0 + 4 * toTap;
      int j3 = j0 + 6 * toTap;
      int end = from + k * UNITED + count * 8 * COLUMN;
      for (int i = from + k * UNITED; i < end; i += 8 * COLUMN) {
        FloatVector.fromArray(F, x, i).intoArray(y, j0);
        FloatVector.fromArray(F, x, i + 2 * COLUMN).intoArray(y, j1);
        FloatVector.fromArray(F, x, i + 4 * COLUMN).intoArray(y, j2);
        FloatVector.fromArray(F, x, i + 6 * COLUMN).intoArray(y, j3);
        j0 += toItem;
        j1 += toItem;
        j2 += toItem;
        j3 += toItem;
      }
    }
  }

  static void inputs3(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    FloatVector minusHalf = FloatVector.broadcast(F, -0.5f);
    FloatVector more = FloatVector.broadcast(F, 1.5f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector minusP = FloatVector.broadcast(F, -P);
    FloatVector minusP3 = FloatVector.broadcast(F, P * -3);
    FloatVector minusQ = FloatVector.broadcast(F, -Q);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector d0 = FloatVector.fromArray(F, x, i);
      FloatVector d1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector d2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector d3 = FloatVector.fromArray(F, x, i + 3 * tap);
      FloatVector d4 = FloatVector.fromArray(F, x, i + 4 * tap);
      FloatVector d5 = FloatVector.fromArray(F, x, i + 5 * tap);
      FloatVector d6 = FloatVector.fromArray(F, x, i + 6 * tap);
      d2.fma(minusHalf, d6).intoArray(y, j);
      d4.fma(minusQ, d0.mul(p)).intoArray(y, j + toTap);
      d1.intoArray(y, j + 2 * toTap);
      d4.fma(minusP, d2.mul(minusHalf)).intoArray(y, j + 3 * toTap);
      d3.intoArray(y, j + 4 * toTap);
      d4.fma(minusP3, d2.mul(more)).intoArray(y, j + 5 * toTap);
      d5.intoArray(y, j + 6 * toTap);
      i += item;
      j += toItem;
    }
  }

  static void inputs2(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector minusP = FloatVector.broadcast(F, -P);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector d0 = FloatVector.fromArray(F, x, i);
      FloatVector d1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector d2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector d3 = FloatVector.fromArray(F, x, i + 3 * tap);
      FloatVector d4 = FloatVector.fromArray(F, x, i + 4 * tap);
      d2.fma(minusP, d4).intoArray(y, j);
      d0.mul(p).sub(d2).intoArray(y, j + toTap);
      d1.intoArray(y, j + 2 * toTap);
      d2.neg().intoArray(y, j + 3 * toTap);
      d3.intoArray(y, j + 4 * toTap);
      i += item;
      j += toItem;
    }
  }

  static void inputs1(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    FloatVector p = FloatVector.broadcast(F, P);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector d0 = FloatVector.fromArray(F, x, i);
      FloatVector d1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector d2 = FloatVector.fromArray(F, x, i + 2 * tap);
      d2.intoArray(y, j);
      d0.mul(p).intoArray(y, j + toTap);
      d1.intoArray(y, j + 2 * toTap);
      i += item;
      j += toItem;
    }
  }

  static void outputColumns4(int count, float[] x, int from, int item, int tap, float[] y) {
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    FloatVector two = FloatVector.broadcast(F, 2f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector q = FloatVector.broadcast(F, Q);
    FloatVector p3 = FloatVector.broadcast(F, P / 2);
    FloatVector q3 = FloatVector.broadcast(F, Q * 2);
    int i0 = from;
    int i1 = from + tap;
    int i2 = from + 2 * tap;
    int i3 = from + 3 * tap;
    int i4 = from + 4 * tap;
    int i5 = from + 5 * tap;
    int i6 = from + 6 * tap;
    int i7 = from + 7 * tap;
    int i8 = from + 8 * tap;
    for (int j = 0; j < count * L; j += L) {
      FloatVector m0 = FloatVector.fromArray(F, x, i0);
      FloatVector m1 = FloatVector.fromArray(F, x, i1);
      FloatVector m2 = FloatVector.fromArray(F, x, i2);
      FloatVector m3 = FloatVector.fromArray(F, x, i3);
      FloatVector m4 = FloatVector.fromArray(F, x, i4);
      FloatVector m5 = FloatVector.fromArray(F, x, i5);
      FloatVector m6 = FloatVector.fromArray(F, x, i6);
      FloatVector m7 = FloatVector.fromArray(F, x, i7);
      FloatVector m8 = FloatVector.fromArray(F, x, i8);
      FloatVector even = m3.add(m5);
      FloatVector odd = m3.sub(m5);
      m1.add(even).add(m7).add(m2).intoArray(y, j);
      m7.fma(q, odd.fma(p, m4)).intoArray(y, j + ROW);
      m7.fma(two, even.fma(half, m6)).intoArray(y, j + 2 * ROW);
      m7.fma(q3, odd.fma(p3, m0.add(m8))).intoArray(y, j + 3 * ROW);
      i0 += item;
      i1 += item;
      i2 += item;
      i3 += item;
      i4 += item;
      i5 += item;
      i6 += item;
      i7 += item;
      i8 += item;
    }
  }

  static void outputRows4(
      int count, float[] x, float[] bias, int v, float[] y, int to, int toItem, int toTap) {
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    FloatVector two = FloatVector.broadcast(F, 2f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector q = FloatVector.broadcast(F, Q);
    FloatVector p3 = FloatVector.broadcast(F, P / 2);
    FloatVector q3 = FloatVector.broadcast(F, Q * 2);
    FloatVector b = FloatVector.fromArray(F, bias, v);
    int j0 = to;
    int j1 = to + toTap;
    int j2 = to + 2 * toTap;
    int j3 = to + 3 * toTap;
    for (int i = 0; i < count * ROW; i += ROW) {
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m1 = FloatVector.fromArray(F, x, i + L);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * L);
      FloatVector m3 = FloatVector.fromArray(F, x, i + 3 * L);
      FloatVector m4 = FloatVector.fromArray(F, x, i + 4 * L);
      FloatVector m5 = FloatVector.fromArray(F, x, i + 5 * L);
      FloatVector m6 = FloatVector.fromArray(F, x, i + 6 * L);
      FloatVector m7 = FloatVector.fromArray(F, x, i + 7 * L);
      FloatVector m8 = FloatVector.fromArray(F, x, i + 8 * L);
      FloatVector even = m3.add(m5);
      FloatVector odd = m3.sub(m5);
      m1.add(even).add(m7).add(m2.add(b)).intoArray(y, j0);
      m7.fma(q, odd.fma(p, m4.add(b))).intoArray(y, j1);
      m7.fma(two, even.fma(half, m6.add(b))).intoArray(y, j2);
      m7.fma(q3, odd.fma(p3, m0.add(m8).add(b))).intoArray(y, j3);
      j0 += toItem;
      j1 += toItem;
      j2 += toItem;
      j3 += toItem;
    }
  }

  static void outputs3(
      int count,
      float[] x,
      int from,
      int item,
      int tap,
      float[] bias,
      int v,
      float[] y,
      int to,
      int toItem,
      int toTap) {
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector b = FloatVector.fromArray(F, bias, v);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector m3 = FloatVector.fromArray(F, x, i + 3 * tap);
      FloatVector m4 = FloatVector.fromArray(F, x, i + 4 * tap);
      FloatVector m5 = FloatVector.fromArray(F, x, i + 5 * tap);
      FloatVector m6 = FloatVector.fromArray(F, x, i + 6 * tap);
      FloatVector even = m3.add(m5);
      FloatVector odd = m3.sub(m5);
      m1.add(even).add(m2).add(b).intoArray(y, j);
      odd.fma(p, m4.add(b)).intoArray(y, j + toTap);
      even.fma(half, m0.add(m6).add(b)).intoArray(y, j + 2 * toTap);
      i += item;
      j += toItem;
    }
  }

  static void outputs2(
      int count,
      float[] x,
      int from,
      int item,
      int tap,
      float[] bias,
      int v,
      float[] y,
      int to,
      int toItem,
      int toTap) {
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector b = FloatVector.fromArray(F, bias, v);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector m3 = FloatVector.fromArray(F, x, i + 3 * tap);
      FloatVector m4 = FloatVector.fromArray(F, x, i + 4 * tap);
      m1.add(m3).add(m2).add(b).intoArray(y, j);
      m3.fma(p, m0.add(m4).add(b)).intoArray(y, j + toTap);
      i += item;
      j += toItem;
    }
  }

  static void outputs1(
      int count,
      float[] x,
      int from,
      int item,
      int tap,
      float[] bias,
      int v,
      float[] y,
      int to,
      int toItem,
      int toTap) {
    FloatVector b = FloatVector.fromArray(F, bias, v);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * tap);
      m0.add(m1).add(m2).add(b).intoArray(y, j);
      i += item;
      j += toItem;
    }
  }

  static void weights(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    FloatVector third = FloatVector.broadcast(F, 1f / 3);
    FloatVector twoThirds = FloatVector.broadcast(F, 2f / 3);
    FloatVector q = FloatVector.broadcast(F, Q);
    FloatVector minusQ = FloatVector.broadcast(F, -Q);
    FloatVector minusQ3 = FloatVector.broadcast(F, Q / -3);
    FloatVector p23 = FloatVector.broadcast(F, P * 2 / 3);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector g0 = FloatVector.fromArray(F, x, i);
      FloatVector g1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector g2 = FloatVector.fromArray(F, x, i + 2 * tap);
      g2.intoArray(y, j);
      g0.mul(q).intoArray(y, j + toTap);
      g1.intoArray(y, j + 2 * toTap);
      g0.fma(minusQ, g2.neg()).intoArray(y, j + 3 * toTap);
      g1.intoArray(y, j + 4 * toTap);
      g0.fma(minusQ3, g2.mul(third)).intoArray(y, j + 5 * toTap);
      g1.intoArray(y, j + 6 * toTap);
      g0.fma(p23, g2.mul(twoThirds)).intoArray(y, j + 7 * toTap);
      g1.intoArray(y, j + 8 * toTap);
      i += item;
      j += toItem;
    }
  }
}
