package dev.thumbnet.engine.backend.cpu;

import java.util.Arrays;

/**
 * Reads tiles of pictures and transforms them to the Winograd domain, up to 16 channels at a time.
 *
 * <p>Up to {@link #LINE} tiles of a row are transformed together: first all their columns, each
 * once though the tiles of inputs overlap by two, into a scratch array of about 23 KB, which stays
 * in L1, then along the rows. Where rows, columns or channels lie outside of the picture, a copy
 * with zeros is transformed instead.
 */
final class WinogradTiles {
  /** Most channels transformed side by side. */
  static final int CHANNELS = 16;

  /** Tiles transformed together: a row of a map with 56 columns. */
  private static final int LINE = 14;

  /** One direction of a transform, as in {@link WinogradKernels#input}. */
  private interface Direction {
    void run(
        int count, float[] x, int from, int item, int tap, float[] y, int to, int toItem, int toTap);
  }

  private final Direction direction;
  private final WinogradGrid grid;
  private final int unit;
  private final int size;

  /** Rows and columns of the picture that a tile reads. */
  private final int taps;

  private final CpuStorage x;
  private final int h;
  private final int w;
  private final int channels;
  private final int firstRow;
  private final int firstCol;

  private WinogradTiles(
      Direction direction,
      int taps,
      int unit,
      WinogradGrid grid,
      CpuStorage x,
      int h,
      int w,
      int channels,
      int firstRow,
      int firstCol) {
    this.direction = direction;
    this.taps = taps;
    this.unit = unit;
    this.grid = grid;
    this.size = grid.size();
    this.x = x;
    this.h = h;
    this.w = w;
    this.channels = channels;
    this.firstRow = firstRow;
    this.firstCol = firstCol;
  }

  /**
   * Tiles of inputs, which overlap by two: B d Bᵀ.
   *
   * @param x pictures (n, h, w, channels)
   * @param firstRow row of the picture at which the first tile begins; negative with padding
   * @param firstCol its column
   */
  static WinogradTiles ofInputs(
      WinogradKernels kernels,
      WinogradGrid grid,
      CpuStorage x,
      int h,
      int w,
      int channels,
      int firstRow,
      int firstCol) {
    return new WinogradTiles(
        kernels::input,
        grid.size(),
        kernels.unit(),
        grid,
        x,
        h,
        w,
        channels,
        firstRow,
        firstCol);
  }

  /**
   * Tiles of gradients of results, which do not overlap: Aᵀ dy A.
   *
   * @param dy pictures (n, h, w, channels)
   */
  static WinogradTiles ofGradients(
      WinogradKernels kernels, WinogradGrid grid, CpuStorage dy, int h, int w, int channels) {
    return new WinogradTiles(
        kernels::gradient, grid.m(), kernels.unit(), grid, dy, h, w, channels, 0, 0);
  }

  /** Returns how many floats {@link #transform} needs as scratch. */
  int scratchSize() {
    return 2 * size * columns(LINE) * CHANNELS;
  }

  private int columns(int tiles) {
    return tiles * grid.m() + taps - grid.m();
  }

  /**
   * Transforms the tiles [begin, end), channels [channel, channel + count); zeros stand for those
   * that do not exist.
   *
   * @param count at most {@link #CHANNELS}, and a multiple of the kernels' unit
   * @param v where they go, the first channel of the first tile to {@code base}
   * @param tileStep distance of tiles in v
   * @param elementStep distance of elements of a tile in v
   */
  void transform(
      int begin,
      int end,
      int channel,
      int count,
      float[] v,
      int base,
      int tileStep,
      int elementStep,
      float[] scratch) {
    for (int tile = begin; tile < end; ) {
      int next = Math.min(grid.endOfRow(tile, end), tile + LINE);
      int cols = columns(next - tile);
      alongColumns(tile, cols, channel, count, scratch);
      for (int i = 0; i < size; i++) {
        for (int u = 0; u < count; u += unit) {
          int from = i * cols * CHANNELS + u;
          int to = base + (tile - begin) * tileStep + i * size * elementStep + u;
          direction.run(
              next - tile,
              scratch,
              from,
              grid.m() * CHANNELS,
              CHANNELS,
              v,
              to,
              tileStep,
              elementStep);
        }
      }
      tile = next;
    }
  }

  /** Transforms {@code cols} columns from the first of a tile, to (element, column, channel). */
  private void alongColumns(int tile, int cols, int channel, int count, float[] scratch) {
    int left = firstCol + grid.left(tile);
    int begin = Math.clamp(-left, 0, cols);
    int end = Math.clamp(w - left, begin, cols);
    for (int i = 0; i < size; i++) {
      int row = i * cols * CHANNELS;
      Arrays.fill(scratch, row, row + begin * CHANNELS, 0f);
      Arrays.fill(scratch, row + end * CHANNELS, row + cols * CHANNELS, 0f);
    }
    if (begin == end) {
      return;
    }
    int top = firstRow + grid.top(tile);
    boolean inside = top >= 0 && top + taps <= h && channel + count <= channels;
    float[] source = x.array;
    int from = x.offset + pixel(tile, top, left + begin) + channel;
    int item = channels;
    int tap = w * channels;
    if (!inside) {
      source = scratch;
      from = size * cols * CHANNELS;
      item = CHANNELS;
      tap = (end - begin) * CHANNELS;
      copy(tile, channel, count, top, left + begin, end - begin, scratch, from);
    }
    for (int u = 0; u < count; u += unit) {
      int to = begin * CHANNELS + u;
      direction.run(
          end - begin, source, from + u, item, tap, scratch, to, CHANNELS, cols * CHANNELS);
    }
  }

  /** Copies columns of the rows of a tile, with zeros for what lies outside of the picture. */
  private void copy(
      int tile, int channel, int count, int top, int first, int cols, float[] to, int toBase) {
    int valid = Math.clamp(channels - channel, 0, count);
    for (int r = 0; r < taps; r++) {
      int at = toBase + r * cols * CHANNELS;
      if (top + r < 0 || top + r >= h) {
        Arrays.fill(to, at, at + cols * CHANNELS, 0f);
        continue;
      }
      int from = x.offset + pixel(tile, top + r, first) + channel;
      for (int j = 0; j < cols; j++) {
        System.arraycopy(x.array, from + j * channels, to, at + j * CHANNELS, valid);
        Arrays.fill(to, at + j * CHANNELS + valid, at + (j + 1) * CHANNELS, 0f);
      }
    }
  }

  private int pixel(int tile, int row, int col) {
    return ((grid.picture(tile) * h + row) * w + col) * channels;
  }
}
