package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;

/**
 * Winograd's transforms one channel at a time, see {@link ColdKernels}. What a subclass computes is
 * what the vector kernels of its size compute in a lane, operation by operation.
 */
abstract class ColdWinograd implements WinogradKernels {
  private static final int L = Lanes.F.length();

  /** The point √½ and, as the other is its inverse, √2. */
  static final float P = (float) Math.sqrt(0.5);

  static final float Q = (float) Math.sqrt(2);

  /** Leaves every number what it is, 0 and -0 too, if it is added. */
  private static final float NO_BIAS = -0f;

  private final WinogradMatrices matrices;
  private final int size;

  /** Distance of columns between the two directions of the transform of inputs. */
  private final int column;

  ColdWinograd(WinogradMatrices matrices) {
    this.matrices = matrices;
    size = matrices.size();
    column = size * UNITED;
  }

  /** Transforms a line of inputs {@code d} for some outputs to as many numbers. */
  abstract void input(int outputs, float[] d, float[] y);

  /** Transforms a line of products to some outputs, plus {@code b}. */
  abstract void output(int outputs, float[] m, float b, float[] y);

  /** Transforms a line of three weights. */
  abstract void weights(float[] g, float[] y);

  @Override
  public WinogradMatrices matrices() {
    return matrices;
  }

  @Override
  public int unit() {
    return L;
  }

  /** Returns how many inputs some outputs have, and how many products they are made of. */
  private int inputs(int outputs) {
    int stride = matrices.stride();
    return stride * outputs + 3 - stride;
  }

  @Override
  public void inputColumns(
      int outputs, int count, float[] x, int from, int item, int tap, float[] y, int to) {
    float[] d = new float[size];
    float[] v = new float[size];
    int inputs = inputs(outputs);
    for (int n = 0; n < count; n++) {
      for (int c = 0; c < L; c++) {
        read(inputs, x, from + n * item + c, tap, d);
        input(outputs, d, v);
        write(inputs, v, y, to + n * column + c, UNITED);
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
    float[] d = new float[size];
    float[] v = new float[size];
    int inputs = inputs(outputs);
    for (int i = 0; i < count * rows; i++) {
      int n = i / rows;
      int k = i % rows;
      int at = from + n * outputs * matrices.stride() * column + k * UNITED;
      for (int c = 0; c < L; c++) {
        read(inputs, x, at + c, column, d);
        input(outputs, d, v);
        write(inputs, v, y, to + n * toItem + k * size * toTap + c, toTap);
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
    float[] m = new float[size];
    float[] out = new float[size];
    int row = size * L;
    for (int v = 0; v < width; v++) {
      for (int k = 0; k < inputs(cols); k++) {
        read(inputs(rows), x, from + v + k * step, size * step, m);
        output(rows, m, NO_BIAS, out);
        write(rows, out, scratch, k * L, row);
      }
      for (int r = 0; r < rows; r++) {
        read(inputs(cols), scratch, r * row, L, m);
        output(cols, m, bias[v], out);
        write(cols, out, y, to + v + r * toRow, toCol);
      }
    }
  }

  @Override
  public void weights(
      int width, float[] w, int from, int tap, float[] scratch, float[] u, int to, int step) {
    float[] g = new float[3];
    float[] v = new float[size];
    for (int c = 0; c < width; c++) {
      for (int n = 0; n < 3; n++) {
        read(3, w, from + c + n * tap, 3 * tap, g);
        weights(g, v);
        write(size, v, scratch, n, 3);
      }
      for (int n = 0; n < size; n++) {
        read(3, scratch, 3 * n, 1, g);
        weights(g, v);
        write(size, v, u, to + c + n * size * step, step);
      }
    }
  }

  private static void read(int count, float[] x, int from, int step, float[] line) {
    for (int t = 0; t < count; t++) {
      line[t] = x[from + t * step];
    }
  }

  private static void write(int count, float[] line, float[] y, int to, int step) {
    for (int t = 0; t < count; t++) {
      y[to + t * step] = line[t];
    }
  }
}
