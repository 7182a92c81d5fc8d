package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Indices;
import dev.thumbnet.engine.op.axis.GatherOp;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Padding as a choice of elements along each axis. Two neighbouring axes are chosen along at once,
 * so that rows and columns of pictures take one pass.
 */
final class Borders {
  private Borders() {}

  /**
   * @param mode none for constant padding
   */
  static Tensor pad(Tensor x, @Nullable PadMode mode, double value, int[] before, int[] after) {
    Shape shape = x.shape();
    if (before.length != shape.rank() || after.length != shape.rank()) {
      throw new IllegalArgumentException(
          "pad: shape "
              + shape
              + " needs as many numbers before and after as it has axes, not "
              + Arrays.toString(before)
              + " and "
              + Arrays.toString(after));
    }
    Tensor y = x;
    int axis = 0;
    while (axis < before.length) {
      Indices here = indices(shape, axis, mode, before[axis], after[axis]);
      boolean changes = before[axis] != 0 || after[axis] != 0;
      boolean nextChanges =
          changes && axis + 1 < before.length && (before[axis + 1] != 0 || after[axis + 1] != 0);
      if (nextChanges) {
        int next = axis + 1;
        Indices there = indices(shape, next, mode, before[next], after[next]);
        y = GatherOp.of(y, next, here, there, value);
        axis++;
      } else if (changes) {
        y = GatherOp.of(y, axis, here, value);
      }
      axis++;
    }
    return y;
  }

  private static Indices indices(
      Shape shape, int axis, @Nullable PadMode mode, int before, int after) {
    int extent = shape.dim(axis);
    long size = (long) before + extent + after;
    int most = mode == PadMode.REFLECT ? extent - 1 : Integer.MAX_VALUE;
    if (size < 1 || size > Integer.MAX_VALUE || extent < 1 || before > most || after > most) {
      throw new IllegalArgumentException(
          "pad: "
              + before
              + " before and "
              + after
              + " after do not fit axis "
              + axis
              + " of shape "
              + shape
              + (mode == PadMode.REFLECT
                  ? "; a mirror shows one element fewer than there are"
                  : ""));
    }
    IntUnaryOperator source = i -> source(i - before, extent, mode);
    return Indices.of(IntStream.range(0, (int) size).map(source).toArray());
  }

  private static int source(int i, int extent, @Nullable PadMode mode) {
    if (i >= 0 && i < extent) {
      return i;
    }
    if (mode == null) {
      return Indices.NONE;
    }
    return switch (mode) {
      case EDGE -> i < 0 ? 0 : extent - 1;
      case REFLECT -> i < 0 ? -i : 2 * (extent - 1) - i;
    };
  }
}
