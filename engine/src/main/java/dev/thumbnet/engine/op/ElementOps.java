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
import dev.thumbnet.engine.op.elementwise.LeakyReluOp;
import dev.thumbnet.engine.op.elementwise.MultiplyOp;
import dev.thumbnet.engine.op.elementwise.UnaryOp;

/**
 * Those {@link Ops} that work element by element. Users see one class: the methods are called as
 * those of {@link Ops}, which inherits them.
 */
abstract class ElementOps {
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
