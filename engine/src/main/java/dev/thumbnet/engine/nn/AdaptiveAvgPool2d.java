package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;

/** Mean over windows that give a fixed output size: (n, h, w, c) to (n, outH, outW, c). */
public final class AdaptiveAvgPool2d extends Module {
  private final int outH;
  private final int outW;

  /** Makes a layer. */
  public AdaptiveAvgPool2d(int outH, int outW) {
    this.outH = outH;
    this.outW = outW;
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.adaptiveAvgPool2d(x, outH, outW);
  }
}
