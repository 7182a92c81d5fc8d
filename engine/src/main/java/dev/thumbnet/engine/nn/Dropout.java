package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;

/**
 * In training sets elements to 0 with probability p and divides the others by 1 − p; in evaluation
 * returns its input.
 */
public final class Dropout extends Module {
  private final double p;
  private Rng rng;

  /**
   * Makes a layer.
   *
   * @param p probability of 0, in [0, 1)
   * @param rng the layer draws from a split of it
   */
  public Dropout(double p, Rng rng) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("Dropout: p must be in [0, 1) but is " + p);
    }
    this.p = p;
    this.rng = rng.split(rng.nextLong());
  }

  @Override
  public Tensor forward(Tensor x) {
    return training() && p > 0 ? Ops.dropout(x, p, rng) : x;
  }

  @Override
  protected void restart(Rng newRng) {
    rng = newRng;
  }
}
