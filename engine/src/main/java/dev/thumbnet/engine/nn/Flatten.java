package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;

/**
 * (n, h, w, c) to (n, h · w · c). The order is h, w, c, where PyTorch's is c, h, w; {@code io}
 * reorders the weights of a linear layer that follows.
 */
public final class Flatten extends Module {
  /** Makes a layer. */
  public Flatten() {}

  @Override
  public Tensor forward(Tensor x) {
    return Ops.flatten(x);
  }
}
