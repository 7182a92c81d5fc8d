package dev.thumbnet.engine.backend.cpu.gradient;

import dev.thumbnet.engine.backend.cpu.conv.SlidingWindow;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.Panel;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.cpu.winograd.WinogradWeightGradient;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import java.util.Arrays;
import java.util.List;

/**
 * Gradient for the weights, one kernel element at a time: its weights are the sum over pixels of
 * outer products, input channels x output channels. Serves every problem; {@link
 * WinogradWeightGradient} is faster where it can be used.
 *
 * <p>A task owns a kernel element, up to 64 input channels and one panel of output channels, sums
 * up over all pixels for which it lies in the picture (the padding is not multiplied) in a buffer
 * of 16 KB that stays in L1, and stores it once. The input is read where it is; see {@link
 * PixelWalk} for what is done on small maps.
 */
public final class DirectWeightGradient implements WeightGradient {
  /** Input channels of a task. */
  private static final int ROWS = 64;

  /** Floats of dy that a tile call passes over; the next tiles find them in L2. */
  private static final int CHUNK = 32 * 1024;

  private final TileKernels tiles;
  private final int[] widths;
  private final BufferPool buffers;
  private final WorkerPool workers;

  public DirectWeightGradient(TileKernels tiles, BufferPool buffers, WorkerPool workers) {
    this.tiles = tiles;
    this.widths = tiles.widths();
    this.buffers = buffers;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "direct";
  }

  @Override
  public boolean accepts(Conv2dProblem p) {
    return true;
  }

  @Override
  public void run(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
    if (p.n() > 1 && p.outH() * p.outW() <= Tiles.SMALL_MAP) {
      PixelWalk walk = PixelWalk.batched(p, x, dy, widths[0], buffers, workers);
      run(p, walk, false, dWeight);
      buffers.give(walk.x());
      buffers.give(walk.dy());
      return;
    }
    run(p, x.array, x.offset, dy, false, dWeight);
  }

  /** Sums up in natural order. The last pixel's panel may be read beyond the end of dy. */
  void run(
      Conv2dProblem p,
      float[] x,
      int xBase,
      CpuStorage dy,
      boolean mergeColumns,
      CpuStorage dWeight) {
    if (dy.offset + p.outputSize() + widths[0] <= dy.array.length) {
      PixelWalk walk = PixelWalk.natural(p, x, xBase, dy.array, dy.offset);
      run(p, walk, mergeColumns, dWeight);
      return;
    }
    float[] copy = buffers.take(Math.addExact(p.outputSize(), widths[0]));
    System.arraycopy(dy.array, dy.offset, copy, 0, p.outputSize());
    run(p, PixelWalk.natural(p, x, xBase, copy, 0), mergeColumns, dWeight);
    buffers.give(copy);
  }

  private void run(Conv2dProblem p, PixelWalk walk, boolean mergeColumns, CpuStorage dWeight) {
    Sum sum = new Sum(p, walk, mergeColumns, dWeight);
    sum.run();
  }

  /** One call. With merged columns the rows of a result are (kernel column, input channel). */
  private final class Sum {
    private final Conv2dProblem p;
    private final PixelWalk walk;
    private final int elementColumns;
    private final int rows;
    private final int rowBlocks;
    private final int rowBlock;
    private final List<Panel> panels;
    private final SlidingWindow vertical;
    private final SlidingWindow horizontal;
    private final int chunkLines;
    private final int chunks;
    private final CpuStorage dWeight;

    Sum(Conv2dProblem p, PixelWalk walk, boolean mergeColumns, CpuStorage dWeight) {
      this.p = p;
      this.walk = walk;
      this.dWeight = dWeight;
      int group = p.c() / p.groups();
      elementColumns = mergeColumns ? 1 : p.kw();
      rows = mergeColumns ? p.kw() * group : group;
      rowBlocks = Math.ceilDiv(rows, ROWS);
      rowBlock = Math.ceilDiv(Math.ceilDiv(rows, rowBlocks), 2) * 2;
      panels = Tiles.panels(p.k() / p.groups(), widths);
      vertical = SlidingWindow.rows(p);
      horizontal = SlidingWindow.columns(p);
      int line = p.outW() * walk.repeat() * panels.getFirst().width();
      chunkLines = Math.max(1, CHUNK / line);
      chunks = Math.ceilDiv(p.outH(), chunkLines);
    }

    void run() {
      int tasks = p.kh() * elementColumns * p.groups() * rowBlocks * panels.size();
      try (WeightGradientSums sums =
          new WeightGradientSums(
              tasks, walk.pictures() * chunks, p.weightSize(), dWeight, buffers)) {
        workers.run(tasks * sums.splits, i -> runTask(i % tasks, i / tasks, sums));
        sums.finish(workers);
      }
    }

    private void runTask(int task, int split, WeightGradientSums target) {
      Panel panel = panels.get(task % panels.size());
      int rest = task / panels.size();
      int group = rest % p.groups();
      rest /= p.groups();
      int firstRow = rest % rowBlocks * rowBlock;
      rest /= rowBlocks;
      int r = rest / elementColumns;
      int s = rest % elementColumns;
      int count = Math.min(rowBlock, rows - firstRow);
      float[] sums = buffers.take(rowBlock * panel.width());
      Arrays.fill(sums, 0, count * panel.width(), 0f);
      int xChannel = group * (p.c() / p.groups()) + firstRow;
      int dyChannel = group * (p.k() / p.groups()) + panel.start();
      for (int i = target.firstItem(split); i < target.firstItem(split + 1); i++) {
        addChunk(i / chunks, i % chunks, r, s, count, xChannel, dyChannel, panel.width(), sums);
      }
      int to =
          target.base(split) + ((r * elementColumns + s) * rows + firstRow) * p.k() + dyChannel;
      for (int i = 0; i < count; i++) {
        System.arraycopy(sums, i * panel.width(), target.array(), to + i * p.k(), panel.valid());
      }
      buffers.give(sums);
    }

    private void addChunk(
        int picture,
        int chunk,
        int r,
        int s,
        int count,
        int xChannel,
        int dyChannel,
        int width,
        float[] sums) {
      int y0 = Math.max(vertical.firstReader(r), chunk * chunkLines);
      int y1 = Math.min(vertical.endReader(r), (chunk + 1) * chunkLines);
      int x0 = horizontal.firstReader(s);
      int x1 = horizontal.endReader(s);
      if (y0 >= y1 || x0 >= x1) {
        return;
      }
      int from = walk.xAt(picture, vertical.position(y0, r), horizontal.position(x0, s));
      tiles.outerProducts(
          count,
          y1 - y0,
          (x1 - x0) * walk.repeat(),
          walk.x(),
          from + xChannel,
          p.strideH() * walk.xRow(),
          walk.xStep(),
          walk.dy(),
          walk.dyBase()
              + picture * walk.dyPicture()
              + y0 * walk.dyRow()
              + x0 * walk.dyCol()
              + dyChannel,
          walk.dyRow(),
          p.k(),
          sums,
          0,
          width);
    }
  }
}
