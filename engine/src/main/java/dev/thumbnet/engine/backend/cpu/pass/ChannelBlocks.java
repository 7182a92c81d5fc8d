package dev.thumbnet.engine.backend.cpu.pass;

import dev.thumbnet.engine.backend.cpu.kernel.ChannelKernels;
import dev.thumbnet.engine.backend.cpu.runtime.PassRecorder;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;

/**
 * Cuts an array (outer, rows, inner) into blocks for {@link ChannelKernels}: tasks of some ten
 * microseconds whose data fits the second-level cache.
 *
 * <p><b>Few columns.</b> SIMD lanes run along columns, but a picture has 3 and many a map 24.
 * Memory does not mind: (rows, 3) is as well (rows / 16, 48), with the three means, factors or sums
 * repeated sixteen times. So {@code copies} rows are seen as one: of exactly four vectors if the
 * number of columns allows it, because for that there are faster loops ({@link
 * ChannelKernels#NARROW}), otherwise at least 512 columns, long enough for a fast loop and, where
 * possible, a multiple of the lanes. A last row that is shorter is swept by itself. Sums of the
 * copies are added up afterwards, in double precision.
 *
 * <p><b>Many columns</b> are cut into stripes. The cut depends on the shape and on the lanes, never
 * on the number of threads. A column's sum within a block is a chain of at most 64 float additions,
 * or four such chains added to each other, so its error is below 68·2⁻²⁴·Σ|x|, and typically a
 * tenth of that.
 */
final class ChannelBlocks {
  private static final int BLOCK_ELEMENTS = 1 << 14;
  private static final int MIN_BLOCK_ROWS = 16;
  private static final int MIN_WIDTH = 512;
  private static final int MAX_WIDTH = 4096;

  /** Longest chain of float additions. */
  private static final int CHAIN = 64;

  final int outer;
  final int rows;
  final int inner;

  /** Rows that are seen as one. */
  private final int copies;

  private final int blockRows;
  private final int blockColumns;
  private final int rowBlocks;
  private final int columnBlocks;

  ChannelBlocks(int outer, int rows, int inner, int lanes) {
    this.outer = outer;
    this.rows = rows;
    this.inner = inner;
    int narrow = ChannelKernels.NARROW * lanes;
    int period = lanes / gcd(inner, lanes); // rows until a row begins at a multiple of the lanes
    if (lanes > 1 && narrow % inner == 0) {
      copies = narrow / inner;
      blockRows = copies * (BLOCK_ELEMENTS / narrow);
      blockColumns = inner;
    } else if (inner < MIN_WIDTH && inner * period <= MAX_WIDTH) {
      copies = period * Math.ceilDiv(MIN_WIDTH, inner * period);
      blockRows = copies * Math.max(1, BLOCK_ELEMENTS / (inner * copies));
      blockColumns = inner;
    } else {
      copies = 1;
      int stripes = Math.ceilDiv(inner, MAX_WIDTH);
      blockColumns = Math.min(inner, Math.ceilDiv(Math.ceilDiv(inner, stripes), lanes) * lanes);
      blockRows = Math.max(MIN_BLOCK_ROWS, BLOCK_ELEMENTS / blockColumns);
    }
    rowBlocks = Math.ceilDiv(rows, blockRows);
    columnBlocks = Math.ceilDiv(inner, blockColumns);
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** What to do with a block. */
  interface Body {
    void run(Block block);
  }

  /** A loop of {@link ChannelKernels} over part of a block. */
  interface Sweep {
    void run(int rows, int stride, int width, int offset);
  }

  /** Calls {@code body} for each block, in parallel. */
  void run(WorkerPool workers, Body body) {
    run(workers, body, () -> {});
  }

  private void run(WorkerPool workers, Body body, Runnable after) {
    int perOuter = rowBlocks * columnBlocks;
    // Small arrays are handed out several at a time.
    int group = perOuter > 1 ? 1 : Math.max(1, BLOCK_ELEMENTS / (rows * inner));
    workers.run(
        Math.ceilDiv(outer, group) * perOuter,
        task -> {
          int first = task / perOuter * group;
          int rowBlock = task % perOuter / columnBlocks;
          int column = task % columnBlocks * blockColumns;
          for (int o = first; o < Math.min(first + group, outer); o++) {
            body.run(new Block(o, rowBlock, column));
          }
        },
        after);
  }

  /** Makes what is to be done with a block, which may be done more than once. */
  interface Maker {
    Runnable make(Block block);
  }

  /** Makes and runs what is to be done with each block, and then {@code after}. */
  void runMade(WorkerPool workers, Maker maker, Runnable after) {
    if (workers.records()) {
      runPrepared(workers, maker, after);
    } else {
      run(workers, block -> maker.make(block).run(), after);
    }
  }

  /** As {@link #run}, with everything made before any of it runs, for {@link PassRecorder}. */
  void runPrepared(WorkerPool workers, Maker maker) {
    runPrepared(workers, maker, () -> {});
  }

  private void runPrepared(WorkerPool workers, Maker maker, Runnable after) {
    Runnable[] tasks = new Runnable[outer * rowBlocks * columnBlocks];
    for (int i = 0; i < tasks.length; i++) {
      int rest = i / columnBlocks;
      int column = i % columnBlocks * blockColumns;
      tasks[i] = maker.make(new Block(rest / rowBlocks, rest % rowBlocks, column));
    }
    workers.run(tasks.length, i -> tasks[i].run(), after);
  }

  /**
   * Returns for each outer array and each of its blocks of columns the columns' values, repeated
   * for the rows that are seen as one; see {@link Block#columnIndex}.
   *
   * @param values (outer, inner), from {@code from} on
   */
  float[][] repeated(float[] values, int from) {
    float[][] repeated = new float[outer * columnBlocks][];
    for (int i = 0; i < repeated.length; i++) {
      int column = i % columnBlocks * blockColumns;
      int columns = Math.min(blockColumns, inner - column);
      int at = from + i / columnBlocks * inner + column;
      repeated[i] = repeated(values, at, columns, columns * Math.min(copies, rows));
    }
    return repeated;
  }

  private static float[] repeated(float[] values, int from, int columns, int width) {
    float[] repeated = new float[width];
    repeat(values, from, columns, repeated);
    return repeated;
  }

  private static void repeat(float[] values, int from, int columns, float[] repeated) {
    System.arraycopy(values, from, repeated, 0, columns);
    for (int done = columns; done < repeated.length; done *= 2) {
      System.arraycopy(repeated, 0, repeated, done, Math.min(done, repeated.length - done));
    }
  }

  /** Returns how many blocks of rows each column has. */
  int rowBlocks() {
    return rowBlocks;
  }

  /** Returns how many rows a block of rows has; the last one may have fewer. */
  int rowsOf(int rowBlock) {
    return Math.min(blockRows, rows - rowBlock * blockRows);
  }

  /** Some rows and columns of one of the outer arrays. */
  final class Block {
    private final int outerIndex;
    private final int rowBlock;
    private final int column;
    private final int columns;
    private final int count;

    private Block(int outerIndex, int rowBlock, int column) {
      this.outerIndex = outerIndex;
      this.rowBlock = rowBlock;
      this.column = column;
      this.columns = Math.min(blockColumns, inner - column);
      this.count = rowsOf(rowBlock);
    }

    /** Returns the number of rows. */
    int count() {
      return count;
    }

    /** Returns the first column. */
    int column() {
      return column;
    }

    /** Returns the number of columns. */
    int columns() {
      return columns;
    }

    /** Returns where this block's columns are in an array (outer, rowBlocks, inner) of partials. */
    int partial() {
      return (outerIndex * rowBlocks + rowBlock) * inner + column;
    }

    /** Returns where this block's columns are in an array (outer, inner). */
    int small() {
      return outerIndex * inner + column;
    }

    private int width() {
      return columns * Math.min(copies, count);
    }

    /** Calls {@code sweep} for some rows at a time so that it covers the block. */
    void sweep(Sweep sweep) {
      int offset = (outerIndex * rows + rowBlock * blockRows) * inner + column;
      int full = count / copies;
      int stride = inner * copies;
      for (int r = 0; r < full; r += CHAIN) {
        sweep.run(Math.min(CHAIN, full - r), stride, columns * copies, offset + r * stride);
      }
      int rest = count % copies;
      if (rest > 0) {
        sweep.run(1, 0, columns * rest, offset + full * stride);
      }
    }

    /** Returns zeros, one for each column of the rows that are seen as one. */
    float[] zeros() {
      return new float[width()];
    }

    /** Returns the columns' values from {@code from} on, repeated for each copy. */
    float[] repeat(float[] values, int from) {
      return repeated(values, from, columns, width());
    }

    /** As {@link #repeat(float[], int)}, into an array as long as {@link #zeros}. */
    void repeat(float[] values, int from, float[] repeated) {
      ChannelBlocks.repeat(values, from, columns, repeated);
    }

    /** Returns which array of {@link ChannelBlocks#repeated(float[], int)} has its columns. */
    int columnIndex() {
      return outerIndex * columnBlocks + column / blockColumns;
    }

    /** Adds up the copies of each column into {@code sums} from {@code at} on. */
    void fold(float[] repeated, double[] sums, int at) {
      if (columns < copies) {
        foldFewColumns(repeated, sums, at);
        return;
      }
      for (int i = 0; i < repeated.length; i += columns) {
        for (int j = 0; j < columns; j++) {
          sums[at + j] += repeated[i + j];
        }
      }
    }

    /** The same column by column, with four sums, because one would wait for each addition. */
    private void foldFewColumns(float[] repeated, double[] sums, int at) {
      int step = 4 * columns;
      int whole = repeated.length / step * step;
      for (int j = 0; j < columns; j++) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        for (int i = j; i < whole; i += step) {
          s0 += repeated[i];
          s1 += repeated[i + columns];
          s2 += repeated[i + 2 * columns];
          s3 += repeated[i + 3 * columns];
        }
        for (int i = whole + j; i < repeated.length; i += columns) {
          s0 += repeated[i];
        }
        sums[at + j] += (s0 + s1) + (s2 + s3);
      }
    }
  }
}
