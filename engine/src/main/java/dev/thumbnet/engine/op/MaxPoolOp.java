package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y = maximum of each window; dx gives each dy to the first maximum of its window. */
final class MaxPoolOp extends Op implements Traceable {
  private final PoolProblem problem;

  private MaxPoolOp(PoolProblem problem) {
    this.problem = problem;
  }

  static Tensor of(Tensor x, PoolOptions options) {
    return new MaxPoolOp(options.problem("maxPool2d", x.shape())).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return Shape.of(problem.n(), problem.outH(), problem.outW(), problem.c());
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    backend().maxPool(problem, in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), in[0].shape());
    backend().maxPoolBackward(problem, in[0].storage(), y.storage(), dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.MaxPool(problem);
  }
}
