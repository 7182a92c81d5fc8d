package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;
import dev.thumbnet.engine.backend.cpu.vector.tile.Winograd2Transforms;

/** The transforms of F(2x2, 3x3), see {@link WinogradMatrices#two}: nothing but additions. */
final class VectorWinograd2 implements WinogradWeightGradientKernels {
  private static final int L = Lanes.F.length();
  private static final int SIZE = 4;

  /** Distance of columns between the two directions of the transforms of inputs and gradients. */
  private static final int COLUMN = SIZE * UNITED;

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
      Winograd2Transforms.inputs1Columns(count, x, from, item, tap, y, to);
    } else {
      Winograd2Transforms.inputs2Columns(count, x, from, item, tap, y, to);
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
    if (outputs == 2) {
      Winograd2Transforms.inputs2Rows(rows, count, x, from, y, to, toItem, toTap);
      return;
    }
    for (int n = 0; n < count; n++) {
      int i = from + n * COLUMN;
      Winograd2Transforms.inputs1Rows(rows, x, i, y, to + n * toItem, SIZE * toTap, toTap);
    }
  }

  @Override
  public void gradientColumns(
      int count, float[] x, int from, int item, int tap, float[] y, int to) {
    Winograd2Transforms.gradientsColumns(count, x, from, item, tap, y, to);
  }

  @Override
  public void gradientRows(
      int count, float[] x, int from, float[] y, int to, int toItem, int toTap) {
    Winograd2Transforms.gradientsRows(SIZE, count, x, from, y, to, toItem, toTap);
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
    if (rows == 2 && cols == 2) {
      Winograd2Transforms.outputs(
          width, x, from, step, SIZE * step, bias, scratch, y, to, toRow, toCol);
      return;
    }
    for (int v = 0; v < width; v += L) {
      outputColumns(rows, cols + 2, x, from + v, step, scratch);
      outputRows(cols, rows, scratch, bias, v, y, to + v, toRow, toCol);
    }
  }

  @Override
  public void weights(
      int width, float[] w, int from, int tap, float[] scratch, float[] u, int to, int step) {
    Winograd2Transforms.weights(width, w, from, tap, 3 * tap, scratch, u, to, SIZE * step, step);
  }

  @Override
  public void weightGradient(
      int width, float[] x, int from, int step, float[] scratch, float[] dw, int to, int tap) {
    Winograd2Transforms.weightGradients(
        width, x, from, step, SIZE * step, scratch, dw, to, 3 * tap, tap);
  }

  /** The first direction of outputs: along columns, to (row of outputs, column). */
  private static void outputColumns(
      int outputs, int count, float[] x, int from, int step, float[] y) {
    int tap = SIZE * step;
    if (outputs == 1) {
      Winograd2Transforms.outputs1Columns(count, x, from, step, tap, y);
    } else {
      Winograd2Transforms.outputs2Columns(count, x, from, step, tap, y);
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
    if (outputs == 1) {
      Winograd2Transforms.outputs1Rows(count, x, bias, v, y, to, toItem, toTap);
    } else {
      Winograd2Transforms.outputs2Rows(count, x, bias, v, y, to, toItem, toTap);
    }
  }
}
