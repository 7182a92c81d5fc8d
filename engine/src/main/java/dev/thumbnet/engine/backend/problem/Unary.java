package dev.thumbnet.engine.backend.problem;

import dev.thumbnet.engine.backend.Backend;

/**
 * The elementwise functions y = f(x) of {@link Backend#unary}. The derivative that {@link
 * Backend#unaryBackward} multiplies by is given beside each, in terms of x and y.
 */
public enum Unary {
  /** max(x, 0); derivative 1 where x &gt; 0, else 0 (so 0 at 0, as in PyTorch). */
  RELU,
  /** 1 / (1 + exp(-x)); derivative y (1 - y). */
  SIGMOID,
  /** tanh(x); derivative 1 - y². */
  TANH,
  /** exp(x); derivative y. */
  EXP,
  /** ln(x); derivative 1 / x. */
  LOG,
  /** √x; derivative 1 / (2 y). */
  SQRT,
  /** x²; derivative 2 x. */
  SQUARE,
  /** |x|; derivative sign(x), 0 at 0. */
  ABS,
  /** min(max(x, 0), 6); derivative 1 where 0 &lt; x &lt; 6, else 0. */
  RELU6,
  /** min(max(x + 3, 0), 6) / 6; derivative 1/6 where -3 &lt; x &lt; 3, else 0. */
  HARD_SIGMOID,
  /** x min(max(x + 3, 0), 6) / 6; derivative 0 up to -3, 1 from 3, between them (2 x + 3) / 6. */
  HARD_SWISH,
  /** x s with s = 1 / (1 + exp(-x)), also called swish; derivative s (1 + x (1 - s)). */
  SILU,
  /** erf(x) = 2/√π ∫ exp(-t²) dt from 0 to x; derivative 2/√π exp(-x²). */
  ERF,
  /** x Φ(x) with Φ(x) = (1 + erf(x/√2)) / 2; derivative Φ(x) + x exp(-x²/2) / √(2π). */
  GELU,
  /**
   * x s with s = (1 + tanh(v)) / 2, v = √(2/π) (x + 0.044715 x³); derivative s + 2 x s (1 - s) v'.
   */
  GELU_TANH,
  /** ln(1 + exp(x)); derivative 1 / (1 + exp(-x)). */
  SOFTPLUS,
  /** x / (1 + |x|); derivative 1 / (1 + |x|)². */
  SOFTSIGN,
  /** x t with t = tanh(ln(1 + exp(x))); derivative t + x (1 - t²) / (1 + exp(-x)). */
  MISH,
  /** 1 / x; derivative -y². */
  RECIPROCAL;

  /** Tells whether the derivative is computed from x, and not from y. */
  public boolean gradientUsesX() {
    return switch (this) {
      case LOG, SQUARE, ABS, HARD_SIGMOID, HARD_SWISH, SILU -> true;
      case ERF, GELU, GELU_TANH, SOFTPLUS, SOFTSIGN, MISH -> true;
      case RELU, RELU6, SIGMOID, TANH, EXP, SQRT, RECIPROCAL -> false;
    };
  }
}
