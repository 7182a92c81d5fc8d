package dev.thumbnet.engine.backend.cpu.vector;

import static jdk.incubator.vector.VectorOperators.GT;

import dev.thumbnet.engine.backend.cpu.ChannelKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Each kernel is a loop over rows that calls a loop over columns in a method of its own, because C2
 * compiles a short method with one loop reliably well. One row at a time: four rows at once save
 * loads of the channels' values but read four streams of memory, which halves the speed on data
 * that is not in the cache. {@link #centredSums} is only used on data that is.
 */
final class VectorChannelKernels implements ChannelKernels {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(F, array, at);
  }

  @Override
  public void sum(int rows, int stride, int width, float[] x, int xo, float[] sum) {
    for (int r = 0; r < rows; r++) {
      sum(width, x, xo + r * stride, sum);
    }
  }

  private static void sum(int width, float[] x, int xo, float[] sum) {
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      load(sum, j).add(load(x, xo + j)).intoArray(sum, j);
    }
    for (; j < width; j++) {
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
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      load(a, ao + j).fma(load(b, bo + j), load(sum, j)).intoArray(sum, j);
    }
    for (; j < width; j++) {
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
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
      centredSumsOfFour(width, x, xo + r * stride, stride, centre, sum, squares);
    }
    for (; r < rows; r++) {
      centredSums(width, x, xo + r * stride, centre, sum, squares);
    }
  }

  private static void centredSumsOfFour(
      int width, float[] x, int x0, int stride, float[] centre, float[] sum, float[] squares) {
    int x1 = x0 + stride;
    int x2 = x1 + stride;
    int x3 = x2 + stride;
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      FloatVector m = load(centre, j);
      FloatVector d0 = load(x, x0 + j).sub(m);
      FloatVector d1 = load(x, x1 + j).sub(m);
      FloatVector d2 = load(x, x2 + j).sub(m);
      FloatVector d3 = load(x, x3 + j).sub(m);
      load(sum, j).add(d0.add(d1).add(d2.add(d3))).intoArray(sum, j);
      FloatVector s01 = d0.fma(d0, d1.mul(d1));
      FloatVector s23 = d2.fma(d2, d3.mul(d3));
      load(squares, j).add(s01.add(s23)).intoArray(squares, j);
    }
    for (; j < width; j++) {
      float d0 = x[x0 + j] - centre[j];
      float d1 = x[x1 + j] - centre[j];
      float d2 = x[x2 + j] - centre[j];
      float d3 = x[x3 + j] - centre[j];
      sum[j] += d0 + d1 + (d2 + d3);
      squares[j] += d0 * d0 + d1 * d1 + (d2 * d2 + d3 * d3);
    }
  }

  private static void centredSums(
      int width, float[] x, int xo, float[] centre, float[] sum, float[] squares) {
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      FloatVector d = load(x, xo + j).sub(load(centre, j));
      load(sum, j).add(d).intoArray(sum, j);
      d.fma(d, load(squares, j)).intoArray(squares, j);
    }
    for (; j < width; j++) {
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
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      FloatVector g = load(dy, dyo + j);
      FloatVector d = load(x, xo + j).sub(load(mean, j));
      load(sum, j).add(g).intoArray(sum, j);
      g.fma(d, load(products, j)).intoArray(products, j);
    }
    for (; j < width; j++) {
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
    FloatVector zero = FloatVector.zero(F);
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      FloatVector g = zero.blend(load(dy, dyo + j), load(y, yo + j).compare(GT, zero));
      FloatVector d = load(x, xo + j).sub(load(mean, j));
      load(sum, j).add(g).intoArray(sum, j);
      g.fma(d, load(products, j)).intoArray(products, j);
    }
    for (; j < width; j++) {
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
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      FloatVector d = load(x, xo + j).sub(load(mean, j));
      d.fma(load(scale, j), load(shift, j)).intoArray(y, yo + j);
    }
    for (; j < width; j++) {
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
    FloatVector zero = FloatVector.zero(F);
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      FloatVector d = load(x, xo + j).sub(load(mean, j));
      FloatVector v = d.fma(load(scale, j), load(shift, j));
      VectorElementKernels.relu(v, zero).intoArray(y, yo + j);
    }
    for (; j < width; j++) {
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
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      FloatVector g = load(dy, dyo + j);
      FloatVector d = load(x, xo + j).sub(load(mean, j));
      g.fma(load(a, j), d.fma(load(b, j), load(c, j))).intoArray(dx, dxo + j);
    }
    for (; j < width; j++) {
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
    FloatVector zero = FloatVector.zero(F);
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      FloatVector g = zero.blend(load(dy, dyo + j), load(y, yo + j).compare(GT, zero));
      FloatVector d = load(x, xo + j).sub(load(mean, j));
      g.fma(load(a, j), d.fma(load(b, j), load(c, j))).intoArray(dx, dxo + j);
    }
    for (; j < width; j++) {
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
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      load(big, bo + j).add(load(small, j)).intoArray(out, oo + j);
    }
    for (; j < width; j++) {
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
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      load(big, bo + j).mul(load(small, j)).intoArray(out, oo + j);
    }
    for (; j < width; j++) {
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
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      FloatVector v = load(x, xo + j);
      FloatVector least = load(low, j);
      FloatVector most = load(high, j);
      v.blend(least, v.compare(VectorOperators.LT, least))
          .blend(most, v.compare(VectorOperators.GT, most))
          .intoArray(y, yo + j);
    }
    for (; j < width; j++) {
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
    FloatVector zero = FloatVector.zero(F);
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      FloatVector v = load(x, xo + j);
      VectorMask<Float> within =
          v.compare(VectorOperators.GE, load(low, j))
              .and(v.compare(VectorOperators.LE, load(high, j)));
      zero.blend(load(dy, dyo + j), within).intoArray(dx, dxo + j);
    }
    for (; j < width; j++) {
      float v = x[xo + j];
      dx[dxo + j] = v >= low[j] && v <= high[j] ? dy[dyo + j] : 0;
    }
  }
}
