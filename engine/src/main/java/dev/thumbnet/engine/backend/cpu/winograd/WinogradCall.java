package dev.thumbnet.engine.backend.cpu.winograd;

import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.conv.Direction.Part;
import dev.thumbnet.engine.backend.cpu.conv.Epilogue;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.Panel;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.PanelGroup;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.Prefetch;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link WinogradConvolution}, or many with the same operands and prepared weights: how
 * the work is cut into tasks, and what they multiply.
 *
 * <p>Transformed inputs are 2.25 (m = 4) or 4 times as large as the pictures, 1.3 times with stride
 * 2, transformed weights 4, 1.8 or 9 times as large as weights, and both should not leave the
 * cache. Pictures may be outside: before a row of tiles is read or written, its cache lines are
 * fetched (see {@link Prefetch}), which saves a tenth of the time of 64 channels.
 *
 * <ul>
 *   <li>Usually the weights are transformed first. Then a task transforms a block of tiles, as many
 *       as leave inputs and the products of a group of panels 700 KB of the 1 MB of L2, and goes
 *       through the groups. A few blocks of large maps have their groups shared out, too.
 *   <li>With few tiles, or weights that do not fit L3 (512 channels: 38 MB), the inputs of up to 64
 *       tiles are transformed first, and the tasks are groups: each transforms its weights in
 *       pieces of about 1.2 MB and uses them at once, so that memory sees no transformed weights at
 *       all.
 * </ul>
 */
final class WinogradCall implements Runnable {
  /** Floats of the transformed input and the products of a block of tiles: 700 KB of 1 MB of L2. */
  private static final int BLOCK_FLOATS = 175 * 1024;

  /** Blocks are not made smaller than this for the sake of more tasks. */
  private static final int SMALLEST_BLOCK = 8;

  /** So many tasks are wanted before smaller ones are not worth it. */
  private static final int ENOUGH_TASKS = 8;

  /** Up to so many tiles are one block if tasks transform their weights themselves. */
  private static final int FEW_TILES = 64;

  /** Groups of panels that are tasks enough. */
  private static final int ENOUGH_GROUPS = 4;

  /** Pairs of channels whose transformed weights do not fit L3 beside the rest. */
  private static final int MANY_WEIGHTS = 256 * 512;

  /**
   * Floats of transformed weights made at a time by a task that uses them only once: about 1.2 MB.
   */
  private static final int WEIGHT_FLOATS = 288 * 1024;

  /** Blocks whose transformed inputs are stored at the same time. */
  private static final int STORED_BLOCKS = 16;

  private final TileKernels tiles;
  private final BufferPool buffers;
  private final WorkerPool workers;
  private final InputTransform input;
  private final WeightTransform weights;
  private final OutputTransform output;

  /** Elements of a tile in the Winograd domain. */
  private final int elements;

  /** Tiles. */
  private final int count;

  private final List<PanelGroup> groups;

  /** Whether the tasks are groups that see all tiles, not blocks of tiles that see all groups. */
  private final boolean byGroups;

  /** Tiles of a block. */
  private final int block;

  /** The groups of a block are shared out among so many tasks. */
  private final int shares;

  /** What each block multiplies; many blocks share one. */
  private final WinogradRows[] rows;

  /** The bias of each group. */
  private final float[][] biases;

  private final WorkerPool.Task runBlock = this::runBlock;
  private final WorkerPool.Task storeInput = this::storeInput;

  /** Transformed inputs of the blocks from {@code firstStored}. */
  private float @Nullable [] storedInput;

  private int firstStored;

  /** All transformed weights; missing if each task transforms what it needs. */
  private float @Nullable [] storedWeights;

  /**
   * @param prepared transformed weights
   */
  WinogradCall(
      WinogradKernels kernels,
      TileKernels tiles,
      BufferPool buffers,
      WorkerPool workers,
      Direction c,
      CpuStorage x,
      WeightTransform weights,
      float @Nullable [] prepared,
      @Nullable CpuStorage bias,
      Epilogue epilogue) {
    this.tiles = tiles;
    this.buffers = buffers;
    this.workers = workers;
    this.weights = weights;
    this.storedWeights = prepared;
    Part part = c.parts.getFirst();
    int m = kernels.matrices().outputs();
    int stride = kernels.matrices().stride();
    WinogradGrid grid = WinogradGrid.of(m, stride, c.n, c.outH, c.outW);
    elements = grid.size() * grid.size();
    count = grid.tiles();
    groups = Tiles.groups(weights.panels);
    byGroups =
        groups.size() >= ENOUGH_GROUPS
            && (count <= FEW_TILES || (long) c.inC * c.outC >= MANY_WEIGHTS);
    block = tilesOfBlock();
    input =
        new InputTransform(
            kernels,
            grid,
            InputTransform.longest(c.inC),
            block,
            x,
            c.inH,
            c.inW,
            c.inC,
            part.rows().inBase(),
            part.cols().inBase());
    output = new OutputTransform(kernels, buffers, grid, c, epilogue);
    shares =
        byGroups ? groups.size() : Math.min(groups.size(), Math.ceilDiv(ENOUGH_TASKS, blocks()));
    rows = WinogradRows.ofBlocks(grid, block, input.block);
    biases = new float[groups.size()][];
    for (int i = 0; i < biases.length; i++) {
      PanelGroup group = groups.get(i);
      biases[i] = new float[group.width()];
      if (bias != null) {
        int from = bias.offset + group.start();
        System.arraycopy(bias.array, from, biases[i], 0, group.valid());
      }
    }
  }

  private int tilesOfBlock() {
    if (byGroups) {
      return Math.ceilDiv(count, Math.ceilDiv(count, FEW_TILES));
    }
    int floats = elements * (weights.blocks * InputTransform.BLOCK + groups.getFirst().width());
    int forCache = Math.max(SMALLEST_BLOCK, BLOCK_FLOATS / floats);
    int forThreads = Math.max(SMALLEST_BLOCK, Math.ceilDiv(count, ENOUGH_TASKS));
    return Math.min(forCache, forThreads);
  }

  private int blocks() {
    return Math.ceilDiv(count, block);
  }

  @Override
  public void run() {
    float[] passing = storedWeights == null && !byGroups ? transformedWeights() : null;
    if (passing != null) {
      storedWeights = passing;
    }
    if (shares == 1) {
      workers.run(blocks(), runBlock);
    } else {
      int slots = Math.min(blocks(), STORED_BLOCKS);
      float[] inputs = buffers.take(Math.multiplyExact(slots, input.floats()));
      storedInput = inputs;
      for (int first = 0; first < blocks(); first += STORED_BLOCKS) {
        firstStored = first;
        int stored = Math.min(STORED_BLOCKS, blocks() - first);
        workers.run(stored * input.groups(), storeInput);
        workers.run(stored * shares, runBlock);
      }
      buffers.give(inputs);
      storedInput = null;
    }
    if (passing != null) {
      buffers.give(passing);
      storedWeights = null;
    }
  }

  private float[] transformedWeights() {
    int panels = weights.panels.size();
    float[] transformed = buffers.take(weights.panelBase(panels));
    workers.run(panels * weights.groups(), i -> weights.store(i, transformed, buffers));
    return transformed;
  }

  private void storeInput(int task) {
    int slot = task / input.groups();
    int begin = (firstStored + slot) * block;
    int end = Math.min(count, begin + block);
    int to = slot * input.floats();
    float[] scratch = buffers.take(input.scratchSize());
    float[] v = Objects.requireNonNull(storedInput);
    input.transform(begin, end, task % input.groups(), v, to, scratch);
    buffers.give(scratch);
  }

  private void runBlock(int task) {
    WinogradRows ofBlock = rows[firstStored + task / shares];
    int begin = (firstStored + task / shares) * block;
    int end = Math.min(count, begin + block);
    float[] v = storedInput;
    int vBase = task / shares * input.floats();
    if (v == null) {
      float[] scratch = buffers.take(input.scratchSize());
      v = buffers.take(input.floats());
      vBase = 0;
      for (int i = 0; i < input.groups(); i++) {
        input.transform(begin, end, i, v, 0, scratch);
      }
      buffers.give(scratch);
    }
    int widest = groups.getFirst().width();
    float[] products = buffers.take(elements * ofBlock.step() * widest);
    int share = task % shares;
    int endGroup = (int) ((long) groups.size() * (share + 1) / shares);
    for (int i = (int) ((long) groups.size() * share / shares); i < endGroup; i++) {
      PanelGroup group = groups.get(i);
      for (int j = group.first(); j < group.end(); j++) {
        if (storedWeights == null) {
          multiplyFresh(group, j, ofBlock, v, vBase, products);
        } else {
          int u = weights.panelBase(j);
          int step = weights.elementStep(weights.panels.get(j).width(), weights.blocks);
          multiply(
              group, j, ofBlock, 0, weights.blocks, v, vBase, storedWeights, u, step, products);
        }
      }
      output.store(group, biases[i], begin, end, ofBlock.step(), products);
    }
    buffers.give(products);
    if (storedInput == null) {
      buffers.give(v);
    }
  }

  /** Transforms some blocks of channels of the weights, multiplies by them, and so on. */
  private void multiplyFresh(
      PanelGroup group, int index, WinogradRows rows, float[] v, int vBase, float[] products) {
    Panel panel = weights.panels.get(index);
    int width = panel.width();
    int fit = Math.clamp(WEIGHT_FLOATS / weights.panelFloats(width, 1), 1, weights.blocks);
    int most = Math.ceilDiv(fit, input.smallBlocks) * input.smallBlocks;
    int step = weights.elementStep(width, most);
    float[] u = buffers.take(weights.panelFloats(width, most));
    float[] scratch = buffers.take(weights.scratchSize());
    for (int from = 0; from < weights.blocks; from += most) {
      int end = Math.min(weights.blocks, from + most);
      weights.transform(panel, from, end, u, 0, step, scratch);
      multiply(group, index, rows, from, end, v, vBase, u, 0, step, products);
    }
    buffers.give(scratch);
    buffers.give(u);
  }

  /**
   * One product of matrices for each element of the tile, over blocks of 16 channels [from, end),
   * which are whole blocks of the inputs; those from 0 begin the sums, for all panels of the group.
   *
   * @param index of the panel
   * @param uBase where the weights of the first of these blocks begin
   * @param uStep distance of their elements
   */
  private void multiply(
      PanelGroup group,
      int index,
      WinogradRows rows,
      int from,
      int end,
      float[] v,
      int vBase,
      float[] u,
      int uBase,
      int uStep,
      float[] products) {
    Panel panel = weights.panels.get(index);
    int width = panel.width();
    boolean begins = from == 0 && index == group.first();
    for (int e = 0; e < elements; e++) {
      if (begins) {
        int row = e * rows.step() * group.width();
        Arrays.fill(products, row, row + rows.tiles() * group.width(), 0f);
      }
      tiles.multiply(
          rows.pairs(),
          rows.begin(e),
          rows.count(e),
          (end - from) / input.smallBlocks,
          input.block,
          v,
          vBase + from / input.smallBlocks * input.blockStep + e * input.elementStep,
          input.blockStep,
          u,
          uBase + e * uStep,
          input.smallBlocks * weights.blockStep(width),
          products,
          panel.start() - group.start(),
          group.width(),
          width);
    }
  }
}
