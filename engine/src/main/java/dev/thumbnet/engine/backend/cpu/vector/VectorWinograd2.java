package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The transforms of F(2x2, 3x3), see {@link WinogradMatrices#two}: nothing but additions. */
final class VectorWinograd2 implements WinogradWeightGradientKernels {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();
  private static final int SIZE = 4;

  /** Distance of columns between the two directions of the transforms of inputs and gradients. */
  private static final int COLUMN = SIZE * UNITED;

  /** Distance of rows between the two directions of the transform of products. */
  private static final int ROW = SIZE * L;

  private static final float[] NO_BIAS = new float[L];

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
  public void inputColumns(
      int outputs, int count, float[] x, int from, int item, int tap, float[] y, int to) {
    if (outputs == 1) {
      inputs1(count, x, from, item, tap, y, to, COLUMN, UNITED);
    } else {
      inputs2(count, x, from, item, tap, y, to, COLUMN, UNITED);
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
    for (int k = 0; k < rows; k++) {
      int i = from + k * UNITED;
      int j = to + k * SIZE * toTap;
      if (outputs == 1) {
        inputs1(count, x, i, COLUMN, COLUMN, y, j, toItem, toTap);
      } else {
        inputs2(count, x, i, 2 * COLUMN, COLUMN, y, j, toItem, toTap);
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
      gradients(count, x, i, 2 * COLUMN, COLUMN, y, j, toItem, toTap);
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

  private static void inputs2(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector d0 = FloatVector.fromArray(F, x, i);
      FloatVector d1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector d2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector d3 = FloatVector.fromArray(F, x, i + 3 * tap);
      d3.sub(d1).intoArray(y, j);
      d2.sub(d0).intoArray(y, j + toTap);
      d2.add(d1).intoArray(y, j + 2 * toTap);
      d2.sub(d1).intoArray(y, j + 3 * toTap);
      i += item;
      j += toItem;
    }
  }

  private static void inputs1(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap) {
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector d0 = FloatVector.fromArray(F, x, i);
      FloatVector d1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector d2 = FloatVector.fromArray(F, x, i + 2 * tap);
      d2.sub(d1).intoArray(y, j);
      d1.sub(d0).intoArray(y, j + toTap);
      d1.add(d1).intoArray(y, j + 2 * toTap);
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
      default -> outputs2(count, x, from, step, tap, NO_BIAS, 0, y, 0, L, ROW);
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
      default -> outputs2(count, x, 0, ROW, L, bias, v, y, to, toItem, toTap);
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
    FloatVector b = FloatVector.fromArray(F, bias, v);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector m0 = FloatVector.fromArray(F, x, i);
      FloatVector m1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector m2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector m3 = FloatVector.fromArray(F, x, i + 3 * tap);
      m2.add(m3).add(m1).add(b).intoArray(y, j);
      m2.sub(m3).add(m0).add(b).intoArray(y, j + toTap);
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
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    int i = from;
    int j = to;
    for (int n = 0; n < count; n++) {
      FloatVector g0 = FloatVector.fromArray(F, x, i);
      FloatVector g1 = FloatVector.fromArray(F, x, i + tap);
      FloatVector g2 = FloatVector.fromArray(F, x, i + 2 * tap);
      FloatVector even = g0.add(g2).mul(half);
      FloatVector odd = g1.mul(half);
      g2.intoArray(y, j);
      g0.neg().intoArray(y, j + toTap);
      even.add(odd).intoArray(y, j + 2 * toTap);
      even.sub(odd).intoArray(y, j + 3 * toTap);
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
      g1.intoArray(y, j);
      g0.intoArray(y, j + toTap);
      g0.add(g1).intoArray(y, j + 2 * toTap);
      g0.sub(g1).intoArray(y, j + 3 * toTap);
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
      FloatVector even = m2.add(m3).mul(half);
      even.sub(m1).intoArray(y, j);
      m2.sub(m3).mul(half).intoArray(y, j + toTap);
      even.add(m0).intoArray(y, j + 2 * toTap);
      i += item;
      j += toItem;
    }
  }
}
