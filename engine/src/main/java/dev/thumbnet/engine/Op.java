package dev.thumbnet.engine;

import dev.thumbnet.engine.backend.Backend;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A differentiable operation and, once applied, a node of the autograd graph. A subclass computes
 * {@link #forward} and {@link #backward} beside each other; {@link #apply} runs it once and records
 * it if a gradient is wanted. An instance is used for one application only, so that it may keep
 * what the backward pass needs in its fields.
 */
public abstract class Op {
  private Tensor @Nullable [] inputs;
  private @Nullable Tensor output;
  private boolean recording;
  private final List<Tensor> saved = new ArrayList<>();

  /** For subclasses. */
  protected Op() {}

  /**
   * Computes the result in a new tensor.
   *
   * @param inputs what was given to {@link #apply}, all on one device
   */
  protected abstract Tensor forward(Tensor[] inputs);

  /**
   * Returns the shape of the result: all that is asked of an op while a forward pass is traced with
   * {@linkplain Tensor#placeholder placeholders}, which have no numbers.
   *
   * @param inputs what was given to {@link #apply}
   * @throws IllegalArgumentException if this op cannot be traced; the message says why
   */
  protected abstract Shape shape(Tensor[] inputs);

  /**
   * Computes the gradients of the inputs.
   *
   * @param inputs what was given to {@link #apply}
   * @param output what {@link #forward} returned
   * @param dy gradient of the output; must not be changed
   * @return one gradient per input, null where {@link #wantsGrad} is false; each either newly made
   *     or {@code dy} itself
   */
  protected abstract @Nullable Tensor[] backward(Tensor[] inputs, Tensor output, Tensor dy);

  /** Runs the operation and records it if autograd is on and some input wants a gradient. */
  protected final Tensor apply(Tensor... operands) {
    if (output != null || inputs != null) {
      throw new IllegalStateException("an op instance can be applied only once");
    }
    boolean grad = false;
    boolean traced = false;
    for (Tensor t : operands) {
      t.checkUsable();
      if (t.device() != operands[0].device()) {
        throw new IllegalArgumentException(
            name()
                + ": operands on different devices, "
                + operands[0].device()
                + " and "
                + t.device()
                + "; move one with to(device)");
      }
      grad |= t.requiresGrad();
      traced |= t.isPlaceholder();
    }
    recording = grad && Autograd.enabled();
    inputs = operands;
    Tensor result =
        traced ? Tensor.placeholder(operands[0].device(), shape(operands)) : forward(operands);
    if (recording) {
      output = result;
      result.setCreator(this);
    } else {
      free();
    }
    return result;
  }

  /** Tells whether this application will be differentiated, so that saving is worth while. */
  protected final boolean recording() {
    return recording;
  }

  /** Tells whether the gradient of an input is needed. */
  protected final boolean wantsGrad(int input) {
    return inputs()[input].requiresGrad();
  }

  /** Hands over a private tensor that goes back to the pool after the backward pass. */
  protected final Tensor save(Tensor tensor) {
    saved.add(tensor);
    return tensor;
  }

  /** Returns the name of the operation for messages: the class name without "Op". */
  public final String name() {
    return getClass().getSimpleName().replaceAll("Op$", "");
  }

  /** Returns the backend of the first operand. */
  protected final Backend backend() {
    return inputs()[0].device().backend();
  }

  /**
   * Returns what a recorded application made.
   *
   * @throws IllegalStateException if it was not recorded
   */
  public final Tensor output() {
    if (output == null) {
      throw new IllegalStateException("this application was not recorded");
    }
    return output;
  }

  /**
   * Returns what a recorded application was given.
   *
   * @throws IllegalStateException if a backward pass has freed it
   */
  public final List<Tensor> operands() {
    return List.of(inputs());
  }

  final Tensor[] inputs() {
    if (inputs == null) {
      throw new IllegalStateException(
          "the graph of this tensor was freed by an earlier backward(); run the forward pass"
              + " again");
    }
    return inputs;
  }

  final @Nullable Tensor[] runBackward(Tensor dy) {
    Tensor[] in = inputs();
    for (Tensor t : in) {
      t.checkUsable();
    }
    @Nullable Tensor[] gradients = backward(in, output(), dy);
    if (gradients.length != in.length) {
      throw new IllegalStateException(
          name() + " returned " + gradients.length + " gradients for " + in.length + " inputs");
    }
    for (int i = 0; i < in.length; i++) {
      if (gradients[i] != null && !in[i].requiresGrad()) {
        throw new IllegalStateException(
            name() + " computed a gradient that nobody wants, that of input " + i);
      }
    }
    return gradients;
  }

  /** Lets go of everything the backward pass needed. */
  final void free() {
    for (Tensor t : saved) {
      t.release();
    }
    saved.clear();
    inputs = null;
  }
}
