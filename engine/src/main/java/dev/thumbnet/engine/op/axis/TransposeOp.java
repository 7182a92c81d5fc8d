package dev.thumbnet.engine.op.axis;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y's axis i is x's axis axes[i]; dx is dy with the axes back where they were. */
public final class TransposeOp extends Op implements Traceable {
  private final TransposeProblem problem;

  private TransposeOp(TransposeProblem problem) {
    this.problem = problem;
  }

  /**
   * @param axes each axis of x once, none negative
   */
  public static Tensor of(Tensor x, int... axes) {
    return new TransposeOp(TransposeProblem.of(x.shape().toArray(), axes)).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return Shape.of(problem.axes().stream().mapToInt(in[0]::dim).toArray());
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    backend().transpose(problem, in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), in[0].shape());
    backend().transpose(problem.inverse(), dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.Transpose(problem);
  }
}
