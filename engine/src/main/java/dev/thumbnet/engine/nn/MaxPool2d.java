package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;

/** Maximum over square windows: (n, h, w, c) to (n, outH, outW, c), sizes rounded down. */
public final class MaxPool2d extends Module {
  private final int kernel;
  private final int stride;
  private final int padding;

  /** Makes a layer; padding is at most half the kernel. */
  public MaxPool2d(int kernel, int stride, int padding) {
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.maxPool2d(x, kernel, stride, padding);
  }
}
