package dev.thumbnet.engine.backend.cpu;

import java.util.Arrays;

/**
 * Transforms blocks of tiles to the Winograd domain. The result is (16 channels, element of the
 * tile, tile, channel): the product for one element reads runs of (tiles · 16) floats, at any
 * number of channels.
 *
 * <p>Up to {@link #LINE} tiles of a row are transformed together: first all their columns, each
 * once though tiles overlap by two, into a scratch array of about 23 KB, which stays in L1, then
 * along the rows. Where rows or columns lie outside of the picture, and in the last block of
 * channels, a copy with zeros is transformed instead.
 */
final class WinogradInput {
  /** Channels of a block. */
  static final int BLOCK = 16;

  /** Tiles transformed together: a row of a map with 56 columns. */
  private static final int LINE = 14;

  private final WinogradKernels kernels;
  private final WinogradGrid grid;
  private final int unit;
  private final int size;
  private final CpuStorage x;
  private final int h;
  private final int w;
  private final int channels;
  private final int firstRow;
  private final int firstCol;

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
  WinogradInput(
      WinogradKernels kernels,
      WinogradGrid grid,
      int most,
      CpuStorage x,
      int h,
      int w,
      int channels,
      int firstRow,
      int firstCol) {
    this.kernels = kernels;
    this.grid = grid;
    this.unit = kernels.unit();
    this.size = grid.size();
    this.x = x;
    this.h = h;
    this.w = w;
    this.channels = channels;
    this.firstRow = firstRow;
    this.firstCol = firstCol;
    blocks = Math.ceilDiv(channels, BLOCK);
    elementStep = (most | 1) * BLOCK; // odd, so that the elements spread over the sets of L1
    blockStep = size * size * elementStep;
  }

  /** Returns how many floats a transformed block of tiles has. */
  int floats() {
    return Math.multiplyExact(blocks, blockStep);
  }

  /** Returns how many floats {@link #transform} needs as scratch. */
  int scratchSize() {
    return 2 * size * columns(LINE) * BLOCK;
  }

  private int columns(int tiles) {
    return tiles * grid.m() + 2;
  }

  /**
   * Transforms the tiles [begin, end), one block of channels.
   *
   * @param v where they go, the first channel of the first tile to {@code base}
   */
  void transform(int begin, int end, int block, float[] v, int base, float[] scratch) {
    for (int tile = begin; tile < end; ) {
      int next = Math.min(grid.endOfRow(tile, end), tile + LINE);
      int to = base + block * blockStep + (tile - begin) * BLOCK;
      transformLine(tile, next - tile, block, v, to, scratch);
      tile = next;
    }
  }

  private void transformLine(int tile, int tiles, int block, float[] v, int to, float[] scratch) {
    int cols = columns(tiles);
    int left = firstCol + grid.left(tile);
    int begin = Math.clamp(-left, 0, cols);
    int end = Math.clamp(w - left, begin, cols);
    for (int i = 0; i < size; i++) {
      int row = i * cols * BLOCK;
      Arrays.fill(scratch, row, row + begin * BLOCK, 0f);
      Arrays.fill(scratch, row + end * BLOCK, row + cols * BLOCK, 0f);
    }
    if (begin < end) {
      alongColumns(tile, block, left + begin, end - begin, begin, cols, scratch);
    }
    for (int i = 0; i < size; i++) {
      for (int u = 0; u < BLOCK; u += unit) {
        int from = i * cols * BLOCK + u;
        int at = to + i * size * elementStep + u;
        kernels.input(tiles, scratch, from, grid.m() * BLOCK, BLOCK, v, at, BLOCK, elementStep);
      }
    }
  }

  /** Transforms columns [first, first + count) of the picture, to columns from {@code at}. */
  private void alongColumns(
      int tile, int block, int first, int count, int at, int cols, float[] scratch) {
    int top = firstRow + grid.top(tile);
    boolean inside = top >= 0 && top + size <= h && (block + 1) * BLOCK <= channels;
    float[] source = x.array;
    int from = x.offset + pixel(tile, top, first) + block * BLOCK;
    int item = channels;
    int tap = w * channels;
    if (!inside) {
      source = scratch;
      from = size * cols * BLOCK;
      item = BLOCK;
      tap = count * BLOCK;
      copy(tile, block, top, first, count, scratch, from);
    }
    for (int u = 0; u < BLOCK; u += unit) {
      kernels.input(
          count, source, from + u, item, tap, scratch, at * BLOCK + u, BLOCK, cols * BLOCK);
    }
  }

  /** Copies columns of the rows of a tile, with zeros for what lies outside of the picture. */
  private void copy(int tile, int block, int top, int first, int count, float[] to, int toBase) {
    int channel = block * BLOCK;
    int valid = Math.min(BLOCK, channels - channel);
    for (int r = 0; r < size; r++) {
      int at = toBase + r * count * BLOCK;
      if (top + r < 0 || top + r >= h) {
        Arrays.fill(to, at, at + count * BLOCK, 0f);
        continue;
      }
      int from = x.offset + pixel(tile, top + r, first) + channel;
      for (int j = 0; j < count; j++) {
        System.arraycopy(x.array, from + j * channels, to, at + j * BLOCK, valid);
        Arrays.fill(to, at + j * BLOCK + valid, at + (j + 1) * BLOCK, 0f);
      }
    }
  }

  private int pixel(int tile, int row, int col) {
    return ((grid.picture(tile) * h + row) * w + col) * channels;
  }
}
