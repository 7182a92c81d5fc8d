package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;

/** A lane of {@link VectorWinograd2}. */
final class ColdWinograd2 extends ColdWinograd {
  ColdWinograd2() {
    super(WinogradMatrices.two());
  }

  @Override
  void input(int outputs, float[] d, float[] y) {
    if (outputs == 1) {
      y[0] = d[2] - d[1];
      y[1] = d[1] - d[0];
      y[2] = d[1] + d[1];
      return;
    }
    y[0] = d[3] - d[1];
    y[1] = d[2] - d[0];
    y[2] = d[2] + d[1];
    y[3] = d[2] - d[1];
  }

  @Override
  void output(int outputs, float[] m, float b, float[] y) {
    if (outputs == 1) {
      y[0] = m[0] + m[1] + m[2] + b;
      return;
    }
    y[0] = m[2] + m[3] + m[1] + b;
    y[1] = m[2] - m[3] + m[0] + b;
  }

  @Override
  void weights(float[] g, float[] y) {
    float even = (g[0] + g[2]) * 0.5f;
    float odd = g[1] * 0.5f;
    y[0] = g[2];
    y[1] = -g[0];
    y[2] = even + odd;
    y[3] = even - odd;
  }
}
