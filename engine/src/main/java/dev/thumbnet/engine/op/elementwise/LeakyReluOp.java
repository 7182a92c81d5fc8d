package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/** y = x where x &gt; 0, else slope · x; dx = dy where x &gt; 0, else slope · dy. */
public final class LeakyReluOp extends Op implements Traceable {
  private final double slope;

  private LeakyReluOp(double slope) {
    this.slope = slope;
  }

  public static Tensor of(Tensor x, double slope) {
    return new LeakyReluOp(slope).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    backend().leakyRelu(y.size(), slope, in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), y.shape());
    backend().leakyReluBackward(y.size(), slope, in[0].storage(), dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.LeakyRelu(slope);
  }
}
