package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.ResampleTaps;
import dev.thumbnet.engine.backend.ResizeProblem;

/**
 * Separable resampling. Each output row is a weighted sum of whole input rows, which is contiguous
 * for any number of channels, and then each of its pixels a weighted sum of neighbours; the row in
 * between stays in the cache. The backward pass is the same with the transposed weights, so it
 * gathers too: nothing is added to what another task writes.
 */
final class Resizing {
  /** Elements of input and output per task. */
  private static final int CHUNK = 1 << 14;

  private final WorkerPool workers;
  private final SpatialKernels kernels;
  private final int lanes;

  Resizing(WorkerPool workers, Kernels kernels) {
    this.workers = workers;
    this.kernels = kernels.spatial();
    this.lanes = kernels.lanes();
  }

  void forward(ResizeProblem p, CpuStorage x, CpuStorage y) {
    apply(p.n(), p.c(), Taps.of(p.rows(), p.h()), Taps.of(p.columns(), p.w()), x, y);
  }

  void backward(ResizeProblem p, CpuStorage dy, CpuStorage dx) {
    Taps rows = Taps.of(p.rows(), p.h()).transposed();
    Taps columns = Taps.of(p.columns(), p.w()).transposed();
    apply(p.n(), p.c(), rows, columns, dy, dx);
  }

  /**
   * One axis as a sparse matrix: output i is the sum of weights[start[i] + t]·x[first[i] + t] for t
   * in [0, start[i + 1] − start[i]).
   */
  private record Taps(int in, int[] first, int[] start, float[] weights) {
    static Taps of(ResampleTaps taps, int in) {
      int out = taps.first().length;
      int[] start = new int[out + 1];
      for (int i = 0; i < out; i++) {
        start[i + 1] = start[i] + taps.weight()[i].length;
      }
      float[] weights = new float[start[out]];
      for (int i = 0; i < out; i++) {
        for (int t = 0; t < taps.weight()[i].length; t++) {
          weights[start[i] + t] = (float) taps.weight()[i][t];
        }
      }
      return new Taps(in, taps.first(), start, weights);
    }

    int out() {
      return first.length;
    }

    int count(int i) {
      return start[i + 1] - start[i];
    }

    /** Returns the transposed matrix; a column that no row uses becomes a row without taps. */
    Taps transposed() {
      int[] from = new int[in];
      int[] to = new int[in];
      for (int i = out() - 1; i >= 0; i--) {
        for (int t = 0; t < count(i); t++) {
          int column = first[i] + t;
          from[column] = i;
          to[column] = Math.max(to[column], i + 1);
        }
      }
      int[] newStart = new int[in + 1];
      for (int column = 0; column < in; column++) {
        newStart[column + 1] = newStart[column] + to[column] - from[column];
      }
      float[] transposed = new float[newStart[in]];
      for (int i = 0; i < out(); i++) {
        for (int t = 0; t < count(i); t++) {
          int column = first[i] + t;
          transposed[newStart[column] + i - from[column]] = weights[start[i] + t];
        }
      }
      return new Taps(out(), from, newStart, transposed);
    }
  }

  private void apply(int n, int c, Taps rows, Taps columns, CpuStorage x, CpuStorage y) {
    int inRow = columns.in * c;
    int outRow = columns.out() * c;
    int tasksRows = Math.max(1, CHUNK / (inRow + outRow));
    int all = n * rows.out();
    workers.run(
        Math.ceilDiv(all, tasksRows),
        task -> {
          float[] row = new float[inRow];
          for (int r = task * tasksRows; r < Math.min(all, (task + 1) * tasksRows); r++) {
            int i = r % rows.out();
            int picture = r / rows.out() * rows.in;
            kernels.weightedSum(
                rows.count(i),
                rows.weights,
                rows.start[i],
                inRow,
                inRow,
                x.array,
                x.offset + (picture + rows.first[i]) * inRow,
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
            taps.weights,
            taps.start[i],
            c,
            c,
            row,
            taps.first[i] * c,
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
    for (int i = 0; i < taps.out(); i++) {
      float red = 0;
      float green = 0;
      float blue = 0;
      int at = taps.first[i] * 3;
      for (int t = taps.start[i]; t < taps.start[i + 1]; t++, at += 3) {
        float weight = taps.weights[t];
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
    for (int i = 0; i < taps.out(); i++) {
      for (int channel = 0; channel < c; channel++) {
        float sum = 0;
        int at = taps.first[i] * c + channel;
        for (int t = taps.start[i]; t < taps.start[i + 1]; t++, at += c) {
          sum += taps.weights[t] * row[at];
        }
        y[yo + i * c + channel] = sum;
      }
    }
  }
}
