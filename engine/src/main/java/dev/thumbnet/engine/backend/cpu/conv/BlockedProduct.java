package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.Panel;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.PanelGroup;
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
 * groups of panels of output channels are the tasks; how the windows of a block are read is the
 * business of {@link Windows}.
 *
 * <p>A block of results of a group of panels (24 KB) stays in L1 while it is summed up, in a buffer
 * of its own that begins with the bias and goes to its place, by way of the {@link Epilogue}, when
 * it is done. So the tiles always load and store whole vectors, and the last channels of a panel
 * may be empty.
 */
final class BlockedProduct {
  /** So many tasks give any usual number of threads an even share. */
  private static final int ENOUGH_TASKS = 32;

  /** Blocks are not made smaller than this for the sake of more tasks: four tiles. */
  private static final int SMALLEST_BLOCK = 4 * Tiles.ROWS;

  /** Results [begin, end) of a part in its order. */
  record Block(int part, ResultOrder order, int begin, int end) {
    int rows() {
      return end - begin;
    }
  }

  /** The windows of a block, the left side of the product. */
  interface Windows {
    /**
     * Adds the product with one panel of weights to the block's sums: those of result i begin at
     * {@code sumBase + i · sumStep}.
     */
    void addProduct(int group, PanelWeights weights, float[] sums, int sumBase, int sumStep);
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

  private static List<Block> blocks(Direction c, List<PanelGroup> groups) {
    int rows = Tiles.blockRows(groups.getFirst().width());
    int products = c.groups * groups.size() * c.parts.size();
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

  /** A product and its operands. A task is a block and a share of the groups of panels. */
  private final class Bound implements Runnable, WorkerPool.Task {
    private final Direction c;
    private final Source source;
    private final PackedWeights weights;
    private final @Nullable CpuStorage bias;
    private final Epilogue epilogue;
    private final List<Block> blocks;
    private final List<PanelGroup> panelGroups;
    private final int groups;
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
      panelGroups = Tiles.groups(weights.panels);
      blocks = blocks(c, panelGroups);
      groups = c.groups * panelGroups.size();
      shares = Math.min(groups, Math.ceilDiv(ENOUGH_TASKS, blocks.size()));
      byPanels = weights.size() > (long) c.n * c.inH * c.inW * c.inC;
      windows = new Windows[blocks.size()];
    }

    @Override
    public void run() {
      workers.run(blocks.size() * shares, c.macs() >= Direction.WORTH_THREADS, this);
    }

    @Override
    public void run(int task) {
      int share = byPanels ? task / blocks.size() : task % shares;
      int begin = (int) ((long) groups * share / shares);
      int end = (int) ((long) groups * (share + 1) / shares);
      runBlock(byPanels ? task % blocks.size() : task / shares, begin, end);
    }

    private void runBlock(int index, int beginGroup, int endGroup) {
      Block block = blocks.get(index);
      Windows read = windows[index];
      if (read == null) {
        read = source.windows(block);
        windows[index] = read;
      }
      float[] sums = buffers.take(block.rows() * panelGroups.getFirst().width());
      for (int i = beginGroup; i < endGroup; i++) {
        int group = i / panelGroups.size();
        PanelGroup panels = panelGroups.get(i % panelGroups.size());
        int channel = group * c.outGroup() + panels.start();
        begin(block, group, panels, channel, sums);
        for (int j = panels.first(); j < panels.end(); j++) {
          PanelWeights right = weights.panel(block.part, group, j);
          int at = weights.panels.get(j).start() - panels.start();
          read.addProduct(group, right, sums, at, panels.width());
          multiply(block.rows(), right.factors(), sums, at, panels.width());
        }
        store(block, panels, channel, sums);
      }
      buffers.give(sums);
    }

    /** Writes the bias, before factors that will come to the sums, or zeros, to all rows. */
    private void begin(Block block, int group, PanelGroup panels, int channel, float[] sums) {
      int end = block.rows() * panels.width();
      if (bias == null) {
        Arrays.fill(sums, 0, end, 0f);
        return;
      }
      Arrays.fill(sums, 0, panels.width(), 0f);
      System.arraycopy(bias.array, bias.offset + channel, sums, 0, panels.valid());
      for (int j = panels.first(); j < panels.end(); j++) {
        float[] factors = weights.panel(block.part, group, j).factors();
        Panel panel = weights.panels.get(j);
        for (int i = 0; factors != null && i < panel.valid(); i++) {
          sums[panel.start() - panels.start() + i] /= factors[i];
        }
      }
      for (int done = panels.width(); done < end; done *= 2) {
        System.arraycopy(sums, 0, sums, done, Math.min(done, end - done));
      }
    }

    private void multiply(int rows, float @Nullable [] factors, float[] sums, int base, int step) {
      for (int i = 0; factors != null && i < rows; i++) {
        int row = base + i * step;
        epilogue.kernels().multiply(factors.length, sums, row, factors, 0, sums, row);
      }
    }

    /** Brings the sums of each line of results to their place. */
    private void store(Block block, PanelGroup panels, int channel, float[] sums) {
      ResultOrder order = block.order;
      int first = epilogue.y().offset + channel;
      for (int from = block.begin; from < block.end; ) {
        int line = from / order.length;
        int end = Math.min(block.end, (line + 1) * order.length);
        int to = first + order.outAt(line) + from % order.length * order.outStep;
        int at = (from - block.begin) * panels.width();
        storeLine(panels, sums, at, end - from, to, order.outStep);
        from = end;
      }
    }

    private void storeLine(PanelGroup panels, float[] sums, int from, int count, int to, int step) {
      if (step == panels.width() && step == panels.valid()) {
        epilogue.store(count * step, sums, from, to);
        return;
      }
      for (int i = 0; i < count; i++) {
        epilogue.store(panels.valid(), sums, from + i * panels.width(), to + i * step);
      }
    }
  }
}
