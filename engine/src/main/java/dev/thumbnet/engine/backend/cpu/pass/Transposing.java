package dev.thumbnet.engine.backend.cpu.pass;

import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import java.util.stream.IntStream;

/**
 * Permutations of axes as transpositions of planes: one axis of a plane is the last of x, the other
 * the last of y, so that both sides see whole lines. If they are the same axis, a plane is a run
 * that is copied. Where a plane begins on each side follows from the other axes.
 */
final class Transposing {
  /** Elements per task. */
  private static final int CHUNK = 1 << 14;

  /** The longer side of a large plane is cut at multiples of a line of memory. */
  private static final int LINE = 16;

  private final WorkerPool workers;
  private final TileKernels tiles;

  Transposing(WorkerPool workers, Kernels kernels) {
    this.workers = workers;
    this.tiles = kernels.tiles();
  }

  /** Where the planes of both sides begin. */
  private record Planes(int count, int[] extents, int[] from, int[] to) {
    static Planes of(TransposeProblem p, int[] xStrides, int[] yStrides, int row, int column) {
      int[] others =
          IntStream.range(0, xStrides.length).filter(a -> a != row && a != column).toArray();
      int[] extents = IntStream.of(others).map(p.extents()::get).toArray();
      return new Planes(
          IntStream.of(extents).reduce(1, (a, b) -> a * b),
          extents,
          IntStream.of(others).map(a -> xStrides[a]).toArray(),
          IntStream.of(others).map(a -> yStrides[a]).toArray());
    }

    int start(int plane, int[] strides) {
      int rest = plane;
      int at = 0;
      for (int i = extents.length - 1; i >= 0; i--) {
        at += rest % extents[i] * strides[i];
        rest /= extents[i];
      }
      return at;
    }
  }

  void run(TransposeProblem problem, CpuStorage x, CpuStorage y) {
    TransposeProblem p = problem.simplest();
    int rank = p.axes().size();
    int[] xStrides = p.strides();
    int[] yStrides = new int[rank]; // of x's axes
    int[] inOrder = p.inverse().strides();
    for (int i = 0; i < rank; i++) {
      yStrides[p.axes().get(i)] = inOrder[i];
    }
    int row = p.axes().getLast();
    int column = rank - 1;
    Planes planes = Planes.of(p, xStrides, yStrides, row, column);
    int cols = p.extents().get(column);
    if (row == column) {
      copy(planes, cols, x, y);
    } else {
      transpose(planes, p.extents().get(row), cols, xStrides[row], yStrides[column], x, y);
    }
  }

  private void copy(Planes planes, int length, CpuStorage x, CpuStorage y) {
    int group = Math.max(1, CHUNK / length);
    workers.run(
        Math.ceilDiv(planes.count, group),
        task -> {
          for (int i = task * group; i < Math.min(planes.count, (task + 1) * group); i++) {
            int from = x.offset + planes.start(i, planes.from);
            System.arraycopy(x.array, from, y.array, y.offset + planes.start(i, planes.to), length);
          }
        });
  }

  /** Planes of x have rows {@code xStep} apart, those of y {@code yStep}. */
  private void transpose(
      Planes planes, int rows, int cols, int xStep, int yStep, CpuStorage x, CpuStorage y) {
    boolean tall = cols < rows;
    int shorter = Math.min(rows, cols);
    int longer = Math.max(rows, cols);
    int width = Math.min(longer, Math.max(1, CHUNK / shorter / LINE) * LINE);
    int stripes = Math.ceilDiv(longer, width);
    int group = Math.max(1, CHUNK / (shorter * width));
    int all = planes.count * stripes;
    workers.run(
        Math.ceilDiv(all, group),
        task -> {
          for (int i = task * group; i < Math.min(all, (task + 1) * group); i++) {
            int first = i % stripes * width;
            int length = Math.min(width, longer - first);
            tiles.transpose(
                tall ? length : rows,
                tall ? cols : length,
                x.array,
                x.offset + planes.start(i / stripes, planes.from) + first * (tall ? xStep : 1),
                xStep,
                y.array,
                y.offset + planes.start(i / stripes, planes.to) + first * (tall ? 1 : yStep),
                yStep);
          }
        });
  }
}
