package dev.thumbnet.engine.backend.cpu.kernel;

/**
 * Functions made of exponentials, and their gradients, over contiguous runs of {@code n} elements.
 * Each output may be one of the inputs.
 */
public interface SmoothKernels {
  /** y = erf x = 2/√π·∫ exp(−t²) dt from 0 to x. */
  void erf(int n, float[] x, int xo, float[] y, int yo);

  /** dx = 2/√π·exp(−x²)·dy. */
  void erfBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo);

  /** y = x·Φ(x) with Φ(x) = (1 + erf(x/√2))/2. */
  void gelu(int n, float[] x, int xo, float[] y, int yo);

  /** dx = (Φ(x) + x·exp(−x²/2)/√(2π))·dy. */
  void geluBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo);

  /** y = x·s with s = 1 / (1 + e⁻ᵘ) and u = 2·√(2/π)·(x + 0.044715·x³). */
  void geluTanh(int n, float[] x, int xo, float[] y, int yo);

  /** dx = (s + x·s·(1 − s)·u')·dy. */
  void geluTanhBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo);

  /** y = ln(1 + eˣ). */
  void softplus(int n, float[] x, int xo, float[] y, int yo);

  /** dx = dy / (1 + e⁻ˣ). */
  void softplusBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo);

  /** y = x·t with t = tanh(ln(1 + eˣ)). */
  void mish(int n, float[] x, int xo, float[] y, int yo);

  /** dx = (t + x·(1 − t²) / (1 + e⁻ˣ))·dy. */
  void mishBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo);

  /** y = scale·x where x &gt; 0, else alpha·(exp(rate·x) − 1). */
  void elu(int n, float scale, float alpha, float rate, float[] x, int xo, float[] y, int yo);

  /** dx = scale·dy where x &gt; 0, else alpha·exp(rate·x)·dy. */
  void eluBackward(
      int n,
      float scale,
      float alpha,
      float rate,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo);
}
