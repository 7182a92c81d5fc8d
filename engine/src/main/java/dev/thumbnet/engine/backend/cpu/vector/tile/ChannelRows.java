package dev.thumbnet.engine.backend.cpu.vector.tile;

import static jdk.incubator.vector.VectorOperators.GT;

import dev.thumbnet.engine.backend.cpu.vector.VectorChannelKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops over the columns of a row in {@link VectorChannelKernels}: methods of their own,
 * because C2 compiles a short method with one loop reliably well.
 */
public final class ChannelRows {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  private ChannelRows() {}

  static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(F, array, at);
  }

  public static void sum(int width, float[] x, int xo, float[] sum) {
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      load(sum, j).add(load(x, xo + j)).intoArray(sum, j);
    }
    for (; j < width; j++) {
      sum[j] += x[xo + j];
    }
  }

  public static void sumOfProducts(int width, float[] a, int ao, float[] b, int bo, float[] sum) {
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      load(a, ao + j).fma(load(b, bo + j), load(sum, j)).intoArray(sum, j);
    }
    for (; j < width; j++) {
      sum[j] += a[ao + j] * b[bo + j];
    }
  }

  public static void centredSums(
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

  public static void gradientSums(
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

  public static void gradientSumsRelu(
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

  public static void normalise(
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

  public static void normaliseRelu(
      int width, float[] x, int xo, float[] mean, float[] scale, float[] shift, float[] y, int yo) {
    FloatVector zero = FloatVector.zero(F);
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      FloatVector d = load(x, xo + j).sub(load(mean, j));
      FloatVector v = d.fma(load(scale, j), load(shift, j));
      VectorFunctions.relu(v, zero).intoArray(y, yo + j);
    }
    for (; j < width; j++) {
      y[yo + j] = Math.max((x[xo + j] - mean[j]) * scale[j] + shift[j], 0);
    }
  }

  public static void inputGradient(
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

  public static void inputGradientRelu(
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

  public static void add(int width, float[] big, int bo, float[] small, float[] out, int oo) {
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      load(big, bo + j).add(load(small, j)).intoArray(out, oo + j);
    }
    for (; j < width; j++) {
      out[oo + j] = big[bo + j] + small[j];
    }
  }

  public static void multiply(int width, float[] big, int bo, float[] small, float[] out, int oo) {
    int j = 0;
    for (int bound = F.loopBound(width); j < bound; j += L) {
      load(big, bo + j).mul(load(small, j)).intoArray(out, oo + j);
    }
    for (; j < width; j++) {
      out[oo + j] = big[bo + j] * small[j];
    }
  }

  public static void clamp(
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

  public static void clampGradient(
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
