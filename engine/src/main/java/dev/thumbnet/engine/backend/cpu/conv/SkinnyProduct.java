package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Padding;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The product of a few rows with a matrix, as in a linear layer on a small batch. The matrix is
 * read where it lies, once, because packing it would cost more than multiplying by it.
 *
 * <p><b>Forward</b> the matrix is (inputs, outputs): a task owns a stripe of columns and adds row
 * after row of the matrix, times a number of x, to its results, see {@link
 * TileKernels#multiplyRows}. Stripes are as wide as a page of memory, if there are enough of them
 * to share out: narrower ones come back to each page several times. The bits are those of the
 * product with packed weights.
 *
 * <p><b>Backward</b> for the data the matrix is transposed: scalar products of rows with rows.
 *
 * <p><b>How many rows are few.</b> Packing reads each weight, fetches and writes its place and
 * reads it there: three passes more, 0.6 ns for each weight that comes from memory (5 in a ns) and
 * 0.15 ns in L2. With packed weights a row takes some 0.01 ns less for each of them, because tiles
 * keep sums in registers. So packing begins to pay at 15 rows in L2 and at 60 in memory.
 */
public final class SkinnyProduct implements ConvolutionAlgorithm {
  /** Rows up to which a matrix is not worth packing. */
  private static final int MOST_ROWS = 16;

  /** The same for one that packing has to transpose, which is slower. */
  private static final int MOST_ROWS_TRANSPOSED = 32;

  /** Columns of a task at most: a page of four kilobytes. */
  private static final int WIDEST_STRIPE = 1024;

  /** Columns of a task at least: a kilobyte. */
  private static final int NARROWEST_STRIPE = 256;

  /** As many threads as the memory can serve; most machines reach their limit with fewer. */
  private static final int ENOUGH_TASKS = 4;

  /** Stripes are multiples of this, so that all but the last are whole panels. */
  private static final int LINE = 64;

  /** Floats of a transposed matrix that a task reads again for each few rows; they stay in L2. */
  private static final int BLOCK = 16 * 1024;

  private final TileKernels tiles;
  private final WorkerPool workers;

  public SkinnyProduct(TileKernels tiles, WorkerPool workers) {
    this.tiles = tiles;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "skinny";
  }

  @Override
  public boolean accepts(Direction c) {
    return c.groups == 1
        && c.problem.kh() == 1
        && c.problem.kw() == 1
        && c.problem.pad().equals(Padding.NONE)
        && c.inH == c.outH
        && c.inW == c.outW
        && rows(c) <= (c.forward ? MOST_ROWS : MOST_ROWS_TRANSPOSED);
  }

  /** Weights that are packed once cost nothing more. */
  @Override
  public boolean acceptsPrepared(Direction c, WeightFormat format) {
    return false;
  }

  private static int rows(Direction c) {
    return c.n * c.outH * c.outW;
  }

  @Override
  public void run(
      Direction c, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y) {
    if (c.forward) {
      runForward(c, x, weight, bias, y);
    } else {
      runTransposed(c, x, weight, bias, y);
    }
  }

  private void runForward(
      Direction c, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y) {
    int share = Math.ceilDiv(Math.ceilDiv(c.outC, ENOUGH_TASKS), LINE) * LINE;
    int stripe = Math.clamp(share, NARROWEST_STRIPE, WIDEST_STRIPE);
    workers.run(
        Math.ceilDiv(c.outC, stripe),
        c.macs() >= Direction.WORTH_THREADS,
        task -> {
          int first = task * stripe;
          int count = Math.min(stripe, c.outC - first);
          begin(c, first, count, bias, y);
          tiles.multiplyRows(
              rows(c),
              count,
              c.inC,
              x.array,
              x.offset,
              c.inC,
              weight.array,
              weight.offset + first,
              c.outC,
              y.array,
              y.offset + first,
              c.outC);
        });
  }

  private void runTransposed(
      Direction c, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y) {
    int rows = rows(c);
    int[] pairs = new int[2 * rows];
    for (int i = 0; i < rows; i++) {
      pairs[2 * i] = i * c.inC;
      pairs[2 * i + 1] = i;
    }
    int columns = Math.max(3, BLOCK / c.inC / 3 * 3);
    workers.run(
        Math.ceilDiv(c.outC, columns),
        c.macs() >= Direction.WORTH_THREADS,
        task -> {
          int first = task * columns;
          int count = Math.min(columns, c.outC - first);
          begin(c, first, count, bias, y);
          tiles.dots(
              pairs,
              0,
              rows,
              count,
              1,
              c.inC,
              x.array,
              x.offset,
              0,
              weight.array,
              weight.offset + first * c.inC,
              c.inC,
              0,
              y.array,
              y.offset + first,
              c.outC);
        });
  }

  /** Writes the bias or zeros to columns of all rows. */
  private static void begin(
      Direction c, int first, int count, @Nullable CpuStorage bias, CpuStorage y) {
    for (int i = 0; i < rows(c); i++) {
      int to = y.offset + i * c.outC + first;
      if (bias == null) {
        Arrays.fill(y.array, to, to + count, 0f);
      } else {
        System.arraycopy(bias.array, bias.offset + first, y.array, to, count);
      }
    }
  }
}
