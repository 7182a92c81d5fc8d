package dev.thumbnet.engine.op.axis;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;
import org.jspecify.annotations.Nullable;

/** y = the inputs one after the other along an axis; each dx is its part of dy. */
public final class ConcatOp extends Op implements Traceable {
  private final int axis;

  private ConcatOp(int axis) {
    this.axis = axis;
  }

  public static Tensor of(int axis, Tensor... parts) {
    if (parts.length == 0) {
      throw new IllegalArgumentException("concat: nothing to concatenate; give one tensor or more");
    }
    Shape first = parts[0].shape();
    int a = first.axis(axis);
    for (Tensor part : parts) {
      if (part.shape().rank() != first.rank()
          || !part.shape().with(a, first.dim(a)).equals(first)) {
        throw new IllegalArgumentException(
            "concat along axis "
                + a
                + ": shapes "
                + first
                + " and "
                + part.shape()
                + " must agree on all other axes");
      }
    }
    return new ConcatOp(a).apply(parts.clone());
  }

  @Override
  protected Shape shape(Tensor[] in) {
    int extent = 0;
    for (Tensor part : in) {
      extent += part.dim(axis);
    }
    return in[0].shape().with(axis, extent);
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    int row = rowLength(y);
    int offset = 0;
    for (Tensor part : in) {
      int length = rowLength(part);
      backend().copyRows(rows(y), length, part.storage(), 0, length, y.storage(), offset, row);
      offset += length;
    }
    return y;
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    @Nullable Tensor[] grads = new @Nullable Tensor[in.length];
    int row = rowLength(y);
    int offset = 0;
    for (int i = 0; i < in.length; i++) {
      int length = rowLength(in[i]);
      if (wantsGrad(i)) {
        Tensor dx = Tensor.empty(y.device(), in[i].shape());
        backend().copyRows(rows(y), length, dy.storage(), offset, row, dx.storage(), 0, length);
        grads[i] = dx;
      }
      offset += length;
    }
    return grads;
  }

  private int rows(Tensor t) {
    return t.shape().size(0, axis);
  }

  private int rowLength(Tensor t) {
    return t.shape().size(axis, t.shape().rank());
  }

  @Override
  public Action action() {
    return new Action.Concat(axis);
  }
}
