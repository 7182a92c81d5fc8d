package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * The product of a few rows with a transposed matrix, as in a linear layer on a small batch: scalar
 * products of rows with rows, both read where they are. Packing the matrix would cost more than
 * multiplying by it.
 */
public final class SkinnyProduct implements ConvolutionAlgorithm {
  /** Rows up to which the matrix is not worth packing. */
  private static final int MOST_ROWS = 32;

  /** Floats of the matrix that a task reads again for each four rows; they stay in L2. */
  private static final int BLOCK = 16 * 1024;

  private final TileKernels tiles;
  private final WorkerPool workers;

  public SkinnyProduct(TileKernels tiles, WorkerPool workers) {
    this.tiles = tiles;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "skinny";
  }

  @Override
  public boolean accepts(Direction c) {
    return !c.forward
        && c.groups == 1
        && c.parts.size() == 1
        && c.problem.kh() == 1
        && c.problem.kw() == 1
        && c.problem.padH() == 0
        && c.problem.padW() == 0
        && c.n * c.outH * c.outW <= MOST_ROWS;
  }

  @Override
  public void run(
      Direction c, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y) {
    int rows = c.n * c.outH * c.outW;
    int[] pairs = new int[2 * rows];
    for (int i = 0; i < rows; i++) {
      pairs[2 * i] = i * c.inC;
      pairs[2 * i + 1] = i;
    }
    int columns = Math.max(3, BLOCK / c.inC / 3 * 3);
    workers.run(
        Math.ceilDiv(c.outC, columns),
        task -> {
          int first = task * columns;
          int count = Math.min(columns, c.outC - first);
          begin(rows, first, count, c.outC, bias, y);
          tiles.dots(
              pairs,
              0,
              rows,
              count,
              1,
              c.inC,
              x.array,
              x.offset,
              0,
              weight.array,
              weight.offset + first * c.inC,
              c.inC,
              0,
              y.array,
              y.offset + first,
              c.outC);
        });
  }

  private static void begin(
      int rows, int first, int count, int step, @Nullable CpuStorage bias, CpuStorage y) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < count; j++) {
        y.array[y.offset + i * step + first + j] =
            bias == null ? 0 : bias.array[bias.offset + first + j];
      }
    }
  }
}
