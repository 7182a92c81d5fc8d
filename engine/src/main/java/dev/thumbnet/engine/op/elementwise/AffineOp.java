package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y = scale · x + shift with two plain numbers; dx = scale · dy. */
public final class AffineOp extends Op implements Traceable {
  private final double scale;
  private final double shift;

  private AffineOp(double scale, double shift) {
    this.scale = scale;
    this.shift = shift;
  }

  public static Tensor of(double scale, Tensor x, double shift) {
    return new AffineOp(scale, shift).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), in[0].shape());
    backend().affine(y.size(), scale, in[0].storage(), shift, y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    if (scale == 1) {
      return new Tensor[] {dy};
    }
    Tensor dx = Tensor.empty(y.device(), y.shape());
    backend().affine(y.size(), scale, dy.storage(), 0, dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.Affine(scale, shift);
  }
}
