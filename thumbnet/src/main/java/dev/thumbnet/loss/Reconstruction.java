package dev.thumbnet.loss;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;

/**
 * The reconstruction loss of an auto-encoder, the squared L2 norm of what it gets wrong: with
 * pictures x and what a decoder makes of their codes, x̂,
 *
 * <pre>L_REC = mean over all elements of (x̂ − x)².</pre>
 *
 * <p>A mean, not a sum, so that its weight does not depend on the size of pictures.
 */
public final class Reconstruction {
  private Reconstruction() {}

  /**
   * Returns the loss, a scalar.
   *
   * @param pictures x, (n, h, w, c)
   * @param rebuilt x̂, the same shape
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Tensor of(Tensor pictures, Tensor rebuilt) {
    return Ops.mse(rebuilt, pictures);
  }
}
