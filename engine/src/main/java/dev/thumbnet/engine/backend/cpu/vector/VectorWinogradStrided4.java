package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;

/**
 * The transforms of 4x4 results of 3x3 kernels with stride 2, see {@link
 * WinogradMatrices#fourStrided}. Odd inputs are only copied.
 */
final class VectorWinogradStrided4 implements WinogradKernels {
  private static final int L = Lanes.F.length();
  static final int SIZE = 9;

  /** Distance of columns between the two directions of the transform of inputs. */
  static final int COLUMN = SIZE * UNITED;

  /** Distance of rows between the two directions of the transform of products. */
  static final int ROW = SIZE * L;

  private static final float[] NO_BIAS = new float[L];

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
      case 1 ->
          WinogradStrided4Transforms.inputs1(count, x, from, item, tap, y, to, COLUMN, UNITED);
      case 2 ->
          WinogradStrided4Transforms.inputs2(count, x, from, item, tap, y, to, COLUMN, UNITED);
      case 3 ->
          WinogradStrided4Transforms.inputs3(count, x, from, item, tap, y, to, COLUMN, UNITED);
      default -> {
        WinogradStrided4Transforms.evenColumns(count, x, from, item, 2 * tap, y, to);
        WinogradStrided4Transforms.oddColumns(
            count, x, from + tap, item, 2 * tap, y, to + 2 * UNITED);
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
      WinogradStrided4Transforms.evenRows(rows, count, x, from, y, to, toItem, toTap);
      WinogradStrided4Transforms.oddRows(
          rows, count, x, from + COLUMN, y, to + 2 * toTap, toItem, toTap);
      return;
    }
    for (int n = 0; n < count; n++) {
      int i = from + n * 2 * outputs * COLUMN;
      int j = to + n * toItem;
      switch (outputs) {
        case 1 ->
            WinogradStrided4Transforms.inputs1(
                rows, x, i, UNITED, COLUMN, y, j, SIZE * toTap, toTap);
        case 2 ->
            WinogradStrided4Transforms.inputs2(
                rows, x, i, UNITED, COLUMN, y, j, SIZE * toTap, toTap);
        default ->
            WinogradStrided4Transforms.inputs3(
                rows, x, i, UNITED, COLUMN, y, j, SIZE * toTap, toTap);
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
    for (int v = 0; v < width; v += L) {
      outputColumns(rows, 2 * cols + 1, x, from + v, step, scratch);
      outputRows(cols, rows, scratch, bias, v, y, to + v, toRow, toCol);
    }
  }

  @Override
  public void weights(
      int width, float[] w, int from, int tap, float[] scratch, float[] u, int to, int step) {
    for (int v = 0; v < width; v += L) {
      WinogradStrided4Transforms.weights(3, w, from + v, tap, 3 * tap, scratch, 0, L, 3 * L);
      WinogradStrided4Transforms.weights(SIZE, scratch, 0, 3 * L, L, u, to + v, SIZE * step, step);
    }
  }

  /** The first direction of outputs: along columns, to (row of outputs, column). */
  private static void outputColumns(
      int outputs, int count, float[] x, int from, int step, float[] y) {
    int tap = SIZE * step;
    switch (outputs) {
      case 1 ->
          WinogradStrided4Transforms.outputs1(count, x, from, step, tap, NO_BIAS, 0, y, 0, L, ROW);
      case 2 ->
          WinogradStrided4Transforms.outputs2(count, x, from, step, tap, NO_BIAS, 0, y, 0, L, ROW);
      case 3 ->
          WinogradStrided4Transforms.outputs3(count, x, from, step, tap, NO_BIAS, 0, y, 0, L, ROW);
      default -> WinogradStrided4Transforms.outputColumns4(count, x, from, step, tap, y);
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
      case 1 ->
          WinogradStrided4Transforms.outputs1(count, x, 0, ROW, L, bias, v, y, to, toItem, toTap);
      case 2 ->
          WinogradStrided4Transforms.outputs2(count, x, 0, ROW, L, bias, v, y, to, toItem, toTap);
      case 3 ->
          WinogradStrided4Transforms.outputs3(count, x, 0, ROW, L, bias, v, y, to, toItem, toTap);
      default -> WinogradStrided4Transforms.outputRows4(count, x, bias, v, y, to, toItem, toTap);
    }
  }
}
