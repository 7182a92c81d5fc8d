package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Normalisations by statistics of each picture, composed of other operations; mean and variance are
 * taken in two passes.
 */
final class Normalization {
  private Normalization() {}

  static Tensor layer(
      Tensor x, int axes, @Nullable Tensor gamma, @Nullable Tensor beta, double eps) {
    Shape shape = x.shape();
    if (axes < 1 || axes > shape.rank()) {
      throw new IllegalArgumentException(
          "layerNorm: shape " + shape + " has no " + axes + " axes to normalise along");
    }
    int[] last = Arrays.copyOfRange(shape.toArray(), shape.rank() - axes, shape.rank());
    boolean[] marked = new boolean[shape.rank()];
    Arrays.fill(marked, shape.rank() - axes, shape.rank(), true);
    check("layerNorm", gamma, beta, last);
    return scaled(normal(x, marked, eps), gamma, beta);
  }

  static Tensor group(
      Tensor x, int groups, @Nullable Tensor gamma, @Nullable Tensor beta, double eps) {
    Shape shape = x.shape();
    int c = shape.rank() < 2 ? 0 : shape.dim(-1);
    if (groups < 1 || c < groups || c % groups != 0) {
      throw new IllegalArgumentException(
          "groupNorm: the last axis of " + shape + " cannot be parted into " + groups + " groups");
    }
    check("groupNorm", gamma, beta, c);
    int n = shape.dim(0);
    boolean[] pixelsAndChannels = {false, true, false, true};
    Tensor parted = AxisOps.reshape(x, n, -1, groups, c / groups);
    Tensor normal = normal(parted, pixelsAndChannels, eps);
    return scaled(AxisOps.reshape(normal, shape.toArray()), gamma, beta);
  }

  static Tensor instance(Tensor x, @Nullable Tensor gamma, @Nullable Tensor beta, double eps) {
    Shape shape = x.shape();
    if (shape.rank() < 3) {
      throw new IllegalArgumentException(
          "instanceNorm: x must be (n, …, c) with pixels between, but has shape " + shape);
    }
    check("instanceNorm", gamma, beta, shape.dim(-1));
    boolean[] pixels = new boolean[shape.rank()];
    Arrays.fill(pixels, 1, shape.rank() - 1, true);
    return scaled(normal(x, pixels, eps), gamma, beta);
  }

  private static void check(
      String op, @Nullable Tensor gamma, @Nullable Tensor beta, int... shape) {
    if (gamma != null) {
      Require.shape(op, "gamma", gamma, shape);
    }
    if (beta != null) {
      Require.shape(op, "beta", beta, shape);
    }
  }

  /** (x − mean) / √(variance + eps). */
  private static Tensor normal(Tensor x, boolean[] marked, double eps) {
    double share = 1.0 / Axes.count(x.shape(), marked);
    Tensor centred = ElementOps.sub(x, Axes.sum(x, marked, share, true));
    Tensor variance = Axes.sum(ElementOps.square(centred), marked, share, true);
    Tensor deviation = ElementOps.sqrt(ElementOps.add(variance, eps));
    return ElementOps.mul(centred, ElementOps.reciprocal(deviation));
  }

  private static Tensor scaled(Tensor x, @Nullable Tensor gamma, @Nullable Tensor beta) {
    Tensor y = gamma == null ? x : ElementOps.mul(x, gamma);
    return beta == null ? y : ElementOps.add(y, beta);
  }

  /** The sum over neighbouring channels is an average over windows of (n, h · w, c, 1). */
  static Tensor localResponse(Tensor x, int size, double alpha, double beta, double k) {
    Require.rank("localResponseNorm", "x", x.shape(), "(n, h, w, c)", 4);
    if (size < 1) {
      throw new IllegalArgumentException("localResponseNorm: size must be 1 or more, not " + size);
    }
    int before = (size - 1) / 2;
    Tensor squares = AxisOps.reshape(ElementOps.square(x), x.dim(0), -1, x.dim(3), 1);
    int[] around = {0, 0, before, 0};
    int[] behind = {0, 0, size - 1 - before, 0};
    Tensor padded = AxisOps.pad(squares, around, behind, 0);
    Tensor means = AveragePoolOp.ofColumns(padded, size);
    Tensor base = ElementOps.add(ElementOps.mul(means, alpha), k);
    Tensor factors = ElementOps.pow(base, -beta);
    return ElementOps.mul(x, AxisOps.reshape(factors, x.shape().toArray()));
  }
}
