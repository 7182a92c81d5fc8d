package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.WinogradMatrices;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of F(4x4, 3x3), see {@link WinogradMatrices#four}. Rows of the matrices for points
 * a and −a differ in the signs of odd powers only, so each pair is made of one even and one odd
 * part: 12 operations for six numbers, 144 for a tile of inputs.
 */
final class VectorWinograd4 implements WinogradKernels {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

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
  public void input(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    inputs(count, x, from, item, tap, y, to, toItem, toTap);
  }

  @Override
  public void gradient(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    gradients(count, x, from, item, tap, y, to, toItem, toTap);
  }

  @Override
  public void output(
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
      outputs(6, x, from + v, step, 6 * step, scratch);
      outputs(4, scratch, bias, v, y, to + v, toRow, toCol);
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

  private static void inputs(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    FloatVector minusTwo = FloatVector.broadcast(F, -2f);
    FloatVector minusHalf = FloatVector.broadcast(F, -0.5f);
    FloatVector minusBoth = FloatVector.broadcast(F, -2.5f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector q = FloatVector.broadcast(F, Q);
    FloatVector minusP = FloatVector.broadcast(F, -P);
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
      FloatVector evenP = d2.fma(minusTwo, d4);
      FloatVector oddP = d1.fma(minusTwo, d3);
      FloatVector evenQ = d2.fma(minusHalf, d4);
      FloatVector oddQ = d1.fma(minusHalf, d3);
      d2.fma(minusBoth, d0.add(d4)).intoArray(y, j);
      oddP.fma(p, evenP).intoArray(y, j + toTap);
      oddP.fma(minusP, evenP).intoArray(y, j + 2 * toTap);
      oddQ.fma(q, evenQ).intoArray(y, j + 3 * toTap);
      oddQ.fma(minusQ, evenQ).intoArray(y, j + 4 * toTap);
      d3.fma(minusBoth, d1.add(d5)).intoArray(y, j + 5 * toTap);
      i += item;
      j += toItem;
    }
  }

  /** The first direction of outputs: along columns, to (row of four, column of six). */
  private static void outputs(int count, float[] x, int from, int item, int tap, float[] y) {
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    FloatVector two = FloatVector.broadcast(F, 2f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector q = FloatVector.broadcast(F, Q);
    FloatVector p3 = FloatVector.broadcast(F, P / 2);
    FloatVector q3 = FloatVector.broadcast(F, Q * 2);
    int i = from;
    int j = 0;
    for (int n = 0; n < count; n++) {
      FloatVector m1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector m3 = FloatVector.fromArray(F, x, i + 3 * tap);
      FloatVector m4 = FloatVector.fromArray(F, x, i + 4 * tap);
      FloatVector evenP = m1.add(m2);
      FloatVector oddP = m1.sub(m2);
      FloatVector evenQ = m3.add(m4);
      FloatVector oddQ = m3.sub(m4);
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m5 = FloatVector.fromArray(F, x, i + 5 * tap);
      m0.add(evenP).add(evenQ).intoArray(y, j);
      oddQ.fma(q, oddP.mul(p)).intoArray(y, j + 6 * L);
      evenQ.fma(two, evenP.mul(half)).intoArray(y, j + 12 * L);
      oddQ.fma(q3, oddP.fma(p3, m5)).intoArray(y, j + 18 * L);
      i += item;
      j += L;
    }
  }

  /** The second direction of outputs: along rows, to their place. */
  private static void outputs(
      int count, float[] x, float[] bias, int v, float[] y, int to, int toItem, int toTap) {
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    FloatVector two = FloatVector.broadcast(F, 2f);
    FloatVector p = FloatVector.broadcast(F, P);
    FloatVector q = FloatVector.broadcast(F, Q);
    FloatVector p3 = FloatVector.broadcast(F, P / 2);
    FloatVector q3 = FloatVector.broadcast(F, Q * 2);
    FloatVector b = FloatVector.fromArray(F, bias, v);
    int i = 0;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector m1 = FloatVector.fromArray(F, x, i + L);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * L);
      FloatVector m3 = FloatVector.fromArray(F, x, i + 3 * L);
      FloatVector m4 = FloatVector.fromArray(F, x, i + 4 * L);
      FloatVector evenP = m1.add(m2);
      FloatVector oddP = m1.sub(m2);
      FloatVector evenQ = m3.add(m4);
      FloatVector oddQ = m3.sub(m4);
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m5 = FloatVector.fromArray(F, x, i + 5 * L);
      m0.add(evenP).add(evenQ).add(b).intoArray(y, j);
      oddQ.fma(q, oddP.fma(p, b)).intoArray(y, j + toTap);
      evenQ.fma(two, evenP.fma(half, b)).intoArray(y, j + 2 * toTap);
      oddQ.fma(q3, oddP.fma(p3, m5.add(b))).intoArray(y, j + 3 * toTap);
      i += 6 * L;
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
      g0.intoArray(y, j);
      evenP.add(oddP).intoArray(y, j + toTap);
      evenP.sub(oddP).intoArray(y, j + 2 * toTap);
      evenQ.add(oddQ).intoArray(y, j + 3 * toTap);
      evenQ.sub(oddQ).intoArray(y, j + 4 * toTap);
      g2.intoArray(y, j + 5 * toTap);
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
      g0.intoArray(y, j);
      evenP.add(oddP).intoArray(y, j + toTap);
      evenP.sub(oddP).intoArray(y, j + 2 * toTap);
      evenQ.add(oddQ).intoArray(y, j + 3 * toTap);
      evenQ.sub(oddQ).intoArray(y, j + 4 * toTap);
      g3.intoArray(y, j + 5 * toTap);
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
      FloatVector m1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector m3 = FloatVector.fromArray(F, x, i + 3 * tap);
      FloatVector m4 = FloatVector.fromArray(F, x, i + 4 * tap);
      FloatVector evenP = m1.add(m2);
      FloatVector oddP = m1.sub(m2);
      FloatVector evenQ = m3.add(m4);
      FloatVector oddQ = m3.sub(m4);
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m5 = FloatVector.fromArray(F, x, i + 5 * tap);
      evenQ.fma(sixth, evenP.fma(twoThirds, m0)).intoArray(y, j);
      oddQ.fma(q, oddP.mul(p)).intoArray(y, j + toTap);
      evenQ.sub(evenP).fma(third, m5).intoArray(y, j + 2 * toTap);
      i += item;
      j += toItem;
    }
  }
}
