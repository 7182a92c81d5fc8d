package dev.thumbnet.engine.backend.cpu.vector;

import static jdk.incubator.vector.VectorOperators.GT;

import dev.thumbnet.engine.backend.cpu.kernel.ChannelKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of four vectors without gaps, which few channels are made into, are one flat loop with the
 * channels' values and the sums in registers: twice as fast in L2. The sums begin at zero and are
 * added to the array at the end.
 *
 * <p>Longer rows are a loop over rows that calls a loop over columns in a method of its own,
 * because C2 compiles a short method with one loop reliably well. One row at a time: tiles of
 * longer rows and four rows at once save loads of the channels' values too, but read several
 * streams of memory, which halves the speed on data that is not in the cache. {@link #centredSums}
 * is only used on data that is.
 */
final class VectorChannelKernels implements ChannelKernels {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();
  private static final int NARROW = ChannelKernels.NARROW * L;

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(F, array, at);
  }

  private static void addTo(float[] sums, int at, FloatVector v) {
    load(sums, at).add(v).intoArray(sums, at);
  }

  @Override
  public void sum(int rows, int stride, int width, float[] x, int xo, float[] sum) {
    if (width == NARROW && stride == NARROW) {
      sumNarrow(rows, x, xo, sum);
      return;
    }
    for (int r = 0; r < rows; r++) {
      sum(width, x, xo + r * stride, sum);
    }
  }

  private static void sumNarrow(int rows, float[] x, int xo, float[] sum) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int p = xo;
    for (int r = 0; r < rows; r++) {
      s0 = s0.add(load(x, p));
      s1 = s1.add(load(x, p + L));
      s2 = s2.add(load(x, p + 2 * L));
      s3 = s3.add(load(x, p + 3 * L));
      p += NARROW;
    }
    addTo(sum, 0, s0);
    addTo(sum, L, s1);
    addTo(sum, 2 * L, s2);
    addTo(sum, 3 * L, s3);
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
    if (width == NARROW && stride == NARROW) {
      sumOfProductsNarrow(rows, a, ao, b, bo, sum);
      return;
    }
    for (int r = 0; r < rows; r++) {
      sumOfProducts(width, a, ao + r * stride, b, bo + r * stride, sum);
    }
  }

  private static void sumOfProductsNarrow(
      int rows, float[] a, int ao, float[] b, int bo, float[] sum) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int p = ao;
    int q = bo;
    for (int r = 0; r < rows; r++) {
      s0 = load(a, p).fma(load(b, q), s0);
      s1 = load(a, p + L).fma(load(b, q + L), s1);
      s2 = load(a, p + 2 * L).fma(load(b, q + 2 * L), s2);
      s3 = load(a, p + 3 * L).fma(load(b, q + 3 * L), s3);
      p += NARROW;
      q += NARROW;
    }
    addTo(sum, 0, s0);
    addTo(sum, L, s1);
    addTo(sum, 2 * L, s2);
    addTo(sum, 3 * L, s3);
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
    int whole = width / NARROW * NARROW;
    for (int j = 0; j < whole; j += NARROW) {
      centredSumsNarrow(rows, stride, j, x, xo, centre, sum, squares);
    }
    for (int r = 0; r < rows && whole < width; r++) {
      centredSums(whole, width, x, xo + r * stride, centre, sum, squares);
    }
  }

  private static void centredSumsNarrow(
      int rows,
      int stride,
      int from,
      float[] x,
      int xo,
      float[] centre,
      float[] sum,
      float[] squares) {
    FloatVector m0 = load(centre, from);
    FloatVector m1 = load(centre, from + L);
    FloatVector m2 = load(centre, from + 2 * L);
    FloatVector m3 = load(centre, from + 3 * L);
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    FloatVector t0 = FloatVector.zero(F);
    FloatVector t1 = FloatVector.zero(F);
    FloatVector t2 = FloatVector.zero(F);
    FloatVector t3 = FloatVector.zero(F);
    int p = xo + from;
    for (int r = 0; r < rows; r++) {
      FloatVector d0 = load(x, p).sub(m0);
      s0 = s0.add(d0);
      t0 = d0.fma(d0, t0);
      FloatVector d1 = load(x, p + L).sub(m1);
      s1 = s1.add(d1);
      t1 = d1.fma(d1, t1);
      FloatVector d2 = load(x, p + 2 * L).sub(m2);
      s2 = s2.add(d2);
      t2 = d2.fma(d2, t2);
      FloatVector d3 = load(x, p + 3 * L).sub(m3);
      s3 = s3.add(d3);
      t3 = d3.fma(d3, t3);
      p += stride;
    }
    addTo(sum, from, s0);
    addTo(sum, from + L, s1);
    addTo(sum, from + 2 * L, s2);
    addTo(sum, from + 3 * L, s3);
    addTo(squares, from, t0);
    addTo(squares, from + L, t1);
    addTo(squares, from + 2 * L, t2);
    addTo(squares, from + 3 * L, t3);
  }

  private static void centredSums(
      int from, int width, float[] x, int xo, float[] centre, float[] sum, float[] squares) {
    int j = from;
    for (int bound = from + F.loopBound(width - from); j < bound; j += L) {
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
    if (width == NARROW && stride == NARROW) {
      gradientSumsNarrow(rows, x, xo, dy, dyo, mean, sum, products);
      return;
    }
    for (int r = 0; r < rows; r++) {
      gradientSums(width, x, xo + r * stride, dy, dyo + r * stride, mean, sum, products);
    }
  }

  private static void gradientSumsNarrow(
      int rows,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] sum,
      float[] products) {
    FloatVector m0 = load(mean, 0);
    FloatVector m1 = load(mean, L);
    FloatVector m2 = load(mean, 2 * L);
    FloatVector m3 = load(mean, 3 * L);
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    FloatVector t0 = FloatVector.zero(F);
    FloatVector t1 = FloatVector.zero(F);
    FloatVector t2 = FloatVector.zero(F);
    FloatVector t3 = FloatVector.zero(F);
    int p = xo;
    int d = dyo;
    for (int r = 0; r < rows; r++) {
      FloatVector g0 = load(dy, d);
      s0 = s0.add(g0);
      t0 = g0.fma(load(x, p).sub(m0), t0);
      FloatVector g1 = load(dy, d + L);
      s1 = s1.add(g1);
      t1 = g1.fma(load(x, p + L).sub(m1), t1);
      FloatVector g2 = load(dy, d + 2 * L);
      s2 = s2.add(g2);
      t2 = g2.fma(load(x, p + 2 * L).sub(m2), t2);
      FloatVector g3 = load(dy, d + 3 * L);
      s3 = s3.add(g3);
      t3 = g3.fma(load(x, p + 3 * L).sub(m3), t3);
      p += NARROW;
      d += NARROW;
    }
    addTo(sum, 0, s0);
    addTo(sum, L, s1);
    addTo(sum, 2 * L, s2);
    addTo(sum, 3 * L, s3);
    addTo(products, 0, t0);
    addTo(products, L, t1);
    addTo(products, 2 * L, t2);
    addTo(products, 3 * L, t3);
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
    if (width == NARROW && stride == NARROW) {
      gradientSumsReluNarrow(rows, x, xo, y, yo, dy, dyo, mean, sum, products);
      return;
    }
    for (int r = 0; r < rows; r++) {
      gradientSumsRelu(
          width, x, xo + r * stride, y, yo + r * stride, dy, dyo + r * stride, mean, sum, products);
    }
  }

  private static void gradientSumsReluNarrow(
      int rows,
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
    FloatVector m0 = load(mean, 0);
    FloatVector m1 = load(mean, L);
    FloatVector m2 = load(mean, 2 * L);
    FloatVector m3 = load(mean, 3 * L);
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    FloatVector t0 = FloatVector.zero(F);
    FloatVector t1 = FloatVector.zero(F);
    FloatVector t2 = FloatVector.zero(F);
    FloatVector t3 = FloatVector.zero(F);
    int p = xo;
    int q = yo;
    int d = dyo;
    for (int r = 0; r < rows; r++) {
      FloatVector g0 = zero.blend(load(dy, d), load(y, q).compare(GT, zero));
      s0 = s0.add(g0);
      t0 = g0.fma(load(x, p).sub(m0), t0);
      FloatVector g1 = zero.blend(load(dy, d + L), load(y, q + L).compare(GT, zero));
      s1 = s1.add(g1);
      t1 = g1.fma(load(x, p + L).sub(m1), t1);
      FloatVector g2 = zero.blend(load(dy, d + 2 * L), load(y, q + 2 * L).compare(GT, zero));
      s2 = s2.add(g2);
      t2 = g2.fma(load(x, p + 2 * L).sub(m2), t2);
      FloatVector g3 = zero.blend(load(dy, d + 3 * L), load(y, q + 3 * L).compare(GT, zero));
      s3 = s3.add(g3);
      t3 = g3.fma(load(x, p + 3 * L).sub(m3), t3);
      p += NARROW;
      q += NARROW;
      d += NARROW;
    }
    addTo(sum, 0, s0);
    addTo(sum, L, s1);
    addTo(sum, 2 * L, s2);
    addTo(sum, 3 * L, s3);
    addTo(products, 0, t0);
    addTo(products, L, t1);
    addTo(products, 2 * L, t2);
    addTo(products, 3 * L, t3);
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
    if (width == NARROW && stride == NARROW) {
      normaliseNarrow(rows, x, xo, mean, scale, shift, y, yo);
      return;
    }
    for (int r = 0; r < rows; r++) {
      normalise(width, x, xo + r * stride, mean, scale, shift, y, yo + r * stride);
    }
  }

  private static void normaliseNarrow(
      int rows, float[] x, int xo, float[] mean, float[] scale, float[] shift, float[] y, int yo) {
    FloatVector m0 = load(mean, 0);
    FloatVector m1 = load(mean, L);
    FloatVector m2 = load(mean, 2 * L);
    FloatVector m3 = load(mean, 3 * L);
    FloatVector a0 = load(scale, 0);
    FloatVector a1 = load(scale, L);
    FloatVector a2 = load(scale, 2 * L);
    FloatVector a3 = load(scale, 3 * L);
    FloatVector b0 = load(shift, 0);
    FloatVector b1 = load(shift, L);
    FloatVector b2 = load(shift, 2 * L);
    FloatVector b3 = load(shift, 3 * L);
    int p = xo;
    int q = yo;
    for (int r = 0; r < rows; r++) {
      load(x, p).sub(m0).fma(a0, b0).intoArray(y, q);
      load(x, p + L).sub(m1).fma(a1, b1).intoArray(y, q + L);
      load(x, p + 2 * L).sub(m2).fma(a2, b2).intoArray(y, q + 2 * L);
      load(x, p + 3 * L).sub(m3).fma(a3, b3).intoArray(y, q + 3 * L);
      p += NARROW;
      q += NARROW;
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
    if (width == NARROW && stride == NARROW) {
      normaliseReluNarrow(rows, x, xo, mean, scale, shift, y, yo);
      return;
    }
    for (int r = 0; r < rows; r++) {
      normaliseRelu(width, x, xo + r * stride, mean, scale, shift, y, yo + r * stride);
    }
  }

  private static void normaliseReluNarrow(
      int rows, float[] x, int xo, float[] mean, float[] scale, float[] shift, float[] y, int yo) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector m0 = load(mean, 0);
    FloatVector m1 = load(mean, L);
    FloatVector m2 = load(mean, 2 * L);
    FloatVector m3 = load(mean, 3 * L);
    FloatVector a0 = load(scale, 0);
    FloatVector a1 = load(scale, L);
    FloatVector a2 = load(scale, 2 * L);
    FloatVector a3 = load(scale, 3 * L);
    FloatVector b0 = load(shift, 0);
    FloatVector b1 = load(shift, L);
    FloatVector b2 = load(shift, 2 * L);
    FloatVector b3 = load(shift, 3 * L);
    int p = xo;
    int q = yo;
    for (int r = 0; r < rows; r++) {
      FloatVector v0 = load(x, p).sub(m0).fma(a0, b0);
      VectorElementKernels.relu(v0, zero).intoArray(y, q);
      FloatVector v1 = load(x, p + L).sub(m1).fma(a1, b1);
      VectorElementKernels.relu(v1, zero).intoArray(y, q + L);
      FloatVector v2 = load(x, p + 2 * L).sub(m2).fma(a2, b2);
      VectorElementKernels.relu(v2, zero).intoArray(y, q + 2 * L);
      FloatVector v3 = load(x, p + 3 * L).sub(m3).fma(a3, b3);
      VectorElementKernels.relu(v3, zero).intoArray(y, q + 3 * L);
      p += NARROW;
      q += NARROW;
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
    if (width == NARROW && stride == NARROW) {
      inputGradientNarrow(rows, x, xo, dy, dyo, mean, a, b, c, dx, dxo);
      return;
    }
    for (int r = 0; r < rows; r++) {
      inputGradient(
          width, x, xo + r * stride, dy, dyo + r * stride, mean, a, b, c, dx, dxo + r * stride);
    }
  }

  private static void inputGradientNarrow(
      int rows,
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
    FloatVector m0 = load(mean, 0);
    FloatVector m1 = load(mean, L);
    FloatVector m2 = load(mean, 2 * L);
    FloatVector m3 = load(mean, 3 * L);
    FloatVector e0 = load(a, 0);
    FloatVector e1 = load(a, L);
    FloatVector e2 = load(a, 2 * L);
    FloatVector e3 = load(a, 3 * L);
    FloatVector f0 = load(b, 0);
    FloatVector f1 = load(b, L);
    FloatVector f2 = load(b, 2 * L);
    FloatVector f3 = load(b, 3 * L);
    FloatVector h0 = load(c, 0);
    FloatVector h1 = load(c, L);
    FloatVector h2 = load(c, 2 * L);
    FloatVector h3 = load(c, 3 * L);
    int p = xo;
    int d = dyo;
    int o = dxo;
    for (int r = 0; r < rows; r++) {
      FloatVector g0 = load(dy, d);
      FloatVector v0 = load(x, p).sub(m0).fma(f0, h0);
      g0.fma(e0, v0).intoArray(dx, o);
      FloatVector g1 = load(dy, d + L);
      FloatVector v1 = load(x, p + L).sub(m1).fma(f1, h1);
      g1.fma(e1, v1).intoArray(dx, o + L);
      FloatVector g2 = load(dy, d + 2 * L);
      FloatVector v2 = load(x, p + 2 * L).sub(m2).fma(f2, h2);
      g2.fma(e2, v2).intoArray(dx, o + 2 * L);
      FloatVector g3 = load(dy, d + 3 * L);
      FloatVector v3 = load(x, p + 3 * L).sub(m3).fma(f3, h3);
      g3.fma(e3, v3).intoArray(dx, o + 3 * L);
      p += NARROW;
      d += NARROW;
      o += NARROW;
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
    if (width == NARROW && stride == NARROW) {
      inputGradientReluNarrow(rows, x, xo, y, yo, dy, dyo, mean, a, b, c, dx, dxo);
      return;
    }
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

  private static void inputGradientReluNarrow(
      int rows,
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
    FloatVector m0 = load(mean, 0);
    FloatVector m1 = load(mean, L);
    FloatVector m2 = load(mean, 2 * L);
    FloatVector m3 = load(mean, 3 * L);
    FloatVector e0 = load(a, 0);
    FloatVector e1 = load(a, L);
    FloatVector e2 = load(a, 2 * L);
    FloatVector e3 = load(a, 3 * L);
    FloatVector f0 = load(b, 0);
    FloatVector f1 = load(b, L);
    FloatVector f2 = load(b, 2 * L);
    FloatVector f3 = load(b, 3 * L);
    FloatVector h0 = load(c, 0);
    FloatVector h1 = load(c, L);
    FloatVector h2 = load(c, 2 * L);
    FloatVector h3 = load(c, 3 * L);
    int p = xo;
    int q = yo;
    int d = dyo;
    int o = dxo;
    for (int r = 0; r < rows; r++) {
      FloatVector g0 = zero.blend(load(dy, d), load(y, q).compare(GT, zero));
      FloatVector v0 = load(x, p).sub(m0).fma(f0, h0);
      g0.fma(e0, v0).intoArray(dx, o);
      FloatVector g1 = zero.blend(load(dy, d + L), load(y, q + L).compare(GT, zero));
      FloatVector v1 = load(x, p + L).sub(m1).fma(f1, h1);
      g1.fma(e1, v1).intoArray(dx, o + L);
      FloatVector g2 = zero.blend(load(dy, d + 2 * L), load(y, q + 2 * L).compare(GT, zero));
      FloatVector v2 = load(x, p + 2 * L).sub(m2).fma(f2, h2);
      g2.fma(e2, v2).intoArray(dx, o + 2 * L);
      FloatVector g3 = zero.blend(load(dy, d + 3 * L), load(y, q + 3 * L).compare(GT, zero));
      FloatVector v3 = load(x, p + 3 * L).sub(m3).fma(f3, h3);
      g3.fma(e3, v3).intoArray(dx, o + 3 * L);
      p += NARROW;
      q += NARROW;
      d += NARROW;
      o += NARROW;
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
    if (width == NARROW && stride == NARROW) {
      addNarrow(rows, big, bo, small, out, oo);
      return;
    }
    for (int r = 0; r < rows; r++) {
      add(width, big, bo + r * stride, small, out, oo + r * stride);
    }
  }

  private static void addNarrow(int rows, float[] big, int bo, float[] small, float[] out, int oo) {
    FloatVector s0 = load(small, 0);
    FloatVector s1 = load(small, L);
    FloatVector s2 = load(small, 2 * L);
    FloatVector s3 = load(small, 3 * L);
    int p = bo;
    int q = oo;
    for (int r = 0; r < rows; r++) {
      load(big, p).add(s0).intoArray(out, q);
      load(big, p + L).add(s1).intoArray(out, q + L);
      load(big, p + 2 * L).add(s2).intoArray(out, q + 2 * L);
      load(big, p + 3 * L).add(s3).intoArray(out, q + 3 * L);
      p += NARROW;
      q += NARROW;
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
    if (width == NARROW && stride == NARROW) {
      multiplyNarrow(rows, big, bo, small, out, oo);
      return;
    }
    for (int r = 0; r < rows; r++) {
      multiply(width, big, bo + r * stride, small, out, oo + r * stride);
    }
  }

  private static void multiplyNarrow(
      int rows, float[] big, int bo, float[] small, float[] out, int oo) {
    FloatVector s0 = load(small, 0);
    FloatVector s1 = load(small, L);
    FloatVector s2 = load(small, 2 * L);
    FloatVector s3 = load(small, 3 * L);
    int p = bo;
    int q = oo;
    for (int r = 0; r < rows; r++) {
      load(big, p).mul(s0).intoArray(out, q);
      load(big, p + L).mul(s1).intoArray(out, q + L);
      load(big, p + 2 * L).mul(s2).intoArray(out, q + 2 * L);
      load(big, p + 3 * L).mul(s3).intoArray(out, q + 3 * L);
      p += NARROW;
      q += NARROW;
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
