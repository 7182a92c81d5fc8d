package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y = f(x), elementwise; dx = f'(x) · dy with the derivative given beside each {@link Unary}. */
public final class UnaryOp extends Op implements Traceable {
  private final Unary f;

  private UnaryOp(Unary f) {
    this.f = f;
  }

  public static Tensor of(Unary f, Tensor x) {
    return new UnaryOp(f).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    backend().unary(f, y.size(), in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), y.shape());
    backend().unaryBackward(f, y.size(), in[0].storage(), y.storage(), dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.Elementwise(f);
  }
}
