package dev.thumbnet.engine.backend.cpu.kernel;

import dev.thumbnet.engine.backend.cpu.winograd.WinogradConvolution;

/**
 * The transforms of {@link WinogradConvolution}, for one size of tile and one stride. All are 1-D
 * maps by one of the {@link WinogradMatrices}, applied to {@link #unit} neighbouring channels at
 * once: along the columns and then along the rows of a tile. None allocates, none knows of threads.
 */
public interface WinogradKernels {
  /** Channels that stand side by side between the two directions of a transform of tiles. */
  int UNITED = 16;

  /** Returns the matrices, and with them the size of the tile. */
  WinogradMatrices matrices();

  /**
   * Returns how many channels go through a transform side by side. Each width of {@link
   * TileKernels#widths} is a multiple of it, and 16 is.
   */
  int unit();

  /**
   * The transform of inputs along the columns of tiles, for {@code count} columns: y[to + (i·size +
   * r)·UNITED] = Σₜ B[r][t] · x[from + i·item + t·tap], for the channels at these places, with the
   * matrix for {@code outputs} outputs, see {@link WinogradMatrices#trimmed}.
   */
  void inputColumns(
      int outputs, int count, float[] x, int from, int item, int tap, float[] y, int to);

  /**
   * The transform of inputs along rows, for the first {@code rows} rows of {@code count} tiles,
   * from what {@link #inputColumns} made: y[to + i·toItem + (k·size + r)·toTap] = Σₜ B[r][t] ·
   * x[from + (i·outputs·stride + t)·size·UNITED + k·UNITED] for row k.
   */
  void inputRows(
      int outputs,
      int rows,
      int count,
      float[] x,
      int from,
      float[] y,
      int to,
      int toItem,
      int toTap);

  /**
   * Transforms {@code width} channels of a tile of products back: reads element (i, k) at {@code
   * from + (i·size + k)·step} with the size of the largest tile, writes output (r, s) plus the bias
   * to {@code to + r·toRow + s·toCol}.
   *
   * @param rows outputs along the columns of the tile
   * @param cols outputs along its rows
   * @param width a multiple of {@link #unit}
   * @param bias a number for each channel
   * @param scratch room for size² units
   */
  void output(
      int rows,
      int cols,
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
}
