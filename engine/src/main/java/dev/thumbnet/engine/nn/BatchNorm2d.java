package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Parameter.Kind;
import dev.thumbnet.engine.op.Ops;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation over all axes but the last. State {@code weight} (ones), {@code bias}
 * (zeros), {@code running_mean} (zeros), {@code running_var} (ones, unbiased) and {@code
 * num_batches_tracked}. In training mode it normalises with the batch and updates the running
 * statistics; in evaluation mode it uses them. A layer that is not affine has neither {@code
 * weight} nor {@code bias}: scale 1 and shift 0 are constants.
 *
 * @see Ops#batchNormTrain
 */
public final class BatchNorm2d extends Module {
  private final double eps;
  private final double momentum;
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;

  /** Scale and shift at first, and for ever if they are not learnt. */
  private final Tensor ones;

  private final Tensor zeros;
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
    this(device, channels, eps, momentum, true);
  }

  /**
   * Makes a layer.
   *
   * @param device where it lives
   * @param channels extent of the last axis
   * @param eps added to the variance
   * @param momentum weight of the newest batch in the running statistics
   * @param affine whether scale and shift are learnt
   */
  public BatchNorm2d(Device device, int channels, double eps, double momentum, boolean affine) {
    this.eps = eps;
    this.momentum = momentum;
    this.ones = Tensor.full(device, 1, channels).keep();
    this.zeros = Tensor.zeros(device, channels).keep();
    this.weight = affine ? parameter("weight", new Parameter(ones, Kind.NORMALIZATION)) : null;
    this.bias = affine ? parameter("bias", new Parameter(zeros, Kind.NORMALIZATION)) : null;
    this.runningMean = buffer("running_mean", Tensor.zeros(device, channels));
    this.runningVariance = buffer("running_var", Tensor.full(device, 1, channels));
    this.batches = counter("num_batches_tracked");
  }

  @Override
  public Tensor forward(Tensor x) {
    return training()
        ? Ops.batchNormTrain(x, scale(), shift(), runningMean, runningVariance, share(), eps)
        : Ops.batchNormEval(x, scale(), shift(), runningMean, runningVariance, eps);
  }

  /** Computes {@link #forward} and ReLU in one pass. */
  public Tensor forwardRelu(Tensor x) {
    return training()
        ? Ops.batchNormReluTrain(x, scale(), shift(), runningMean, runningVariance, share(), eps)
        : Ops.batchNormReluEval(x, scale(), shift(), runningMean, runningVariance, eps);
  }

  private Tensor scale() {
    return weight == null ? ones : weight.tensor();
  }

  private Tensor shift() {
    return bias == null ? zeros : bias.tensor();
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

  /** Tells whether scale and shift are learnt. */
  public boolean affine() {
    return weight != null;
  }

  /**
   * Returns the scale, (channels).
   *
   * @throws IllegalStateException if the layer is not affine
   */
  public Parameter weight() {
    return learnt(weight);
  }

  /**
   * Returns the shift, (channels).
   *
   * @throws IllegalStateException if the layer is not affine
   */
  public Parameter bias() {
    return learnt(bias);
  }

  private static Parameter learnt(@Nullable Parameter parameter) {
    if (parameter == null) {
      throw new IllegalStateException("this normalisation is not affine: it learns nothing");
    }
    return parameter;
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
