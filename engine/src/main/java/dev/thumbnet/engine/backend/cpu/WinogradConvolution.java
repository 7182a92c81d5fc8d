package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.cpu.Correlation.Part;
import dev.thumbnet.engine.backend.cpu.Tiles.Panel;
import java.util.Arrays;

/** 3x3 convolution with stride 1 by Winograd's minimal filtering, F(4x4, 3x3) or F(2x2, 3x3). */
final class WinogradConvolution implements CorrelationAlgorithm {
  /** Floats of the transformed input and the products of a block of tiles: 700 KB of 1 MB of L2. */
  private static final int BLOCK_FLOATS = 175 * 1024;

  /** Up to so many tiles are one block, whose tasks transform their weights themselves. */
  private static final int FEW_TILES = 64;

  /** Panels that are tasks enough. */
  private static final int ENOUGH_PANELS = 4;

  /** So many tasks are wanted before smaller ones are not worth it. */
  private static final int ENOUGH_TASKS = 8;

  /** Blocks are not made smaller than this for the sake of more tasks. */
  private static final int SMALLEST_BLOCK = 8;

  /** Floats of transformed weights made at a time by a task that uses them only once: 288 KB. */
  private static final int WEIGHT_FLOATS = 72 * 1024;

  private final WinogradKernels kernels;
  private final TileKernels tiles;
  private final BufferPool buffers;
  private final WorkerPool workers;
  private final int m;
  private final int elements;

  WinogradConvolution(
      WinogradKernels kernels, TileKernels tiles, BufferPool buffers, WorkerPool workers) {
    this.kernels = kernels;
    this.tiles = tiles;
    this.buffers = buffers;
    this.workers = workers;
    this.m = kernels.matrices().outputs();
    this.elements = kernels.matrices().size() * kernels.matrices().size();
  }

  @Override
  public String name() {
    return "winograd-" + m + "x" + m;
  }

  /** Tells whether the algorithm can do a problem. */
  static boolean serves(Conv2dProblem p) {
    return p.kh() == 3
        && p.kw() == 3
        && p.strideH() == 1
        && p.strideW() == 1
        && p.dilationH() == 1
        && p.dilationW() == 1
        && p.groups() == 1;
  }

  @Override
  public boolean accepts(Correlation c) {
    return serves(c.problem) && c.inC >= 16 && c.outC >= 16;
  }

  @Override
  public void run(Correlation c, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y) {
    new Call(c, x, weight, bias, y).run();
  }

  /** One call. */
  private final class Call {
    private final Correlation c;
    private final CpuStorage bias;
    private final CpuStorage y;
    private final WinogradGrid grid;
    private final WinogradInput input;
    private final WinogradWeights weights;
    private final int count;
    private final int panels;

    /** Tiles of a block. */
    private final int block;

    /** The panels of a block are shared out among so many tasks. */
    private final int shares;

    /** Pairs (tile in V, row of the products) for each element of the tile. */
    private final int[] pairs;

    private float[] storedInput;
    private float[] storedWeights;

    Call(Correlation c, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y) {
      this.c = c;
      this.bias = bias;
      this.y = y;
      Part part = c.parts.getFirst();
      grid = WinogradGrid.of(m, c.n, c.outH, c.outW);
      input =
          new WinogradInput(
              kernels, grid, x, c.inH, c.inW, c.inC, part.rows().inBase(), part.cols().inBase());
      weights = new WinogradWeights(kernels, tiles, c, weight);
      count = grid.tiles();
      panels = weights.panels.size();
      block = tilesOfBlock();
      shares = Math.min(panels, Math.ceilDiv(ENOUGH_TASKS, blocks()));
      pairs = pairs();
    }

    private int tilesOfBlock() {
      if (count <= FEW_TILES && panels >= ENOUGH_PANELS) {
        return count;
      }
      int floats = input.tileSize + elements * weights.panels.getFirst().width();
      int forCache = Math.max(SMALLEST_BLOCK, BLOCK_FLOATS / floats);
      int forThreads = Math.max(SMALLEST_BLOCK, Math.ceilDiv(count, ENOUGH_TASKS));
      return Math.min(forCache, forThreads);
    }

    private int blocks() {
      return Math.ceilDiv(count, block);
    }

    private int[] pairs() {
      int[] all = new int[2 * elements * block];
      for (int i = 0; i < elements * block; i++) {
        all[2 * i] = i % block * input.tileSize;
        all[2 * i + 1] = i / block * rows() + i % block;
      }
      return all;
    }

    /** Rows of products of an element; odd, so that the elements spread over the sets of L1. */
    private int rows() {
      return block | 1;
    }

    void run() {
      if (shares > 1) {
        storedInput = buffers.take(Math.multiplyExact(count, input.tileSize));
        workers.run(Math.ceilDiv(count, grid.cols()), this::storeInput);
      }
      if (blocks() > 1) {
        storedWeights = buffers.take(weights.panelBase(panels));
        workers.run(panels * weights.blocks, this::storeWeights);
      }
      workers.run(blocks() * shares, this::runBlock);
      if (storedInput != null) {
        buffers.give(storedInput);
      }
      if (storedWeights != null) {
        buffers.give(storedWeights);
      }
    }

    private void storeInput(int row) {
      float[] scratch = buffers.take(input.scratchSize());
      int begin = row * grid.cols();
      input.transform(begin, begin + grid.cols(), storedInput, begin * input.tileSize, scratch);
      buffers.give(scratch);
    }

    private void storeWeights(int task) {
      Panel panel = weights.panels.get(task / weights.blocks);
      int i = task % weights.blocks;
      int to = weights.panelBase(task / weights.blocks) + i * weights.blockStep(panel.width());
      float[] scratch = buffers.take(weights.scratchSize());
      weights.transform(panel, i, storedWeights, to, scratch);
      buffers.give(scratch);
    }

    private void runBlock(int task) {
      int begin = task / shares * block;
      int end = Math.min(count, begin + block);
      float[] v = storedInput;
      int vBase = begin * input.tileSize;
      if (v == null) {
        float[] scratch = buffers.take(input.scratchSize());
        v = buffers.take(block * input.tileSize);
        vBase = 0;
        input.transform(begin, end, v, vBase, scratch);
        buffers.give(scratch);
      }
      int widest = weights.panels.getFirst().width();
      float[] products = buffers.take(elements * rows() * widest);
      int share = task % shares;
      int endPanel = (int) ((long) panels * (share + 1) / shares);
      for (int i = (int) ((long) panels * share / shares); i < endPanel; i++) {
        Panel panel = weights.panels.get(i);
        if (storedWeights == null) {
          multiplyFresh(panel, end - begin, v, vBase, products);
        } else {
          int u = weights.panelBase(i);
          multiply(
              panel.width(), end - begin, 0, weights.blocks, v, vBase, storedWeights, u, products);
        }
        store(panel, begin, end, products);
      }
      buffers.give(products);
      if (storedInput == null) {
        buffers.give(v);
      }
    }

    /** Transforms some blocks of channels of the weights, multiplies by them, and so on. */
    private void multiplyFresh(Panel panel, int tiles, float[] v, int vBase, float[] products) {
      int step = weights.blockStep(panel.width());
      int most = Math.clamp(WEIGHT_FLOATS / step, 1, weights.blocks);
      float[] u = buffers.take(most * step);
      float[] scratch = buffers.take(weights.scratchSize());
      for (int from = 0; from < weights.blocks; from += most) {
        int end = Math.min(weights.blocks, from + most);
        for (int i = from; i < end; i++) {
          weights.transform(panel, i, u, (i - from) * step, scratch);
        }
        multiply(panel.width(), tiles, from, end, v, vBase, u, 0, products);
      }
      buffers.give(scratch);
      buffers.give(u);
    }

    /**
     * One product of matrices for each element of the tile, over blocks of channels [from, end);
     * those from 0 begin the sums.
     *
     * @param uBase where the weights of the first of these blocks begin
     */
    private void multiply(
        int width,
        int tileCount,
        int from,
        int end,
        float[] v,
        int vBase,
        float[] u,
        int uBase,
        float[] products) {
      for (int e = 0; e < elements; e++) {
        if (from == 0) {
          int row = e * rows() * width;
          Arrays.fill(products, row, row + tileCount * width, 0f);
        }
        tiles.multiply(
            pairs,
            2 * e * block,
            tileCount,
            end - from,
            WinogradInput.BLOCK,
            v,
            vBase + from * input.blockSize + e * WinogradInput.BLOCK,
            input.blockSize,
            u,
            uBase + e * weights.elementStep(width),
            weights.blockStep(width),
            products,
            width);
      }
    }

    /** Transforms the products of tiles back and adds the bias. */
    private void store(Panel panel, int begin, int end, float[] products) {
      int width = panel.width();
      int patch = elements * kernels.unit();
      float[] scratch = buffers.take(patch + m * m * width);
      float[] biases = biases(panel);
      for (int tile = begin; tile < end; tile++) {
        int top = grid.top(tile);
        int left = grid.left(tile);
        int rows = Math.min(m, c.outH - top);
        int cols = Math.min(m, c.outW - left);
        int to =
            y.offset
                + ((grid.picture(tile) * c.outH + top) * c.outW + left) * c.outC
                + panel.start();
        int from = (tile - begin) * width;
        int step = rows() * width;
        if (rows == m && cols == m && panel.valid() == width) {
          int toRow = c.outW * c.outC;
          kernels.output(width, products, from, step, biases, scratch, y.array, to, toRow, c.outC);
          continue;
        }
        kernels.output(
            width, products, from, step, biases, scratch, scratch, patch, m * width, width);
        for (int i = 0; i < rows * cols; i++) {
          int source = patch + (i / cols * m + i % cols) * width;
          int target = to + (i / cols * c.outW + i % cols) * c.outC;
          System.arraycopy(scratch, source, y.array, target, panel.valid());
        }
      }
      buffers.give(scratch);
    }

    private float[] biases(Panel panel) {
      float[] biases = new float[panel.width()];
      if (bias != null) {
        System.arraycopy(bias.array, bias.offset + panel.start(), biases, 0, panel.valid());
      }
      return biases;
    }
  }
}
