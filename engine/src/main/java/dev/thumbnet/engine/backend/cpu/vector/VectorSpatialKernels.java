package dev.thumbnet.engine.backend.cpu.vector;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.IS_NAN;

import dev.thumbnet.engine.backend.cpu.Kernels;
import dev.thumbnet.engine.backend.cpu.SpatialKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Lanes along channels; the channels that do not fill a vector are left to the scalar kernels. */
final class VectorSpatialKernels implements SpatialKernels {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  private final SpatialKernels scalar = Kernels.scalar().spatial();

  @Override
  public void windowMax(
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
          max = max.blend(v, v.compare(GT, max).or(v.test(IS_NAN)));
        }
      }
      max.intoArray(y, yo + ch);
    }
    if (done < channels) {
      scalar.windowMax(
          rows, cols, rowStride, pixelStride, channels - done, x, xo + done, y, yo + done);
    }
  }

  @Override
  public void windowSum(
      int rows,
      int cols,
      int rowStride,
      int pixelStride,
      int channels,
      float factor,
      float[] x,
      int xo,
      float[] y,
      int yo) {
    int done = F.loopBound(channels);
    for (int ch = 0; ch < done; ch += L) {
      FloatVector sum = FloatVector.zero(F);
      for (int i = 0; i < rows; i++) {
        int at = xo + ch + i * rowStride;
        for (int j = 0; j < cols; j++, at += pixelStride) {
          sum = sum.add(FloatVector.fromArray(F, x, at));
        }
      }
      sum.mul(factor).intoArray(y, yo + ch);
    }
    if (done < channels) {
      scalar.windowSum(
          rows, cols, rowStride, pixelStride, channels - done, factor, x, xo + done, y, yo + done);
    }
  }

  @Override
  public void windowMaxBackward(
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
    FloatVector zero = FloatVector.zero(F);
    int done = F.loopBound(channels);
    for (int ch = 0; ch < done; ch += L) {
      FloatVector max = FloatVector.fromArray(F, y, yo + ch);
      FloatVector left = FloatVector.fromArray(F, dy, dyo + ch); // what has not found its place yet
      for (int i = 0; i < rows; i++) {
        int at = ch + i * rowStride;
        for (int j = 0; j < cols; j++, at += pixelStride) {
          FloatVector v = FloatVector.fromArray(F, x, xo + at);
          VectorMask<Float> here = v.compare(EQ, max).or(v.test(IS_NAN));
          FloatVector sum = FloatVector.fromArray(F, dx, dxo + at);
          sum.add(zero.blend(left, here)).intoArray(dx, dxo + at);
          left = left.blend(zero, here);
        }
      }
    }
    if (done < channels) {
      scalar.windowMaxBackward(
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
  public void windowSumBackward(
      int rows,
      int cols,
      int rowStride,
      int pixelStride,
      int channels,
      float factor,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo) {
    int done = F.loopBound(channels);
    for (int ch = 0; ch < done; ch += L) {
      FloatVector share = FloatVector.fromArray(F, dy, dyo + ch).mul(factor);
      for (int i = 0; i < rows; i++) {
        int at = dxo + ch + i * rowStride;
        for (int j = 0; j < cols; j++, at += pixelStride) {
          FloatVector.fromArray(F, dx, at).add(share).intoArray(dx, at);
        }
      }
    }
    if (done < channels) {
      scalar.windowSumBackward(
          rows,
          cols,
          rowStride,
          pixelStride,
          channels - done,
          factor,
          dy,
          dyo + done,
          dx,
          dxo + done);
    }
  }

  @Override
  public void weightedSum(
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
      scalar.weightedSum(taps, weights, wo, stride, width - done, x, xo + done, out, oo + done);
    }
  }
}
