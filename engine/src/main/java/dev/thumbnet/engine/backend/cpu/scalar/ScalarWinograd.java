package dev.thumbnet.engine.backend.cpu.scalar;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import java.util.Arrays;

/** The transforms of any size of tile, as products with the matrices. */
final class ScalarWinograd implements WinogradWeightGradientKernels {
  private static final int UNIT = 8;

  private final WinogradMatrices matrices;

  /** B for 1, 2, … outputs. */
  private final float[][][] input;

  private final float[][] weights;

  /** A for 1, 2, … outputs. */
  private final float[][][] output;

  private final float[][] gradient;
  private final float[][] weightGradient;

  ScalarWinograd(WinogradMatrices matrices) {
    this.matrices = matrices;
    int m = matrices.outputs();
    input = new float[m][][];
    output = new float[m][][];
    for (int outputs = 1; outputs <= m; outputs++) {
      WinogradMatrices trimmed = matrices.trimmed(outputs);
      input[outputs - 1] = floats(trimmed.input());
      output[outputs - 1] = floats(trimmed.output());
    }
    weights = floats(matrices.weights());
    gradient = transposed(output[m - 1]);
    weightGradient = transposed(weights);
  }

  private static float[][] transposed(float[][] matrix) {
    float[][] result = new float[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[i].length; j++) {
        result[j][i] = matrix[i][j];
      }
    }
    return result;
  }

  private static float[][] floats(double[][] matrix) {
    float[][] result = new float[matrix.length][matrix[0].length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[i].length; j++) {
        result[i][j] = (float) matrix[i][j];
      }
    }
    return result;
  }

  @Override
  public WinogradMatrices matrices() {
    return matrices;
  }

  @Override
  public int unit() {
    return UNIT;
  }

  @Override
  public void inputColumns(
      int outputs, int count, float[] x, int from, int item, int tap, float[] y, int to) {
    columns(input[outputs - 1], count, x, from, item, tap, y, to);
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
    int step = outputs * matrices.stride();
    rows(input[outputs - 1], step, rows, count, x, from, y, to, toItem, toTap);
  }

  @Override
  public void gradientColumns(
      int count, float[] x, int from, int item, int tap, float[] y, int to) {
    columns(gradient, count, x, from, item, tap, y, to);
  }

  @Override
  public void gradientRows(
      int count, float[] x, int from, float[] y, int to, int toItem, int toTap) {
    int size = matrices.size();
    rows(gradient, matrices.outputs(), size, count, x, from, y, to, toItem, toTap);
  }

  private void columns(
      float[][] matrix, int count, float[] x, int from, int item, int tap, float[] y, int to) {
    map(matrix, count, x, from, item, tap, y, to, matrices.size() * UNITED, UNITED);
  }

  private void rows(
      float[][] matrix,
      int step,
      int rows,
      int count,
      float[] x,
      int from,
      float[] y,
      int to,
      int toItem,
      int toTap) {
    int size = matrices.size();
    int tap = size * UNITED;
    for (int k = 0; k < rows; k++) {
      int at = to + k * size * toTap;
      map(matrix, count, x, from + k * UNITED, step * tap, tap, y, at, toItem, toTap);
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
    int taps = matrices.size() * step;
    int columns = input[cols - 1].length;
    int scratchRow = columns * UNIT;
    for (int v = 0; v < width; v += UNIT) {
      map(output[rows - 1], columns, x, from + v, step, taps, scratch, 0, UNIT, scratchRow);
      map(output[cols - 1], rows, scratch, 0, scratchRow, UNIT, y, to + v, toRow, toCol);
      for (int i = 0; i < rows * cols; i++) {
        int at = to + v + i / cols * toRow + i % cols * toCol;
        for (int c = 0; c < UNIT; c++) {
          y[at + c] += bias[v + c];
        }
      }
    }
  }

  @Override
  public void weights(
      int width, float[] w, int from, int tap, float[] scratch, float[] u, int to, int step) {
    int size = matrices.size();
    for (int v = 0; v < width; v += UNIT) {
      map(weights, 3, w, from + v, tap, 3 * tap, scratch, 0, UNIT, 3 * UNIT);
      map(weights, size, scratch, 0, 3 * UNIT, UNIT, u, to + v, size * step, step);
    }
  }

  @Override
  public void weightGradient(
      int width, float[] x, int from, int step, float[] scratch, float[] dw, int to, int tap) {
    int size = matrices.size();
    for (int v = 0; v < width; v += UNIT) {
      map(weightGradient, size, x, from + v, step, size * step, scratch, 0, UNIT, size * UNIT);
      map(weightGradient, 3, scratch, 0, size * UNIT, UNIT, dw, to + v, 3 * tap, tap);
    }
  }

  /** y[to + n·toItem + i·toTap] = Σₜ matrix[i][t] · x[from + n·item + t·tap], a unit each. */
  private static void map(
      float[][] matrix,
      int count,
      float[] x,
      int from,
      int item,
      int tap,
      float[] y,
      int to,
      int toItem,
      int toTap) {
    for (int n = 0; n < count; n++) {
      for (int i = 0; i < matrix.length; i++) {
        int at = to + n * toItem + i * toTap;
        Arrays.fill(y, at, at + UNIT, 0f);
        for (int t = 0; t < matrix[i].length; t++) {
          float factor = matrix[i][t];
          int p = from + n * item + t * tap;
          if (factor != 0) {
            for (int c = 0; c < UNIT; c++) {
              y[at + c] += factor * x[p + c];
            }
          }
        }
      }
    }
  }
}
