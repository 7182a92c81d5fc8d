package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.op.elementwise.DropoutOp;
import org.jspecify.annotations.Nullable;

/**
 * All differentiable operations, as static methods with PyTorch's names and semantics. Images are
 * (n, h, w, c), convolution weights (kh, kw, cin / groups, cout), weights of linear layers (in,
 * out).
 *
 * <p>Every method returns a new tensor and leaves its operands alone. Operands of different
 * devices, shapes that do not fit, and numbers out of range give an {@link
 * IllegalArgumentException}; a released operand gives an {@link IllegalStateException}. All may be
 * called from any thread.
 */
public final class Ops extends AxisOps {
  /** Added to probabilities before the logarithm: far below any that matters, but not 0. */
  private static final double TINY = 1e-37;

  private Ops() {}

  // ---------------------------------------------------------------- layers

  /**
   * Convolution (cross-correlation, as in all deep learning).
   *
   * @param x input, (n, h, w, cin)
   * @param weight (kh, kw, cin / groups, cout)
   * @param bias (cout)
   * @param options stride, padding, dilation, groups
   * @return (n, outH, outW, cout)
   */
  public static Tensor conv2d(
      Tensor x, Tensor weight, @Nullable Tensor bias, Conv2dOptions options) {
    return Conv2dOp.of(x, weight, bias, options);
  }

  /**
   * Transposed convolution: the gradient of a convolution for its input, as a layer that enlarges.
   * An extent becomes (extent − 1) · stride − padding before and behind + dilation · (kernel − 1) +
   * 1 + more.
   *
   * @param x input, (n, h, w, cin)
   * @param weight (kh, kw, cout / groups, cin): that of the convolution from cout to cin channels
   * @param bias (cout)
   * @param options of that convolution; padding is what the result lacks on each side
   * @param moreH rows that the result has more, below the stride; PyTorch's output padding
   * @param moreW columns that it has more, likewise
   * @return (n, outH, outW, cout)
   */
  public static Tensor convTranspose2d(
      Tensor x, Tensor weight, @Nullable Tensor bias, Conv2dOptions options, int moreH, int moreW) {
    return ConvTranspose2dOp.of(x, weight, bias, options.transposed(x, weight, moreH, moreW));
  }

  /**
   * Product with a matrix: y = x · weight + bias. The weight is (in, out), so that a linear layer
   * is a 1x1 convolution; PyTorch's is the transpose.
   *
   * @param x (n, in), or any number of leading axes
   * @param weight (in, out)
   * @param bias (out)
   * @return (n, out), or x's leading axes and out
   */
  public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
    return LinearOp.of(x, weight, bias);
  }

  /**
   * Product of matrices, in the last two axes of both operands: y = a · b. Axes before them are
   * repeated as by {@link #add(Tensor, Tensor)}. A b of two axes is a weight as {@link #linear}
   * takes it.
   *
   * @param a (…, m, k)
   * @param b (…, k, n)
   * @return (…, m, n)
   */
  public static Tensor matmul(Tensor a, Tensor b) {
    return MatMulOp.of(a, b);
  }

  /**
   * Batch normalisation with the batch's own statistics: y = gamma · (x − mean) / √(var + eps) +
   * beta per channel, var being the biased variance. Also updates the running statistics in place,
   * which no other thread may use meanwhile: running = (1 − momentum) · running + momentum · batch,
   * with the unbiased variance. So momentum is the weight of the new value, as in PyTorch.
   *
   * @param x (n, h, w, c) or (n, c), with more than one value per channel
   * @param gamma (c)
   * @param beta (c)
   * @param runningMean (c), updated
   * @param runningVariance (c), updated
   * @param momentum weight of the batch in the running statistics, PyTorch's default 0.1
   * @param eps added to the variance, PyTorch's default 1e-5
   * @return as x
   */
  public static Tensor batchNormTrain(
      Tensor x,
      Tensor gamma,
      Tensor beta,
      Tensor runningMean,
      Tensor runningVariance,
      double momentum,
      double eps) {
    return BatchNormOp.train(x, gamma, beta, runningMean, runningVariance, momentum, eps, false);
  }

  /** As {@link #batchNormTrain}, then ReLU in the same pass. */
  public static Tensor batchNormReluTrain(
      Tensor x,
      Tensor gamma,
      Tensor beta,
      Tensor runningMean,
      Tensor runningVariance,
      double momentum,
      double eps) {
    return BatchNormOp.train(x, gamma, beta, runningMean, runningVariance, momentum, eps, true);
  }

  /**
   * Batch normalisation with given statistics, which are constants to the gradient.
   *
   * @param x (n, h, w, c) or (n, c)
   * @param gamma (c)
   * @param beta (c)
   * @param mean (c)
   * @param variance (c)
   * @param eps added to the variance
   * @return as x
   */
  public static Tensor batchNormEval(
      Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double eps) {
    return BatchNormOp.eval(x, gamma, beta, mean, variance, eps, false);
  }

  /** As {@link #batchNormEval}, then ReLU in the same pass. */
  public static Tensor batchNormReluEval(
      Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double eps) {
    return BatchNormOp.eval(x, gamma, beta, mean, variance, eps, true);
  }

  /**
   * Normalises each picture, or each pixel, by itself: y = gamma · (x − mean) / √(var + eps) + beta
   * along the last axes, var being the biased variance.
   *
   * @param axes how many of the last axes
   * @param gamma with the extents of these axes, or none
   * @param beta likewise
   * @param eps added to the variance, PyTorch's default 1e-5
   */
  public static Tensor layerNorm(
      Tensor x, int axes, @Nullable Tensor gamma, @Nullable Tensor beta, double eps) {
    return Normalization.layer(x, axes, gamma, beta, eps);
  }

  /**
   * As {@link #layerNorm}, for each picture along its pixels and the channels of a group.
   *
   * @param x (n, …, c)
   * @param groups how many groups of neighbouring channels, a divisor of c
   * @param gamma (c), or none
   * @param beta (c), or none
   */
  public static Tensor groupNorm(
      Tensor x, int groups, @Nullable Tensor gamma, @Nullable Tensor beta, double eps) {
    return Normalization.group(x, groups, gamma, beta, eps);
  }

  /**
   * As {@link #layerNorm}, for each channel of each picture along its pixels.
   *
   * @param x (n, …, c)
   * @param gamma (c), or none
   * @param beta (c), or none
   */
  public static Tensor instanceNorm(
      Tensor x, @Nullable Tensor gamma, @Nullable Tensor beta, double eps) {
    return Normalization.instance(x, gamma, beta, eps);
  }

  /**
   * Divides by the size of neighbouring channels: y = x / (k + alpha / size · Σ x²)^beta, the sum
   * being over {@code size} channels around each, zeros beyond the ends; of an even number, one
   * more is behind it, as in ONNX, where PyTorch has one more before it.
   *
   * @param x (n, h, w, c)
   * @param size channels of a sum; AlexNet's 5
   * @param alpha PyTorch's default 1e-4
   * @param beta PyTorch's default 0.75
   * @param k PyTorch's default 1
   */
  public static Tensor localResponseNorm(Tensor x, int size, double alpha, double beta, double k) {
    return Normalization.localResponse(x, size, alpha, beta, k);
  }

  /**
   * Sets elements to 0 with probability p and divides the others by 1 − p. Which ones is decided by
   * one number drawn from the generator, and is the same on every device.
   *
   * @param p probability of 0, in [0, 1)
   */
  public static Tensor dropout(Tensor x, double p, Rng rng) {
    return DropoutOp.of(x, p, rng.nextLong());
  }

  // ---------------------------------------------------------------- pooling and resizing

  /**
   * Maximum over square windows; padding never wins. A gradient goes to the first of equal maxima.
   *
   * @param x (n, h, w, c)
   * @param padding less than {@code kernel}
   * @return (n, outH, outW, c), sizes rounded down
   */
  public static Tensor maxPool2d(Tensor x, int kernel, int stride, int padding) {
    return maxPool2d(x, PoolOptions.of(kernel, stride, padding));
  }

  /** As {@link #maxPool2d(Tensor, int, int, int)}, over windows of any kind. */
  public static Tensor maxPool2d(Tensor x, PoolOptions options) {
    return MaxPoolOp.of(x, options);
  }

  /**
   * Mean over square windows.
   *
   * @param x (n, h, w, c)
   * @param padding less than {@code kernel}
   * @param countPad whether padding counts towards the size of a window, PyTorch's default
   * @return (n, outH, outW, c), sizes rounded down
   */
  public static Tensor avgPool2d(Tensor x, int kernel, int stride, int padding, boolean countPad) {
    return avgPool2d(x, PoolOptions.of(kernel, stride, padding), countPad);
  }

  /**
   * As {@link #avgPool2d(Tensor, int, int, int, boolean)}, over windows of any kind without
   * dilation. What a window has beyond the padding never counts.
   */
  public static Tensor avgPool2d(Tensor x, PoolOptions options, boolean countPad) {
    return AveragePoolOp.of(x, options, countPad);
  }

  /**
   * Mean over windows [floor(i · in / out), ceil((i + 1) · in / out)), which give any output size.
   *
   * @param x (n, h, w, c)
   * @return (n, outH, outW, c)
   */
  public static Tensor adaptiveAvgPool2d(Tensor x, int outH, int outW) {
    return ResizeOp.of("adaptiveAvgPool2d", x, outH, outW, ResizeProblem.Filter.ADAPTIVE_AVERAGE);
  }

  /**
   * Mean over all pixels.
   *
   * @param x (n, h, w, c)
   * @return (n, c)
   */
  public static Tensor globalAvgPool2d(Tensor x) {
    Require.rank("globalAvgPool2d", "x", x.shape(), "(n, h, w, c)", 4);
    return mean(x, 1, 2);
  }

  /**
   * Maximum over all pixels.
   *
   * @param x (n, h, w, c)
   * @return (n, c)
   */
  public static Tensor globalMaxPool2d(Tensor x) {
    Require.rank("globalMaxPool2d", "x", x.shape(), "(n, h, w, c)", 4);
    return max(x, 1, 2);
  }

  /**
   * Resamples to another spatial size: nearest or bilinear upsampling, antialiased shrinking.
   *
   * @param x (n, h, w, c)
   * @param filter how a new sample is made of old ones
   * @return (n, outH, outW, c)
   */
  public static Tensor resize(Tensor x, int outH, int outW, ResizeProblem.Filter filter) {
    return ResizeOp.of("resize", x, outH, outW, filter);
  }

  // ---------------------------------------------------------------- losses

  /**
   * Cross entropy of softmax(logits) to labels, the mean over the batch.
   *
   * @param logits (n, classes)
   * @param labels n class numbers in [0, classes)
   * @param smoothing share of the target that is spread over all classes, in [0, 1); 0 for none
   * @return a scalar
   */
  public static Tensor crossEntropy(Tensor logits, int[] labels, double smoothing) {
    return CrossEntropyOp.of(logits, labels, smoothing);
  }

  /**
   * Kullback and Leibler's divergence of a student from a teacher, Σ p (log p − log q) / n with 0 ·
   * log 0 = 0: summed over classes, mean over the batch (PyTorch's "batchmean").
   *
   * @param logProbabilities log q of the student, (n, classes)
   * @param probabilities p of the teacher, (n, classes)
   * @return a scalar
   */
  public static Tensor klDiv(Tensor logProbabilities, Tensor probabilities) {
    Require.rank("klDiv", "logProbabilities", logProbabilities.shape(), "(n, classes)", 2);
    Require.sameShape("klDiv", logProbabilities, probabilities);
    Tensor ratio = sub(log(add(probabilities, TINY)), logProbabilities);
    return mul(sum(mul(probabilities, ratio)), 1.0 / probabilities.dim(0));
  }

  /** Returns the mean of (a − b)² over all elements of two tensors of one shape. */
  public static Tensor mse(Tensor a, Tensor b) {
    Require.sameShape("mse", a, b);
    return mean(square(sub(a, b)));
  }

  /** Returns the mean of |a − b| over all elements; the derivative where a = b is 0. */
  public static Tensor l1(Tensor a, Tensor b) {
    Require.sameShape("l1", a, b);
    return mean(abs(sub(a, b)));
  }
}
