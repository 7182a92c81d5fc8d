package dev.thumbnet.engine.backend.cpu.pass;

import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.SpatialKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Taps;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;

/**
 * Separable linear maps of pictures: resizing and average pooling. Each output row is a weighted
 * sum of whole input rows, which is contiguous for any number of channels, and then each of its
 * pixels a weighted sum of neighbours; the row in between stays in the cache. The backward pass is
 * the same with the transposed weights, so it gathers too: nothing is added to what another task
 * writes.
 */
public final class Resampling {
  /** Elements of input and output per task. */
  private static final int CHUNK = 1 << 14;

  private final WorkerPool workers;
  private final BufferPool buffers;
  private final SpatialKernels kernels;

  Resampling(WorkerPool workers, BufferPool buffers, Kernels kernels) {
    this.workers = workers;
    this.buffers = buffers;
    this.kernels = kernels.spatial();
  }

  void resize(ResizeProblem p, CpuStorage x, CpuStorage y) {
    apply(p.n(), p.c(), Taps.of(p.rows(), p.h()), Taps.of(p.columns(), p.w()), x, y);
  }

  public void resizeBackward(ResizeProblem p, CpuStorage dy, CpuStorage dx) {
    Taps rows = Taps.of(p.rows(), p.h()).transposed();
    Taps columns = Taps.of(p.columns(), p.w()).transposed();
    apply(p.n(), p.c(), rows, columns, dy, dx);
  }

  void averagePool(PoolProblem p, boolean countPad, CpuStorage x, CpuStorage y) {
    apply(
        p.n(), p.c(), Taps.windows(p.rows(), countPad), Taps.windows(p.columns(), countPad), x, y);
  }

  public void averagePoolBackward(PoolProblem p, boolean countPad, CpuStorage dy, CpuStorage dx) {
    Taps rows = Taps.windows(p.rows(), countPad).transposed();
    Taps columns = Taps.windows(p.columns(), countPad).transposed();
    apply(p.n(), p.c(), rows, columns, dy, dx);
  }

  private void apply(int n, int c, Taps rows, Taps columns, CpuStorage x, CpuStorage y) {
    int inRow = columns.in() * c;
    int outRow = columns.out() * c;
    int outRows = n * rows.out();
    int group = Math.max(1, CHUNK / (inRow + outRow));
    workers.run(
        Math.ceilDiv(outRows, group),
        task -> {
          int from = task * group;
          int to = Math.min(outRows, from + group);
          float[] row = buffers.take(inRow + SpatialKernels.SPARE);
          applyRows(from, to, c, rows, columns, row, x, y);
          buffers.give(row);
        });
  }

  private void applyRows(
      int from, int to, int c, Taps rows, Taps columns, float[] row, CpuStorage x, CpuStorage y) {
    int inRow = columns.in() * c;
    int outRow = columns.out() * c;
    for (int r = from; r < to; r++) {
      int i = r % rows.out();
      int firstRow = r / rows.out() * rows.in() + rows.first()[i];
      kernels.weightedRows(
          rows.count(i),
          rows.weights(),
          rows.start()[i],
          inRow,
          inRow,
          x.array,
          x.offset + firstRow * inRow,
          row,
          0);
      kernels.weightedPixels(columns, 0, columns.out(), c, row, y.array, y.offset + r * outRow);
    }
  }
}
