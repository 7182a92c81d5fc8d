package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.op.PoolOptions;

/** Maximum over windows: (n, h, w, c) to (n, outH, outW, c). */
public final class MaxPool2d extends Module {
  private final PoolOptions options;

  /** Makes a layer with square windows and sizes rounded down; padding is less than the kernel. */
  public MaxPool2d(int kernel, int stride, int padding) {
    this(PoolOptions.of(kernel, stride, padding));
  }

  /** Makes a layer with windows of any kind. */
  public MaxPool2d(PoolOptions options) {
    this.options = options;
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.maxPool2d(x, options);
  }
}
