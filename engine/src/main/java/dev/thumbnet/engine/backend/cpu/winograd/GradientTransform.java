package dev.thumbnet.engine.backend.cpu.winograd;

import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.Panel;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import java.util.List;

/**
 * Transforms blocks of tiles of a gradient of results to the Winograd domain. The result is, for
 * each panel of channels, (element of the tile, tile, channel): the right side of a product for
 * each element.
 */
final class GradientTransform {
  private final WinogradTiles tiles;
  private final int elements;

  /** Tiles between two elements; odd, so that the elements spread over the sets of L1. */
  private final int rows;

  final List<Panel> panels;

  /**
   * @param most tiles of the largest block
   * @param dy pictures (n, h, w, channels)
   * @param widths of panels, the widest first
   */
  GradientTransform(
      WinogradWeightGradientKernels kernels,
      WinogradGrid grid,
      int most,
      CpuStorage dy,
      int h,
      int w,
      int channels,
      int[] widths) {
    tiles = WinogradTiles.ofGradients(kernels, grid, dy, h, w, channels);
    elements = grid.size() * grid.size();
    rows = most | 1;
    panels = Tiles.panels(channels, widths);
  }

  /** Returns the distance of elements. */
  int elementStep(Panel panel) {
    return rows * panel.width();
  }

  /** Returns where a panel begins. */
  int panelBase(Panel panel) {
    return elements * rows * panel.start();
  }

  /** Returns how many floats a transformed block of tiles has. */
  int floats() {
    Panel last = panels.getLast();
    return Math.multiplyExact(elements * rows, last.start() + last.width());
  }

  /** Returns how many floats {@link #transform} needs as scratch. */
  int scratchSize() {
    return tiles.scratchSize();
  }

  /**
   * Transforms the tiles [begin, end), one panel of channels.
   *
   * @param d where they go
   * @param at which tile of d the first one becomes
   */
  void transform(int begin, int end, Panel panel, float[] d, int at, float[] scratch) {
    int width = panel.width();
    tiles.transform(
        begin,
        end,
        panel.start(),
        width,
        d,
        panelBase(panel) + at * width,
        WinogradTiles.UNITED,
        width,
        elementStep(panel),
        scratch);
  }
}
