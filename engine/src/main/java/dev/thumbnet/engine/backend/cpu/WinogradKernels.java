package dev.thumbnet.engine.backend.cpu;

/**
 * The transforms of {@link WinogradConvolution} and {@link WinogradWeightGradient}, for one size of
 * tile. All are 1-D maps by one of the {@link WinogradMatrices}, applied to {@link #unit}
 * neighbouring channels at once: along the rows and then along the columns of a tile. None
 * allocates, none knows of threads.
 */
public interface WinogradKernels {
  /** Returns the matrices, and with them the size of the tile. */
  WinogradMatrices matrices();

  /**
   * Returns how many channels go through a transform side by side. Each width of {@link
   * TileKernels#widths} is a multiple of it, and 16 is.
   */
  int unit();

  /**
   * One direction of the transform of inputs, for {@code count} items: y[to + i·toItem + r·toTap] =
   * Σₜ B[r][t] · x[from + i·item + t·tap], for the channels at these places.
   */
  void input(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap);

  /**
   * One direction of the transform of gradients of results, for {@code count} items: y[to +
   * i·toItem + r·toTap] = Σₜ A[t][r] · x[from + i·item + t·tap], for the channels at these places.
   */
  void gradient(
      int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap);

  /**
   * Transforms {@code width} channels of a tile of products back: reads element (i, k) at {@code
   * from + (i·size + k)·step}, writes output (r, s) plus the bias to {@code to + r·toRow +
   * s·toCol}.
   *
   * @param width a multiple of {@link #unit}
   * @param bias a number for each channel
   * @param scratch room for size² units
   */
  void output(
      int width,
      float[] x,
      int from,
      int step,
      float[] bias,
      float[] scratch,
      float[] y,
      int to,
      int toRow,
      int toCol);

  /**
   * Transforms the kernels from one input channel to {@code width} output channels: reads tap (r,
   * s) at {@code from + (3r + s)·tap}, writes element (i, k) to {@code to + (i·size + k)·step}.
   *
   * @param width a multiple of {@link #unit}
   * @param scratch room for size² units
   */
  void weights(
      int width, float[] w, int from, int tap, float[] scratch, float[] u, int to, int step);

  /**
   * Transforms sums of products to the gradients of kernels, Gᵀ s G: reads element (i, k) at {@code
   * from + (i·size + k)·step}, writes tap (r, s) to {@code to + (3r + s)·tap}.
   *
   * @param width a multiple of {@link #unit}
   * @param scratch room for size² units
   */
  void weightGradient(
      int width, float[] x, int from, int step, float[] scratch, float[] dw, int to, int tap);
}
