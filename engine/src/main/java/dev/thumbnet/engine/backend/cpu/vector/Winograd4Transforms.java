package dev.thumbnet.engine.backend.cpu.vector;

import static dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels.UNITED;
import static dev.thumbnet.engine.backend.cpu.vector.VectorWinograd4.COLUMN;
import static dev.thumbnet.engine.backend.cpu.vector.VectorWinograd4.ROW;
import static dev.thumbnet.engine.backend.cpu.vector.VectorWinograd4.SIZE;

import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The two directions of the transforms of {@link VectorWinograd4}, each on vectors of channels. */
final class Winograd4Transforms {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  /** The point √½ and, as the other is its inverse, √2. */
  private static final float P = (float) Math.sqrt(0.5);

  private static final float Q = (float) Math.sqrt(2);

  private Winograd4Transforms() {}

  static void inputColumns4(int count, float[] x, int from, int item, int tap, float[] y, int to) {
    FloatVector minusTwo = FloatVector.broadcast(F, -2f);
    FloatVector minusHalf = FloatVector.broadcast(F, -0.5f);
    FloatVector minusBoth = FloatVector.broadcast(F, -2.5f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector q = FloatVector.broadcast(F, Q);
    FloatVector minusP = FloatVector.broadcast(F, -P);
    FloatVector minusQ = FloatVector.broadcast(F, -Q);
    int i0 = from;
    int i1 = from + tap;
    int i2 = from + 2 * tap;
    int i3 = from + 3 * tap;
    int i4 = from + 4 * tap;
    int i5 = from + 5 * tap;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector d0 = FloatVector.fromArray(F, x, i0);
      FloatVector d1 = FloatVector.fromArray(F, x, i1);
      FloatVector d2 = FloatVector.fromArray(F, x, i2);
      FloatVector d3 = FloatVector.fromArray(F, x, i3);
      FloatVector d4 = FloatVector.fromArray(F, x, i4);
      FloatVector d5 = FloatVector.fromArray(F, x, i5);
      FloatVector evenP = d2.fma(minusTwo, d4);
      FloatVector oddP = d1.fma(minusTwo, d3);
      FloatVector evenQ = d2.fma(minusHalf, d4);
      FloatVector oddQ = d1.fma(minusHalf, d3);
      d3.fma(minusBoth, d1.add(d5)).intoArray(y, j);
      d2.fma(minusBoth, d0.add(d4)).intoArray(y, j + UNITED);
      oddP.fma(p, evenP).intoArray(y, j + 2 * UNITED);
      oddP.fma(minusP, evenP).intoArray(y, j + 3 * UNITED);
      oddQ.fma(q, evenQ).intoArray(y, j + 4 * UNITED);
      oddQ.fma(minusQ, evenQ).intoArray(y, j + 5 * UNITED);
      i0 += item;
      i1 += item;
      i2 += item;
      i3 += item;
      i4 += item;
      i5 += item;
      j += COLUMN;
    }
  }

  static void inputRows4(
      int rows, int count, float[] x, int from, float[] y, int to, int toItem, int toTap) {
    FloatVector minusTwo = FloatVector.broadcast(F, -2f);
    FloatVector minusHalf = FloatVector.broadcast(F, -0.5f);
    FloatVector minusBoth = FloatVector.broadcast(F, -2.5f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector q = FloatVector.broadcast(F, Q);
    FloatVector minusP = FloatVector.broadcast(F, -P);
    FloatVector minusQ = FloatVector.broadcast(F, -Q);
    for (int k = 0; k < rows; k++) {
      int i = from + k * UNITED;
      int j0 = to + k * SIZE * toTap;
      int j1 = j0 + toTap;
      int j2 = j0 + 2 * toTap;
      int j3 = j0 + 3 * toTap;
      int j4 = j0 + 4 * toTap;
      int j5 = j0 + 5 * toTap;
      for (int n = 0; n < count; n++) {
        FloatVector d0 = FloatVector.fromArray(F, x, i);
        FloatVector d1 = FloatVector.fromArray(F, x, i + COLUMN);
        FloatVector d2 = FloatVector.fromArray(F, x, i + 2 * COLUMN);
        FloatVector d3 = FloatVector.fromArray(F, x, i + 3 * COLUMN);
        FloatVector d4 = FloatVector.fromArray(F, x, i + 4 * COLUMN);
        FloatVector d5 = FloatVector.fromArray(F, x, i + 5 * COLUMN);
        FloatVector evenP = d2.fma(minusTwo, d4);
        FloatVector oddP = d1.fma(minusTwo, d3);
        FloatVector evenQ = d2.fma(minusHalf, d4);
        FloatVector oddQ = d1.fma(minusHalf, d3);
        d3.fma(minusBoth, d1.add(d5)).intoArray(y, j0);
        d2.fma(minusBoth, d0.add(d4)).intoArray(y, j1);
        oddP.fma(p, evenP).intoArray(y, j2);
        oddP.fma(minusP, evenP).intoArray(y, j3);
        oddQ.fma(q, evenQ).intoArray(y, j4);
        oddQ.fma(minusQ, evenQ).intoArray(y, j5);
        i += 4 * COLUMN;
        j0 += toItem;
        j1 += toItem;
        j2 += toItem;
        j3 += toItem;
        j4 += toItem;
        j5 += toItem;
      }
    }
  }

  static void inputs3(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    FloatVector minusTwo = FloatVector.broadcast(F, -2f);
    FloatVector minusHalf = FloatVector.broadcast(F, -0.5f);
    FloatVector minusMore = FloatVector.broadcast(F, -1.5f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector q = FloatVector.broadcast(F, Q);
    FloatVector p3 = FloatVector.broadcast(F, P * 3);
    FloatVector minusQ = FloatVector.broadcast(F, -Q);
    FloatVector q2 = FloatVector.broadcast(F, Q * 2);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector d0 = FloatVector.fromArray(F, x, i);
      FloatVector d1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector d2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector d3 = FloatVector.fromArray(F, x, i + 3 * tap);
      FloatVector d4 = FloatVector.fromArray(F, x, i + 4 * tap);
      FloatVector even = d2.fma(minusHalf, d4);
      FloatVector odd = d1.fma(minusHalf, d3);
      odd.fma(minusQ, even).intoArray(y, j);
      odd.fma(q, d2.fma(minusTwo, d0)).intoArray(y, j + toTap);
      d3.sub(d1).fma(p3, d2.mul(minusMore)).intoArray(y, j + 2 * toTap);
      d3.add(d1).fma(p, d2.mul(minusMore)).intoArray(y, j + 3 * toTap);
      odd.mul(q2).intoArray(y, j + 4 * toTap);
      i += item;
      j += toItem;
    }
  }

  static void inputs2(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    FloatVector minusTwo = FloatVector.broadcast(F, -2f);
    FloatVector minusHalf = FloatVector.broadcast(F, -0.5f);
    FloatVector minusMore = FloatVector.broadcast(F, -1.5f);
    FloatVector p = FloatVector.broadcast(F, P * 3 / 2);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector d0 = FloatVector.fromArray(F, x, i);
      FloatVector d1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector d2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector d3 = FloatVector.fromArray(F, x, i + 3 * tap);
      FloatVector even = d2.mul(minusMore);
      FloatVector odd = d1.mul(p);
      d1.fma(minusHalf, d3).intoArray(y, j);
      d2.fma(minusTwo, d0).intoArray(y, j + toTap);
      even.sub(odd).intoArray(y, j + 2 * toTap);
      even.add(odd).intoArray(y, j + 3 * toTap);
      i += item;
      j += toItem;
    }
  }

  static void inputs1(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    FloatVector minusP = FloatVector.broadcast(F, -P);
    FloatVector minusQ = FloatVector.broadcast(F, -Q);
    FloatVector minusP3 = FloatVector.broadcast(F, P * -3);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector d0 = FloatVector.fromArray(F, x, i);
      FloatVector d1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector d2 = FloatVector.fromArray(F, x, i + 2 * tap);
      d1.fma(minusP, d2).intoArray(y, j);
      d1.fma(minusQ, d0).intoArray(y, j + toTap);
      d1.mul(minusP3).intoArray(y, j + 2 * toTap);
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
    for (int j = 0; j < count * L; j += L) {
      FloatVector m0 = FloatVector.fromArray(F, x, i0);
      FloatVector m1 = FloatVector.fromArray(F, x, i1);
      FloatVector m2 = FloatVector.fromArray(F, x, i2);
      FloatVector m3 = FloatVector.fromArray(F, x, i3);
      FloatVector m4 = FloatVector.fromArray(F, x, i4);
      FloatVector m5 = FloatVector.fromArray(F, x, i5);
      FloatVector evenP = m2.add(m3);
      FloatVector oddP = m2.sub(m3);
      FloatVector evenQ = m4.add(m5);
      FloatVector oddQ = m4.sub(m5);
      m1.add(evenP).add(evenQ).intoArray(y, j);
      oddQ.fma(q, oddP.mul(p)).intoArray(y, j + ROW);
      evenQ.fma(two, evenP.mul(half)).intoArray(y, j + 2 * ROW);
      oddQ.fma(q3, oddP.fma(p3, m0)).intoArray(y, j + 3 * ROW);
      i0 += item;
      i1 += item;
      i2 += item;
      i3 += item;
      i4 += item;
      i5 += item;
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
      FloatVector evenP = m2.add(m3);
      FloatVector oddP = m2.sub(m3);
      FloatVector evenQ = m4.add(m5);
      FloatVector oddQ = m4.sub(m5);
      m1.add(evenP).add(evenQ).add(b).intoArray(y, j0);
      oddQ.fma(q, oddP.fma(p, b)).intoArray(y, j1);
      evenQ.fma(two, evenP.fma(half, b)).intoArray(y, j2);
      oddQ.fma(q3, oddP.fma(p3, m0.add(b))).intoArray(y, j3);
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
    FloatVector two = FloatVector.broadcast(F, 2f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector q = FloatVector.broadcast(F, Q);
    FloatVector b = FloatVector.fromArray(F, bias, v);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector m3 = FloatVector.fromArray(F, x, i + 3 * tap);
      FloatVector m4 = FloatVector.fromArray(F, x, i + 4 * tap);
      FloatVector even = m2.add(m3);
      FloatVector odd = m2.sub(m3);
      m1.add(even).add(m4).add(b).intoArray(y, j);
      m4.fma(q, odd.fma(p, b)).intoArray(y, j + toTap);
      m4.fma(two, even.fma(half, m0.add(b))).intoArray(y, j + 2 * toTap);
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
      m1.add(m2).add(m3).add(b).intoArray(y, j);
      m2.sub(m3).fma(p, m0.add(b)).intoArray(y, j + toTap);
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
    FloatVector twoThirds = FloatVector.broadcast(F, -2f / 3);
    FloatVector third = FloatVector.broadcast(F, 1f / 3);
    FloatVector minusThird = FloatVector.broadcast(F, -1f / 3);
    FloatVector sixth = FloatVector.broadcast(F, 1f / 6);
    FloatVector p = FloatVector.broadcast(F, P * -2 / 3);
    FloatVector q = FloatVector.broadcast(F, Q / 6);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector g0 = FloatVector.fromArray(F, x, i);
      FloatVector g1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector g2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector evenP = g0.fma(twoThirds, g2.mul(minusThird));
      FloatVector oddP = g1.mul(p);
      FloatVector evenQ = g0.fma(sixth, g2.mul(third));
      FloatVector oddQ = g1.mul(q);
      g2.intoArray(y, j);
      g0.intoArray(y, j + toTap);
      evenP.add(oddP).intoArray(y, j + 2 * toTap);
      evenP.sub(oddP).intoArray(y, j + 3 * toTap);
      evenQ.add(oddQ).intoArray(y, j + 4 * toTap);
      evenQ.sub(oddQ).intoArray(y, j + 5 * toTap);
      i += item;
      j += toItem;
    }
  }

  static void gradients(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    FloatVector two = FloatVector.broadcast(F, 2f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector q = FloatVector.broadcast(F, Q);
    FloatVector p3 = FloatVector.broadcast(F, P / 2);
    FloatVector q3 = FloatVector.broadcast(F, Q * 2);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector g0 = FloatVector.fromArray(F, x, i);
      FloatVector g1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector g2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector g3 = FloatVector.fromArray(F, x, i + 3 * tap);
      FloatVector evenP = g2.fma(half, g0);
      FloatVector oddP = g3.fma(p3, g1.mul(p));
      FloatVector evenQ = g2.fma(two, g0);
      FloatVector oddQ = g3.fma(q3, g1.mul(q));
      g3.intoArray(y, j);
      g0.intoArray(y, j + toTap);
      evenP.add(oddP).intoArray(y, j + 2 * toTap);
      evenP.sub(oddP).intoArray(y, j + 3 * toTap);
      evenQ.add(oddQ).intoArray(y, j + 4 * toTap);
      evenQ.sub(oddQ).intoArray(y, j + 5 * toTap);
      i += item;
      j += toItem;
    }
  }

  static void weightGradients(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    FloatVector twoThirds = FloatVector.broadcast(F, -2f / 3);
    FloatVector third = FloatVector.broadcast(F, 1f / 3);
    FloatVector sixth = FloatVector.broadcast(F, 1f / 6);
    FloatVector p = FloatVector.broadcast(F, P * -2 / 3);
    FloatVector q = FloatVector.broadcast(F, Q / 6);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector m3 = FloatVector.fromArray(F, x, i + 3 * tap);
      FloatVector m4 = FloatVector.fromArray(F, x, i + 4 * tap);
      FloatVector m5 = FloatVector.fromArray(F, x, i + 5 * tap);
      FloatVector evenP = m2.add(m3);
      FloatVector oddP = m2.sub(m3);
      FloatVector evenQ = m4.add(m5);
      FloatVector oddQ = m4.sub(m5);
      evenQ.fma(sixth, evenP.fma(twoThirds, m1)).intoArray(y, j);
      oddQ.fma(q, oddP.mul(p)).intoArray(y, j + toTap);
      evenQ.sub(evenP).fma(third, m0).intoArray(y, j + 2 * toTap);
      i += item;
      j += toItem;
    }
  }
}
