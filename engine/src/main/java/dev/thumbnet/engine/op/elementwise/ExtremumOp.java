package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;
import org.jspecify.annotations.Nullable;

/**
 * y = the larger of a and b, or the smaller, both of one shape; dy goes to the one that was chosen,
 * half of it to each where they are equal.
 */
public final class ExtremumOp extends Op implements Traceable {
  private final boolean larger;

  private ExtremumOp(boolean larger) {
    this.larger = larger;
  }

  public static Tensor of(boolean larger, Tensor a, Tensor b) {
    return new ExtremumOp(larger).apply(a, b);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    if (larger) {
      backend().maximum(y.size(), in[0].storage(), in[1].storage(), y.storage());
    } else {
      backend().minimum(y.size(), in[0].storage(), in[1].storage(), y.storage());
    }
    return y;
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    return new @Nullable Tensor[] {
      wantsGrad(0) ? gradient(in[0], in[1], dy) : null,
      wantsGrad(1) ? gradient(in[1], in[0], dy) : null
    };
  }

  /** Returns dy where the first of two was chosen. */
  private Tensor gradient(Tensor chosen, Tensor other, Tensor dy) {
    Tensor d = Tensor.empty(dy.device(), dy.shape());
    Tensor above = larger ? chosen : other;
    Tensor below = larger ? other : chosen;
    backend()
        .maximumBackward(d.size(), above.storage(), below.storage(), dy.storage(), d.storage());
    return d;
  }

  @Override
  public Action action() {
    return larger ? new Action.Maximum() : new Action.Minimum();
  }
}
