package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;

/** x where x &gt; 0, else slope · x, elementwise. */
public final class LeakyReLU extends Module {
  private final double slope;

  /** Makes a layer; PyTorch's default slope is 0.01. */
  public LeakyReLU(double slope) {
    this.slope = slope;
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.leakyRelu(x, slope);
  }
}
