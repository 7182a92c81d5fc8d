package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.WinogradMatrices;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The transforms of F(2x2, 3x3), see {@link WinogradMatrices#two}: nothing but additions. */
final class VectorWinograd2 implements WinogradKernels {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  private final WinogradMatrices matrices = WinogradMatrices.two();

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
      outputs(4, x, from + v, step, 4 * step, scratch);
      outputs(2, scratch, bias, v, y, to + v, toRow, toCol);
    }
  }

  @Override
  public void weights(
      int width, float[] w, int from, int tap, float[] scratch, float[] u, int to, int step) {
    for (int v = 0; v < width; v += L) {
      weights(3, w, from + v, tap, 3 * tap, scratch, 0, L, 3 * L);
      weights(4, scratch, 0, 3 * L, L, u, to + v, 4 * step, step);
    }
  }

  @Override
  public void weightGradient(
      int width, float[] x, int from, int step, float[] scratch, float[] dw, int to, int tap) {
    for (int v = 0; v < width; v += L) {
      weightGradients(4, x, from + v, step, 4 * step, scratch, 0, L, 4 * L);
      weightGradients(3, scratch, 0, 4 * L, L, dw, to + v, 3 * tap, tap);
    }
  }

  private static void inputs(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector d0 = FloatVector.fromArray(F, x, i);
      FloatVector d1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector d2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector d3 = FloatVector.fromArray(F, x, i + 3 * tap);
      d2.sub(d0).intoArray(y, j);
      d2.add(d1).intoArray(y, j + toTap);
      d2.sub(d1).intoArray(y, j + 2 * toTap);
      d3.sub(d1).intoArray(y, j + 3 * toTap);
      i += item;
      j += toItem;
    }
  }

  /** The first direction of outputs: along columns, to (row of two, column of four). */
  private static void outputs(int count, float[] x, int from, int item, int tap, float[] y) {
    int i = from;
    int j = 0;
    for (int n = 0; n < count; n++) {
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector m3 = FloatVector.fromArray(F, x, i + 3 * tap);
      m1.add(m2).add(m0).intoArray(y, j);
      m1.sub(m2).add(m3).intoArray(y, j + 4 * L);
      i += item;
      j += L;
    }
  }

  /** The second direction of outputs: along rows, to their place. */
  private static void outputs(
      int count, float[] x, float[] bias, int v, float[] y, int to, int toItem, int toTap) {
    FloatVector b = FloatVector.fromArray(F, bias, v);
    int i = 0;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m1 = FloatVector.fromArray(F, x, i + L);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * L);
      FloatVector m3 = FloatVector.fromArray(F, x, i + 3 * L);
      m1.add(m2).add(m0).add(b).intoArray(y, j);
      m1.sub(m2).add(m3).add(b).intoArray(y, j + toTap);
      i += 4 * L;
      j += toItem;
    }
  }

  private static void weights(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector g0 = FloatVector.fromArray(F, x, i);
      FloatVector g1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector g2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector even = g0.add(g2).mul(half);
      FloatVector odd = g1.mul(half);
      g0.neg().intoArray(y, j);
      even.add(odd).intoArray(y, j + toTap);
      even.sub(odd).intoArray(y, j + 2 * toTap);
      g2.intoArray(y, j + 3 * toTap);
      i += item;
      j += toItem;
    }
  }

  private static void gradients(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector g0 = FloatVector.fromArray(F, x, i);
      FloatVector g1 = FloatVector.fromArray(F, x, i + tap);
      g0.intoArray(y, j);
      g0.add(g1).intoArray(y, j + toTap);
      g0.sub(g1).intoArray(y, j + 2 * toTap);
      g1.intoArray(y, j + 3 * toTap);
      i += item;
      j += toItem;
    }
  }

  private static void weightGradients(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector m3 = FloatVector.fromArray(F, x, i + 3 * tap);
      FloatVector even = m1.add(m2).mul(half);
      even.sub(m0).intoArray(y, j);
      m1.sub(m2).mul(half).intoArray(y, j + toTap);
      even.add(m3).intoArray(y, j + 2 * toTap);
      i += item;
      j += toItem;
    }
  }
}
