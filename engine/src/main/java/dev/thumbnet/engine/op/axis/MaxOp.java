package dev.thumbnet.engine.op.axis;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/**
 * y[o][i] = max over r of x[o][r][i], which is pooling with one window per column of pictures (o,
 * r, 1, i); dy goes to the first of equal maxima.
 */
public final class MaxOp extends Op implements Traceable {
  private final AxisProblem problem;
  private final Shape shape;

  private MaxOp(AxisProblem problem, Shape shape) {
    this.problem = problem;
    this.shape = shape;
  }

  public static Tensor of(AxisProblem problem, Tensor x, Shape shape) {
    return new MaxOp(problem, shape).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return shape;
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape);
    backend().maxPool(PoolProblem.ofColumns(problem), in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), in[0].shape());
    PoolProblem windows = PoolProblem.ofColumns(problem);
    backend().maxPoolBackward(windows, in[0].storage(), y.storage(), dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.Max(problem);
  }
}
