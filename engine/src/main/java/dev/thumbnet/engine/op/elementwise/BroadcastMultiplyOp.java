package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;
import org.jspecify.annotations.Nullable;

/**
 * y[o][r][i] = big[o][r][i] · small[o][i]; dbig[o][r][i] = dy[o][r][i] · small[o][i], dsmall[o][i]
 * = Σ over r of dy[o][r][i] · big[o][r][i].
 */
public final class BroadcastMultiplyOp extends Op implements Traceable {
  private final AxisProblem problem;

  private BroadcastMultiplyOp(AxisProblem problem) {
    this.problem = problem;
  }

  public static Tensor of(AxisProblem problem, Tensor big, Tensor small) {
    return new BroadcastMultiplyOp(problem).apply(big, small);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    return product(in[0], in[1]);
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dSmall = null;
    if (wantsGrad(1)) {
      dSmall = Tensor.empty(y.device(), in[1].shape());
      backend().sumOfProducts(problem, 1, dy.storage(), in[0].storage(), dSmall.storage());
    }
    return new @Nullable Tensor[] {wantsGrad(0) ? product(dy, in[1]) : null, dSmall};
  }

  private Tensor product(Tensor big, Tensor small) {
    Tensor product = Tensor.empty(big.device(), big.shape());
    backend().broadcastMultiply(problem, big.storage(), small.storage(), product.storage());
    return product;
  }

  @Override
  public Action action() {
    return new Action.BroadcastMultiply(problem);
  }
}
