package dev.thumbnet.engine.testing;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import java.util.function.UnaryOperator;

/** A function as a module in evaluation mode, to be traced and compiled. */
public final class FunctionModule extends Module {
  private final UnaryOperator<Tensor> function;

  /** Wraps a function without any state. */
  public FunctionModule(UnaryOperator<Tensor> function) {
    this.function = function;
    eval();
  }

  @Override
  public Tensor forward(Tensor x) {
    return function.apply(x);
  }
}
