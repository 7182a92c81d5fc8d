package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The straight-line program of a forward pass: what other runtimes need to do the same. It is found
 * out with {@linkplain Tensor#placeholder placeholders}, so nothing is computed from the input; the
 * tensors of parameters and other constants are the live ones.
 *
 * @param input the argument of the pass, a placeholder
 * @param output its result, likewise
 * @param steps in an order in which they can run
 */
public record Trace(Tensor input, Tensor output, List<Step> steps) {

  /**
   * One application of an op.
   *
   * @param action what is computed
   * @param operands the input, results of earlier steps, and constants
   * @param result what came out
   */
  public record Step(Action action, List<Tensor> operands, Tensor result) {}

  /** Keeps an unmodifiable copy of the steps. */
  public Trace {
    steps = List.copyOf(steps);
  }

  /**
   * Records a forward pass, such as that of a module in evaluation mode.
   *
   * @param forward is called once, with a placeholder
   * @param x has the shape and the device of its argument; its numbers do not matter
   * @throws IllegalArgumentException if it contains an op that only makes sense in training, or
   *     none of those that {@link Action} lists
   * @throws IllegalStateException if it is in training mode or asks for the numbers of a result, or
   *     within {@link Autograd#noGrad}
   */
  public static Trace of(UnaryOperator<Tensor> forward, Tensor x) {
    if (!Autograd.enabled()) {
      throw new IllegalStateException(
          "a trace is read from what autograd records; take it outside of noGrad()");
    }
    Tensor input = Tensor.placeholder(x.device(), x.shape()).requiresGrad(true);
    Tensor output = forward.apply(input);
    List<Step> steps = new ArrayList<>();
    for (Op op : Autograd.history(output)) {
      // What was computed from parameters alone has numbers: it is one more constant.
      if (op.output().isPlaceholder()) {
        steps.add(new Step(((Traceable) op).action(), op.operands(), op.output()));
      }
    }
    return new Trace(input, output, steps);
  }
}
