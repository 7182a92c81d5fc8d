package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y = R x with R the linear resampling map of the problem; dx = Rᵀ dy. */
final class ResizeOp extends Op implements Traceable {
  private final ResizeProblem problem;

  private ResizeOp(ResizeProblem problem) {
    this.problem = problem;
  }

  static Tensor of(String op, Tensor x, int outH, int outW, ResizeProblem.Filter filter) {
    Require.rank(op, "x", x.shape(), "(n, h, w, c)", 4);
    return new ResizeOp(
            new ResizeProblem(x.dim(0), x.dim(1), x.dim(2), x.dim(3), outH, outW, filter))
        .apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return Shape.of(problem.n(), problem.outH(), problem.outW(), problem.c());
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    backend().resize(problem, in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), in[0].shape());
    backend().resizeBackward(problem, dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.Resize(problem);
  }
}
