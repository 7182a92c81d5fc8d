package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.Indices;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import java.util.Arrays;

/** Elements that change their places. */
final class Rearrangement {
  private Rearrangement() {}

  static void transpose(TransposeProblem p, double[] x, double[] y) {
    int[] strides = p.strides();
    int rank = strides.length;
    int[] at = new int[rank]; // in y
    for (int i = 0; i < p.size(); i++) {
      int from = 0;
      for (int axis = 0; axis < rank; axis++) {
        from += at[axis] * strides[p.axes().get(axis)];
      }
      y[i] = x[from];
      for (int axis = rank - 1; axis >= 0; axis--) {
        if (++at[axis] < p.extents().get(p.axes().get(axis))) {
          break;
        }
        at[axis] = 0;
      }
    }
  }

  static void gather(GatherProblem p, double value, double[] x, double[] y) {
    for (int i = 0; i < p.outputSize(); i++) {
      int from = source(p, i);
      y[i] = from < 0 ? value : x[from];
    }
  }

  static void gatherBackward(GatherProblem p, double[] dy, double[] dx) {
    Arrays.fill(dx, 0, p.inputSize(), 0);
    for (int i = 0; i < p.outputSize(); i++) {
      int from = source(p, i);
      if (from >= 0) {
        dx[from] += dy[i];
      }
    }
  }

  /** Returns the element of x that becomes an element of y, or −1. */
  private static int source(GatherProblem p, int at) {
    int column = p.ofColumns().get(at / p.inner() % p.ofColumns().size());
    int rest = at / p.inner() / p.ofColumns().size();
    int row = p.ofRows().get(rest % p.ofRows().size());
    if (row == Indices.NONE || column == Indices.NONE) {
      return -1;
    }
    int outer = rest / p.ofRows().size();
    return ((outer * p.rows() + row) * p.columns() + column) * p.inner() + at % p.inner();
  }
}
