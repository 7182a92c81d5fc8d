package dev.thumbnet.engine.backend.cpu.winograd;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;

/**
 * Transforms blocks of tiles of inputs to the Winograd domain. The result is (16 channels, element
 * of the tile, tile, channel): the product for one element reads runs of (tiles · 16) floats, at
 * any number of channels.
 */
final class InputTransform {
  /** Channels of a block. */
  static final int BLOCK = WinogradTiles.UNITED;

  /** Blocks that are transformed together. */
  private static final int GROUP = WinogradTiles.MOST / BLOCK;

  private final WinogradTiles tiles;

  /** Blocks of channels. */
  final int blocks;

  /** Distance of elements. */
  final int elementStep;

  /** Distance of blocks of channels. */
  final int blockStep;

  /**
   * @param most tiles of the largest block
   * @param x pictures (n, h, w, channels)
   * @param firstRow row of the picture at which the first tile begins; negative with padding
   * @param firstCol its column
   */
  InputTransform(
      WinogradKernels kernels,
      WinogradGrid grid,
      int most,
      CpuStorage x,
      int h,
      int w,
      int channels,
      int firstRow,
      int firstCol) {
    tiles = WinogradTiles.ofInputs(kernels, grid, x, h, w, channels, firstRow, firstCol);
    blocks = Math.ceilDiv(channels, BLOCK);
    elementStep = (most | 1) * BLOCK; // odd, so that the elements spread over the sets of L1
    blockStep = grid.size() * grid.size() * elementStep;
  }

  /** Returns how many floats a transformed block of tiles has. */
  int floats() {
    return Math.multiplyExact(blocks, blockStep);
  }

  /** Returns how many floats {@link #transform} needs as scratch. */
  int scratchSize() {
    return tiles.scratchSize();
  }

  /** Returns the number of groups of blocks which {@link #transform} takes. */
  int groups() {
    return Math.ceilDiv(blocks, GROUP);
  }

  /**
   * Transforms the tiles [begin, end), one group of blocks of channels.
   *
   * @param v where they go, the first channel of the first tile to {@code base}
   */
  void transform(int begin, int end, int group, float[] v, int base, float[] scratch) {
    int first = group * GROUP;
    int count = Math.min(GROUP, blocks - first) * BLOCK;
    int to = base + first * blockStep;
    tiles.transform(
        begin, end, first * BLOCK, count, v, to, blockStep, BLOCK, elementStep, scratch);
  }
}
