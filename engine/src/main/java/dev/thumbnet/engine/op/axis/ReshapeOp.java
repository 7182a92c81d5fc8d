package dev.thumbnet.engine.op.axis;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y = x with another shape of the same size, copied, because tensors never share memory. */
public final class ReshapeOp extends Op implements Traceable {
  private final Shape shape;

  private ReshapeOp(Shape shape) {
    this.shape = shape;
  }

  public static Tensor of(Tensor x, Shape shape) {
    return new ReshapeOp(shape).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return shape;
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    return copy(in[0], shape);
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    return new Tensor[] {copy(dy, in[0].shape())};
  }

  private Tensor copy(Tensor source, Shape target) {
    Tensor copy = Tensor.empty(source.device(), target);
    backend().copyRows(1, source.size(), source.storage(), 0, 0, copy.storage(), 0, 0);
    return copy;
  }

  @Override
  public Action action() {
    return new Action.Reshape();
  }
}
