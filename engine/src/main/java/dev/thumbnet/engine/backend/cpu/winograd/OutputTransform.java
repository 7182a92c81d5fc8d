package dev.thumbnet.engine.backend.cpu.winograd;

import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.conv.Epilogue;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.PanelGroup;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.Prefetch;

/**
 * Transforms products back from the Winograd domain to results, tile by tile, adds the bias and
 * does what else is done to results.
 */
final class OutputTransform {
  private final WinogradKernels kernels;
  private final BufferPool buffers;
  private final WinogradGrid grid;
  private final Direction c;
  private final Epilogue epilogue;
  private final int m;
  private final int elements;

  OutputTransform(
      WinogradKernels kernels,
      BufferPool buffers,
      WinogradGrid grid,
      Direction c,
      Epilogue epilogue) {
    this.kernels = kernels;
    this.buffers = buffers;
    this.grid = grid;
    this.c = c;
    this.epilogue = epilogue;
    this.m = grid.m();
    this.elements = grid.size() * grid.size();
  }

  /**
   * Makes results of the products of the tiles [begin, end).
   *
   * @param biases of the panels
   * @param step rows of products of an element
   */
  void store(PanelGroup panels, float[] biases, int begin, int end, int step, float[] products) {
    CpuStorage y = epilogue.y();
    int width = panels.width();
    int patch = elements * kernels.unit();
    float[] scratch = buffers.take(patch + (panels.valid() == width ? 1 : m * m * width));
    for (int tile = begin; tile < end; tile++) {
      if (tile == begin || grid.left(tile) == 0) {
        scratch[patch] = prefetchResults(panels, tile, grid.endOfRow(tile, end));
      }
      int h = grid.height(tile);
      int w = grid.width(tile);
      int to = resultsAt(panels, tile);
      int from = (tile - begin) * width;
      if (panels.valid() == width) {
        int toRow = c.outW * c.outC;
        kernels.output(
            h, w, width, products, from, step * width, biases, scratch, y.array, to, toRow, c.outC);
        finish(h, w, width, to, toRow);
        continue;
      }
      kernels.output(
          h,
          w,
          width,
          products,
          from,
          step * width,
          biases,
          scratch,
          scratch,
          patch,
          w * width,
          width);
      for (int i = 0; i < h * w; i++) {
        int target = to + (i / w * c.outW + i % w) * c.outC;
        epilogue.store(panels.valid(), scratch, patch + i * width, target);
      }
    }
    buffers.give(scratch);
  }

  /** Does to the results of a tile what is still to be done, where they stand. */
  private void finish(int height, int tileWidth, int width, int to, int toRow) {
    if (epilogue.none()) {
      return;
    }
    // With a single group of panels the results of a row are neighbours.
    int pixels = width == c.outC ? tileWidth : 1;
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < tileWidth; j += pixels) {
        int at = to + i * toRow + j * c.outC;
        epilogue.store(pixels * width, epilogue.y().array, at, at);
      }
    }
  }

  /** Returns where the results of a tile begin. */
  private int resultsAt(PanelGroup panels, int tile) {
    int row = grid.picture(tile) * c.outH + grid.top(tile);
    int pixel = row * c.outW + grid.left(tile);
    return epilogue.y().offset + pixel * c.outC + panels.start();
  }

  /** Brings to the cache what the results of the tiles [tile, end) of a row overwrite. */
  private float prefetchResults(PanelGroup panels, int tile, int end) {
    int cols = grid.left(end - 1) + grid.width(end - 1) - grid.left(tile);
    return Prefetch.pixels(
        epilogue.y().array,
        resultsAt(panels, tile),
        grid.height(tile),
        cols,
        panels.valid(),
        c.outC,
        c.outW * c.outC);
  }
}
