package dev.thumbnet.engine.op.axis;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y_j = x_j − log Σ exp(x) along the last axis; dx = dy − exp(y) · Σ dy. */
public final class LogSoftmaxOp extends Op implements Traceable {
  public static Tensor of(Tensor x) {
    return new LogSoftmaxOp().apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), in[0].shape());
    int cols = y.dim(-1);
    backend().logSoftmax(y.size() / cols, cols, in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), y.shape());
    int cols = y.dim(-1);
    backend().logSoftmaxBackward(y.size() / cols, cols, y.storage(), dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.LogSoftmax();
  }
}
