package dev.thumbnet.loss;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;

/**
 * The energy loss of the wavelet-like auto-encoder (Chen et al., AAAI 2018), the squared L2 norm of
 * its high-frequency picture CH,
 *
 * <pre>L_EN = mean over all elements of CH².</pre>
 *
 * <p>What CH may not carry the low-frequency picture must, as in a wavelet transform of natural
 * pictures. A mean, not a sum, so that its weight does not depend on the size of pictures.
 */
public final class Energy {
  private Energy() {}

  /**
   * Returns the loss, a scalar.
   *
   * @param high CH, (n, h, w, c), before any normalisation, which would give back what it loses
   */
  public static Tensor of(Tensor high) {
    return Ops.mean(Ops.square(high));
  }
}
