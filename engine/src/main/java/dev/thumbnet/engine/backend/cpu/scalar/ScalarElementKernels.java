package dev.thumbnet.engine.backend.cpu.scalar;

import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;

/**
 * Plain loops. Exponentials and logarithms are {@code StrictMath}'s: those of {@code Math} may
 * differ in the last bit between the interpreter and compiled code.
 */
final class ScalarElementKernels extends ScalarSmoothKernels implements ElementKernels {
  @Override
  public void linearCombination(
      int n, float alpha, float[] a, int ao, float beta, float[] b, int bo, float[] out, int oo) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = alpha * a[ao + i] + beta * b[bo + i];
    }
  }

  @Override
  public void affine(int n, float scale, float[] x, int xo, float shift, float[] out, int oo) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = scale * x[xo + i] + shift;
    }
  }

  @Override
  public void multiply(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = a[ao + i] * b[bo + i];
    }
  }

  @Override
  public void divide(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = a[ao + i] / b[bo + i];
    }
  }

  @Override
  public void maximum(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = Math.max(a[ao + i], b[bo + i]);
    }
  }

  @Override
  public void minimum(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = Math.min(a[ao + i], b[bo + i]);
    }
  }

  @Override
  public void relu(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      float v = x[xo + i];
      y[yo + i] = v < 0 ? 0 : v;
    }
  }

  @Override
  public void addRelu(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    for (int i = 0; i < n; i++) {
      float v = a[ao + i] + b[bo + i];
      out[oo + i] = v < 0 ? 0 : v;
    }
  }

  @Override
  public void reluBackward(int n, float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      dx[dxo + i] = y[yo + i] > 0 ? dy[dyo + i] : 0;
    }
  }

  @Override
  public void leakyRelu(int n, float slope, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      float v = x[xo + i];
      y[yo + i] = v > 0 ? v : slope * v;
    }
  }

  @Override
  public void leakyReluBackward(
      int n, float slope, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      float g = dy[dyo + i];
      dx[dxo + i] = x[xo + i] > 0 ? g : slope * g;
    }
  }

  @Override
  public void exp(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) StrictMath.exp(x[xo + i]);
    }
  }

  @Override
  public void log(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) StrictMath.log(x[xo + i]);
    }
  }

  @Override
  public void sigmoid(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) sigmoid(x[xo + i]);
    }
  }

  @Override
  public void tanh(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) StrictMath.tanh(x[xo + i]);
    }
  }

  private static float ramp(float v) {
    return v < 0 ? 0 : v > 6 ? 6 : v;
  }

  @Override
  public void ramp(int n, float shift, float scale, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = ramp(x[xo + i] + shift) * scale;
    }
  }

  @Override
  public void rampBackward(
      int n, float low, float scale, float[] v, int vo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      float at = v[vo + i];
      dx[dxo + i] = at > low && at < low + 6 ? scale * dy[dyo + i] : 0;
    }
  }

  @Override
  public void hardSwish(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      float v = x[xo + i];
      y[yo + i] = ramp(v + 3) * (1f / 6) * v;
    }
  }

  @Override
  public void hardSwishBackward(
      int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      float v = x[xo + i];
      float slope = (2 * v + 3) * (1f / 6);
      dx[dxo + i] = (v <= -3 ? 0 : v >= 3 ? 1 : slope) * dy[dyo + i];
    }
  }

  @Override
  public void silu(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) (x[xo + i] * sigmoid(x[xo + i]));
    }
  }

  @Override
  public void siluBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      double s = sigmoid(x[xo + i]);
      dx[dxo + i] = (float) (s * (1 + x[xo + i] * (1 - s)) * dy[dyo + i]);
    }
  }

  @Override
  public void sgd(int n, float lr, float decay, float[] w, int wo, float[] g, int go) {
    for (int i = 0; i < n; i++) {
      w[wo + i] -= lr * (g[go + i] + decay * w[wo + i]);
    }
  }

  @Override
  public void momentum(
      int n,
      float lr,
      float momentum,
      float decay,
      float[] w,
      int wo,
      float[] g,
      int go,
      float[] v,
      int vo) {
    for (int i = 0; i < n; i++) {
      float velocity = momentum * v[vo + i] + (g[go + i] + decay * w[wo + i]);
      v[vo + i] = velocity;
      w[wo + i] -= lr * velocity;
    }
  }

  @Override
  public void nesterov(
      int n,
      float lr,
      float momentum,
      float decay,
      float[] w,
      int wo,
      float[] g,
      int go,
      float[] v,
      int vo) {
    for (int i = 0; i < n; i++) {
      float gradient = g[go + i] + decay * w[wo + i];
      float velocity = momentum * v[vo + i] + gradient;
      v[vo + i] = velocity;
      w[wo + i] -= lr * (gradient + momentum * velocity);
    }
  }

  @Override
  public void adam(
      int n,
      AdamFactors f,
      float[] w,
      int wo,
      float[] g,
      int go,
      float[] m,
      int mo,
      float[] v,
      int vo) {
    for (int i = 0; i < n; i++) {
      float weight = w[wo + i];
      float gradient = g[go + i] + f.ofGradient() * weight;
      float first = f.beta1() * m[mo + i] + f.rest1() * gradient;
      float second = f.beta2() * v[vo + i] + f.rest2() * gradient * gradient;
      m[mo + i] = first;
      v[vo + i] = second;
      float direction = first / ((float) Math.sqrt(second) * f.root() + f.eps());
      w[wo + i] = weight - (f.ofWeight() * weight + f.rate() * direction);
    }
  }
}
