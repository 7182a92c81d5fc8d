package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.Indices;
import dev.thumbnet.engine.backend.problem.ResampleTaps;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import java.util.HashMap;
import java.util.Map;

/**
 * Resizing as a product with one sparse matrix for each axis, and its gradient as the product with
 * the transposed ones; the choice of rows and columns likewise, by matrices of ones. The matrices
 * stay on the device.
 */
final class CudaResizing {
  /** A matrix by what it is made of. */
  private sealed interface Axis {
    boolean transposed();

    int in();

    int out();
  }

  private record Resampled(int in, int out, Filter filter, boolean transposed) implements Axis {}

  private record Chosen(int in, Indices indices, boolean transposed) implements Axis {
    @Override
    public int out() {
      return indices.size();
    }
  }

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
    Matrix rows = matrix(new Resampled(p.h(), p.outH(), p.filter(), false));
    Matrix columns = matrix(new Resampled(p.w(), p.outW(), p.filter(), false));
    launch(type, p.outputSize(), p.h(), p.w(), p.c(), rows, columns, from, queue.write(y, type));
  }

  void backward(ResizeProblem p, CudaStorage dy, CudaStorage dx) {
    ElementType type = dy.element();
    long from = queue.read(dy, p.outputSize(), type);
    Matrix rows = matrix(new Resampled(p.h(), p.outH(), p.filter(), true));
    Matrix columns = matrix(new Resampled(p.w(), p.outW(), p.filter(), true));
    long to = queue.write(dx, type);
    launch(type, p.inputSize(), p.outH(), p.outW(), p.c(), rows, columns, from, to);
  }

  /** What no row or no column is chosen for is {@code value}. */
  void gather(GatherProblem p, double value, CudaStorage x, CudaStorage y) {
    ElementType type = x.element();
    long from = queue.read(x, p.inputSize(), type);
    Matrix rows = matrix(new Chosen(p.rows(), p.ofRows(), false));
    Matrix columns = matrix(new Chosen(p.columns(), p.ofColumns(), false));
    queue.launch(
        "gather" + type.suffix(),
        p.outputSize(),
        p.outputSize(),
        p.rows(),
        p.columns(),
        p.inner(),
        rows.rows(),
        columns.rows(),
        CudaQueue.real(value),
        rows.start(),
        rows.index(),
        columns.start(),
        columns.index(),
        from,
        queue.write(y, type));
  }

  void gatherBackward(GatherProblem p, CudaStorage dy, CudaStorage dx) {
    ElementType type = dy.element();
    long from = queue.read(dy, p.outputSize(), type);
    Matrix rows = matrix(new Chosen(p.rows(), p.ofRows(), true));
    Matrix columns = matrix(new Chosen(p.columns(), p.ofColumns(), true));
    long to = queue.write(dx, type);
    int h = p.ofRows().size();
    int w = p.ofColumns().size();
    launch(type, p.inputSize(), h, w, p.inner(), rows, columns, from, to);
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
    int rows = axis.transposed() ? axis.in() : axis.out();
    int[] start = new int[rows + 1];
    each(axis, (row, column, weight) -> start[row + 1]++);
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
  private static void each(Axis axis, Entry entry) {
    Entry visit = axis.transposed() ? (row, column, w) -> entry.at(column, row, w) : entry;
    switch (axis) {
      case Resampled(int in, int out, Filter filter, boolean _) ->
          each(ResampleTaps.of(in, out, filter), visit);
      case Chosen(int _, Indices indices, boolean _) -> each(indices, visit);
    }
  }

  private static void each(ResampleTaps taps, Entry entry) {
    for (int o = 0; o < taps.weight().length; o++) {
      double[] weights = taps.weight()[o];
      for (int j = 0; j < weights.length; j++) {
        entry.at(o, taps.first()[o] + j, weights[j]);
      }
    }
  }

  private static void each(Indices indices, Entry entry) {
    for (int o = 0; o < indices.size(); o++) {
      if (indices.get(o) != Indices.NONE) {
        entry.at(o, indices.get(o), 1);
      }
    }
  }
}
