package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.op.elementwise.AddOp;
import dev.thumbnet.engine.op.elementwise.AddReluOp;
import dev.thumbnet.engine.op.elementwise.AffineOp;
import dev.thumbnet.engine.op.elementwise.BroadcastAddOp;
import dev.thumbnet.engine.op.elementwise.BroadcastMultiplyOp;
import dev.thumbnet.engine.op.elementwise.ClampOp;
import dev.thumbnet.engine.op.elementwise.DivideOp;
import dev.thumbnet.engine.op.elementwise.EluOp;
import dev.thumbnet.engine.op.elementwise.ExtremumOp;
import dev.thumbnet.engine.op.elementwise.LeakyReluOp;
import dev.thumbnet.engine.op.elementwise.MultiplyOp;
import dev.thumbnet.engine.op.elementwise.UnaryOp;

/**
 * Those {@link Ops} that work element by element. Users see one class: the methods are called as
 * those of {@link Ops}, which inherits them.
 */
abstract class ElementOps {
  private static final double SELU_SCALE = 1.0507009873554805;
  private static final double SELU_ALPHA = 1.6732632423543772;

  ElementOps() {}

  // ---------------------------------------------------------------- functions

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

  /** Returns 1 / x, elementwise. */
  public static Tensor reciprocal(Tensor x) {
    return UnaryOp.of(Unary.RECIPROCAL, x);
  }

  /** Returns −x, elementwise. */
  public static Tensor neg(Tensor x) {
    return AffineOp.of(-1, x, 0);
  }

  /** Returns the error function 2/√π · ∫ exp(−t²) dt from 0 to x, elementwise. */
  public static Tensor erf(Tensor x) {
    return UnaryOp.of(Unary.ERF, x);
  }

  /** Returns x · Φ(x), Φ being the share of a normal distribution below x, elementwise. */
  public static Tensor gelu(Tensor x) {
    return UnaryOp.of(Unary.GELU, x);
  }

  /**
   * Returns x · (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2, elementwise: {@link #gelu} to three
   * digits.
   */
  public static Tensor geluTanh(Tensor x) {
    return UnaryOp.of(Unary.GELU_TANH, x);
  }

  /** Returns ln(1 + eˣ), elementwise, without overflow. */
  public static Tensor softplus(Tensor x) {
    return UnaryOp.of(Unary.SOFTPLUS, x);
  }

  /** Returns x / (1 + |x|), elementwise. */
  public static Tensor softsign(Tensor x) {
    return UnaryOp.of(Unary.SOFTSIGN, x);
  }

  /** Returns x · tanh(ln(1 + eˣ)), elementwise. */
  public static Tensor mish(Tensor x) {
    return UnaryOp.of(Unary.MISH, x);
  }

  /** Returns x where x &gt; 0, else alpha · (eˣ − 1), elementwise; the usual alpha is 1. */
  public static Tensor elu(Tensor x, double alpha) {
    return EluOp.of(x, 1, alpha, 1);
  }

  /** Returns λ · x where x &gt; 0, else λ · α · (eˣ − 1), with λ 1.0507 and α 1.6733. */
  public static Tensor selu(Tensor x) {
    return EluOp.of(x, SELU_SCALE, SELU_SCALE * SELU_ALPHA, 1);
  }

  /** Returns x where x &gt; 0, else alpha · (exp(x / alpha) − 1), elementwise. */
  public static Tensor celu(Tensor x, double alpha) {
    if (!(alpha > 0)) {
      throw new IllegalArgumentException("celu: alpha must be positive but is " + alpha);
    }
    return EluOp.of(x, 1, alpha, 1 / alpha);
  }

  /**
   * Returns x where x &gt; 0, else slope · x.
   *
   * @param slope (channels), or any shape that is repeated to that of x; gradients reach it
   */
  public static Tensor prelu(Tensor x, Tensor slope) {
    return add(relu(x), mul(clip(x, Double.NEGATIVE_INFINITY, 0), slope));
  }

  /** Returns min(max(alpha · x + beta, 0), 1), elementwise. */
  public static Tensor hardSigmoid(Tensor x, double alpha, double beta) {
    return clip(AffineOp.of(alpha, x, beta), 0, 1);
  }

  /**
   * Returns x, but at least {@code min} and at most {@code max}; NaN stays. There is no gradient
   * where x is outside.
   *
   * @param min may be −∞
   * @param max may be ∞, not below {@code min}
   */
  public static Tensor clip(Tensor x, double min, double max) {
    if (!(min <= max)) {
      throw new IllegalArgumentException("clip: min " + min + " must not be above max " + max);
    }
    return ClampOp.of(x, Tensor.full(x.device(), min, 1), Tensor.full(x.device(), max, 1));
  }

  // ---------------------------------------------------------------- arithmetic

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

  /** Returns the larger of a and b, elementwise; shapes as for {@link #add(Tensor, Tensor)}. */
  public static Tensor max(Tensor a, Tensor b) {
    Shape shape = Axes.broadcastShape("max", a.shape(), b.shape());
    return ExtremumOp.of(true, Axes.expand(a, shape), Axes.expand(b, shape));
  }

  /** Returns the smaller of a and b, elementwise; shapes as for {@link #add(Tensor, Tensor)}. */
  public static Tensor min(Tensor a, Tensor b) {
    Shape shape = Axes.broadcastShape("min", a.shape(), b.shape());
    return ExtremumOp.of(false, Axes.expand(a, shape), Axes.expand(b, shape));
  }

  /**
   * Returns x to a constant power, elementwise. Whole exponents are products of x, 1/2 and −1/2 are
   * roots, and a negative exponent is the reciprocal of the positive one; to the power of 0 all
   * finite numbers are 1. Others are exp(exponent · ln x), which is NaN for negative x, whose
   * derivative at 0 is NaN, and whose relative error grows with |exponent · ln x|.
   */
  public static Tensor pow(Tensor x, double exponent) {
    if (exponent < 0) {
      return reciprocal(pow(x, -exponent));
    }
    if (exponent == 0) {
      return AffineOp.of(0, x, 1);
    }
    if (exponent == 0.5) {
      return sqrt(x);
    }
    int whole = (int) exponent;
    return whole == exponent ? product(x, whole) : exp(mul(log(x), exponent));
  }

  /** Returns the product of {@code count} factors x, 1 or more, by repeated squaring. */
  private static Tensor product(Tensor x, int count) {
    if (count == 1) {
      return x;
    }
    Tensor even = square(product(x, count / 2));
    return count % 2 == 0 ? even : mul(even, x);
  }

  /**
   * Returns a to the power of b, elementwise, as exp(b · ln a): NaN for negative a, and for a = 0
   * with b = 0. Shapes are as for {@link #add(Tensor, Tensor)}.
   */
  public static Tensor pow(Tensor a, Tensor b) {
    return exp(mul(log(a), b));
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
}
