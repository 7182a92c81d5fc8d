package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;

/**
 * y = mask · x, mask being 0 with probability p, else 1 / (1 − p); dx = mask · dy. The mask is a
 * function of the key, so it is made again rather than kept.
 */
public final class DropoutOp extends Op {
  private final double keep;
  private final long key;

  private DropoutOp(double keep, long key) {
    this.keep = keep;
    this.key = key;
  }

  public static Tensor of(Tensor x, double p, long key) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout: p must be in [0, 1) but is " + p);
    }
    return new DropoutOp(1 - p, key).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    throw new IllegalArgumentException(
        name()
            + " on "
            + in[0].shape()
            + " cannot be traced: it sets other elements to 0 each time and belongs to training;"
            + " call eval() on the module before");
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    return masked(in[0]);
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    return new Tensor[] {masked(dy)};
  }

  private Tensor masked(Tensor x) {
    Tensor y = Tensor.empty(x.device(), x.shape());
    backend().dropoutMask(y.size(), key, keep, y.storage());
    backend().multiply(y.size(), x.storage(), y.storage(), y.storage());
    return y;
  }
}
