package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.op.axis.ExpandOp;
import dev.thumbnet.engine.op.axis.MaxOp;
import dev.thumbnet.engine.op.axis.SumOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reductions and broadcasts over any set of axes, made of kernels that know only (outer, repeat,
 * inner): marked axes that are neighbours form one run, and each run is one kernel call.
 */
final class Axes {
  /** Axes {@code from} up to, not with, {@code to}. */
  private record Run(int from, int to) {
    AxisProblem over(Shape big) {
      return new AxisProblem(big.size(0, from), big.size(from, to), big.size(to, big.rank()));
    }
  }

  private Axes() {}

  // ---------------------------------------------------------------- reduction

  /** Marks the given axes of a shape, all of them if none is given. */
  static boolean[] marks(String op, Shape shape, int... axes) {
    boolean[] marked = new boolean[shape.rank()];
    for (int axis : axes) {
      int a = shape.axis(axis);
      if (marked[a]) {
        throw new IllegalArgumentException(
            op + ": axis " + axis + " of shape " + shape + " is given twice");
      }
      marked[a] = true;
    }
    if (axes.length == 0) {
      Arrays.fill(marked, true);
    }
    return marked;
  }

  /** Returns the number of elements of a shape that fall onto one element when reduced. */
  static int count(Shape shape, boolean[] marked) {
    int count = 1;
    for (int a = 0; a < marked.length; a++) {
      count *= marked[a] ? shape.dim(a) : 1;
    }
    return count;
  }

  /** Returns scale · Σ over the marked axes; these are kept with extent 1, or dropped. */
  static Tensor sum(Tensor x, boolean[] marked, double scale, boolean keep) {
    return reduce(x, marked, keep, (p, y, shape, last) -> SumOp.of(p, last ? scale : 1, y, shape));
  }

  /** Returns the maximum over the marked axes, which the result no longer has. */
  static Tensor max(Tensor x, boolean[] marked) {
    return reduce(x, marked, false, (p, y, shape, last) -> MaxOp.of(p, y, shape));
  }

  /** Reduces one run of axes; the last one to be reduced may do more. */
  private interface Reduction {
    Tensor of(AxisProblem problem, Tensor x, Shape shape, boolean last);
  }

  private static Tensor reduce(Tensor x, boolean[] marked, boolean keep, Reduction reduction) {
    List<Run> runs = runs(x.shape(), marked);
    Tensor y = x;
    for (int i = runs.size() - 1; i >= 0; i--) {
      AxisProblem problem = runs.get(i).over(y.shape());
      Shape reduced = withOnes(y.shape(), runs.get(i));
      boolean last = i == 0;
      y = reduction.of(problem, y, last ? result(x, marked, keep) : reduced, last);
    }
    return y;
  }

  private static Shape result(Tensor x, boolean[] marked, boolean keep) {
    int[] dims = new int[marked.length];
    int rank = 0;
    for (int a = 0; a < marked.length; a++) {
      if (!marked[a]) {
        dims[rank++] = x.dim(a);
      } else if (keep) {
        dims[rank++] = 1;
      }
    }
    return Shape.of(Arrays.copyOf(dims, rank));
  }

  // ---------------------------------------------------------------- broadcasting

  /**
   * Two operands made ready for a broadcasting kernel.
   *
   * @param big the operand that has the shape of the result
   * @param small the operand that is repeated
   * @param swapped whether {@code big} is the second operand
   * @param problem how {@code small} is repeated
   */
  record Pair(Tensor big, Tensor small, boolean swapped, AxisProblem problem) {}

  /** Aligns two shapes at their last axes, as NumPy does, and expands what one kernel cannot. */
  static Pair align(String op, Tensor a, Tensor b) {
    Shape result = broadcastShape(op, a.shape(), b.shape());
    boolean swapped = a.size() < b.size();
    Tensor big = expand(swapped ? b : a, result, 0);
    Tensor small = expand(swapped ? a : b, result, 1);
    Run repeated = runs(result, repeated(small.shape(), result)).getFirst();
    return new Pair(big, small, swapped, repeated.over(result));
  }

  /** Returns x repeated to a larger shape. */
  static Tensor expand(Tensor x, Shape target) {
    return expand(x, target, 0);
  }

  /** As {@link #expand(Tensor, Shape)}, but leaves up to {@code spare} runs unexpanded. */
  private static Tensor expand(Tensor x, Shape target, int spare) {
    if (x.shape().equals(target)) {
      return x;
    }
    List<Run> runs = runs(target, repeated(x.shape(), target));
    Shape from = x.shape().aligned(target.rank());
    Tensor y = x;
    for (int i = runs.size() - 1; i >= spare; i--) {
      Run run = runs.get(i);
      Shape shape = from;
      for (int axis = run.from; axis < run.to; axis++) {
        shape = shape.with(axis, target.dim(axis));
      }
      y = ExpandOp.of(run.over(shape), y, shape);
      from = shape;
    }
    return y;
  }

  static Shape broadcastShape(String op, Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    Shape left = a.aligned(rank);
    Shape right = b.aligned(rank);
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      if (left.dim(i) != right.dim(i) && left.dim(i) != 1 && right.dim(i) != 1) {
        throw new IllegalArgumentException(
            op
                + ": shapes "
                + a
                + " and "
                + b
                + " do not fit; aligned at the last axis, extents must be equal or 1");
      }
      dims[i] = left.dim(i) == 1 ? right.dim(i) : left.dim(i);
    }
    return Shape.of(dims);
  }

  private static boolean[] repeated(Shape small, Shape big) {
    Shape from = small.aligned(big.rank());
    boolean[] repeated = new boolean[big.rank()];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = from.dim(i) != big.dim(i);
    }
    return repeated;
  }

  // ---------------------------------------------------------------- runs

  /** Runs of marked axes; axes of extent 1 between them do not part them. At least one run. */
  private static List<Run> runs(Shape shape, boolean[] marked) {
    List<Run> runs = new ArrayList<>();
    int from = -1;
    int to = -1;
    for (int a = 0; a < marked.length; a++) {
      if (shape.dim(a) == 1) {
        continue;
      }
      if (marked[a]) {
        from = from < 0 ? a : from;
        to = a + 1;
      } else if (from >= 0) {
        runs.add(new Run(from, to));
        from = -1;
      }
    }
    if (from >= 0) {
      runs.add(new Run(from, to));
    }
    return runs.isEmpty() ? List.of(new Run(0, 0)) : runs;
  }

  private static Shape withOnes(Shape shape, Run run) {
    Shape reduced = shape;
    for (int a = run.from; a < run.to; a++) {
      reduced = reduced.with(a, 1);
    }
    return reduced;
  }
}
