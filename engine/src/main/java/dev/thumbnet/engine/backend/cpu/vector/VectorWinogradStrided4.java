package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;
import dev.thumbnet.engine.backend.cpu.vector.tile.WinogradStrided4Transforms;

/**
 * The transforms of 4x4 results of 3x3 kernels with stride 2, see {@link
 * WinogradMatrices#fourStrided}. Odd inputs are only copied.
 */
final class VectorWinogradStrided4 implements WinogradKernels {
  private static final int L = Lanes.F.length();
  private static final int SIZE = 9;

  /** Distance of columns between the two directions of the transform of inputs. */
  private static final int COLUMN = SIZE * UNITED;

  private final WinogradMatrices matrices = WinogradMatrices.fourStrided();

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
    switch (outputs) {
      case 1 -> WinogradStrided4Transforms.inputs1Columns(count, x, from, item, tap, y, to);
      case 2 -> WinogradStrided4Transforms.inputs2Columns(count, x, from, item, tap, y, to);
      case 3 -> WinogradStrided4Transforms.inputs3Columns(count, x, from, item, tap, y, to);
      default -> {
        WinogradStrided4Transforms.evenInputs4Columns(count, x, from, item, tap, y, to);
        WinogradStrided4Transforms.oddInputs4Columns(count, x, from, item, tap, y, to);
      }
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
      WinogradStrided4Transforms.evenInputs4Rows(rows, count, x, from, y, to, toItem, toTap);
      WinogradStrided4Transforms.oddInputs4Rows(rows, count, x, from, y, to, toItem, toTap);
      return;
    }
    for (int n = 0; n < count; n++) {
      int i = from + n * 2 * outputs * COLUMN;
      int j = to + n * toItem;
      switch (outputs) {
        case 1 -> WinogradStrided4Transforms.inputs1Rows(rows, x, i, y, j, SIZE * toTap, toTap);
        case 2 -> WinogradStrided4Transforms.inputs2Rows(rows, x, i, y, j, SIZE * toTap, toTap);
        default -> WinogradStrided4Transforms.inputs3Rows(rows, x, i, y, j, SIZE * toTap, toTap);
      }
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
    if (rows == 4 && cols == 4) {
      WinogradStrided4Transforms.outputs(
          width, x, from, step, SIZE * step, bias, scratch, y, to, toRow, toCol);
      return;
    }
    for (int v = 0; v < width; v += L) {
      outputColumns(rows, 2 * cols + 1, x, from + v, step, scratch);
      outputRows(cols, rows, scratch, bias, v, y, to + v, toRow, toCol);
    }
  }

  @Override
  public void weights(
      int width, float[] w, int from, int tap, float[] scratch, float[] u, int to, int step) {
    WinogradStrided4Transforms.weights(
        width, w, from, tap, 3 * tap, scratch, u, to, SIZE * step, step);
  }

  /** The first direction of outputs: along columns, to (row of outputs, column). */
  private static void outputColumns(
      int outputs, int count, float[] x, int from, int step, float[] y) {
    int tap = SIZE * step;
    switch (outputs) {
      case 1 -> WinogradStrided4Transforms.outputs1Columns(count, x, from, step, tap, y);
      case 2 -> WinogradStrided4Transforms.outputs2Columns(count, x, from, step, tap, y);
      case 3 -> WinogradStrided4Transforms.outputs3Columns(count, x, from, step, tap, y);
      default -> WinogradStrided4Transforms.outputs4Columns(count, x, from, step, tap, y);
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
      case 1 -> WinogradStrided4Transforms.outputs1Rows(count, x, bias, v, y, to, toItem, toTap);
      case 2 -> WinogradStrided4Transforms.outputs2Rows(count, x, bias, v, y, to, toItem, toTap);
      case 3 -> WinogradStrided4Transforms.outputs3Rows(count, x, bias, v, y, to, toItem, toTap);
      default -> WinogradStrided4Transforms.outputs4Rows(count, x, bias, v, y, to, toItem, toTap);
    }
  }
}
