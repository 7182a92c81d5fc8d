package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;

/** Returns its input. */
public final class Identity extends Module {
  /** Makes a layer. */
  public Identity() {}

  @Override
  public Tensor forward(Tensor x) {
    return x;
  }
}
