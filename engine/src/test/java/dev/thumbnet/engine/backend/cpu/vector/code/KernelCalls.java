package dev.thumbnet.engine.backend.cpu.vector.code;

import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.vector.VectorKernels;
import java.util.Arrays;

/**
 * Calls the register tiles so often that C2 compiles all that the machine uses. A program of its
 * own, because options of the JVM decide for how many registers that is.
 */
final class KernelCalls {
  /** More rows or columns than the largest tile has, so that all tiles are needed. */
  private static final int ROWS = 24;

  /** Enough for C2, as each call goes some tens of times around its loops. */
  private static final int CALLS = 200 * ROWS;

  private static final int LENGTH = 32;
  private static final int STEP = 1024;

  private KernelCalls() {}

  public static void main(String[] args) {
    VectorKernels kernels = new VectorKernels();
    TileKernels tiles = kernels.tiles();
    int lanes = kernels.lanes();
    float[] a = new float[1 << 16];
    float[] b = new float[1 << 16];
    float[] c = new float[1 << 16];
    int[] packed = new int[1 << 16];
    int[] pixels = new int[2 * ROWS];
    Arrays.setAll(pixels, i -> i);
    int[] shifts = {0, 3};
    for (int i = 0; i < CALLS; i++) {
      int rows = 1 + i % ROWS;
      int longer = LENGTH * lanes + rows;
      for (int w : tiles.widths()) {
        tiles.multiply(pixels, 0, rows, 2, LENGTH, a, 0, STEP, b, 0, LENGTH * w, c, 0, w, w);
        tiles.outerProducts(rows, 2, LENGTH, a, 0, STEP, ROWS, b, 0, LENGTH * w, w, c, 0, w);
      }
      int widest = tiles.widths()[0];
      int step = LENGTH * widest;
      tiles.multiplyBf16(pixels, 0, rows, 2, LENGTH, a, 0, STEP, packed, 0, step, c, 0, widest);
      tiles.multiplyInt8(pixels, 0, rows, 2, LENGTH, a, 0, STEP, packed, 0, step, c, 0, widest);
      tiles.planes(rows, shifts, LENGTH, a, 0, b, 0, STEP, c, 0, STEP);
      int columns = 1 + i / ROWS % 5;
      tiles.dots(pixels, 0, rows, columns, 2, longer, a, 0, STEP, b, 0, STEP, STEP, c, 0, STEP);
    }
  }
}
