package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Tensor;

/** All differentiable operations, as static methods. Each is one small class in this package. */
public final class Ops {
  private Ops() {}

  /** Returns max(x, 0), elementwise; the derivative at 0 is 0. */
  public static Tensor relu(Tensor x) {
    return ReluOp.of(x);
  }
}
