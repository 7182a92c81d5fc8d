package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.Panel;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outer loops of a convolution as a matrix product: windows x (kernel elements · input
 * channels) times (kernel elements · input channels) x output channels. Blocks of results and
 * panels of output channels are the tasks; how the windows of a block are read is the business of
 * {@link Windows}.
 *
 * <p>A block of results of one panel (24 KB) stays in L1 while it is summed up, in a buffer of its
 * own that begins with the bias and goes to its place, by way of the {@link Epilogue}, when it is
 * done. So the tiles always load and store whole vectors, and the last channels of a panel may be
 * empty.
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
    void addProduct(int group, PanelWeights weights, float[] sums);
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

  /**
   * Returns what writes all results, as often as it is run. It works out each block once, when it
   * is first needed.
   *
   * @param bias of each channel
   */
  Runnable bind(
      Direction c,
      Source source,
      PackedWeights weights,
      @Nullable CpuStorage bias,
      Epilogue epilogue) {
    return new Bound(c, source, weights, bias, epilogue);
  }

  private static List<Block> blocks(Direction c, PackedWeights weights) {
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

  /** A product and its operands. A task is a block and a share of the panels. */
  private final class Bound implements Runnable, WorkerPool.Task {
    private final Direction c;
    private final Source source;
    private final PackedWeights weights;
    private final @Nullable CpuStorage bias;
    private final Epilogue epilogue;
    private final List<Block> blocks;
    private final int panels;
    private final int shares;

    /** Whether neighbouring tasks share weights, not inputs: what is larger is read once. */
    private final boolean byPanels;

    /**
     * Those of each block that was seen; made twice if two threads need them first at the same
     * time.
     */
    private final @Nullable Windows[] windows;

    Bound(
        Direction c,
        Source source,
        PackedWeights weights,
        @Nullable CpuStorage bias,
        Epilogue epilogue) {
      this.c = c;
      this.source = source;
      this.weights = weights;
      this.bias = bias;
      this.epilogue = epilogue;
      blocks = blocks(c, weights);
      panels = c.groups * weights.panels.size();
      shares = Math.min(panels, Math.ceilDiv(ENOUGH_TASKS, blocks.size()));
      byPanels = weights.size() > (long) c.n * c.inH * c.inW * c.inC;
      windows = new Windows[blocks.size()];
    }

    @Override
    public void run() {
      workers.run(blocks.size() * shares, c.macs() >= WORTH_THREADS, this);
    }

    @Override
    public void run(int task) {
      int share = byPanels ? task / blocks.size() : task % shares;
      int begin = (int) ((long) panels * share / shares);
      int end = (int) ((long) panels * (share + 1) / shares);
      runBlock(byPanels ? task % blocks.size() : task / shares, begin, end);
    }

    private void runBlock(int index, int beginPanel, int endPanel) {
      Block block = blocks.get(index);
      Windows read = windows[index];
      if (read == null) {
        read = source.windows(block);
        windows[index] = read;
      }
      float[] sums = buffers.take(block.rows() * weights.panels.getFirst().width());
      int count = weights.panels.size();
      for (int i = beginPanel; i < endPanel; i++) {
        int group = i / count;
        Panel panel = weights.panels.get(i % count);
        int channel = group * c.outGroup() + panel.start();
        PanelWeights right = weights.panel(block.part, group, i % count);
        begin(block.rows(), panel, channel, right.factors(), sums);
        read.addProduct(group, right, sums);
        multiply(block.rows(), right.factors(), sums);
        store(block, panel, channel, sums);
      }
      buffers.give(sums);
    }

    /** Writes the bias, before factors that will come to the sums, or zeros, to all rows. */
    private void begin(
        int rows, Panel panel, int channel, float @Nullable [] factors, float[] sums) {
      int width = panel.width();
      if (bias == null) {
        Arrays.fill(sums, 0, rows * width, 0f);
        return;
      }
      Arrays.fill(sums, 0, width, 0f);
      System.arraycopy(bias.array, bias.offset + channel, sums, 0, panel.valid());
      for (int i = 0; factors != null && i < panel.valid(); i++) {
        sums[i] /= factors[i];
      }
      for (int done = width; done < rows * width; done *= 2) {
        System.arraycopy(sums, 0, sums, done, Math.min(done, rows * width - done));
      }
    }

    private void multiply(int rows, float @Nullable [] factors, float[] sums) {
      for (int i = 0; factors != null && i < rows; i++) {
        int row = i * factors.length;
        epilogue.kernels().multiply(factors.length, sums, row, factors, 0, sums, row);
      }
    }

    /** Brings the sums of each line of results to their place. */
    private void store(Block block, Panel panel, int channel, float[] sums) {
      ResultOrder order = block.order;
      int first = epilogue.y().offset + channel;
      for (int from = block.begin; from < block.end; ) {
        int line = from / order.length;
        int end = Math.min(block.end, (line + 1) * order.length);
        int to = first + order.outAt(line) + from % order.length * order.outStep;
        int at = (from - block.begin) * panel.width();
        storeLine(panel, sums, at, end - from, to, order.outStep);
        from = end;
      }
    }

    private void storeLine(Panel panel, float[] sums, int from, int count, int to, int step) {
      if (step == panel.width() && step == panel.valid()) {
        epilogue.store(count * step, sums, from, to);
        return;
      }
      for (int i = 0; i < count; i++) {
        epilogue.store(panel.valid(), sums, from + i * panel.width(), to + i * step);
      }
    }
  }
}
