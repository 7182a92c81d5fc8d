package dev.thumbnet.engine.backend.cpu;

/** Loops over rows of pixels or over the channels of a pixel, for pooling and resizing. */
public interface SpatialKernels {
  /**
   * out[j] = maximum of x[xo + t·stride + j] over t in [0, count), for j &lt; width; NaN wins.
   * {@code count} is at least 1.
   */
  void maximum(int count, int stride, int width, float[] x, int xo, float[] out, int oo);

  /**
   * For each channel, adds dy to dx at the first pixel, in row-major order, of a window of {@code
   * rows} x {@code cols} pixels where x equals y, or is NaN. Pixel (i, j) of the window is
   * i·rowStride + j·pixelStride after its start.
   */
  void maximumBackward(
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
      int dxo);

  /** out[j] = Σ over t of weights[wo + t]·x[xo + t·stride + j] for j &lt; width; 0 if no taps. */
  void weightedSum(
      int taps,
      float[] weights,
      int wo,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] out,
      int oo);
}
