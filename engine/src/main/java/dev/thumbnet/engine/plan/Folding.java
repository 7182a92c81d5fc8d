package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.op.trace.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes steps part of the convolution before them, so that no pass over memory is left but the
 * convolutions' own: normalisation by constants becomes part of weights and bias, sums with a
 * residual and activation functions are taken while results are in registers or L1.
 */
final class Folding {
  /** Weights that are scaled at a time. */
  private static final int PIECE = 1 << 14;

  private final List<Step> steps = new ArrayList<>();
  private final Map<Value, Integer> uses = new HashMap<>();

  private Folding(List<Step> all, List<Value> results) {
    for (Step step : all) {
      step.inputs.forEach(v -> uses.merge(v, 1, Integer::sum));
    }
    results.forEach(v -> uses.merge(v, 1, Integer::sum));
    for (Step step : all) {
      if (!folded(step)) {
        steps.add(step);
      }
    }
  }

  /**
   * Returns the steps that remain.
   *
   * @param results values that are wanted as they are
   */
  static List<Step> run(List<Step> steps, List<Value> results) {
    return new Folding(steps, results).steps;
  }

  private boolean folded(Step step) {
    return switch (step.action) {
      case Action.BatchNorm norm -> normalise(step, norm);
      case Action.Elementwise(Unary f) -> activate(step, f);
      case Action.Add(double scale) -> scale == 1 && add(step, null);
      case Action.AddRelu() -> add(step, Unary.RELU);
      case Action.Conv2d _, Action.ConvTranspose2d _, Action.Linear _ -> false;
      case Action.LeakyRelu _, Action.Clamp _ -> false;
      case Action.Affine _, Action.Multiply _, Action.Divide _ -> false;
      case Action.BroadcastAdd _, Action.BroadcastMultiply _, Action.Expand _ -> false;
      case Action.Sum _, Action.Softmax _, Action.LogSoftmax _ -> false;
      case Action.Concat _, Action.Slice _, Action.Reshape _ -> false;
      case Action.MaxPool _, Action.AveragePool _, Action.Resize _ -> false;
      case Action.Transpose _, Action.Gather _, Action.Elu _ -> false;
      case Action.Maximum _, Action.Minimum _, Action.Max _, Action.MatMul _ -> false;
    };
  }

  /** Returns the convolution that computes a value for one reader, if nothing ends it yet. */
  private @Nullable Step openConvolution(Value value) {
    Step producer = value.producer;
    boolean open =
        producer != null
            && producer.isConvolution()
            && producer.activation == null
            && uses.getOrDefault(value, 0) == 1;
    return open ? producer : null;
  }

  private boolean normalise(Step step, Action.BatchNorm norm) {
    Step convolution = openConvolution(step.inputs.getFirst());
    if (convolution == null || convolution.addsResidual) {
      return false;
    }
    fold(convolution, norm, step);
    convolution.activation = norm.relu() ? Unary.RELU : null;
    convolution.absorb(step);
    return true;
  }

  /** γ·(conv + b − μ)/√(σ² + ε) + β: channel k of the weights times s = γ/√(σ² + ε), and so on. */
  private static void fold(Step convolution, Action.BatchNorm norm, Step step) {
    double[] mean = norm.mean().toDoubleArray();
    double[] variance = norm.variance().toDoubleArray();
    double[] scale = step.scale().toDoubleArray();
    double[] shift = step.shift().toDoubleArray();
    int channels = scale.length;
    double[] bias =
        convolution.bias == null ? new double[channels] : convolution.bias.toDoubleArray();
    for (int k = 0; k < channels; k++) {
      scale[k] /= Math.sqrt(variance[k] + norm.eps());
      bias[k] = (bias[k] - mean[k]) * scale[k] + shift[k];
    }
    if (convolution.factors != null) {
      for (int k = 0; k < channels; k++) {
        scale[k] *= convolution.factors[k];
      }
    }
    convolution.factors = scale;
    convolution.bias = Tensor.of(convolution.weight().device(), bias, channels);
  }

  /**
   * Returns the weights of a convolution with its output channels multiplied by its factors, in
   * double precision; in pieces, because all of a large layer would be a lot.
   */
  static Tensor scaled(Step convolution) {
    Tensor weight = convolution.weight();
    double[] scale = factors(convolution);
    Backend backend = weight.device().backend();
    Tensor scaled = Tensor.empty(weight.device(), weight.shape());
    double[] piece = new double[Math.max(1, PIECE / scale.length) * scale.length];
    for (int from = 0; from < weight.size(); from += piece.length) {
      int length = Math.min(piece.length, weight.size() - from);
      backend.download(weight.storage(), from, piece, 0, length);
      for (int i = 0; i < length; i += scale.length) {
        for (int k = 0; k < scale.length; k++) {
          piece[i + k] *= scale[k];
        }
      }
      backend.upload(piece, 0, scaled.storage(), from, length);
    }
    return scaled;
  }

  /**
   * Returns the factors of neighbouring weights, which repeat: of the output channels or, if those
   * of a group are the last axis but one, of (output channel of a group, input channel).
   */
  private static double[] factors(Step convolution) {
    double[] perChannel = Objects.requireNonNull(convolution.factors);
    if (!convolution.isTransposed()) {
      return perChannel;
    }
    Tensor weight = convolution.weight();
    int out = weight.dim(2);
    int in = weight.dim(3);
    int inOfGroup = in * out / perChannel.length;
    double[] factors = new double[out * in];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = perChannel[i % in / inOfGroup * out + i / in];
    }
    return factors;
  }

  private boolean activate(Step step, Unary activation) {
    Step convolution = openConvolution(step.inputs.getFirst());
    if (convolution == null) {
      return false;
    }
    convolution.activation = activation;
    convolution.absorb(step);
    return true;
  }

  /** Lets the convolution that runs last add the other operand. */
  private boolean add(Step step, @Nullable Unary activation) {
    Value left = step.inputs.get(0);
    Value right = step.inputs.get(1);
    if (left == right) {
      return false;
    }
    Step last = null;
    for (Step before : steps) {
      if (before.output == left || before.output == right) {
        last = before;
      }
    }
    if (last == null || openConvolution(last.output) != last || last.addsResidual) {
      return false;
    }
    last.inputs.add(last.output == left ? right : left);
    last.addsResidual = true;
    last.activation = activation;
    last.absorb(step);
    return true;
  }
}
