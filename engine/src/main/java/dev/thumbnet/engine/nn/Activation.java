package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;
import java.util.function.UnaryOperator;

/**
 * An activation function of mobile networks, elementwise; {@link ReLU} and {@link LeakyReLU} are
 * modules of their own.
 */
public final class Activation extends Module {
  private final UnaryOperator<Tensor> function;

  private Activation(UnaryOperator<Tensor> function) {
    this.function = function;
  }

  /** Returns min(max(x, 0), 6), as in MobileNet-v2. */
  public static Activation relu6() {
    return new Activation(Ops::relu6);
  }

  /** Returns x · min(max(x + 3, 0), 6) / 6, as in MobileNet-v3. */
  public static Activation hardSwish() {
    return new Activation(Ops::hardSwish);
  }

  /** Returns x / (1 + exp(−x)), as in EfficientNet; also called swish. */
  public static Activation silu() {
    return new Activation(Ops::silu);
  }

  /** Returns min(max(x + 3, 0), 6) / 6, which MobileNet-v3 weighs channels with. */
  public static Activation hardSigmoid() {
    return new Activation(Ops::hardSigmoid);
  }

  /** Returns 1 / (1 + exp(−x)), which EfficientNet weighs channels with. */
  public static Activation sigmoid() {
    return new Activation(Ops::sigmoid);
  }

  @Override
  public Tensor forward(Tensor x) {
    return function.apply(x);
  }
}
