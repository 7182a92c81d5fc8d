package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;
import org.jspecify.annotations.Nullable;

/** y = a / b, elementwise, both of one shape; da = dy / b, db = −y · dy / b. */
public final class DivideOp extends Op implements Traceable {
  public static Tensor of(Tensor a, Tensor b) {
    return new DivideOp().apply(a, b);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    return quotient(in[0], in[1]);
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor da = quotient(dy, in[1]);
    Tensor db = null;
    if (wantsGrad(1)) {
      db = Tensor.empty(y.device(), y.shape());
      backend().multiply(y.size(), da.storage(), y.storage(), db.storage());
      backend().affine(y.size(), -1, db.storage(), 0, db.storage());
    }
    if (!wantsGrad(0)) {
      da.release();
      da = null;
    }
    return new @Nullable Tensor[] {da, db};
  }

  private Tensor quotient(Tensor a, Tensor b) {
    Tensor quotient = Tensor.empty(a.device(), a.shape());
    backend().divide(a.size(), a.storage(), b.storage(), quotient.storage());
    return quotient;
  }

  @Override
  public Action action() {
    return new Action.Divide();
  }
}
