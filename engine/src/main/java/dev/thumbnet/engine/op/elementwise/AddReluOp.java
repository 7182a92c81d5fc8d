package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;
import org.jspecify.annotations.Nullable;

/** y = max(a + b, 0), both of one shape; da = db = dy where y &gt; 0, else 0. */
public final class AddReluOp extends Op implements Traceable {
  public static Tensor of(Tensor a, Tensor b) {
    return new AddReluOp().apply(a, b);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    backend().addRelu(y.size(), in[0].storage(), in[1].storage(), y.storage());
    return y;
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor d = Tensor.empty(y.device(), y.shape());
    backend().unaryBackward(Unary.RELU, y.size(), null, y.storage(), dy.storage(), d.storage());
    return new @Nullable Tensor[] {wantsGrad(0) ? d : null, wantsGrad(1) ? d : null};
  }

  @Override
  public Action action() {
    return new Action.AddRelu();
  }
}
