package dev.thumbnet.engine.backend.cpu.vector;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.NE;

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
  public void maximum(int count, int stride, int width, float[] x, int xo, float[] out, int oo) {
    int done = F.loopBound(width);
    for (int j = 0; j < done; j += L) {
      int at = xo + j;
      FloatVector max = FloatVector.fromArray(F, x, at);
      for (int t = 1; t < count; t++) {
        at += stride;
        FloatVector v = FloatVector.fromArray(F, x, at);
        max = max.blend(v, v.compare(GT, max).or(v.compare(NE, v)));
      }
      max.intoArray(out, oo + j);
    }
    if (done < width) {
      scalar.maximum(count, stride, width - done, x, xo + done, out, oo + done);
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
