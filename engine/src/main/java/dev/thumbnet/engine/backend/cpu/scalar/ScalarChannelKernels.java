package dev.thumbnet.engine.backend.cpu.scalar;

import dev.thumbnet.engine.backend.cpu.kernel.ChannelKernels;

final class ScalarChannelKernels implements ChannelKernels {

  @Override
  public void sum(int rows, int stride, int width, float[] x, int xo, float[] sum) {
    for (int r = 0; r < rows; r++) {
      sum(width, x, xo + r * stride, sum);
    }
  }

  private static void sum(int width, float[] x, int xo, float[] sum) {
    for (int j = 0; j < width; j++) {
      sum[j] += x[xo + j];
    }
  }

  @Override
  public void sumOfProducts(
      int rows, int stride, int width, float[] a, int ao, float[] b, int bo, float[] sum) {
    for (int r = 0; r < rows; r++) {
      sumOfProducts(width, a, ao + r * stride, b, bo + r * stride, sum);
    }
  }

  private static void sumOfProducts(int width, float[] a, int ao, float[] b, int bo, float[] sum) {
    for (int j = 0; j < width; j++) {
      sum[j] += a[ao + j] * b[bo + j];
    }
  }

  @Override
  public void centredSums(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] centre,
      float[] sum,
      float[] squares) {
    for (int r = 0; r < rows; r++) {
      centredSums(width, x, xo + r * stride, centre, sum, squares);
    }
  }

  private static void centredSums(
      int width, float[] x, int xo, float[] centre, float[] sum, float[] squares) {
    for (int j = 0; j < width; j++) {
      float d = x[xo + j] - centre[j];
      sum[j] += d;
      squares[j] += d * d;
    }
  }

  @Override
  public void gradientSums(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] sum,
      float[] products) {
    for (int r = 0; r < rows; r++) {
      gradientSums(width, x, xo + r * stride, dy, dyo + r * stride, mean, sum, products);
    }
  }

  private static void gradientSums(
      int width,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] sum,
      float[] products) {
    for (int j = 0; j < width; j++) {
      float g = dy[dyo + j];
      sum[j] += g;
      products[j] += g * (x[xo + j] - mean[j]);
    }
  }

  @Override
  public void gradientSumsRelu(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] y,
      int yo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] sum,
      float[] products) {
    for (int r = 0; r < rows; r++) {
      gradientSumsRelu(
          width, x, xo + r * stride, y, yo + r * stride, dy, dyo + r * stride, mean, sum, products);
    }
  }

  private static void gradientSumsRelu(
      int width,
      float[] x,
      int xo,
      float[] y,
      int yo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] sum,
      float[] products) {
    for (int j = 0; j < width; j++) {
      float g = y[yo + j] > 0 ? dy[dyo + j] : 0;
      sum[j] += g;
      products[j] += g * (x[xo + j] - mean[j]);
    }
  }

  @Override
  public void normalise(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] mean,
      float[] scale,
      float[] shift,
      float[] y,
      int yo) {
    for (int r = 0; r < rows; r++) {
      normalise(width, x, xo + r * stride, mean, scale, shift, y, yo + r * stride);
    }
  }

  private static void normalise(
      int width, float[] x, int xo, float[] mean, float[] scale, float[] shift, float[] y, int yo) {
    for (int j = 0; j < width; j++) {
      y[yo + j] = (x[xo + j] - mean[j]) * scale[j] + shift[j];
    }
  }

  @Override
  public void normaliseRelu(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] mean,
      float[] scale,
      float[] shift,
      float[] y,
      int yo) {
    for (int r = 0; r < rows; r++) {
      normaliseRelu(width, x, xo + r * stride, mean, scale, shift, y, yo + r * stride);
    }
  }

  private static void normaliseRelu(
      int width, float[] x, int xo, float[] mean, float[] scale, float[] shift, float[] y, int yo) {
    for (int j = 0; j < width; j++) {
      y[yo + j] = Math.max((x[xo + j] - mean[j]) * scale[j] + shift[j], 0);
    }
  }

  @Override
  public void inputGradient(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] a,
      float[] b,
      float[] c,
      float[] dx,
      int dxo) {
    for (int r = 0; r < rows; r++) {
      inputGradient(
          width, x, xo + r * stride, dy, dyo + r * stride, mean, a, b, c, dx, dxo + r * stride);
    }
  }

  private static void inputGradient(
      int width,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] a,
      float[] b,
      float[] c,
      float[] dx,
      int dxo) {
    for (int j = 0; j < width; j++) {
      dx[dxo + j] = a[j] * dy[dyo + j] + (b[j] * (x[xo + j] - mean[j]) + c[j]);
    }
  }

  @Override
  public void inputGradientRelu(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] y,
      int yo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] a,
      float[] b,
      float[] c,
      float[] dx,
      int dxo) {
    for (int r = 0; r < rows; r++) {
      inputGradientRelu(
          width,
          x,
          xo + r * stride,
          y,
          yo + r * stride,
          dy,
          dyo + r * stride,
          mean,
          a,
          b,
          c,
          dx,
          dxo + r * stride);
    }
  }

  private static void inputGradientRelu(
      int width,
      float[] x,
      int xo,
      float[] y,
      int yo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] a,
      float[] b,
      float[] c,
      float[] dx,
      int dxo) {
    for (int j = 0; j < width; j++) {
      float g = y[yo + j] > 0 ? dy[dyo + j] : 0;
      dx[dxo + j] = a[j] * g + (b[j] * (x[xo + j] - mean[j]) + c[j]);
    }
  }

  @Override
  public void add(
      int rows, int stride, int width, float[] big, int bo, float[] small, float[] out, int oo) {
    for (int r = 0; r < rows; r++) {
      add(width, big, bo + r * stride, small, out, oo + r * stride);
    }
  }

  private static void add(int width, float[] big, int bo, float[] small, float[] out, int oo) {
    for (int j = 0; j < width; j++) {
      out[oo + j] = big[bo + j] + small[j];
    }
  }

  @Override
  public void multiply(
      int rows, int stride, int width, float[] big, int bo, float[] small, float[] out, int oo) {
    for (int r = 0; r < rows; r++) {
      multiply(width, big, bo + r * stride, small, out, oo + r * stride);
    }
  }

  private static void multiply(int width, float[] big, int bo, float[] small, float[] out, int oo) {
    for (int j = 0; j < width; j++) {
      out[oo + j] = big[bo + j] * small[j];
    }
  }

  @Override
  public void clamp(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] low,
      float[] high,
      float[] y,
      int yo) {
    for (int r = 0; r < rows; r++) {
      clamp(width, x, xo + r * stride, low, high, y, yo + r * stride);
    }
  }

  private static void clamp(
      int width, float[] x, int xo, float[] low, float[] high, float[] y, int yo) {
    for (int j = 0; j < width; j++) {
      float v = x[xo + j];
      y[yo + j] = v < low[j] ? low[j] : v > high[j] ? high[j] : v;
    }
  }

  @Override
  public void clampGradient(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] low,
      float[] high,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride;
      clampGradient(width, x, xo + at, low, high, dy, dyo + at, dx, dxo + at);
    }
  }

  private static void clampGradient(
      int width,
      float[] x,
      int xo,
      float[] low,
      float[] high,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo) {
    for (int j = 0; j < width; j++) {
      float v = x[xo + j];
      dx[dxo + j] = v >= low[j] && v <= high[j] ? dy[dyo + j] : 0;
    }
  }
}
