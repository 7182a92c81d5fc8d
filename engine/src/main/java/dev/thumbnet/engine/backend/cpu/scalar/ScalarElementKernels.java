package dev.thumbnet.engine.backend.cpu.scalar;

import dev.thumbnet.engine.backend.cpu.ElementKernels;

final class ScalarElementKernels implements ElementKernels {
  @Override
  public void relu(int n, float[] x, int xo, float[] y, int yo) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.max(x[xo + i], 0);
    }
  }

  @Override
  public void addRelu(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = Math.max(a[ao + i] + b[bo + i], 0);
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
}
