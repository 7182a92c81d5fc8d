package dev.thumbnet.loss;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;

/**
 * Moment matching (MM) keeps the natural statistics of a picture in its thumbnail z = E(x): for
 * each picture and channel c the mean μ and the standard deviation σ over the pixels must agree,
 *
 * <pre>L_MM = 1/C · Σ_c [ (μ_c(x) − μ_c(z))² + (σ_c(x) − σ_c(z))² ],</pre>
 *
 * averaged over the batch. Standard deviations have the unit of the means, so the two terms weigh
 * alike; they are biased, dividing by the number of pixels. Smooth shrinking keeps μ and lowers σ,
 * so this loss asks for thumbnails that are crisper than bicubic ones.
 */
public final class MomentMatching {
  /** Below any variance that matters; keeps the root differentiable for plain pictures. */
  private static final double TINY = 1e-12;

  private MomentMatching() {}

  /**
   * Returns the loss, a scalar.
   *
   * @param pictures x, (n, h, w, c)
   * @param thumbnails z, (n, any, any, c)
   * @throws IllegalArgumentException if the numbers of pictures or channels differ
   */
  public static Tensor of(Tensor pictures, Tensor thumbnails) {
    if (pictures.shape().rank() != 4
        || thumbnails.shape().rank() != 4
        || pictures.dim(0) != thumbnails.dim(0)
        || pictures.dim(3) != thumbnails.dim(3)) {
      throw new IllegalArgumentException(
          "moment matching needs pictures and thumbnails (n, h, w, c) with equal n and c, got "
              + pictures.shape()
              + " and "
              + thumbnails.shape());
    }
    Tensor means = Ops.mse(Ops.mean(pictures, 1, 2), Ops.mean(thumbnails, 1, 2));
    Tensor deviations = Ops.mse(deviation(pictures), deviation(thumbnails));
    return Ops.add(means, deviations);
  }

  private static Tensor deviation(Tensor x) {
    return Ops.sqrt(Ops.add(Ops.variance(x, false, 1, 2), TINY));
  }
}
