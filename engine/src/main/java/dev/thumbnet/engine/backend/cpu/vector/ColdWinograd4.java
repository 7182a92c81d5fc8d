package dev.thumbnet.engine.backend.cpu.vector;

import static java.lang.Math.fma;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;

/** A lane of {@link VectorWinograd4}. */
final class ColdWinograd4 extends ColdWinograd {
  ColdWinograd4() {
    super(WinogradMatrices.four());
  }

  @Override
  void input(int outputs, float[] d, float[] y) {
    switch (outputs) {
      case 1 -> {
        y[0] = fma(d[1], -P, d[2]);
        y[1] = fma(d[1], -Q, d[0]);
        y[2] = d[1] * (P * -3);
      }
      case 2 -> {
        float even = d[2] * -1.5f;
        float odd = d[1] * (P * 3 / 2);
        y[0] = fma(d[1], -0.5f, d[3]);
        y[1] = fma(d[2], -2f, d[0]);
        y[2] = even - odd;
        y[3] = even + odd;
      }
      case 3 -> {
        float even = fma(d[2], -0.5f, d[4]);
        float odd = fma(d[1], -0.5f, d[3]);
        y[0] = fma(odd, -Q, even);
        y[1] = fma(odd, Q, fma(d[2], -2f, d[0]));
        y[2] = fma(d[3] - d[1], P * 3, d[2] * -1.5f);
        y[3] = fma(d[3] + d[1], P, d[2] * -1.5f);
        y[4] = odd * (Q * 2);
      }
      default -> {
        float evenP = fma(d[2], -2f, d[4]);
        float oddP = fma(d[1], -2f, d[3]);
        float evenQ = fma(d[2], -0.5f, d[4]);
        float oddQ = fma(d[1], -0.5f, d[3]);
        y[0] = fma(d[3], -2.5f, d[1] + d[5]);
        y[1] = fma(d[2], -2.5f, d[0] + d[4]);
        y[2] = fma(oddP, P, evenP);
        y[3] = fma(oddP, -P, evenP);
        y[4] = fma(oddQ, Q, evenQ);
        y[5] = fma(oddQ, -Q, evenQ);
      }
    }
  }

  @Override
  void output(int outputs, float[] m, float b, float[] y) {
    switch (outputs) {
      case 1 -> y[0] = m[0] + m[1] + m[2] + b;
      case 2 -> {
        y[0] = m[1] + m[2] + m[3] + b;
        y[1] = fma(m[2] - m[3], P, m[0] + b);
      }
      case 3 -> {
        float even = m[2] + m[3];
        float odd = m[2] - m[3];
        y[0] = m[1] + even + m[4] + b;
        y[1] = fma(m[4], Q, fma(odd, P, b));
        y[2] = fma(m[4], 2f, fma(even, 0.5f, m[0] + b));
      }
      default -> {
        float evenP = m[2] + m[3];
        float oddP = m[2] - m[3];
        float evenQ = m[4] + m[5];
        float oddQ = m[4] - m[5];
        y[0] = m[1] + evenP + evenQ + b;
        y[1] = fma(oddQ, Q, fma(oddP, P, b));
        y[2] = fma(evenQ, 2f, fma(evenP, 0.5f, b));
        y[3] = fma(oddQ, Q * 2, fma(oddP, P / 2, m[0] + b));
      }
    }
  }

  @Override
  void weights(float[] g, float[] y) {
    float evenP = fma(g[0], -2f / 3, g[2] * (-1f / 3));
    float oddP = g[1] * (P * -2 / 3);
    float evenQ = fma(g[0], 1f / 6, g[2] * (1f / 3));
    float oddQ = g[1] * (Q / 6);
    y[0] = g[2];
    y[1] = g[0];
    y[2] = evenP + oddP;
    y[3] = evenP - oddP;
    y[4] = evenQ + oddQ;
    y[5] = evenQ - oddQ;
  }
}
