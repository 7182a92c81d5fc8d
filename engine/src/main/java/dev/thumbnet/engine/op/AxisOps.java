package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Indices;
import dev.thumbnet.engine.op.axis.ConcatOp;
import dev.thumbnet.engine.op.axis.GatherOp;
import dev.thumbnet.engine.op.axis.LogSoftmaxOp;
import dev.thumbnet.engine.op.axis.ReshapeOp;
import dev.thumbnet.engine.op.axis.SliceOp;
import dev.thumbnet.engine.op.axis.SoftmaxOp;
import dev.thumbnet.engine.op.axis.TransposeOp;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Those {@link Ops} that arrange elements or work along axes; see {@link ElementOps}. */
abstract class AxisOps extends ElementOps {
  AxisOps() {}

  // ---------------------------------------------------------------- shape

  /**
   * Returns the same elements, in row-major order, as another shape.
   *
   * @param dims extents with the same product; one may be −1 and follows from the others
   */
  public static Tensor reshape(Tensor x, int... dims) {
    int[] known = dims.clone();
    int open = -1;
    long product = 1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == -1 && open < 0) {
        open = i;
      } else {
        product *= dims[i];
      }
    }
    if (open >= 0 && product > 0) {
      known[open] = (int) (x.size() / product);
      product *= known[open];
    }
    if (product != x.size()) {
      throw new IllegalArgumentException(
          "reshape: %s has %s elements, which do not make %s"
              .formatted(x.shape(), x.size(), Arrays.toString(dims)));
    }
    return ReshapeOp.of(x, Shape.of(known));
  }

  /** Returns (n, everything else) in row-major order, so an image becomes h, w, c. */
  public static Tensor flatten(Tensor x) {
    Shape shape = x.shape();
    if (shape.rank() < 1) {
      throw new IllegalArgumentException("flatten: a scalar has no batch axis to keep");
    }
    return ReshapeOp.of(x, Shape.of(shape.dim(0), shape.size(1, shape.rank())));
  }

  /**
   * Returns the parts one after the other along an axis.
   *
   * @param axis negative numbers count from the end
   * @param parts tensors whose shapes agree on all other axes
   */
  public static Tensor concat(int axis, Tensor... parts) {
    return ConcatOp.of(axis, parts);
  }

  /**
   * Returns the elements whose index along an axis is in [from, to).
   *
   * @param axis negative numbers count from the end
   */
  public static Tensor slice(Tensor x, int axis, int from, int to) {
    return SliceOp.of(x, axis, from, to);
  }

  /**
   * Returns the axes in another order: axis i of the result is axis {@code axes[i]} of x. So {@code
   * transpose(x, 0, 3, 1, 2)} turns (n, h, w, c) into (n, c, h, w).
   *
   * @param axes each axis of x once; negative numbers count from the end; none reverses the order
   */
  public static Tensor transpose(Tensor x, int... axes) {
    int rank = x.shape().rank();
    if (axes.length == 0) {
      return TransposeOp.of(x, IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
    }
    return TransposeOp.of(x, IntStream.of(axes).map(x.shape()::axis).toArray());
  }

  /**
   * Returns the elements with given indices along an axis, in that order and as often as they are
   * named: indices 2, 1, 0 reverse an axis of three.
   *
   * @param axis negative numbers count from the end
   * @param indices at least one; negative numbers count from the end
   */
  public static Tensor gather(Tensor x, int axis, int... indices) {
    int a = x.shape().axis(axis);
    int extent = x.dim(a);
    for (int i : indices) {
      if (i < -extent || i >= extent) {
        throw new IllegalArgumentException(
            "gather: index " + i + " is outside axis " + a + " of shape " + x.shape());
      }
    }
    int[] counted = IntStream.of(indices).map(i -> i < 0 ? i + extent : i).toArray();
    return GatherOp.of(x, a, Indices.of(counted), 0);
  }

  /**
   * Returns x with a constant around it.
   *
   * @param before how much there is before the elements along each axis; negative numbers cut off
   * @param after likewise behind them
   * @param value what stands there; there is no gradient for it
   */
  public static Tensor pad(Tensor x, int[] before, int[] after, double value) {
    return Borders.pad(x, null, value, before, after);
  }

  /**
   * Returns x with elements of its own around it.
   *
   * @param before how many there are before the elements along each axis; negative numbers cut off
   * @param after likewise behind them
   */
  public static Tensor pad(Tensor x, int[] before, int[] after, PadMode mode) {
    return Borders.pad(x, mode, 0, before, after);
  }

  /**
   * Returns x repeated to a larger shape, as operands of {@link #add(Tensor, Tensor)} are: shapes
   * are aligned at their last axes, and extents of 1 are repeated.
   *
   * @param dims the shape of the result; an extent of 1 stands for x's own
   */
  public static Tensor expand(Tensor x, int... dims) {
    return Axes.expand(x, Axes.broadcastShape("expand", x.shape(), Shape.of(dims)));
  }

  /**
   * Returns x several times along each axis, one after the other.
   *
   * @param repeats how often, one number of 1 or more for each axis
   */
  public static Tensor tile(Tensor x, int... repeats) {
    if (repeats.length != x.shape().rank() || IntStream.of(repeats).anyMatch(r -> r < 1)) {
      throw new IllegalArgumentException(
          "tile: "
              + Arrays.toString(repeats)
              + " must be a number of 1 or more for each axis of shape "
              + x.shape());
    }
    Tensor y = x;
    for (int axis = 0; axis < repeats.length; axis++) {
      int extent = x.dim(axis);
      if (repeats[axis] > 1) {
        IntStream all = IntStream.range(0, Math.multiplyExact(extent, repeats[axis]));
        y = GatherOp.of(y, axis, Indices.of(all.map(i -> i % extent).toArray()), 0);
      }
    }
    return y;
  }

  /**
   * Returns parts that follow each other along an axis.
   *
   * @param axis negative numbers count from the end
   * @param sizes extents of the parts, whose sum is that of x
   */
  public static Tensor[] split(Tensor x, int axis, int... sizes) {
    if (IntStream.of(sizes).asLongStream().sum() != x.dim(axis)) {
      throw new IllegalArgumentException(
          "split: parts of "
              + Arrays.toString(sizes)
              + " do not make axis "
              + axis
              + " of shape "
              + x.shape());
    }
    Tensor[] parts = new Tensor[sizes.length];
    int from = 0;
    for (int i = 0; i < sizes.length; i++) {
      parts[i] = SliceOp.of(x, axis, from, from + sizes[i]);
      from += sizes[i];
    }
    return parts;
  }

  /**
   * Moves channels into squares of pixels: the channels of a pixel are seen as (block, block, c),
   * and the first two become rows and columns, as in TensorFlow and ONNX ("DCR"). PyTorch's pixel
   * shuffle sees them as (c, block, block); {@link #transpose} after {@link #reshape} does that.
   *
   * @param x (n, h, w, block · block · c)
   * @return (n, block · h, block · w, c)
   */
  public static Tensor depthToSpace(Tensor x, int block) {
    Require.rank("depthToSpace", "x", x.shape(), "(n, h, w, c)", 4);
    long square = (long) block * block;
    int c = block < 1 ? 0 : (int) (x.dim(3) / square);
    if (c < 1 || c * square != x.dim(3)) {
      throw new IllegalArgumentException(
          "depthToSpace: " + x.dim(3) + " channels are no squares of " + block + " by " + block);
    }
    int n = x.dim(0);
    int h = x.dim(1);
    int w = x.dim(2);
    Tensor parts = transpose(reshape(x, n, h, w, block, block, c), 0, 1, 3, 2, 4, 5);
    return reshape(parts, n, h * block, w * block, c);
  }

  /**
   * Undoes {@link #depthToSpace}.
   *
   * @param x (n, block · h, block · w, c)
   * @return (n, h, w, block · block · c)
   */
  public static Tensor spaceToDepth(Tensor x, int block) {
    Require.rank("spaceToDepth", "x", x.shape(), "(n, h, w, c)", 4);
    if (block < 1 || x.dim(1) % block != 0 || x.dim(2) % block != 0) {
      throw new IllegalArgumentException(
          "spaceToDepth: " + x.shape() + " has no whole squares of " + block + " by " + block);
    }
    int n = x.dim(0);
    int h = x.dim(1) / block;
    int w = x.dim(2) / block;
    int c = x.dim(3);
    Tensor parts = transpose(reshape(x, n, h, block, w, block, c), 0, 1, 3, 2, 4, 5);
    return reshape(parts, n, h, w, block * block * c);
  }

  // ---------------------------------------------------------------- reductions

  /**
   * Returns the sum over axes, which the result no longer has.
   *
   * @param axes negative numbers count from the end; none means all, giving a scalar
   */
  public static Tensor sum(Tensor x, int... axes) {
    return Axes.sum(x, Axes.marks("sum", x.shape(), axes), 1, false);
  }

  /** Returns the mean over axes, given as for {@link #sum(Tensor, int...)}. */
  public static Tensor mean(Tensor x, int... axes) {
    boolean[] marked = Axes.marks("mean", x.shape(), axes);
    return Axes.sum(x, marked, 1.0 / Axes.count(x.shape(), marked), false);
  }

  /**
   * Returns the maximum over axes, given as for {@link #sum(Tensor, int...)}. A gradient goes to
   * one of equal maxima.
   */
  public static Tensor max(Tensor x, int... axes) {
    return Axes.max(x, Axes.marks("max", x.shape(), axes));
  }

  /** Returns the minimum over axes, as {@link #max(Tensor, int...)}. */
  public static Tensor min(Tensor x, int... axes) {
    return neg(Axes.max(neg(x), Axes.marks("min", x.shape(), axes)));
  }

  /**
   * Returns √Σx² over axes, given as for {@link #sum(Tensor, int...)}. Where it is 0, its gradient
   * is not defined (NaN).
   */
  public static Tensor l2Norm(Tensor x, int... axes) {
    return sqrt(sum(square(x), axes));
  }

  /**
   * Returns the variance over axes, computed in two passes.
   *
   * @param unbiased whether to divide by the count minus one (PyTorch's default) or by the count
   * @param axes as for {@link #sum(Tensor, int...)}
   */
  public static Tensor variance(Tensor x, boolean unbiased, int... axes) {
    boolean[] marked = Axes.marks("variance", x.shape(), axes);
    int count = Axes.count(x.shape(), marked);
    if (unbiased && count < 2) {
      throw new IllegalArgumentException(
          "variance: the unbiased variance needs two values or more, but shape "
              + x.shape()
              + " has "
              + count
              + " along axes "
              + Arrays.toString(axes));
    }
    Tensor mean = Axes.sum(x, marked, 1.0 / count, true);
    return Axes.sum(square(sub(x, mean)), marked, 1.0 / (unbiased ? count - 1 : count), false);
  }

  /**
   * Returns the standard deviation, the root of {@link #variance}. Where it is 0, its gradient is
   * not defined (NaN); where that can happen take the root of variance plus a small number.
   */
  public static Tensor std(Tensor x, boolean unbiased, int... axes) {
    return sqrt(variance(x, unbiased, axes));
  }

  // ---------------------------------------------------------------- softmax

  /** Returns exp(x) / Σ exp(x) along the last axis, without overflow. */
  public static Tensor softmax(Tensor x) {
    Require.lastAxis("softmax", x);
    return SoftmaxOp.of(x);
  }

  /** As {@link #softmax(Tensor)}, along any axis; negative numbers count from the end. */
  public static Tensor softmax(Tensor x, int axis) {
    return alongLast(x, axis, AxisOps::softmax);
  }

  /** Returns x − log Σ exp(x) along the last axis, without overflow. */
  public static Tensor logSoftmax(Tensor x) {
    Require.lastAxis("logSoftmax", x);
    return LogSoftmaxOp.of(x);
  }

  /** As {@link #logSoftmax(Tensor)}, along any axis; negative numbers count from the end. */
  public static Tensor logSoftmax(Tensor x, int axis) {
    return alongLast(x, axis, AxisOps::logSoftmax);
  }

  /** Swaps an axis with the last one for a function that works along that. */
  private static Tensor alongLast(Tensor x, int axis, UnaryOperator<Tensor> function) {
    int rank = x.shape().rank();
    int a = x.shape().axis(axis);
    if (a == rank - 1) {
      return function.apply(x);
    }
    int[] swapped = IntStream.range(0, rank).toArray();
    swapped[a] = rank - 1;
    swapped[rank - 1] = a;
    return TransposeOp.of(function.apply(TransposeOp.of(x, swapped)), swapped);
  }
}
