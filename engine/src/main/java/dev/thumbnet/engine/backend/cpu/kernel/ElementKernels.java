package dev.thumbnet.engine.backend.cpu.kernel;

import dev.thumbnet.engine.backend.problem.Unary;

/**
 * Loops over contiguous runs of {@code n} elements. Each output may be one of the inputs.
 *
 * <p>Even plain arithmetic is here: C2 vectorises a loop over arrays with offsets of their own only
 * if it can prove that they do not overlap, which here it cannot (30 GB/s instead of 90).
 */
public interface ElementKernels extends SmoothKernels {
  /** out = alpha·a + beta·b. */
  void linearCombination(
      int n, float alpha, float[] a, int ao, float beta, float[] b, int bo, float[] out, int oo);

  /** out = scale·x + shift. */
  void affine(int n, float scale, float[] x, int xo, float shift, float[] out, int oo);

  /** out = a·b. */
  void multiply(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo);

  /** out = a / b. */
  void divide(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo);

  /** out = max(a, b); NaN if one is NaN. */
  void maximum(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo);

  /** out = min(a, b); NaN if one is NaN. */
  void minimum(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo);

  /** y = max(x, 0); NaN stays NaN. */
  void relu(int n, float[] x, int xo, float[] y, int yo);

  /** out = max(a + b, 0); NaN stays NaN. */
  void addRelu(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo);

  /** dx = dy where y &gt; 0, else 0. */
  void reluBackward(int n, float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo);

  /** y = x where x &gt; 0, else slope·x. */
  void leakyRelu(int n, float slope, float[] x, int xo, float[] y, int yo);

  /** dx = dy where x &gt; 0, else slope·dy. */
  void leakyReluBackward(
      int n, float slope, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo);

  /** y = eˣ. */
  void exp(int n, float[] x, int xo, float[] y, int yo);

  /** y = ln x. */
  void log(int n, float[] x, int xo, float[] y, int yo);

  /** y = 1 / (1 + e⁻ˣ). */
  void sigmoid(int n, float[] x, int xo, float[] y, int yo);

  /** y = tanh x. */
  void tanh(int n, float[] x, int xo, float[] y, int yo);

  /** y = min(max(x + shift, 0), 6)·scale; NaN stays NaN. */
  void ramp(int n, float shift, float scale, float[] x, int xo, float[] y, int yo);

  /** dx = scale·dy where low &lt; v and v &lt; low + 6, else 0. */
  void rampBackward(
      int n, float low, float scale, float[] v, int vo, float[] dy, int dyo, float[] dx, int dxo);

  /** y = x·min(max(x + 3, 0), 6)/6. */
  void hardSwish(int n, float[] x, int xo, float[] y, int yo);

  /** dx = 0 where x &lt;= −3, dy where x &gt;= 3, else (2x + 3)/6·dy. */
  void hardSwishBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo);

  /** y = x / (1 + e⁻ˣ). */
  void silu(int n, float[] x, int xo, float[] y, int yo);

  /** dx = s·(1 + x·(1 − s))·dy with s = 1 / (1 + e⁻ˣ). */
  void siluBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo);

  /** y = f(x). */
  default void unary(Unary f, int n, float[] x, int xo, float[] y, int yo) {
    switch (f) {
      case RELU -> relu(n, x, xo, y, yo);
      case SIGMOID -> sigmoid(n, x, xo, y, yo);
      case TANH -> tanh(n, x, xo, y, yo);
      case EXP -> exp(n, x, xo, y, yo);
      case LOG -> log(n, x, xo, y, yo);
      case SQRT -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = (float) Math.sqrt(x[xo + i]);
        }
      }
      case SQUARE -> multiply(n, x, xo, x, xo, y, yo);
      case ABS -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = Math.abs(x[xo + i]);
        }
      }
      case RELU6 -> ramp(n, 0, 1, x, xo, y, yo);
      case HARD_SIGMOID -> ramp(n, 3, 1f / 6, x, xo, y, yo);
      case HARD_SWISH -> hardSwish(n, x, xo, y, yo);
      case SILU -> silu(n, x, xo, y, yo);
      case ERF -> erf(n, x, xo, y, yo);
      case GELU -> gelu(n, x, xo, y, yo);
      case GELU_TANH -> geluTanh(n, x, xo, y, yo);
      case SOFTPLUS -> softplus(n, x, xo, y, yo);
      case SOFTSIGN -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = x[xo + i] / (1 + Math.abs(x[xo + i]));
        }
      }
      case MISH -> mish(n, x, xo, y, yo);
      case RECIPROCAL -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = 1 / x[xo + i];
        }
      }
    }
  }

  /** w −= lr·(g + decay·w). */
  void sgd(int n, float lr, float decay, float[] w, int wo, float[] g, int go);

  /** g' = g + decay·w; v = momentum·v + g'; w −= lr·v. */
  void momentum(
      int n,
      float lr,
      float momentum,
      float decay,
      float[] w,
      int wo,
      float[] g,
      int go,
      float[] v,
      int vo);

  /** As {@link #momentum}, but w −= lr·(g' + momentum·v). */
  void nesterov(
      int n,
      float lr,
      float momentum,
      float decay,
      float[] w,
      int wo,
      float[] g,
      int go,
      float[] v,
      int vo);

  /**
   * g' = g + ofGradient·w; m = beta1·m + (1 − beta1)·g'; v = beta2·v + (1 − beta2)·g'²; w −=
   * ofWeight·w + rate·m / (√v·root + eps).
   */
  void adam(
      int n,
      AdamFactors factors,
      float[] w,
      int wo,
      float[] g,
      int go,
      float[] m,
      int mo,
      float[] v,
      int vo);

  /**
   * What one step of Adam multiplies by.
   *
   * @param beta1 decay of the first moment
   * @param rest1 1 − beta1
   * @param beta2 decay of the second moment
   * @param rest2 1 − beta2
   * @param rate learning rate over the first moment's bias correction
   * @param root one over the root of the second moment's bias correction
   * @param eps added to the denominator
   * @param ofGradient weight decay that goes into the gradient
   * @param ofWeight weight decay, times the learning rate, that goes straight into the weight
   */
  record AdamFactors(
      float beta1,
      float rest1,
      float beta2,
      float rest2,
      float rate,
      float root,
      float eps,
      float ofGradient,
      float ofWeight) {}
}
