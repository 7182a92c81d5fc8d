package dev.thumbnet.engine.op.axis;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y = x[.., from .. to − 1, ..] along an axis; dx = dy there, 0 elsewhere. */
public final class SliceOp extends Op implements Traceable {
  private final int axis;
  private final int from;
  private final int to;

  private SliceOp(int axis, int from, int to) {
    this.axis = axis;
    this.from = from;
    this.to = to;
  }

  public static Tensor of(Tensor x, int axis, int from, int to) {
    int a = x.shape().axis(axis);
    if (from < 0 || to <= from || to > x.dim(a)) {
      throw new IllegalArgumentException(
          "slice: range ["
              + from
              + ", "
              + to
              + ") is empty or outside axis "
              + a
              + " of shape "
              + x.shape());
    }
    return new SliceOp(a, from, to).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape().with(axis, to - from);
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Shape big = in[0].shape();
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    int inner = big.size(axis + 1, big.rank());
    int row = big.dim(axis) * inner;
    int length = (to - from) * inner;
    backend()
        .copyRows(
            big.size(0, axis), length, in[0].storage(), from * inner, row, y.storage(), 0, length);
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Shape big = in[0].shape();
    Tensor dx = Tensor.empty(y.device(), big);
    backend().fill(dx.storage(), dx.size(), 0);
    int inner = big.size(axis + 1, big.rank());
    int row = big.dim(axis) * inner;
    int length = (to - from) * inner;
    backend()
        .copyRows(
            big.size(0, axis), length, dy.storage(), 0, length, dx.storage(), from * inner, row);
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.Slice(axis, from, to);
  }
}
