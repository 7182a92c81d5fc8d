package dev.thumbnet.engine.backend.cpu.scalar;

import dev.thumbnet.engine.backend.cpu.kernel.SpatialKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Taps;
import java.util.Arrays;

final class ScalarSpatialKernels implements SpatialKernels {
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
    for (int ch = 0; ch < channels; ch++) {
      float max = x[xo + ch];
      for (int i = 0; i < rows; i++) {
        int at = xo + ch + i * rowStride;
        for (int j = 0; j < cols; j++, at += pixelStride) {
          float v = x[at];
          max = v > max || v != v ? v : max;
        }
      }
      y[yo + ch] = max;
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
    for (int ch = 0; ch < channels; ch++) {
      int at = firstMax(rows, cols, rowStride, pixelStride, x, xo + ch, y[yo + ch]);
      if (at >= 0) {
        dx[dxo + ch + at] += dy[dyo + ch];
      }
    }
  }

  /** Where in the window the first NaN or maximum is, or -1 if there is none. */
  private static int firstMax(
      int rows, int cols, int rowStride, int pixelStride, float[] x, int xo, float max) {
    for (int i = 0; i < rows; i++) {
      int at = i * rowStride;
      for (int j = 0; j < cols; j++, at += pixelStride) {
        float v = x[xo + at];
        if (v == max || Float.isNaN(v)) {
          return at;
        }
      }
    }
    return -1;
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
    Arrays.fill(out, oo, oo + width, 0);
    for (int t = 0; t < taps; t++) {
      float weight = weights[wo + t];
      int at = xo + t * stride;
      for (int j = 0; j < width; j++) {
        out[oo + j] += weight * x[at + j];
      }
    }
  }

  @Override
  public void weightedPixels(
      Taps taps, int from, int to, int channels, float[] row, float[] out, int oo) {
    int[] first = taps.first();
    int[] start = taps.start();
    float[] weights = taps.weights();
    for (int i = from; i < to; i++) {
      for (int ch = 0; ch < channels; ch++) {
        float sum = 0;
        int at = first[i] * channels + ch;
        for (int t = start[i]; t < start[i + 1]; t++, at += channels) {
          sum += weights[t] * row[at];
        }
        out[oo + i * channels + ch] = sum;
      }
    }
  }
}
