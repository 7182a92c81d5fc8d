package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.axis.ConcatOp;
import dev.thumbnet.engine.op.axis.LogSoftmaxOp;
import dev.thumbnet.engine.op.axis.ReshapeOp;
import dev.thumbnet.engine.op.axis.SliceOp;
import dev.thumbnet.engine.op.axis.SoftmaxOp;
import java.util.Arrays;

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

  /** Returns x − log Σ exp(x) along the last axis, without overflow. */
  public static Tensor logSoftmax(Tensor x) {
    Require.lastAxis("logSoftmax", x);
    return LogSoftmaxOp.of(x);
  }
}
