package dev.thumbnet.engine.backend.cpu;

import java.util.Arrays;

/**
 * Reads tiles of pictures and transforms them to the Winograd domain, up to 64 channels at a time,
 * so that memory is read in runs of 256 bytes.
 *
 * <p>Up to {@link #LINE} tiles of a row are transformed together, 16 channels side by side: first
 * all their columns, each once though the tiles of inputs overlap by two, into a scratch array of
 * at most 23 KB, which stays in L1, then along the rows. Where rows or channels lie outside of the
 * picture, a copy with zeros is transformed instead.
 */
final class WinogradTiles {
  /** Channels transformed side by side. */
  static final int UNITED = 16;

  /** Most channels of a call. */
  static final int MOST = 64;

  /** Tiles transformed together: a row of a map with 56 columns. */
  private static final int LINE = 14;

  /** One direction of a transform, as in {@link WinogradKernels#input}. */
  private interface Direction {
    void run(
        int count,
        float[] x,
        int from,
        int item,
        int tap,
        float[] y,
        int to,
        int toItem,
        int toTap);
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
        kernels::input, grid.size(), kernels.unit(), grid, x, h, w, channels, firstRow, firstCol);
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
    return columns(LINE) * (size * UNITED + taps * MOST);
  }

  private int columns(int tiles) {
    return tiles * grid.m() + taps - grid.m();
  }

  /**
   * Transforms the tiles [begin, end), channels [channel, channel + count); zeros stand for those
   * that do not exist.
   *
   * @param count at most {@link #MOST}, a multiple of {@link #UNITED} or a smaller multiple of the
   *     kernels' unit
   * @param v where they go, the first channel of the first tile to {@code base}
   * @param blockStep distance of blocks of {@link #UNITED} channels in v
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
      int blockStep,
      int tileStep,
      int elementStep,
      float[] scratch) {
    for (int tile = begin; tile < end; ) {
      int next = Math.min(grid.endOfRow(tile, end), tile + LINE);
      Line line = new Line(tile, next - tile, channel, count, scratch);
      for (int c = 0; c < count; c += UNITED) {
        int to = base + (tile - begin) * tileStep + c / UNITED * blockStep;
        line.transform(c, Math.min(UNITED, count - c), v, to, tileStep, elementStep);
      }
      tile = next;
    }
  }

  /** Neighbouring tiles: some columns of the picture, of which [begin, end) exist. */
  private final class Line {
    private final int tiles;
    private final int cols;
    private final int begin;
    private final int end;
    private final float[] scratch;

    /** Where the columns that exist are read, and the distances of columns and rows there. */
    private final float[] source;

    private final int from;
    private final int colStep;
    private final int rowStep;

    Line(int tile, int tiles, int channel, int count, float[] scratch) {
      this.tiles = tiles;
      this.scratch = scratch;
      cols = columns(tiles);
      int left = firstCol + grid.left(tile);
      int top = firstRow + grid.top(tile);
      begin = Math.clamp(-left, 0, cols);
      end = Math.clamp(w - left, begin, cols);
      int first =
          x.offset + ((grid.picture(tile) * h + top) * w + left + begin) * channels + channel;
      if (top >= 0 && top + taps <= h && channel + count <= channels) {
        source = x.array;
        from = first;
        colStep = channels;
        rowStep = w * channels;
      } else {
        source = scratch;
        from = size * cols * UNITED;
        colStep = count;
        rowStep = (end - begin) * count;
        copy(first, top, Math.min(count, channels - channel));
      }
      if (end - begin < cols) {
        Arrays.fill(scratch, 0, size * cols * UNITED, 0f);
      }
    }

    /** Copies the rows, with zeros for what lies outside of the picture. */
    private void copy(int first, int top, int valid) {
      for (int r = 0; r < taps; r++) {
        int to = from + r * rowStep;
        boolean exists = top + r >= 0 && top + r < h;
        if (!exists || valid < colStep) {
          Arrays.fill(scratch, to, to + rowStep, 0f);
        }
        for (int j = 0; exists && j < end - begin; j++) {
          int at = first + (r * w + j) * channels;
          System.arraycopy(x.array, at, scratch, to + j * colStep, valid);
        }
      }
    }

    /** Transforms {@code count} channels from {@code channel}: along columns, then along rows. */
    void transform(int channel, int count, float[] v, int to, int tileStep, int elementStep) {
      for (int u = 0; u < count; u += unit) {
        int at = begin * UNITED + u;
        direction.run(
            end - begin,
            source,
            from + channel + u,
            colStep,
            rowStep,
            scratch,
            at,
            UNITED,
            cols * UNITED);
        for (int i = 0; i < size; i++) {
          direction.run(
              tiles,
              scratch,
              i * cols * UNITED + u,
              grid.m() * UNITED,
              UNITED,
              v,
              to + i * size * elementStep + u,
              tileStep,
              elementStep);
        }
      }
    }
  }
}
