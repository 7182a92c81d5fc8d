package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.cpu.Axis.Interval;
import dev.thumbnet.engine.backend.cpu.Correlation.Part;
import dev.thumbnet.engine.backend.cpu.Tiles.Panel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Convolution as a matrix product without the matrix: results x (taps · input channels) times (taps
 * · input channels) x output channels, where the rows of the left side are read from the picture in
 * place (see {@link PixelRuns}) instead of being copied out of it (im2col). Serves every problem,
 * products of matrices included, which are 1x1 convolutions.
 *
 * <p><b>Loops</b>, from the outside: blocks of results and panels of output channels, in parallel;
 * kernel rows; tiles of six results. A block of results of one panel (24 KB) stays in L1 while the
 * kernel rows pass; the weights of one kernel row of one panel (at most 256 KB at a time) stay in
 * L2 while the block's tiles use them.
 *
 * <p><b>Sums.</b> A block is summed up in a buffer of its own that begins with the bias, and copied
 * to its place when it is done. So the tiles always store whole vectors, and the last channels of a
 * panel may be empty.
 */
final class DirectConvolution implements CorrelationAlgorithm {
  /** So many tasks give any usual number of threads an even share. */
  private static final int ENOUGH_TASKS = 32;

  /** Blocks are not made smaller than this for the sake of more tasks: four tiles. */
  private static final int SMALLEST_BLOCK = 4 * Tiles.ROWS;

  /** Multiply-adds below which starting other threads costs more than it brings. */
  private static final long WORTH_THREADS = 200_000;

  private final TileKernels tiles;
  private final int[] widths;
  private final BufferPool buffers;
  private final WorkerPool workers;

  DirectConvolution(TileKernels tiles, BufferPool buffers, WorkerPool workers) {
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
  public boolean accepts(Correlation c) {
    return true;
  }

  @Override
  public void run(Correlation c, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y) {
    try (PackedWeights packed = PackedWeights.pack(c, weight, widths, buffers, workers)) {
      run(c, x, packed, bias, y);
    }
  }

  /** Writes the results with weights that are packed already. */
  void run(Correlation c, CpuStorage x, PackedWeights weights, CpuStorage bias, CpuStorage y) {
    List<Block> blocks = blocks(c, weights.panels.getFirst().width(), weights.panels.size());
    int allPanels = c.groups * weights.panels.size();
    int shares = Math.min(allPanels, Math.ceilDiv(ENOUGH_TASKS, blocks.size()));
    List<List<Interval>> intervals = c.parts.stream().map(p -> p.cols().intervals()).toList();
    WorkerPool.Task task =
        i -> {
          Block block = blocks.get(i / shares);
          int share = i % shares;
          int begin = (int) ((long) allPanels * share / shares);
          int end = (int) ((long) allPanels * (share + 1) / shares);
          new BlockRun(c, block, intervals.get(block.part), x, weights, bias, y).run(begin, end);
        };
    int tasks = blocks.size() * shares;
    if (c.macs() < WORTH_THREADS) {
      for (int i = 0; i < tasks; i++) {
        task.run(i);
      }
    } else {
      workers.run(tasks, task);
    }
  }

  /** Results [begin, end) of a part, counted over (picture, row, column). */
  private record Block(int part, int begin, int end) {}

  private static List<Block> blocks(Correlation c, int width, int panels) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < c.parts.size(); i++) {
      int results = c.n * c.parts.get(i).pixels();
      int forCache = Math.ceilDiv(results, Tiles.blockRows(width));
      int forThreads =
          Math.min(
              Math.ceilDiv(results, SMALLEST_BLOCK),
              Math.ceilDiv(ENOUGH_TASKS, panels * c.groups * c.parts.size()));
      int count = Math.max(forCache, forThreads);
      int size = Math.ceilDiv(Math.ceilDiv(results, count), Tiles.ROWS) * Tiles.ROWS;
      for (int begin = 0; begin < results; begin += size) {
        blocks.add(new Block(i, begin, Math.min(results, begin + size)));
      }
    }
    return blocks;
  }

  /** Computes one block for some panels. */
  private final class BlockRun {
    private final Correlation c;
    private final Block block;
    private final Part part;
    private final List<Interval> intervals;
    private final CpuStorage x;
    private final PackedWeights weights;
    private final CpuStorage bias;
    private final CpuStorage y;
    private final PixelRuns runs;
    private final float[] sums;

    BlockRun(
        Correlation c,
        Block block,
        List<Interval> intervals,
        CpuStorage x,
        PackedWeights weights,
        CpuStorage bias,
        CpuStorage y) {
      this.c = c;
      this.block = block;
      this.part = c.parts.get(block.part);
      this.intervals = intervals;
      this.x = x;
      this.weights = weights;
      this.bias = bias;
      this.y = y;
      runs = new PixelRuns(c, part, intervals, block.begin, block.end);
      sums = buffers.take((block.end - block.begin) * weights.panels.getFirst().width());
    }

    void run(int beginPanel, int endPanel) {
      int count = weights.panels.size();
      for (int i = beginPanel; i < endPanel; i++) {
        int group = i / count;
        Panel panel = weights.panels.get(i % count);
        int channel = group * c.outGroup() + panel.start();
        begin(panel, channel);
        add(group, panel.width(), weights.panelBase(block.part, group, i % count));
        store(panel, channel);
      }
      buffers.give(sums);
    }

    /** Writes the bias, or zeros, to all rows. */
    private void begin(Panel panel, int channel) {
      int rows = block.end - block.begin;
      int width = panel.width();
      if (bias == null) {
        Arrays.fill(sums, 0, rows * width, 0f);
        return;
      }
      Arrays.fill(sums, 0, width, 0f);
      System.arraycopy(bias.array, bias.offset + channel, sums, 0, panel.valid());
      for (int i = 1; i < rows; i++) {
        System.arraycopy(sums, 0, sums, i * width, width);
      }
    }

    private void add(int group, int width, int panelBase) {
      int channels = c.inGroup();
      int taps = part.cols().taps();
      // The taps of a kernel row are neighbours in memory unless something lies between them.
      boolean neighbours = part.cols().tapStep() == 1 && c.groups == 1;
      for (int r = 0; r < part.rows().taps(); r++) {
        int from = x.offset + runs.shift(r) + group * channels;
        for (int i = 0; i < intervals.size(); i++) {
          int first = intervals.get(i).firstTap();
          int end = intervals.get(i).endTap();
          int panel = panelBase + (r * taps + first) * channels * width;
          if (neighbours) {
            addRun(r, i, from, panel, (end - first) * channels, width);
          } else {
            for (int s = first; s < end; s++) {
              int tap = (s - first) * part.cols().tapStep() * c.inC;
              addRun(r, i, from + tap, panel + (s - first) * channels * width, channels, width);
            }
          }
        }
      }
    }

    private void addRun(int r, int interval, int from, int panel, int length, int width) {
      int count = runs.listLength(r, interval);
      if (count == 0) {
        return;
      }
      int begin = runs.listBegin(r, interval);
      for (int k = 0; k < length; k += Tiles.LONGEST_RUN) {
        tiles.multiply(
            runs.pairs(),
            begin,
            count,
            x.array,
            from + k,
            weights.array,
            panel + k * width,
            Math.min(Tiles.LONGEST_RUN, length - k),
            sums,
            0,
            width);
      }
    }

    /** Copies the sums of each line of results to their place. */
    private void store(Panel panel, int channel) {
      int lineLength = part.cols().count();
      for (int from = block.begin; from < block.end; ) {
        int line = from / lineLength;
        int end = Math.min(block.end, (line + 1) * lineLength);
        int picture = line / part.rows().count();
        int row = part.rows().outBase() + line % part.rows().count() * part.rows().outStep();
        int col = part.cols().outBase() + from % lineLength * part.cols().outStep();
        int to = y.offset + ((picture * c.outH + row) * c.outW + col) * c.outC + channel;
        storeLine(
            panel, (from - block.begin) * panel.width(), end - from, to, part.cols().outStep());
        from = end;
      }
    }

    private void storeLine(Panel panel, int from, int count, int to, int outStep) {
      int step = outStep * c.outC;
      if (step == panel.valid() && step == panel.width()) {
        System.arraycopy(sums, from, y.array, to, count * step);
        return;
      }
      for (int i = 0; i < count; i++) {
        System.arraycopy(sums, from + i * panel.width(), y.array, to + i * step, panel.valid());
      }
    }
  }
}
