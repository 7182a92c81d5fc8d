package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;
import org.jspecify.annotations.Nullable;

/**
 * y[o][r][i] = big[o][r][i] + scale · small[o][i]; dbig = dy, dsmall[o][i] = scale · Σ over r of
 * dy[o][r][i].
 */
public final class BroadcastAddOp extends Op implements Traceable {
  private final AxisProblem problem;
  private final double scale;

  private BroadcastAddOp(AxisProblem problem, double scale) {
    this.problem = problem;
    this.scale = scale;
  }

  public static Tensor of(AxisProblem problem, Tensor big, double scale, Tensor small) {
    return new BroadcastAddOp(problem, scale).apply(big, small);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), in[0].shape());
    backend().broadcastAdd(problem, in[0].storage(), scale, in[1].storage(), y.storage());
    return y;
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dSmall = null;
    if (wantsGrad(1)) {
      dSmall = Tensor.empty(y.device(), in[1].shape());
      backend().sum(problem, scale, dy.storage(), dSmall.storage());
    }
    return new @Nullable Tensor[] {wantsGrad(0) ? dy : null, dSmall};
  }

  @Override
  public Action action() {
    return new Action.BroadcastAdd(problem, scale);
  }
}
