package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.op.trace.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One step of a plan. The optimiser changes steps until they are what runs. */
final class Step {
  /** What is computed; for {@link #convolution} without what was folded into it. */
  final Action action;

  /** What it is computed from, without weights; a residual last. */
  final List<Value> inputs;

  /** The result. */
  Value output;

  /**
   * The shape of a convolution, of the one that is transposed, or of a linear layer, which is one
   * of 1x1 pixels.
   */
  final @Nullable Conv2dProblem convolution;

  /** Weights of a convolution (kh, kw, c / groups, k). */
  private @Nullable Tensor weight;

  /** What each output channel of them is multiplied by, for the normalisation that follows. */
  double @Nullable [] factors;

  /**
   * Bias of a convolution, one for each channel of its result, with the normalisation that follows.
   */
  @Nullable Tensor bias;

  /** Factors of a normalisation that is a step of its own. */
  private @Nullable Tensor scale;

  /** What such a normalisation adds. */
  private @Nullable Tensor shift;

  /** Whether the last input of a convolution is added to its result. */
  boolean addsResidual;

  /** What is taken of the result of a convolution in the end. */
  @Nullable Unary activation;

  /** The convolution, once it is ready. */
  private @Nullable PreparedConvolution<Storage> prepared;

  Step(Action action, @Nullable Conv2dProblem convolution, List<Value> inputs, Value output) {
    this.action = action;
    this.convolution = convolution;
    this.inputs = new ArrayList<>(inputs);
    this.output = output;
    output.producer = this;
  }

  /** Returns the same step, which must be prepared, on other values. */
  Step on(UnaryOperator<Value> values) {
    Step copy =
        new Step(action, convolution, inputs.stream().map(values).toList(), values.apply(output));
    copy.scale = scale;
    copy.shift = shift;
    copy.addsResidual = addsResidual;
    copy.activation = activation;
    copy.prepared = prepared;
    return copy;
  }

  /** Makes the step a convolution with these weights. */
  void convolve(Tensor weight, @Nullable Tensor bias) {
    this.weight = weight;
    this.bias = bias;
  }

  /** Makes the step a normalisation with these factors and summands. */
  void normalise(Tensor scale, Tensor shift) {
    this.scale = scale;
    this.shift = shift;
  }

  /** Makes the step ready; it no longer needs the weights, which are the module's. */
  void prepared(PreparedConvolution<Storage> convolution) {
    prepared = convolution;
    weight = null;
    bias = null;
  }

  Tensor weight() {
    return Objects.requireNonNull(weight);
  }

  Tensor scale() {
    return Objects.requireNonNull(scale);
  }

  Tensor shift() {
    return Objects.requireNonNull(shift);
  }

  PreparedConvolution<Storage> prepared() {
    return Objects.requireNonNull(prepared);
  }

  boolean isConvolution() {
    return convolution != null;
  }

  /** Tells whether it is the transpose of the convolution that is computed. */
  boolean isTransposed() {
    return action instanceof Action.ConvTranspose2d;
  }

  /** Tells whether the result is the input under another shape. */
  boolean sharesMemory() {
    return action instanceof Action.Reshape;
  }

  /** Takes over the result of a step that becomes part of this one. */
  void absorb(Step next) {
    output = next.output;
    output.producer = this;
  }

  /**
   * Tells whether another step, prepared as this one, does the same work on the same buffers: by
   * the same algorithm, and with weights and constants of the same shape, whatever their numbers.
   */
  boolean sameAs(Step other) {
    return sameWork(action, other.action)
        && Objects.equals(convolution, other.convolution)
        && addsResidual == other.addsResidual
        && activation == other.activation
        && samePreparation(other)
        && output.sameAs(other.output)
        && sameInputs(other);
  }

  private static boolean sameWork(Action a, Action b) {
    return switch (a) {
      case Action.BatchNorm(_, _, double eps, boolean relu) ->
          b instanceof Action.BatchNorm other && eps == other.eps() && relu == other.relu();
      case Action.Clamp _ -> b instanceof Action.Clamp;
      case Action.Conv2d _, Action.ConvTranspose2d _, Action.Linear _ -> a.equals(b);
      case Action.Elementwise _, Action.LeakyRelu _ -> a.equals(b);
      case Action.Affine _, Action.Add _, Action.AddRelu _, Action.Multiply _ -> a.equals(b);
      case Action.Divide _, Action.BroadcastAdd _, Action.BroadcastMultiply _ -> a.equals(b);
      case Action.Expand _, Action.Sum _, Action.Softmax _, Action.LogSoftmax _ -> a.equals(b);
      case Action.Concat _, Action.Slice _, Action.Reshape _ -> a.equals(b);
      case Action.MaxPool _, Action.AveragePool _, Action.Resize _ -> a.equals(b);
      case Action.Transpose _, Action.Gather _, Action.Elu _ -> a.equals(b);
      case Action.Maximum _, Action.Minimum _, Action.Max _, Action.MatMul _ -> a.equals(b);
    };
  }

  /** Weights in another format take other bytes. */
  private boolean samePreparation(Step other) {
    return convolution == null
        || prepared().algorithm().equals(other.prepared().algorithm())
            && prepared().weightBytes() == other.prepared().weightBytes();
  }

  private boolean sameInputs(Step other) {
    boolean same = inputs.size() == other.inputs.size();
    for (int i = 0; same && i < inputs.size(); i++) {
      same = inputs.get(i).sameAs(other.inputs.get(i));
    }
    return same;
  }

  /** Returns the multiply-adds of convolutions for a picture. */
  long macsPerPicture() {
    return convolution == null ? 0 : convolution.withBatch(1).macs();
  }
}
