package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Parameter.Kind;
import dev.thumbnet.engine.op.Ops;

/**
 * Batch normalisation over all axes but the last. State {@code weight} (ones), {@code bias}
 * (zeros), {@code running_mean} (zeros), {@code running_var} (ones, unbiased) and {@code
 * num_batches_tracked}. In training mode it normalises with the batch and updates the running
 * statistics; in evaluation mode it uses them.
 *
 * @see Ops#batchNormTrain
 */
public final class BatchNorm2d extends Module {
  private final double eps;
  private final double momentum;
  private final Parameter weight;
  private final Parameter bias;
  private final Tensor runningMean;
  private final Tensor runningVariance;
  private final Counter batches;
  private boolean cumulative;

  /** Makes a layer with PyTorch's defaults: eps 1e-5, momentum 0.1. */
  public BatchNorm2d(Device device, int channels) {
    this(device, channels, 1e-5, 0.1);
  }

  /**
   * Makes a layer.
   *
   * @param device where it lives
   * @param channels extent of the last axis
   * @param eps added to the variance
   * @param momentum weight of the newest batch in the running statistics
   */
  public BatchNorm2d(Device device, int channels, double eps, double momentum) {
    this.eps = eps;
    this.momentum = momentum;
    this.weight =
        parameter("weight", new Parameter(Tensor.full(device, 1, channels), Kind.NORMALIZATION));
    this.bias =
        parameter("bias", new Parameter(Tensor.zeros(device, channels), Kind.NORMALIZATION));
    this.runningMean = buffer("running_mean", Tensor.zeros(device, channels));
    this.runningVariance = buffer("running_var", Tensor.full(device, 1, channels));
    this.batches = counter("num_batches_tracked");
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor gamma = weight.tensor();
    Tensor beta = bias.tensor();
    return training()
        ? Ops.batchNormTrain(x, gamma, beta, runningMean, runningVariance, share(), eps)
        : Ops.batchNormEval(x, gamma, beta, runningMean, runningVariance, eps);
  }

  /** Computes {@link #forward} and ReLU in one pass. */
  public Tensor forwardRelu(Tensor x) {
    Tensor gamma = weight.tensor();
    Tensor beta = bias.tensor();
    return training()
        ? Ops.batchNormReluTrain(x, gamma, beta, runningMean, runningVariance, share(), eps)
        : Ops.batchNormReluEval(x, gamma, beta, runningMean, runningVariance, eps);
  }

  /** Counts a batch and returns its weight in the running statistics. */
  private double share() {
    long number = batches.increment();
    return cumulative ? 1.0 / number : momentum;
  }

  /** Forgets the running statistics: mean 0, variance 1, no batches. */
  public void resetStatistics() {
    Init.constant(runningMean, 0);
    Init.constant(runningVariance, 1);
    batches.set(0);
  }

  /** Switches between the plain average over all batches since the reset and the moving one. */
  void cumulative(boolean on) {
    cumulative = on;
  }

  /** Returns the scale, (channels). */
  public Parameter weight() {
    return weight;
  }

  /** Returns the shift, (channels). */
  public Parameter bias() {
    return bias;
  }

  /** Returns the running mean, (channels). */
  public Tensor runningMean() {
    return runningMean;
  }

  /** Returns the running unbiased variance, (channels). */
  public Tensor runningVariance() {
    return runningVariance;
  }

  /** Returns what is added to the variance. */
  public double eps() {
    return eps;
  }
}
