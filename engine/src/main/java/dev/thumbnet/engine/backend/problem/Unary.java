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
  ABS;

  /** Tells whether the derivative is computed from x, and not from y. */
  public boolean gradientUsesX() {
    return switch (this) {
      case LOG, SQUARE, ABS -> true;
      case RELU, SIGMOID, TANH, EXP, SQRT -> false;
    };
  }
}
