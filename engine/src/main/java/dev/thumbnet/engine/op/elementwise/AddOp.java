package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;
import org.jspecify.annotations.Nullable;

/** y = a + scale · b, both of one shape; da = dy, db = scale · dy. */
public final class AddOp extends Op implements Traceable {
  private final double scale;

  private AddOp(double scale) {
    this.scale = scale;
  }

  public static Tensor of(Tensor a, double scale, Tensor b) {
    return new AddOp(scale).apply(a, b);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    backend().linearCombination(y.size(), 1, in[0].storage(), scale, in[1].storage(), y.storage());
    return y;
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    return new @Nullable Tensor[] {wantsGrad(0) ? dy : null, wantsGrad(1) ? scaled(dy) : null};
  }

  private Tensor scaled(Tensor dy) {
    if (scale == 1) {
      return dy;
    }
    Tensor db = Tensor.empty(dy.device(), dy.shape());
    backend().affine(dy.size(), scale, dy.storage(), 0, db.storage());
    return db;
  }

  @Override
  public Action action() {
    return new Action.Add(scale);
  }
}
