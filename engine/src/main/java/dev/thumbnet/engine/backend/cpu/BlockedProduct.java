package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.cpu.Tiles.Panel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The outer loops of a convolution as a matrix product: windows x (taps · input channels) times
 * (taps · input channels) x output channels. Blocks of results and panels of output channels are
 * the tasks; how the windows of a block are read is the business of {@link Windows}.
 *
 * <p>A block of results of one panel (24 KB) stays in L1 while it is summed up, in a buffer of its
 * own that begins with the bias and is copied to its place when it is done. So the tiles always
 * load and store whole vectors, and the last channels of a panel may be empty.
 */
final class BlockedProduct {
  /** So many tasks give any usual number of threads an even share. */
  private static final int ENOUGH_TASKS = 32;

  /** Blocks are not made smaller than this for the sake of more tasks: four tiles. */
  private static final int SMALLEST_BLOCK = 4 * Tiles.ROWS;

  /** Multiply-adds below which starting other threads costs more than it brings. */
  private static final long WORTH_THREADS = 200_000;

  /** Results [begin, end) of a part in its order. */
  record Block(int part, ResultOrder order, int begin, int end) {
    int rows() {
      return end - begin;
    }
  }

  /** The windows of a block, the left side of the product. */
  interface Windows {
    /**
     * Adds the product with one panel of weights to the block's sums, which are (result, width).
     */
    void addProduct(int group, float[] weights, int panel, int width, float[] sums);
  }

  /** Makes the windows of a block. */
  interface Source {
    Windows windows(Block block);
  }

  private final BufferPool buffers;
  private final WorkerPool workers;

  BlockedProduct(BufferPool buffers, WorkerPool workers) {
    this.buffers = buffers;
    this.workers = workers;
  }

  /** Writes all results. */
  void run(Correlation c, Source source, PackedWeights weights, CpuStorage bias, CpuStorage y) {
    List<Block> blocks = blocks(c, weights);
    int panels = c.groups * weights.panels.size();
    int shares = Math.min(panels, Math.ceilDiv(ENOUGH_TASKS, blocks.size()));
    WorkerPool.Task task =
        i -> {
          int share = i % shares;
          int begin = (int) ((long) panels * share / shares);
          int end = (int) ((long) panels * (share + 1) / shares);
          runBlock(c, blocks.get(i / shares), begin, end, source, weights, bias, y);
        };
    workers.run(blocks.size() * shares, c.macs() >= WORTH_THREADS, task);
  }

  private static List<Block> blocks(Correlation c, PackedWeights weights) {
    int rows = Tiles.blockRows(weights.panels.getFirst().width());
    int products = c.groups * weights.panels.size() * c.parts.size();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < c.parts.size(); i++) {
      int results = c.n * c.parts.get(i).pixels();
      int forThreads =
          Math.min(Math.ceilDiv(results, SMALLEST_BLOCK), Math.ceilDiv(ENOUGH_TASKS, products));
      int count = Math.max(Math.ceilDiv(results, rows), forThreads);
      int size = Math.ceilDiv(Math.ceilDiv(results, count), Tiles.ROWS) * Tiles.ROWS;
      ResultOrder order = new ResultOrder(c, c.parts.get(i));
      for (int begin = 0; begin < results; begin += size) {
        blocks.add(new Block(i, order, begin, Math.min(results, begin + size)));
      }
    }
    return blocks;
  }

  private void runBlock(
      Correlation c,
      Block block,
      int beginPanel,
      int endPanel,
      Source source,
      PackedWeights weights,
      CpuStorage bias,
      CpuStorage y) {
    float[] sums = buffers.take(block.rows() * weights.panels.getFirst().width());
    Windows windows = source.windows(block);
    int count = weights.panels.size();
    for (int i = beginPanel; i < endPanel; i++) {
      int group = i / count;
      Panel panel = weights.panels.get(i % count);
      int channel = group * c.outGroup() + panel.start();
      begin(block.rows(), panel, bias, channel, sums);
      int base = weights.panelBase(block.part, group, i % count);
      windows.addProduct(group, weights.array, base, panel.width(), sums);
      store(block, panel, channel, sums, y);
    }
    buffers.give(sums);
  }

  /** Writes the bias, or zeros, to all rows. */
  private static void begin(int rows, Panel panel, CpuStorage bias, int channel, float[] sums) {
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

  /** Copies the sums of each line of results to their place. */
  private static void store(Block block, Panel panel, int channel, float[] sums, CpuStorage y) {
    ResultOrder order = block.order;
    for (int from = block.begin; from < block.end; ) {
      int line = from / order.length;
      int end = Math.min(block.end, (line + 1) * order.length);
      int to = y.offset + order.outAt(line) + from % order.length * order.outStep + channel;
      int at = (from - block.begin) * panel.width();
      storeLine(panel, sums, at, end - from, y.array, to, order.outStep);
      from = end;
    }
  }

  private static void storeLine(
      Panel panel, float[] sums, int from, int count, float[] y, int to, int step) {
    if (step == panel.width() && step == panel.valid()) {
      System.arraycopy(sums, from, y, to, count * step);
      return;
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(sums, from + i * panel.width(), y, to + i * step, panel.valid());
    }
  }
}
