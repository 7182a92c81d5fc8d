package dev.thumbnet.engine.backend.cpu.vector;

import static java.lang.Math.fma;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;

/** A lane of {@link VectorWinogradStrided4}. */
final class ColdWinogradStrided4 extends ColdWinograd {
  ColdWinogradStrided4() {
    super(WinogradMatrices.fourStrided());
  }

  @Override
  void input(int outputs, float[] d, float[] y) {
    for (int i = 1; i < 2 * outputs; i += 2) {
      y[i + 1] = d[i];
    }
    switch (outputs) {
      case 1 -> {
        y[0] = d[2];
        y[1] = d[0] * P;
      }
      case 2 -> {
        y[0] = fma(d[2], -P, d[4]);
        y[1] = d[0] * P - d[2];
        y[3] = -d[2];
      }
      case 3 -> {
        y[0] = fma(d[2], -0.5f, d[6]);
        y[1] = fma(d[4], -Q, d[0] * P);
        y[3] = fma(d[4], -P, d[2] * -0.5f);
        y[5] = fma(d[4], P * -3, d[2] * 1.5f);
      }
      default -> {
        float odd = fma(d[2], -0.5f, d[6]);
        y[0] = fma(odd, -Q, fma(d[4], -0.5f, d[8]));
        y[1] = fma(d[4], -Q, fma(d[0], P, odd));
        y[3] = fma(d[4], -P, d[6] - d[2]);
        y[5] = fma(d[4], P * -3, d[6] + d[2]);
        y[7] = odd;
      }
    }
  }

  @Override
  void output(int outputs, float[] m, float b, float[] y) {
    switch (outputs) {
      case 1 -> y[0] = m[0] + m[1] + m[2] + b;
      case 2 -> {
        y[0] = m[1] + m[3] + m[2] + b;
        y[1] = fma(m[3], P, m[0] + m[4] + b);
      }
      case 3 -> {
        float even = m[3] + m[5];
        float odd = m[3] - m[5];
        y[0] = m[1] + even + m[2] + b;
        y[1] = fma(odd, P, m[4] + b);
        y[2] = fma(even, 0.5f, m[0] + m[6] + b);
      }
      default -> {
        float even = m[3] + m[5];
        float odd = m[3] - m[5];
        y[0] = m[1] + even + m[7] + (m[2] + b);
        y[1] = fma(m[7], Q, fma(odd, P, m[4] + b));
        y[2] = fma(m[7], 2f, fma(even, 0.5f, m[6] + b));
        y[3] = fma(m[7], Q * 2, fma(odd, P / 2, m[0] + m[8] + b));
      }
    }
  }

  @Override
  void weights(float[] g, float[] y) {
    y[0] = g[2];
    y[1] = g[0] * Q;
    y[3] = fma(g[0], -Q, -g[2]);
    y[5] = fma(g[0], Q / -3, g[2] * (1f / 3));
    y[7] = fma(g[0], P * 2 / 3, g[2] * (2f / 3));
    for (int i = 2; i < 9; i += 2) {
      y[i] = g[1];
    }
  }
}
