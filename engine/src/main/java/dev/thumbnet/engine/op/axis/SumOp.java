package dev.thumbnet.engine.op.axis;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y[o][i] = scale · Σ over r of x[o][r][i]; dx[o][r][i] = scale · dy[o][i]. */
public final class SumOp extends Op implements Traceable {
  private final AxisProblem problem;
  private final double scale;
  private final Shape shape;

  private SumOp(AxisProblem problem, double scale, Shape shape) {
    this.problem = problem;
    this.scale = scale;
    this.shape = shape;
  }

  public static Tensor of(AxisProblem problem, double scale, Tensor x, Shape shape) {
    return new SumOp(problem, scale, shape).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return shape;
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape);
    backend().sum(problem, scale, in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), in[0].shape());
    backend().broadcast(problem, scale, dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.Sum(problem, scale);
  }
}
