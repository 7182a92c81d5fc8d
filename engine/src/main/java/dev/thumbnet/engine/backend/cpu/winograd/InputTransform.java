package dev.thumbnet.engine.backend.cpu.winograd;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;

/**
 * Transforms blocks of tiles of inputs to the Winograd domain. The result is (block of channels,
 * element of the tile, tile, channel): the product for one element reads runs of (tiles · channels
 * of a block) floats, at any number of channels.
 *
 * <p>The longer a block, the longer the inner loop of a register tile. With 16 channels it begins
 * anew after 16 steps, for which C2 takes as many instructions as for two or three of them.
 */
final class InputTransform {
  /** Channels of the smallest block. */
  static final int BLOCK = WinogradTiles.UNITED;

  private final WinogradTiles tiles;
  private final int channels;

  /** Channels of a block. */
  final int block;

  /** Blocks of the smallest size, in which weights are counted, in one of these. */
  final int smallBlocks;

  /** Blocks of channels. */
  final int blocks;

  /** Distance of elements. */
  final int elementStep;

  /** Distance of blocks of channels. */
  final int blockStep;

  /**
   * @param block channels of a block, {@link #BLOCK} or what {@link #longest} returned
   * @param most tiles of the largest block of tiles
   * @param x pictures (n, h, w, channels)
   * @param firstRow row of the picture at which the first tile begins; negative with padding
   * @param firstCol its column
   */
  InputTransform(
      WinogradKernels kernels,
      WinogradGrid grid,
      int block,
      int most,
      CpuStorage x,
      int h,
      int w,
      int channels,
      int firstRow,
      int firstCol) {
    tiles = WinogradTiles.ofInputs(kernels, grid, x, h, w, channels, firstRow, firstCol);
    this.channels = channels;
    this.block = block;
    smallBlocks = block / BLOCK;
    blocks = Math.ceilDiv(channels, block);
    // An odd number of cache lines, so that the elements spread over the sets of L1.
    elementStep = (most * smallBlocks | 1) * BLOCK;
    blockStep = grid.size() * grid.size() * elementStep;
  }

  /** Returns the channels of the longest blocks, up to 64, into which channels can be divided. */
  static int longest(int channels) {
    int smallest = Math.ceilDiv(channels, BLOCK);
    int together = WinogradTiles.MOST / BLOCK;
    while (smallest % together > 0) {
      together--;
    }
    return together * BLOCK;
  }

  /** Returns how many floats a transformed block of tiles has. */
  int floats() {
    return Math.multiplyExact(blocks, blockStep);
  }

  /** Returns how many floats {@link #transform} needs as scratch. */
  int scratchSize() {
    return tiles.scratchSize();
  }

  /** Returns the channels that are transformed together: a long block, or several short ones. */
  private int channelsTogether() {
    return block == BLOCK ? WinogradTiles.MOST : block;
  }

  /** Returns the number of groups of channels which {@link #transform} takes. */
  int groups() {
    return Math.ceilDiv(channels, channelsTogether());
  }

  /**
   * Transforms the tiles [begin, end), one group of channels.
   *
   * @param v where they go, the first channel of the first tile to {@code base}
   */
  void transform(int begin, int end, int group, float[] v, int base, float[] scratch) {
    int first = group * channelsTogether();
    int count = Math.min(channelsTogether(), blocks * block - first);
    int to = base + first / block * blockStep;
    int step = block == BLOCK ? blockStep : BLOCK;
    tiles.transform(begin, end, first, count, v, to, step, block, elementStep, scratch);
  }
}
