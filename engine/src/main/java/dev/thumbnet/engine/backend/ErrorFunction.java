package dev.thumbnet.engine.backend;

/** The error function in double precision, shared by backends; errors stay below 1e-15. */
public final class ErrorFunction {
  /** From here on the continued fraction is taken, which converges faster for large numbers. */
  private static final double LARGE = 2;

  /** Steps of the continued fraction. */
  private static final int STEPS = 80;

  private static final double ROOT_PI = Math.sqrt(Math.PI);

  private ErrorFunction() {}

  /** Returns 2/√π · ∫ exp(−t²) dt from 0 to x. */
  public static double erf(double x) {
    if (Math.abs(x) < LARGE) {
      return series(x);
    }
    return x < 0 ? fraction(-x) - 1 : 1 - fraction(x);
  }

  /** Returns 1 − erf(x), without cancellation where x is large. */
  public static double erfc(double x) {
    return x < LARGE ? 1 - erf(x) : fraction(x);
  }

  /** 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)), whose terms have one sign. */
  private static double series(double x) {
    double term = x;
    double sum = x;
    double before;
    int odd = 1;
    do {
      odd += 2;
      before = sum;
      term *= 2 * x * x / odd;
      sum += term;
    } while (sum != before);
    return 2 / ROOT_PI * StrictMath.exp(-x * x) * sum;
  }

  /** exp(−x²)/√π over x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …))), for x from 2 on. */
  private static double fraction(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    double denominator = x;
    for (int n = STEPS; n > 0; n--) {
      denominator = x + n / 2.0 / denominator;
    }
    return StrictMath.exp(-x * x) / (ROOT_PI * denominator);
  }
}
