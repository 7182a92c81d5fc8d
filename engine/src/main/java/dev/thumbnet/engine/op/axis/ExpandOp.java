package dev.thumbnet.engine.op.axis;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y[o][r][i] = x[o][i]; dx[o][i] = Σ over r of dy[o][r][i]. */
public final class ExpandOp extends Op implements Traceable {
  private final AxisProblem problem;
  private final Shape shape;

  private ExpandOp(AxisProblem problem, Shape shape) {
    this.problem = problem;
    this.shape = shape;
  }

  public static Tensor of(AxisProblem problem, Tensor x, Shape shape) {
    return new ExpandOp(problem, shape).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return shape;
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape);
    backend().broadcast(problem, 1, in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), in[0].shape());
    backend().sum(problem, 1, dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.Expand(problem);
  }
}
