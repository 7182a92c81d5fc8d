package dev.thumbnet.engine.backend.cpu.vector;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.NE;

import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.SpatialKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Taps;
import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Lanes along channels; the channels that do not fill a vector are left to the scalar kernels. */
class VectorSpatialKernels implements SpatialKernels {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  private final SpatialKernels scalar = Kernels.scalar().spatial();

  @Override
  public void maximum(
      int rows,
      int cols,
      int rowStride,
      int pixelStride,
      int channels,
      float[] x,
      int xo,
      float[] y,
      int yo) {
    int done = F.loopBound(channels);
    for (int ch = 0; ch < done; ch += L) {
      FloatVector max = FloatVector.fromArray(F, x, xo + ch);
      for (int i = 0; i < rows; i++) {
        int at = xo + ch + i * rowStride;
        for (int j = 0; j < cols; j++, at += pixelStride) {
          FloatVector v = FloatVector.fromArray(F, x, at);
          max = max.blend(v, v.compare(GT, max).or(v.compare(NE, v)));
        }
      }
      max.intoArray(y, yo + ch);
    }
    if (done < channels) {
      scalar.maximum(
          rows, cols, rowStride, pixelStride, channels - done, x, xo + done, y, yo + done);
    }
  }

  @Override
  public void maximumBackward(
      int rows,
      int cols,
      int rowStride,
      int pixelStride,
      int channels,
      float[] x,
      int xo,
      float[] y,
      int yo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo) {
    int done = F.loopBound(channels);
    for (int ch = 0; ch < done; ch += L) {
      FloatVector max = FloatVector.fromArray(F, y, yo + ch);
      if (max.compare(NE, max).anyTrue()) {
        scalar.maximumBackward(
            rows,
            cols,
            rowStride,
            pixelStride,
            L,
            x,
            xo + ch,
            y,
            yo + ch,
            dy,
            dyo + ch,
            dx,
            dxo + ch);
        continue;
      }
      FloatVector left = FloatVector.fromArray(F, dy, dyo + ch); // what has not found its place yet
      for (int i = 0; i < rows; i++) {
        int at = ch + i * rowStride;
        for (int j = 0; j < cols; j++, at += pixelStride) {
          VectorMask<Float> here = FloatVector.fromArray(F, x, xo + at).compare(EQ, max);
          FloatVector sum = FloatVector.fromArray(F, dx, dxo + at);
          sum.add(left, here).intoArray(dx, dxo + at);
          left = left.blend(0, here);
        }
      }
    }
    if (done < channels) {
      scalar.maximumBackward(
          rows,
          cols,
          rowStride,
          pixelStride,
          channels - done,
          x,
          xo + done,
          y,
          yo + done,
          dy,
          dyo + done,
          dx,
          dxo + done);
    }
  }

  @Override
  public void weightedRows(
      int taps,
      float[] weights,
      int wo,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] out,
      int oo) {
    int done = F.loopBound(width);
    for (int j = 0; j < done; j += L) {
      FloatVector sum = FloatVector.zero(F);
      int at = xo + j;
      for (int t = 0; t < taps; t++, at += stride) {
        sum = FloatVector.fromArray(F, x, at).fma(FloatVector.broadcast(F, weights[wo + t]), sum);
      }
      sum.intoArray(out, oo + j);
    }
    if (done < width) {
      scalar.weightedRows(taps, weights, wo, stride, width - done, x, xo + done, out, oo + done);
    }
  }

  @Override
  public void weightedPixels(
      Taps taps, int from, int to, int channels, float[] row, float[] out, int oo) {
    if (channels % L != 0 && channels < 4 * L) {
      // Elements beyond a pixel are written, too, so the last pixels are made otherwise.
      int last = Math.max(from, to - Math.ceilDiv(L - 1, channels));
      for (int ch = (channels - 1) / L * L; ch >= 0; ch -= L) {
        someChannels(taps, from, last, ch, channels, row, out, oo);
      }
      scalar.weightedPixels(taps, last, to, channels, row, out, oo);
      return;
    }
    for (int i = from; i < to; i++) {
      int start = taps.start()[i];
      int count = taps.start()[i + 1] - start;
      int first = taps.first()[i] * channels;
      weightedRows(
          count, taps.weights(), start, channels, channels, row, first, out, oo + i * channels);
    }
  }

  /**
   * A vector of channels from {@code ch} on of each pixel, whether there are as many or not: what
   * lies beyond the last belongs to the pixels that come next, to channels below {@code ch} or such
   * as are overwritten in a moment.
   */
  private static void someChannels(
      Taps taps, int from, int to, int ch, int channels, float[] row, float[] out, int oo) {
    int[] first = taps.first();
    int[] start = taps.start();
    float[] weights = taps.weights();
    for (int i = from; i < to; i++) {
      FloatVector sum = FloatVector.zero(Lanes.F);
      int at = first[i] * channels + ch;
      for (int t = start[i]; t < start[i + 1]; t++, at += channels) {
        FloatVector v = FloatVector.fromArray(Lanes.F, row, at);
        sum = v.fma(FloatVector.broadcast(Lanes.F, weights[t]), sum);
      }
      sum.intoArray(out, oo + i * channels + ch);
    }
  }
}
