package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.op.PoolOptions;

/** Mean over windows: (n, h, w, c) to (n, outH, outW, c). */
public final class AvgPool2d extends Module {
  private final PoolOptions options;
  private final boolean countPad;

  /**
   * Makes a layer with square windows, padding counted and sizes rounded down; padding is less than
   * the kernel.
   */
  public AvgPool2d(int kernel, int stride, int padding) {
    this(PoolOptions.of(kernel, stride, padding), true);
  }

  /**
   * Makes a layer with windows of any kind.
   *
   * @param options without dilation
   * @param countPad whether padding counts towards the size of a window
   */
  public AvgPool2d(PoolOptions options, boolean countPad) {
    this.options = options;
    this.countPad = countPad;
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.avgPool2d(x, options, countPad);
  }
}
