package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;
import org.jspecify.annotations.Nullable;

/** y = a · b, elementwise, both of one shape; da = b · dy, db = a · dy. */
public final class MultiplyOp extends Op implements Traceable {
  public static Tensor of(Tensor a, Tensor b) {
    return new MultiplyOp().apply(a, b);
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
    return new @Nullable Tensor[] {
      wantsGrad(0) ? product(dy, in[1]) : null, wantsGrad(1) ? product(dy, in[0]) : null
    };
  }

  private Tensor product(Tensor a, Tensor b) {
    Tensor product = Tensor.empty(a.device(), a.shape());
    backend().multiply(a.size(), a.storage(), b.storage(), product.storage());
    return product;
  }

  @Override
  public Action action() {
    return new Action.Multiply();
  }
}
