package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.problem.ResampleTaps;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import java.util.HashMap;
import java.util.Map;

/**
 * Resizing as a product with one sparse matrix for each axis, and its gradient as the product with
 * the transposed ones. The matrices stay on the device.
 */
final class CudaResizing {
  private record Axis(int in, int out, Filter filter, boolean transposed) {}

  /** A matrix on the device: where each row starts, columns and weights. */
  private record Matrix(CudaStorage memory, int rows, int entries) {
    long start() {
      return memory.pointer();
    }

    long index() {
      return start() + (rows + 1L) * Integer.BYTES;
    }

    long weight() {
      return index() + (long) entries * Integer.BYTES;
    }
  }

  private final CudaQueue queue;
  private final Map<Axis, Matrix> matrices = new HashMap<>();

  CudaResizing(CudaQueue queue) {
    this.queue = queue;
  }

  void forward(ResizeProblem p, CudaStorage x, CudaStorage y) {
    ElementType type = x.element();
    long from = queue.read(x, p.inputSize(), type);
    Matrix rows = matrix(new Axis(p.h(), p.outH(), p.filter(), false));
    Matrix columns = matrix(new Axis(p.w(), p.outW(), p.filter(), false));
    launch(type, p.outputSize(), p.h(), p.w(), p.c(), rows, columns, from, queue.write(y, type));
  }

  void backward(ResizeProblem p, CudaStorage dy, CudaStorage dx) {
    ElementType type = dy.element();
    long from = queue.read(dy, p.outputSize(), type);
    Matrix rows = matrix(new Axis(p.h(), p.outH(), p.filter(), true));
    Matrix columns = matrix(new Axis(p.w(), p.outW(), p.filter(), true));
    long to = queue.write(dx, type);
    launch(type, p.inputSize(), p.outH(), p.outW(), p.c(), rows, columns, from, to);
  }

  private void launch(
      ElementType type,
      int n,
      int h,
      int w,
      int c,
      Matrix rows,
      Matrix columns,
      long from,
      long to) {
    queue.launch(
        "resize" + type.suffix(),
        n,
        n,
        h,
        w,
        c,
        rows.rows(),
        columns.rows(),
        rows.start(),
        rows.index(),
        rows.weight(),
        columns.start(),
        columns.index(),
        columns.weight(),
        from,
        to);
  }

  private Matrix matrix(Axis axis) {
    return matrices.computeIfAbsent(axis, this::upload);
  }

  private Matrix upload(Axis axis) {
    ResampleTaps taps = ResampleTaps.of(axis.in(), axis.out(), axis.filter());
    int rows = axis.transposed() ? axis.in() : axis.out();
    int[] start = new int[rows + 1];
    each(axis, taps, (row, column, weight) -> start[row + 1]++);
    for (int i = 0; i < rows; i++) {
      start[i + 1] += start[i];
    }
    int entries = start[rows];
    // Ints travel as the floats with the same bits; none of these is a NaN, which might change.
    float[] packed = new float[rows + 1 + 2 * entries];
    for (int i = 0; i <= rows; i++) {
      packed[i] = Float.intBitsToFloat(start[i]);
    }
    int[] next = start.clone();
    each(
        axis,
        taps,
        (row, column, weight) -> {
          int at = rows + 1 + next[row]++;
          packed[at] = Float.intBitsToFloat(column);
          packed[at + entries] = (float) weight;
        });
    CudaStorage memory = queue.allocate(packed.length);
    long to = queue.write(memory, ElementType.F32);
    queue.runtime().staging().upload(packed, 0, to, packed.length);
    return new Matrix(memory, rows, entries);
  }

  private interface Entry {
    void at(int row, int column, double weight);
  }

  /** Visits the entries of a matrix, those of each row in the order of their columns. */
  private static void each(Axis axis, ResampleTaps taps, Entry entry) {
    for (int o = 0; o < axis.out(); o++) {
      double[] weights = taps.weight()[o];
      for (int j = 0; j < weights.length; j++) {
        int i = taps.first()[o] + j;
        if (axis.transposed()) {
          entry.at(i, o, weights[j]);
        } else {
          entry.at(o, i, weights[j]);
        }
      }
    }
  }
}
