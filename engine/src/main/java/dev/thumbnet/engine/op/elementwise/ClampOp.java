package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y = x, but at least low and at most high of its channel; dx = dy where x is within, else 0. */
public final class ClampOp extends Op implements Traceable {
  private final Tensor low;
  private final Tensor high;

  private ClampOp(Tensor low, Tensor high) {
    this.low = low;
    this.high = high;
  }

  public static Tensor of(Tensor x, Tensor low, Tensor high) {
    return new ClampOp(low, high).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    backend().clamp(problem(y), in[0].storage(), low.storage(), high.storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), y.shape());
    backend()
        .clampBackward(
            problem(y), in[0].storage(), low.storage(), high.storage(), dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  private AxisProblem problem(Tensor y) {
    return new AxisProblem(1, y.size() / low.size(), low.size());
  }

  @Override
  public Action action() {
    return new Action.Clamp(low, high);
  }
}
