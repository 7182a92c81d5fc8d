package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The straight-line program that a forward pass ran: what other runtimes need to do the same. The
 * tensors are the live ones, those of the parameters among them, and valid as long as the {@link
 * dev.thumbnet.engine.TensorScope} in which the trace was taken.
 *
 * @param input the argument of the pass
 * @param output its result
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
   * Runs a forward pass, such as that of a module in evaluation mode, and records it.
   *
   * @param forward is run once
   * @param x its argument
   * @throws IllegalArgumentException if it contains an op that only makes sense in training, or
   *     none of those that {@link Action} lists
   * @throws IllegalStateException if it is in training mode, or within {@link Autograd#noGrad}
   */
  public static Trace of(UnaryOperator<Tensor> forward, Tensor x) {
    if (!Autograd.enabled()) {
      throw new IllegalStateException(
          "a trace is read from what autograd records; take it outside of noGrad()");
    }
    Tensor input = x.detach().requiresGrad(true);
    Tensor output = forward.apply(input);
    List<Step> steps = new ArrayList<>();
    for (Op op : Autograd.history(output)) {
      if (!(op instanceof Traceable traceable)) {
        throw new IllegalArgumentException(
            op.name()
                + " on "
                + op.operands().getFirst().shape()
                + " cannot be traced; if it belongs to training, call eval() on the module before");
      }
      steps.add(new Step(traceable.action(), op.operands(), op.output()));
    }
    return new Trace(input, output, steps);
  }
}
