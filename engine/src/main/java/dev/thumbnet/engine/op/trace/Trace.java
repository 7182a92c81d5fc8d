package dev.thumbnet.engine.op.trace;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import java.util.ArrayList;
import java.util.Arrays;
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
  public record Step(Action action, List<Tensor> operands, Tensor result) {
    /** Tells whether all operands but the first are weights, which have no axis for pictures. */
    public boolean weighted() {
      return switch (action) {
        case Action.Conv2d _, Action.ConvTranspose2d _ -> true;
        case Action.Linear _, Action.BatchNorm _ -> true;
        case Action.Elementwise _, Action.LeakyRelu _, Action.Clamp _, Action.Affine _ -> false;
        case Action.Add _, Action.AddRelu _, Action.Multiply _, Action.Divide _ -> false;
        case Action.BroadcastAdd _, Action.BroadcastMultiply _, Action.Expand _ -> false;
        case Action.Sum _, Action.Softmax _, Action.LogSoftmax _ -> false;
        case Action.Concat _, Action.Slice _, Action.Reshape _ -> false;
        case Action.MaxPool _, Action.AveragePool _, Action.Resize _ -> false;
        case Action.Transpose _, Action.Gather _, Action.Elu _ -> false;
        case Action.Maximum _, Action.Minimum _, Action.Max _, Action.MatMul _ -> false;
      };
    }
  }

  /** Keeps an unmodifiable copy of the steps. */
  public Trace {
    steps = List.copyOf(steps);
  }

  /**
   * Records a forward pass, such as that of a module in evaluation mode.
   *
   * @param forward is called once, with a placeholder
   * @param x has the shape and the device of its argument; its numbers do not matter
   * @throws IllegalArgumentException if it contains an op that only makes sense in training
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

  /**
   * Checks that the first axis of all results counts pictures, as that of the input does, that no
   * result of one picture depends on another, and that constants are the same for all: then the
   * same steps do for any number of pictures. What would mix them is found for inputs of two and
   * more.
   *
   * @throws IllegalArgumentException if that is not so; the message names the step
   */
  public void checkPicturesApart() {
    int pictures = input.dim(0);
    for (Step step : steps) {
      Shape shape = step.result.shape();
      if (shape.rank() == 0 || shape.dim(0) != pictures || pictures > 1 && mixes(step)) {
        throw new IllegalArgumentException(
            step.action
                + " with a result of shape "
                + shape
                + " does not keep the "
                + pictures
                + " pictures apart");
      }
      checkConstants(step);
    }
  }

  private void checkConstants(Step step) {
    for (int i = 0; i < step.operands.size() && !(i > 0 && step.weighted()); i++) {
      Tensor operand = step.operands.get(i);
      boolean forEach =
          operand.shape().rank() == step.result.shape().rank() && operand.dim(0) == input.dim(0);
      if (forEach && !operand.isPlaceholder() && !alike(operand.toArray(), operand.dim(0))) {
        throw new IllegalArgumentException(
            step.action
                + " takes a constant of shape "
                + operand.shape()
                + " that is not the same for each picture");
      }
    }
  }

  private static boolean alike(float[] values, int parts) {
    int length = values.length / parts;
    int last = values.length - length;
    return Arrays.equals(values, 0, last, values, length, values.length);
  }

  /**
   * Tells whether a step on two or more pictures, all of whose operands and whose result have them
   * along the first axis, looks along that axis. What is left of an axis on which a broadcast or a
   * sum works is the outer extent of its problem, so that it is 1 if that is the first.
   */
  private static boolean mixes(Step step) {
    return switch (step.action) {
      case Action.Softmax(), Action.LogSoftmax(), Action.Linear(), Action.Clamp _ ->
          step.result.shape().rank() == 1;
      case Action.Concat(int axis) -> axis == 0;
      case Action.Slice slice -> slice.axis() == 0;
      case Action.Max(AxisProblem p) -> p.repeat() > 1 && p.outer() == 1;
      case Action.Sum(AxisProblem p, double _) -> p.repeat() > 1 && p.outer() == 1;
      case Action.Expand(AxisProblem p) -> p.outer() == 1;
      case Action.Transpose(TransposeProblem p) -> p.axes().getFirst() != 0;
      case Action.Gather(int _, GatherProblem p, double _) -> p.outer() == 1;
      case Action.BroadcastAdd(AxisProblem p, double _) -> mixes(p, step);
      case Action.BroadcastMultiply(AxisProblem p) -> mixes(p, step);
      case Action.Elementwise _, Action.LeakyRelu _, Action.Affine _, Action.Add _ -> false;
      case Action.AddRelu _, Action.Multiply _, Action.Divide _, Action.Reshape _ -> false;
      case Action.Conv2d _, Action.MaxPool _, Action.AveragePool _, Action.Resize _ -> false;
      case Action.BatchNorm _, Action.Elu _, Action.Maximum _, Action.Minimum _ -> false;
      case Action.MatMul _ -> false; // its pairs of matrices are along the first axis
      case Action.ConvTranspose2d _ -> false;
    };
  }

  /** A constant may be repeated for all pictures. */
  private static boolean mixes(AxisProblem p, Step step) {
    return p.outer() == 1 && step.operands.get(1).isPlaceholder();
  }
}
