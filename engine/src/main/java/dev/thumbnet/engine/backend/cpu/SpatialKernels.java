package dev.thumbnet.engine.backend.cpu;

/**
 * One output pixel or row of pooling and resizing. A window has {@code rows} rows of {@code cols}
 * pixels; its pixel (i, j) starts at the offset plus i·rowStride + j·pixelStride, and the first
 * {@code channels} elements from there take part.
 */
public interface SpatialKernels {
  /** y[ch] = maximum over the window; NaN wins; of equal values (0 and -0) the first. */
  void windowMax(
      int rows,
      int cols,
      int rowStride,
      int pixelStride,
      int channels,
      float[] x,
      int xo,
      float[] y,
      int yo);

  /** y[ch] = factor · Σ over the window, summed row by row. */
  void windowSum(
      int rows,
      int cols,
      int rowStride,
      int pixelStride,
      int channels,
      float factor,
      float[] x,
      int xo,
      float[] y,
      int yo);

  /** Adds dy[ch] to dx at the first pixel of the window where x is NaN or equals y[ch]. */
  void windowMaxBackward(
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

  /** Adds factor·dy[ch] to dx at each pixel of the window. */
  void windowSumBackward(
      int rows,
      int cols,
      int rowStride,
      int pixelStride,
      int channels,
      float factor,
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
