package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of F(4x4, 3x3), see {@link WinogradMatrices#four}. Rows of the matrices for points
 * a and −a differ in the signs of odd powers only, so each pair is made of one even and one odd
 * part: 12 operations for six numbers, 144 for a tile of inputs.
 */
final class VectorWinograd4 implements WinogradWeightGradientKernels {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();
  private static final int SIZE = 6;

  /** Distance of columns between the two directions of the transforms of inputs and gradients. */
  private static final int COLUMN = SIZE * UNITED;

  /** Distance of rows between the two directions of the transform of products. */
  private static final int ROW = SIZE * L;

  private static final float[] NO_BIAS = new float[L];

  /** The point √½ and, as the other is its inverse, √2. */
  private static final float P = (float) Math.sqrt(0.5);

  private static final float Q = (float) Math.sqrt(2);

  private final WinogradMatrices matrices = WinogradMatrices.four();

  @Override
  public WinogradMatrices matrices() {
    return matrices;
  }

  @Override
  public int unit() {
    return L;
  }

  @Override
  public void inputColumns(
      int outputs, int count, float[] x, int from, int item, int tap, float[] y, int to) {
    int toItem = COLUMN;
    switch (outputs) {
      case 1 -> inputs1(count, x, from, item, tap, y, to, toItem, UNITED);
      case 2 -> inputs2(count, x, from, item, tap, y, to, toItem, UNITED);
      case 3 -> inputs3(count, x, from, item, tap, y, to, toItem, UNITED);
      default -> inputColumns4(count, x, from, item, tap, y, to);
    }
  }

  @Override
  public void inputRows(
      int outputs,
      int rows,
      int count,
      float[] x,
      int from,
      float[] y,
      int to,
      int toItem,
      int toTap) {
    if (outputs == 4) {
      inputRows4(rows, count, x, from, y, to, toItem, toTap);
      return;
    }
    for (int n = 0; n < count; n++) {
      int i = from + n * outputs * COLUMN;
      int j = to + n * toItem;
      switch (outputs) {
        case 1 -> inputs1(rows, x, i, UNITED, COLUMN, y, j, SIZE * toTap, toTap);
        case 2 -> inputs2(rows, x, i, UNITED, COLUMN, y, j, SIZE * toTap, toTap);
        default -> inputs3(rows, x, i, UNITED, COLUMN, y, j, SIZE * toTap, toTap);
      }
    }
  }

  @Override
  public void gradientColumns(
      int count, float[] x, int from, int item, int tap, float[] y, int to) {
    gradients(count, x, from, item, tap, y, to, COLUMN, UNITED);
  }

  @Override
  public void gradientRows(
      int count, float[] x, int from, float[] y, int to, int toItem, int toTap) {
    for (int k = 0; k < SIZE; k++) {
      int i = from + k * UNITED;
      int j = to + k * SIZE * toTap;
      gradients(count, x, i, 4 * COLUMN, COLUMN, y, j, toItem, toTap);
    }
  }

  @Override
  public void output(
      int rows,
      int cols,
      int width,
      float[] x,
      int from,
      int step,
      float[] bias,
      float[] scratch,
      float[] y,
      int to,
      int toRow,
      int toCol) {
    for (int v = 0; v < width; v += L) {
      outputColumns(rows, cols + 2, x, from + v, step, scratch);
      outputRows(cols, rows, scratch, bias, v, y, to + v, toRow, toCol);
    }
  }

  @Override
  public void weights(
      int width, float[] w, int from, int tap, float[] scratch, float[] u, int to, int step) {
    for (int v = 0; v < width; v += L) {
      weights(3, w, from + v, tap, 3 * tap, scratch, 0, L, 3 * L);
      weights(6, scratch, 0, 3 * L, L, u, to + v, 6 * step, step);
    }
  }

  @Override
  public void weightGradient(
      int width, float[] x, int from, int step, float[] scratch, float[] dw, int to, int tap) {
    for (int v = 0; v < width; v += L) {
      weightGradients(6, x, from + v, step, 6 * step, scratch, 0, L, 6 * L);
      weightGradients(3, scratch, 0, 6 * L, L, dw, to + v, 3 * tap, tap);
    }
  }

  private static void inputColumns4(
      int count, float[] x, int from, int item, int tap, float[] y, int to) {
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

  private static void inputRows4(
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

  private static void inputs3(
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

  private static void inputs2(
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

  private static void inputs1(
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

  /** The first direction of outputs: along columns, to (row of outputs, column). */
  private static void outputColumns(
      int outputs, int count, float[] x, int from, int step, float[] y) {
    int tap = SIZE * step;
    switch (outputs) {
      case 1 -> outputs1(count, x, from, step, tap, NO_BIAS, 0, y, 0, L, ROW);
      case 2 -> outputs2(count, x, from, step, tap, NO_BIAS, 0, y, 0, L, ROW);
      case 3 -> outputs3(count, x, from, step, tap, NO_BIAS, 0, y, 0, L, ROW);
      default -> outputColumns4(count, x, from, step, tap, y);
    }
  }

  /** The second direction of outputs: along rows, plus the bias from {@code v}, to their place. */
  private static void outputRows(
      int outputs,
      int count,
      float[] x,
      float[] bias,
      int v,
      float[] y,
      int to,
      int toItem,
      int toTap) {
    switch (outputs) {
      case 1 -> outputs1(count, x, 0, ROW, L, bias, v, y, to, toItem, toTap);
      case 2 -> outputs2(count, x, 0, ROW, L, bias, v, y, to, toItem, toTap);
      case 3 -> outputs3(count, x, 0, ROW, L, bias, v, y, to, toItem, toTap);
      default -> outputRows4(count, x, bias, v, y, to, toItem, toTap);
    }
  }

  private static void outputColumns4(int count, float[] x, int from, int item, int tap, float[] y) {
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

  private static void outputRows4(
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

  private static void outputs3(
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

  private static void outputs2(
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

  private static void outputs1(
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

  private static void weights(
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

  private static void gradients(
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

  private static void weightGradients(
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
