package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;

/**
 * The transforms of F(4x4, 3x3), see {@link WinogradMatrices#four}. Rows of the matrices for points
 * a and −a differ in the signs of odd powers only, so each pair is made of one even and one odd
 * part: 12 operations for six numbers, 144 for a tile of inputs.
 */
final class VectorWinograd4 implements WinogradWeightGradientKernels {
  private static final int L = Lanes.F.length();
  static final int SIZE = 6;

  /** Distance of columns between the two directions of the transforms of inputs and gradients. */
  static final int COLUMN = SIZE * UNITED;

  /** Distance of rows between the two directions of the transform of products. */
  static final int ROW = SIZE * L;

  private static final float[] NO_BIAS = new float[L];

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
      case 1 -> Winograd4Transforms.inputs1(count, x, from, item, tap, y, to, toItem, UNITED);
      case 2 -> Winograd4Transforms.inputs2(count, x, from, item, tap, y, to, toItem, UNITED);
      case 3 -> Winograd4Transforms.inputs3(count, x, from, item, tap, y, to, toItem, UNITED);
      default -> Winograd4Transforms.inputColumns4(count, x, from, item, tap, y, to);
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
      Winograd4Transforms.inputRows4(rows, count, x, from, y, to, toItem, toTap);
      return;
    }
    for (int n = 0; n < count; n++) {
      int i = from + n * outputs * COLUMN;
      int j = to + n * toItem;
      switch (outputs) {
        case 1 ->
            Winograd4Transforms.inputs1(rows, x, i, UNITED, COLUMN, y, j, SIZE * toTap, toTap);
        case 2 ->
            Winograd4Transforms.inputs2(rows, x, i, UNITED, COLUMN, y, j, SIZE * toTap, toTap);
        default ->
            Winograd4Transforms.inputs3(rows, x, i, UNITED, COLUMN, y, j, SIZE * toTap, toTap);
      }
    }
  }

  @Override
  public void gradientColumns(
      int count, float[] x, int from, int item, int tap, float[] y, int to) {
    Winograd4Transforms.gradients(count, x, from, item, tap, y, to, COLUMN, UNITED);
  }

  @Override
  public void gradientRows(
      int count, float[] x, int from, float[] y, int to, int toItem, int toTap) {
    for (int k = 0; k < SIZE; k++) {
      int i = from + k * UNITED;
      int j = to + k * SIZE * toTap;
      Winograd4Transforms.gradients(count, x, i, 4 * COLUMN, COLUMN, y, j, toItem, toTap);
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
      Winograd4Transforms.weights(3, w, from + v, tap, 3 * tap, scratch, 0, L, 3 * L);
      Winograd4Transforms.weights(6, scratch, 0, 3 * L, L, u, to + v, 6 * step, step);
    }
  }

  @Override
  public void weightGradient(
      int width, float[] x, int from, int step, float[] scratch, float[] dw, int to, int tap) {
    for (int v = 0; v < width; v += L) {
      Winograd4Transforms.weightGradients(6, x, from + v, step, 6 * step, scratch, 0, L, 6 * L);
      Winograd4Transforms.weightGradients(3, scratch, 0, 6 * L, L, dw, to + v, 3 * tap, tap);
    }
  }

  /** The first direction of outputs: along columns, to (row of outputs, column). */
  private static void outputColumns(
      int outputs, int count, float[] x, int from, int step, float[] y) {
    int tap = SIZE * step;
    switch (outputs) {
      case 1 -> Winograd4Transforms.outputs1(count, x, from, step, tap, NO_BIAS, 0, y, 0, L, ROW);
      case 2 -> Winograd4Transforms.outputs2(count, x, from, step, tap, NO_BIAS, 0, y, 0, L, ROW);
      case 3 -> Winograd4Transforms.outputs3(count, x, from, step, tap, NO_BIAS, 0, y, 0, L, ROW);
      default -> Winograd4Transforms.outputColumns4(count, x, from, step, tap, y);
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
      case 1 -> Winograd4Transforms.outputs1(count, x, 0, ROW, L, bias, v, y, to, toItem, toTap);
      case 2 -> Winograd4Transforms.outputs2(count, x, 0, ROW, L, bias, v, y, to, toItem, toTap);
      case 3 -> Winograd4Transforms.outputs3(count, x, 0, ROW, L, bias, v, y, to, toItem, toTap);
      default -> Winograd4Transforms.outputRows4(count, x, bias, v, y, to, toItem, toTap);
    }
  }
}
