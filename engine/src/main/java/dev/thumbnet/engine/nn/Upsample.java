package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.op.Ops;

/** Enlarges by a whole factor: (n, h, w, c) to (n, h · factor, w · factor, c). */
public final class Upsample extends Module {
  private final int factor;
  private final ResizeProblem.Filter filter;

  /** Makes a layer; nearest and bilinear filters are usual. */
  public Upsample(int factor, ResizeProblem.Filter filter) {
    if (factor < 1) {
      throw new IllegalArgumentException("Upsample: the factor must be positive, not " + factor);
    }
    this.factor = factor;
    this.filter = filter;
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.resize(x, x.dim(1) * factor, x.dim(2) * factor, filter);
  }
}
