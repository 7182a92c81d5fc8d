package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;

/** max(x, 0), elementwise. */
public final class ReLU extends Module {
  /** Makes a layer. */
  public ReLU() {}

  @Override
  public Tensor forward(Tensor x) {
    return Ops.relu(x);
  }
}
