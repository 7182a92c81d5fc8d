package dev.thumbnet.engine.backend.cpu.winograd;

import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.Prefetch;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Reads tiles of pictures and transforms them to the Winograd domain, up to 64 channels at a time,
 * so that memory is read in runs of 256 bytes.
 *
 * <p>Tiles of up to {@link #LINE} columns of a row are transformed together, 16 channels side by
 * side: first all their columns, each once though the tiles of inputs overlap, into a scratch array
 * of at most 23 KB, which stays in L1 (33 KB with stride 2), then along the rows. Where rows or
 * channels lie outside of the picture, a copy with zeros is transformed instead.
 */
final class WinogradTiles {
  private static final float[] NOTHING = {};

  /** Channels transformed side by side. */
  static final int UNITED = WinogradKernels.UNITED;

  /** Most channels of a call. */
  static final int MOST = 64;

  /** Columns of the picture of tiles that are transformed together, but for those at the edge. */
  private static final int LINE = 56;

  /** The transform along columns, as {@link WinogradKernels#inputColumns}. */
  private interface Columns {
    void run(int outputs, int count, float[] x, int from, int item, int tap, float[] y, int to);
  }

  /** The transform along rows, as {@link WinogradKernels#inputRows}. */
  private interface Rows {
    void run(
        int outputs,
        int rows,
        int count,
        float[] x,
        int from,
        float[] y,
        int to,
        int item,
        int tap);
  }

  private final Columns columns;
  private final Rows rows;
  private final WinogradGrid grid;
  private final int unit;
  private final int size;

  /** Columns and rows that a tile reads beyond {@code stride} for each result. */
  private final int extra;

  private final CpuStorage x;
  private final int h;
  private final int w;
  private final int channels;
  private final int firstRow;
  private final int firstCol;

  /** For the next calls, so that none is made in steady state; one for each thread at most. */
  private final ArrayDeque<Line> idle = new ArrayDeque<>();

  private WinogradTiles(
      Columns columns,
      Rows rows,
      int extra,
      int unit,
      WinogradGrid grid,
      CpuStorage x,
      int h,
      int w,
      int channels,
      int firstRow,
      int firstCol) {
    this.columns = columns;
    this.rows = rows;
    this.extra = extra;
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
        kernels::inputColumns,
        kernels::inputRows,
        grid.inputs(0),
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
   * @param grid with tiles of one size
   * @param dy pictures (n, h, w, channels)
   */
  static WinogradTiles ofGradients(
      WinogradWeightGradientKernels kernels,
      WinogradGrid grid,
      CpuStorage dy,
      int h,
      int w,
      int channels) {
    Columns columns =
        (_, count, x, from, item, tap, y, to) ->
            kernels.gradientColumns(count, x, from, item, tap, y, to);
    Rows rows =
        (_, _, count, x, from, y, to, item, tap) ->
            kernels.gradientRows(count, x, from, y, to, item, tap);
    return new WinogradTiles(columns, rows, 0, kernels.unit(), grid, dy, h, w, channels, 0, 0);
  }

  /** Returns how many floats {@link #transform} needs as scratch. */
  int scratchSize() {
    return span(line() * grid.m()) * (size * UNITED + span(grid.m()) * MOST) + 1;
  }

  /** Returns the most tiles of a line. */
  private int line() {
    return Math.max(1, LINE / (grid.m() * grid.stride()));
  }

  /** Returns the rows or columns of the picture that some neighbouring results see. */
  private int span(int results) {
    return results * grid.stride() + extra;
  }

  /**
   * Transforms the tiles [begin, end), channels [channel, channel + count); zeros stand for those
   * that do not exist. A smaller tile has fewer elements, and leaves the places of others alone.
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
    Line line = takeLine();
    for (int tile = begin; tile < end; ) {
      int next = Math.min(grid.endOfRow(tile, end), tile + line());
      line.read(tile, next - tile, channel, count, scratch);
      for (int c = 0; c < count; c += UNITED) {
        int to = base + (tile - begin) * tileStep + c / UNITED * blockStep;
        line.transform(c, Math.min(UNITED, count - c), v, to, tileStep, elementStep);
      }
      tile = next;
    }
    giveBack(line);
  }

  private Line takeLine() {
    synchronized (idle) {
      Line line = idle.pollLast();
      return line == null ? new Line() : line;
    }
  }

  private void giveBack(Line line) {
    line.source = NOTHING;
    line.scratch = NOTHING;
    synchronized (idle) {
      idle.addLast(line);
    }
  }

  /** Neighbouring tiles: some columns of the picture, of which [begin, end) exist. */
  private final class Line {
    /** Tiles of full width; one of {@link #lastWidth} columns may follow. */
    private int tiles;

    private int lastWidth;
    private int height;
    private int cols;
    private int begin;
    private int end;
    private float[] scratch = NOTHING;

    /** Where the columns that exist are read, and the distances of columns and rows there. */
    private float[] source = NOTHING;

    private int from;
    private int colStep;
    private int rowStep;

    /** Gets ready to transform {@code count} tiles. */
    void read(int tile, int count, int channel, int channelCount, float[] scratch) {
      this.scratch = scratch;
      height = grid.height(tile);
      int last = grid.width(tile + count - 1);
      lastWidth = last % grid.m();
      tiles = lastWidth == 0 ? count : count - 1;
      cols = span((count - 1) * grid.m() + last);
      int left = firstCol + grid.left(tile) * grid.stride();
      int top = firstRow + grid.top(tile) * grid.stride();
      begin = Math.clamp(-left, 0, cols);
      end = Math.clamp(w - left, begin, cols);
      int first =
          x.offset + ((grid.picture(tile) * h + top) * w + left + begin) * channels + channel;
      if (top >= 0 && top + span(height) <= h && channel + channelCount <= channels) {
        source = x.array;
        from = first;
        colStep = channels;
        rowStep = w * channels;
        scratch[scratchSize() - 1] =
            Prefetch.pixels(
                source, from, span(height), end - begin, channelCount, colStep, rowStep);
      } else {
        source = scratch;
        from = size * cols * UNITED;
        colStep = channelCount;
        rowStep = (end - begin) * channelCount;
        copy(first, top, Math.min(channelCount, channels - channel));
      }
      if (end - begin < cols) {
        Arrays.fill(scratch, 0, size * cols * UNITED, 0f);
      }
    }

    /** Copies the rows, with zeros for what lies outside of the picture. */
    private void copy(int first, int top, int valid) {
      for (int r = 0; r < span(height); r++) {
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
        int column = size * UNITED;
        columns.run(
            height,
            end - begin,
            source,
            from + channel + u,
            colStep,
            rowStep,
            scratch,
            begin * column + u);
        int elements = grid.inputs(height);
        int target = to + u;
        rows.run(grid.m(), elements, tiles, scratch, u, v, target, tileStep, elementStep);
        if (lastWidth > 0) {
          int row = tiles * grid.m() * grid.stride() * column + u;
          target += tiles * tileStep;
          rows.run(lastWidth, elements, 1, scratch, row, v, target, tileStep, elementStep);
        }
      }
    }
  }
}
