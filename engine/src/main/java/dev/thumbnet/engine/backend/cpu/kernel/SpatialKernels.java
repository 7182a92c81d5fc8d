package dev.thumbnet.engine.backend.cpu.kernel;

/** Loops over rows of pixels or over the channels of a pixel, for pooling and resizing. */
public interface SpatialKernels {
  /**
   * For each channel, y = maximum of x over a window of {@code rows} x {@code cols} pixels; NaN
   * wins. Pixel (i, j) of the window is i·rowStride + j·pixelStride after its start.
   */
  void maximum(
      int rows,
      int cols,
      int rowStride,
      int pixelStride,
      int channels,
      float[] x,
      int xo,
      float[] y,
      int yo);

  /**
   * For each channel, adds dy to dx at the first pixel of the window, in row-major order, where x
   * equals y or both are NaN.
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
  void weightedRows(
      int taps,
      float[] weights,
      int wo,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] out,
      int oo);

  /** The elements that {@link #weightedPixels} may read beyond the end of a row. */
  int SPARE = 15;

  /**
   * Makes pixels {@code from} to {@code to} of an output row, which starts at {@code oo}, weighted
   * sums of neighbouring pixels of an input row, as {@code taps} say. {@code row} has {@link
   * #SPARE} elements more than its pixels.
   */
  void weightedPixels(Taps taps, int from, int to, int channels, float[] row, float[] out, int oo);
}
