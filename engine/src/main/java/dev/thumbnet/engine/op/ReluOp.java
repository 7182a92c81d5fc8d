package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.Unary;

/** y = max(x, 0); dx = dy where y &gt; 0, else 0. */
final class ReluOp extends Op {
  static Tensor of(Tensor x) {
    return new ReluOp().apply(x);
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), in[0].shape());
    backend().unary(Unary.RELU, y.size(), in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), y.shape());
    backend().unaryBackward(Unary.RELU, y.size(), null, y.storage(), dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }
}
