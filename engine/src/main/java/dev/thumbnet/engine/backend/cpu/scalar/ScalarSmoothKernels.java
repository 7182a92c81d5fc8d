package dev.thumbnet.engine.backend.cpu.scalar;

import dev.thumbnet.engine.backend.ErrorFunction;
import dev.thumbnet.engine.backend.cpu.kernel.SmoothKernels;

/** Plain loops in double precision; exponentials are {@code StrictMath}'s. */
abstract class ScalarSmoothKernels implements SmoothKernels {
  /** 2·√(2/π). */
  private static final double TWICE_ROOT = 2 * Math.sqrt(2 / Math.PI);

  private static final double CUBIC = 0.044715;

  @Override
  public void erf(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) ErrorFunction.erf(x[xo + i]);
    }
  }

  @Override
  public void erfBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      dx[dxo + i] =
          (float)
              (2
                  / Math.sqrt(Math.PI)
                  * StrictMath.exp(-(double) x[xo + i] * x[xo + i])
                  * dy[dyo + i]);
    }
  }

  @Override
  public void gelu(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) (x[xo + i] * normal(x[xo + i]));
    }
  }

  @Override
  public void geluBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      dx[dxo + i] = (float) (geluSlope(x[xo + i]) * dy[dyo + i]);
    }
  }

  @Override
  public void geluTanh(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) (x[xo + i] * sigmoid(geluArgument(x[xo + i])));
    }
  }

  @Override
  public void geluTanhBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      dx[dxo + i] = (float) (geluTanhSlope(x[xo + i]) * dy[dyo + i]);
    }
  }

  @Override
  public void softplus(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) softplus(x[xo + i]);
    }
  }

  @Override
  public void softplusBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      dx[dxo + i] = (float) (sigmoid(x[xo + i]) * dy[dyo + i]);
    }
  }

  @Override
  public void mish(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) (x[xo + i] * StrictMath.tanh(softplus(x[xo + i])));
    }
  }

  @Override
  public void mishBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      dx[dxo + i] = (float) (mishSlope(x[xo + i]) * dy[dyo + i]);
    }
  }

  @Override
  public void elu(
      int n, float scale, float alpha, float rate, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      float v = x[xo + i];
      y[yo + i] = v > 0 ? scale * v : (float) (alpha * StrictMath.expm1(rate * v));
    }
  }

  @Override
  public void eluBackward(
      int n,
      float scale,
      float alpha,
      float rate,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo) {
    for (int i = 0; i < n; i++) {
      float v = x[xo + i];
      dx[dxo + i] = (float) ((v > 0 ? scale : alpha * StrictMath.exp(rate * v)) * dy[dyo + i]);
    }
  }

  static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  /** The share of a normal distribution that is below x. */
  private static double normal(double x) {
    return ErrorFunction.erfc(-x / Math.sqrt(2)) / 2;
  }

  private static double geluSlope(double x) {
    return normal(x) + x * StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  private static double geluArgument(double x) {
    return TWICE_ROOT * (x + CUBIC * x * x * x);
  }

  private static double geluTanhSlope(double x) {
    double s = sigmoid(geluArgument(x));
    return s + x * s * (1 - s) * TWICE_ROOT * (1 + 3 * CUBIC * x * x);
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  private static double mishSlope(double x) {
    double t = StrictMath.tanh(softplus(x));
    return t + x * (1 - t * t) * sigmoid(x);
  }
}
