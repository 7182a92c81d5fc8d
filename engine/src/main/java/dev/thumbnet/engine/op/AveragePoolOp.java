package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y = mean of each window; dx spreads each dy evenly over its window. */
final class AveragePoolOp extends Op implements Traceable {
  private final PoolProblem problem;
  private final boolean countPad;

  private AveragePoolOp(PoolProblem problem, boolean countPad) {
    this.problem = problem;
    this.countPad = countPad;
  }

  static Tensor of(Tensor x, PoolOptions options, boolean countPad) {
    if (options.dilationH() != 1 || options.dilationW() != 1) {
      throw new IllegalArgumentException(
          "avgPool2d: windows of a mean have no dilation, but the options are " + options);
    }
    return new AveragePoolOp(options.problem("avgPool2d", x.shape()), countPad).apply(x);
  }

  /** Means over so many neighbouring columns of (n, h, w, c), at every place. */
  static Tensor ofColumns(Tensor x, int count) {
    PoolProblem problem = PoolProblem.whole(x.dim(0), x.dim(1), x.dim(2), x.dim(3), 1, count);
    return new AveragePoolOp(problem, false).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return Shape.of(problem.n(), problem.outH(), problem.outW(), problem.c());
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    backend().averagePool(problem, countPad, in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), in[0].shape());
    backend().averagePoolBackward(problem, countPad, dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.AveragePool(problem, countPad);
  }
}
