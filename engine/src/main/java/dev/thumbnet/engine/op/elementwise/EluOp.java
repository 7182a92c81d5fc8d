package dev.thumbnet.engine.op.elementwise;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/**
 * y = scale · x where x &gt; 0, else alpha · (exp(rate · x) − 1); dx = scale · dy where x &gt; 0,
 * else alpha · rate · exp(rate · x) · dy.
 */
public final class EluOp extends Op implements Traceable {
  private final double scale;
  private final double alpha;
  private final double rate;

  private EluOp(double scale, double alpha, double rate) {
    this.scale = scale;
    this.alpha = alpha;
    this.rate = rate;
  }

  public static Tensor of(Tensor x, double scale, double alpha, double rate) {
    return new EluOp(scale, alpha, rate).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    backend().elu(y.size(), scale, alpha, rate, in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), y.shape());
    backend()
        .eluBackward(y.size(), scale, alpha, rate, in[0].storage(), dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.Elu(scale, alpha, rate);
  }
}
