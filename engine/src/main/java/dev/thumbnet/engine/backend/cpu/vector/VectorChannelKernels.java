package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.ChannelKernels;
import dev.thumbnet.engine.backend.cpu.vector.tile.ChannelRows;
import dev.thumbnet.engine.backend.cpu.vector.tile.ChannelTiles;

/**
 * Rows of four vectors without gaps, which few channels are made into, are one flat loop with the
 * channels' values and the sums in registers, see {@link ChannelTiles}: twice as fast in L2.
 *
 * <p>Longer rows are a loop over rows that calls a loop over columns, see {@link ChannelRows}. One
 * row at a time: tiles of longer rows and four rows at once save loads of the channels' values too,
 * but read several streams of memory, which halves the speed on data that is not in the cache.
 * {@link #centredSums} is only used on data that is.
 */
public final class VectorChannelKernels implements ChannelKernels {

  @Override
  public void sum(int rows, int stride, int width, float[] x, int xo, float[] sum) {
    if (width == ChannelTiles.NARROW && stride == ChannelTiles.NARROW) {
      ChannelTiles.sumNarrow(rows, x, xo, sum);
      return;
    }
    for (int r = 0; r < rows; r++) {
      ChannelRows.sum(width, x, xo + r * stride, sum);
    }
  }

  @Override
  public void sumOfProducts(
      int rows, int stride, int width, float[] a, int ao, float[] b, int bo, float[] sum) {
    if (width == ChannelTiles.NARROW && stride == ChannelTiles.NARROW) {
      ChannelTiles.sumOfProductsNarrow(rows, a, ao, b, bo, sum);
      return;
    }
    for (int r = 0; r < rows; r++) {
      ChannelRows.sumOfProducts(width, a, ao + r * stride, b, bo + r * stride, sum);
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
    int whole = width / ChannelTiles.NARROW * ChannelTiles.NARROW;
    for (int j = 0; j < whole; j += ChannelTiles.NARROW) {
      ChannelTiles.centredSumsNarrow(rows, stride, j, x, xo, centre, sum, squares);
    }
    for (int r = 0; r < rows && whole < width; r++) {
      ChannelRows.centredSums(whole, width, x, xo + r * stride, centre, sum, squares);
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
    if (width == ChannelTiles.NARROW && stride == ChannelTiles.NARROW) {
      ChannelTiles.gradientSumsNarrow(rows, x, xo, dy, dyo, mean, sum, products);
      return;
    }
    for (int r = 0; r < rows; r++) {
      ChannelRows.gradientSums(
          width, x, xo + r * stride, dy, dyo + r * stride, mean, sum, products);
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
    if (width == ChannelTiles.NARROW && stride == ChannelTiles.NARROW) {
      ChannelTiles.gradientSumsReluNarrow(rows, x, xo, y, yo, dy, dyo, mean, sum, products);
      return;
    }
    for (int r = 0; r < rows; r++) {
      ChannelRows.gradientSumsRelu(
          width, x, xo + r * stride, y, yo + r * stride, dy, dyo + r * stride, mean, sum, products);
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
    if (width == ChannelTiles.NARROW && stride == ChannelTiles.NARROW) {
      ChannelTiles.normaliseNarrow(rows, x, xo, mean, scale, shift, y, yo);
      return;
    }
    for (int r = 0; r < rows; r++) {
      ChannelRows.normalise(width, x, xo + r * stride, mean, scale, shift, y, yo + r * stride);
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
    if (width == ChannelTiles.NARROW && stride == ChannelTiles.NARROW) {
      ChannelTiles.normaliseReluNarrow(rows, x, xo, mean, scale, shift, y, yo);
      return;
    }
    for (int r = 0; r < rows; r++) {
      ChannelRows.normaliseRelu(width, x, xo + r * stride, mean, scale, shift, y, yo + r * stride);
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
    if (width == ChannelTiles.NARROW && stride == ChannelTiles.NARROW) {
      ChannelTiles.inputGradientNarrow(rows, x, xo, dy, dyo, mean, a, b, c, dx, dxo);
      return;
    }
    for (int r = 0; r < rows; r++) {
      ChannelRows.inputGradient(
          width, x, xo + r * stride, dy, dyo + r * stride, mean, a, b, c, dx, dxo + r * stride);
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
    if (width == ChannelTiles.NARROW && stride == ChannelTiles.NARROW) {
      ChannelTiles.inputGradientReluNarrow(rows, x, xo, y, yo, dy, dyo, mean, a, b, c, dx, dxo);
      return;
    }
    for (int r = 0; r < rows; r++) {
      ChannelRows.inputGradientRelu(
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

  @Override
  public void add(
      int rows, int stride, int width, float[] big, int bo, float[] small, float[] out, int oo) {
    if (width == ChannelTiles.NARROW && stride == ChannelTiles.NARROW) {
      ChannelTiles.addNarrow(rows, big, bo, small, out, oo);
      return;
    }
    for (int r = 0; r < rows; r++) {
      ChannelRows.add(width, big, bo + r * stride, small, out, oo + r * stride);
    }
  }

  @Override
  public void multiply(
      int rows, int stride, int width, float[] big, int bo, float[] small, float[] out, int oo) {
    if (width == ChannelTiles.NARROW && stride == ChannelTiles.NARROW) {
      ChannelTiles.multiplyNarrow(rows, big, bo, small, out, oo);
      return;
    }
    for (int r = 0; r < rows; r++) {
      ChannelRows.multiply(width, big, bo + r * stride, small, out, oo + r * stride);
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
      ChannelRows.clamp(width, x, xo + r * stride, low, high, y, yo + r * stride);
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
      ChannelRows.clampGradient(width, x, xo + at, low, high, dy, dyo + at, dx, dxo + at);
    }
  }
}
