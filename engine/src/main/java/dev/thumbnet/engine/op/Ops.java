package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.op.axis.ConcatOp;
import dev.thumbnet.engine.op.axis.LogSoftmaxOp;
import dev.thumbnet.engine.op.axis.ReshapeOp;
import dev.thumbnet.engine.op.axis.SliceOp;
import dev.thumbnet.engine.op.axis.SoftmaxOp;
import dev.thumbnet.engine.op.elementwise.AddOp;
import dev.thumbnet.engine.op.elementwise.AddReluOp;
import dev.thumbnet.engine.op.elementwise.AffineOp;
import dev.thumbnet.engine.op.elementwise.BroadcastAddOp;
import dev.thumbnet.engine.op.elementwise.BroadcastMultiplyOp;
import dev.thumbnet.engine.op.elementwise.ClampOp;
import dev.thumbnet.engine.op.elementwise.DivideOp;
import dev.thumbnet.engine.op.elementwise.DropoutOp;
import dev.thumbnet.engine.op.elementwise.LeakyReluOp;
import dev.thumbnet.engine.op.elementwise.MultiplyOp;
import dev.thumbnet.engine.op.elementwise.UnaryOp;
import java.util.Arrays;
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
public final class Ops {
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
   * Sets elements to 0 with probability p and divides the others by 1 − p. Which ones is decided by
   * one number drawn from the generator, and is the same on every device.
   *
   * @param p probability of 0, in [0, 1)
   */
  public static Tensor dropout(Tensor x, double p, Rng rng) {
    return DropoutOp.of(x, p, rng.nextLong());
  }

  // ---------------------------------------------------------------- elementwise

  /** Returns max(x, 0), elementwise; the derivative at 0 is 0. */
  public static Tensor relu(Tensor x) {
    return UnaryOp.of(Unary.RELU, x);
  }

  /** Returns x where x &gt; 0, else slope · x; PyTorch's default slope is 0.01. */
  public static Tensor leakyRelu(Tensor x, double slope) {
    return LeakyReluOp.of(x, slope);
  }

  /** Returns 1 / (1 + exp(−x)), elementwise. */
  public static Tensor sigmoid(Tensor x) {
    return UnaryOp.of(Unary.SIGMOID, x);
  }

  /** Returns min(max(x, 0), 6), elementwise; the derivative at 0 and 6 is 0. */
  public static Tensor relu6(Tensor x) {
    return UnaryOp.of(Unary.RELU6, x);
  }

  /** Returns min(max(x + 3, 0), 6) / 6, elementwise: a sigmoid of straight lines. */
  public static Tensor hardSigmoid(Tensor x) {
    return UnaryOp.of(Unary.HARD_SIGMOID, x);
  }

  /** Returns x · min(max(x + 3, 0), 6) / 6, elementwise: {@link #silu} of simple operations. */
  public static Tensor hardSwish(Tensor x) {
    return UnaryOp.of(Unary.HARD_SWISH, x);
  }

  /** Returns x / (1 + exp(−x)), elementwise; also called swish. */
  public static Tensor silu(Tensor x) {
    return UnaryOp.of(Unary.SILU, x);
  }

  /** Returns the hyperbolic tangent, elementwise. */
  public static Tensor tanh(Tensor x) {
    return UnaryOp.of(Unary.TANH, x);
  }

  /** Returns eˣ, elementwise. */
  public static Tensor exp(Tensor x) {
    return UnaryOp.of(Unary.EXP, x);
  }

  /** Returns the natural logarithm, elementwise. */
  public static Tensor log(Tensor x) {
    return UnaryOp.of(Unary.LOG, x);
  }

  /** Returns √x, elementwise; the derivative at 0 is infinite, so add a small number before. */
  public static Tensor sqrt(Tensor x) {
    return UnaryOp.of(Unary.SQRT, x);
  }

  /** Returns x², elementwise. */
  public static Tensor square(Tensor x) {
    return UnaryOp.of(Unary.SQUARE, x);
  }

  /** Returns |x|, elementwise; the derivative at 0 is 0. */
  public static Tensor abs(Tensor x) {
    return UnaryOp.of(Unary.ABS, x);
  }

  /**
   * Returns a + b. Shapes are aligned at their last axes and extents of 1 are repeated, as in NumPy
   * and PyTorch: (n, h, w, c) goes with (c), (n, 1, 1, c) and ().
   */
  public static Tensor add(Tensor a, Tensor b) {
    return sum("add", a, 1, b);
  }

  /** Returns x + number, elementwise. */
  public static Tensor add(Tensor x, double number) {
    return AffineOp.of(1, x, number);
  }

  /** Returns a − b; shapes as for {@link #add(Tensor, Tensor)}. */
  public static Tensor sub(Tensor a, Tensor b) {
    return sum("sub", a, -1, b);
  }

  private static Tensor sum(String op, Tensor a, double scale, Tensor b) {
    if (a.shape().equals(b.shape())) {
      return AddOp.of(a, scale, b);
    }
    Axes.Pair pair = Axes.align(op, a, b);
    if (!pair.swapped()) {
      return BroadcastAddOp.of(pair.problem(), pair.big(), scale, pair.small());
    }
    Tensor big = scale == 1 ? pair.big() : mul(pair.big(), scale);
    return BroadcastAddOp.of(pair.problem(), big, 1, pair.small());
  }

  /** Returns a · b, elementwise; shapes as for {@link #add(Tensor, Tensor)}. */
  public static Tensor mul(Tensor a, Tensor b) {
    if (a.shape().equals(b.shape())) {
      return MultiplyOp.of(a, b);
    }
    Axes.Pair pair = Axes.align("mul", a, b);
    return BroadcastMultiplyOp.of(pair.problem(), pair.big(), pair.small());
  }

  /** Returns number · x, elementwise. */
  public static Tensor mul(Tensor x, double number) {
    return AffineOp.of(number, x, 0);
  }

  /** Returns a / b, elementwise; shapes as for {@link #add(Tensor, Tensor)}. */
  public static Tensor div(Tensor a, Tensor b) {
    if (a.shape().equals(b.shape())) {
      return DivideOp.of(a, b);
    }
    Shape shape = Axes.broadcastShape("div", a.shape(), b.shape());
    return DivideOp.of(Axes.expand(a, shape), Axes.expand(b, shape));
  }

  /**
   * Returns x, but in each channel at least {@code low} and at most {@code high}; NaN stays. There
   * is no gradient where x is outside.
   *
   * @param x any shape that ends with the channels
   * @param low (channels); a constant
   * @param high (channels), not below {@code low}; a constant
   */
  public static Tensor clamp(Tensor x, Tensor low, Tensor high) {
    Require.lastAxis("clamp", x);
    Require.shape("clamp", "low", low, x.dim(-1));
    Require.shape("clamp", "high", high, x.dim(-1));
    return ClampOp.of(x, low, high);
  }

  /** Returns max(a + b, 0) for two tensors of one shape, the end of a residual block. */
  public static Tensor addRelu(Tensor a, Tensor b) {
    Require.sameShape("addRelu", a, b);
    return AddReluOp.of(a, b);
  }

  // ---------------------------------------------------------------- pooling and resizing

  /**
   * Maximum over square windows; padding never wins. A gradient goes to the first of equal maxima.
   *
   * @param x (n, h, w, c)
   * @param padding at most half of {@code kernel}
   * @return (n, outH, outW, c), sizes rounded down
   */
  public static Tensor maxPool2d(Tensor x, int kernel, int stride, int padding) {
    return MaxPoolOp.of(x, kernel, stride, padding);
  }

  /**
   * Mean over square windows.
   *
   * @param x (n, h, w, c)
   * @param padding at most half of {@code kernel}
   * @param countPad whether padding counts towards the size of a window, PyTorch's default
   * @return (n, outH, outW, c), sizes rounded down
   */
  public static Tensor avgPool2d(Tensor x, int kernel, int stride, int padding, boolean countPad) {
    return AveragePoolOp.of(x, kernel, stride, padding, countPad);
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
   * Resamples to another spatial size: nearest or bilinear upsampling, antialiased shrinking.
   *
   * @param x (n, h, w, c)
   * @param filter how a new sample is made of old ones
   * @return (n, outH, outW, c)
   */
  public static Tensor resize(Tensor x, int outH, int outW, ResizeProblem.Filter filter) {
    return ResizeOp.of("resize", x, outH, outW, filter);
  }

  // ---------------------------------------------------------------- shape

  /**
   * Returns the same elements, in row-major order, as another shape.
   *
   * @param dims extents with the same product; one may be −1 and follows from the others
   */
  public static Tensor reshape(Tensor x, int... dims) {
    int[] known = dims.clone();
    int open = -1;
    long product = 1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == -1 && open < 0) {
        open = i;
      } else {
        product *= dims[i];
      }
    }
    if (open >= 0 && product > 0) {
      known[open] = (int) (x.size() / product);
      product *= known[open];
    }
    if (product != x.size()) {
      throw new IllegalArgumentException(
          "reshape: %s has %s elements, which do not make %s"
              .formatted(x.shape(), x.size(), Arrays.toString(dims)));
    }
    return ReshapeOp.of(x, Shape.of(known));
  }

  /** Returns (n, everything else) in row-major order, so an image becomes h, w, c. */
  public static Tensor flatten(Tensor x) {
    Shape shape = x.shape();
    if (shape.rank() < 1) {
      throw new IllegalArgumentException("flatten: a scalar has no batch axis to keep");
    }
    return ReshapeOp.of(x, Shape.of(shape.dim(0), shape.size(1, shape.rank())));
  }

  /**
   * Returns the parts one after the other along an axis.
   *
   * @param axis negative numbers count from the end
   * @param parts tensors whose shapes agree on all other axes
   */
  public static Tensor concat(int axis, Tensor... parts) {
    return ConcatOp.of(axis, parts);
  }

  /**
   * Returns the elements whose index along an axis is in [from, to).
   *
   * @param axis negative numbers count from the end
   */
  public static Tensor slice(Tensor x, int axis, int from, int to) {
    return SliceOp.of(x, axis, from, to);
  }

  // ---------------------------------------------------------------- reductions

  /**
   * Returns the sum over axes, which the result no longer has.
   *
   * @param axes negative numbers count from the end; none means all, giving a scalar
   */
  public static Tensor sum(Tensor x, int... axes) {
    return Axes.sum(x, Axes.marks("sum", x.shape(), axes), 1, false);
  }

  /** Returns the mean over axes, given as for {@link #sum(Tensor, int...)}. */
  public static Tensor mean(Tensor x, int... axes) {
    boolean[] marked = Axes.marks("mean", x.shape(), axes);
    return Axes.sum(x, marked, 1.0 / Axes.count(x.shape(), marked), false);
  }

  /**
   * Returns the variance over axes, computed in two passes.
   *
   * @param unbiased whether to divide by the count minus one (PyTorch's default) or by the count
   * @param axes as for {@link #sum(Tensor, int...)}
   */
  public static Tensor variance(Tensor x, boolean unbiased, int... axes) {
    boolean[] marked = Axes.marks("variance", x.shape(), axes);
    int count = Axes.count(x.shape(), marked);
    if (unbiased && count < 2) {
      throw new IllegalArgumentException(
          "variance: the unbiased variance needs two values or more, but shape "
              + x.shape()
              + " has "
              + count
              + " along axes "
              + Arrays.toString(axes));
    }
    Tensor mean = Axes.sum(x, marked, 1.0 / count, true);
    return Axes.sum(square(sub(x, mean)), marked, 1.0 / (unbiased ? count - 1 : count), false);
  }

  /**
   * Returns the standard deviation, the root of {@link #variance}. Where it is 0, its gradient is
   * not defined (NaN); where that can happen take the root of variance plus a small number.
   */
  public static Tensor std(Tensor x, boolean unbiased, int... axes) {
    return sqrt(variance(x, unbiased, axes));
  }

  // ---------------------------------------------------------------- softmax and losses

  /** Returns exp(x) / Σ exp(x) along the last axis, without overflow. */
  public static Tensor softmax(Tensor x) {
    Require.lastAxis("softmax", x);
    return SoftmaxOp.of(x);
  }

  /** Returns x − log Σ exp(x) along the last axis, without overflow. */
  public static Tensor logSoftmax(Tensor x) {
    Require.lastAxis("logSoftmax", x);
    return LogSoftmaxOp.of(x);
  }

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
