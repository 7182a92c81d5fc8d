package dev.thumbnet.engine.backend.cpu.kernel;

import dev.thumbnet.engine.backend.cpu.winograd.WinogradWeightGradient;

/** What {@link WinogradWeightGradient} needs beside the transforms of inputs. */
public interface WinogradWeightGradientKernels extends WinogradKernels {
  /**
   * The transform of gradients of results along the columns of tiles: y[to + (i·size + r)·UNITED] =
   * Σₜ A[t][r] · x[from + i·item + t·tap].
   */
  void gradientColumns(int count, float[] x, int from, int item, int tap, float[] y, int to);

  /**
   * The transform of gradients along the rows of {@code count} tiles, from what {@link
   * #gradientColumns} made: y[to + i·toItem + (k·size + r)·toTap] = Σₜ A[t][r] · x[from + (i·m +
   * t)·size·UNITED + k·UNITED] for row k.
   */
  void gradientRows(int count, float[] x, int from, float[] y, int to, int toItem, int toTap);

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
