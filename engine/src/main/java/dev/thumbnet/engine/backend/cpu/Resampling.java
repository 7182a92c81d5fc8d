package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.PoolProblem;
import dev.thumbnet.engine.backend.ResizeProblem;

/**
 * Separable linear maps of pictures: resizing and average pooling. Each output row is a weighted
 * sum of whole input rows, which is contiguous for any number of channels, and then each of its
 * pixels a weighted sum of neighbours; the row in between stays in the cache. The backward pass is
 * the same with the transposed weights, so it gathers too: nothing is added to what another task
 * writes.
 */
final class Resampling {
  /** Elements of input and output per task. */
  private static final int CHUNK = 1 << 14;

  private final WorkerPool workers;
  private final SpatialKernels kernels;
  private final int lanes;

  Resampling(WorkerPool workers, Kernels kernels) {
    this.workers = workers;
    this.kernels = kernels.spatial();
    this.lanes = kernels.lanes();
  }

  void resize(ResizeProblem p, CpuStorage x, CpuStorage y) {
    apply(p.n(), p.c(), Taps.of(p.rows(), p.h()), Taps.of(p.columns(), p.w()), x, y);
  }

  void resizeBackward(ResizeProblem p, CpuStorage dy, CpuStorage dx) {
    Taps rows = Taps.of(p.rows(), p.h()).transposed();
    Taps columns = Taps.of(p.columns(), p.w()).transposed();
    apply(p.n(), p.c(), rows, columns, dy, dx);
  }

  void averagePool(PoolProblem p, boolean countPad, CpuStorage x, CpuStorage y) {
    apply(p.n(), p.c(), windowRows(p, countPad), windowColumns(p, countPad), x, y);
  }

  void averagePoolBackward(PoolProblem p, boolean countPad, CpuStorage dy, CpuStorage dx) {
    Taps rows = windowRows(p, countPad).transposed();
    Taps columns = windowColumns(p, countPad).transposed();
    apply(p.n(), p.c(), rows, columns, dy, dx);
  }

  private static Taps windowRows(PoolProblem p, boolean countPad) {
    return Taps.windows(p.h(), p.outH(), p.kh(), p.strideH(), p.padH(), countPad);
  }

  private static Taps windowColumns(PoolProblem p, boolean countPad) {
    return Taps.windows(p.w(), p.outW(), p.kw(), p.strideW(), p.padW(), countPad);
  }

  private void apply(int n, int c, Taps rows, Taps columns, CpuStorage x, CpuStorage y) {
    int inRow = columns.in() * c;
    int outRow = columns.out() * c;
    int outRows = n * rows.out();
    int group = Math.max(1, CHUNK / (inRow + outRow));
    workers.run(
        Math.ceilDiv(outRows, group),
        task -> {
          float[] row = new float[inRow];
          for (int r = task * group; r < Math.min(outRows, (task + 1) * group); r++) {
            int i = r % rows.out();
            int firstRow = r / rows.out() * rows.in() + rows.first()[i];
            kernels.weightedSum(
                rows.count(i),
                rows.weights(),
                rows.start()[i],
                inRow,
                inRow,
                x.array,
                x.offset + firstRow * inRow,
                row,
                0);
            horizontal(c, columns, row, y.array, y.offset + r * outRow);
          }
        });
  }

  private void horizontal(int c, Taps taps, float[] row, float[] y, int yo) {
    if (c >= lanes) {
      for (int i = 0; i < taps.out(); i++) {
        kernels.weightedSum(
            taps.count(i),
            taps.weights(),
            taps.start()[i],
            c,
            c,
            row,
            taps.first()[i] * c,
            y,
            yo + i * c);
      }
    } else if (c == 3) {
      horizontalColour(taps, row, y, yo);
    } else {
      horizontalNarrow(c, taps, row, y, yo);
    }
  }

  /** Three channels, each with its own sum, because pictures have three. */
  private static void horizontalColour(Taps taps, float[] row, float[] y, int yo) {
    int[] first = taps.first();
    int[] start = taps.start();
    float[] weights = taps.weights();
    for (int i = 0; i < first.length; i++) {
      float red = 0;
      float green = 0;
      float blue = 0;
      int at = first[i] * 3;
      for (int t = start[i]; t < start[i + 1]; t++, at += 3) {
        float weight = weights[t];
        red += weight * row[at];
        green += weight * row[at + 1];
        blue += weight * row[at + 2];
      }
      y[yo + i * 3] = red;
      y[yo + i * 3 + 1] = green;
      y[yo + i * 3 + 2] = blue;
    }
  }

  private static void horizontalNarrow(int c, Taps taps, float[] row, float[] y, int yo) {
    int[] first = taps.first();
    int[] start = taps.start();
    float[] weights = taps.weights();
    for (int i = 0; i < first.length; i++) {
      for (int channel = 0; channel < c; channel++) {
        float sum = 0;
        int at = first[i] * c + channel;
        for (int t = start[i]; t < start[i + 1]; t++, at += c) {
          sum += weights[t] * row[at];
        }
        y[yo + i * c + channel] = sum;
      }
    }
  }
}
