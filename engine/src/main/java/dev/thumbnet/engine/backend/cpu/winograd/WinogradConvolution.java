package dev.thumbnet.engine.backend.cpu.winograd;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.conv.ConvolutionAlgorithm;
import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.conv.Direction.Part;
import dev.thumbnet.engine.backend.cpu.conv.Epilogue;
import dev.thumbnet.engine.backend.cpu.conv.PreparedWeights;
import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.Panel;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.Prefetch;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import java.util.Arrays;

/**
 * 3x3 convolution with stride 1 or 2 by Winograd's minimal filtering (Lavin and Gray 2016): fewer
 * multiplications, for transforms that cost additions. Serves forward, and backward for the data
 * with stride 1.
 *
 * <p><b>Idea.</b> The results are cut into tiles of m x m, which see (m + 2) x (m + 2) inputs. The
 * inputs of each tile and the 3x3 kernels are transformed (see {@link WinogradMatrices}),
 * multiplied element by element and summed over the input channels, and the sums transformed back.
 * For each of the (m + 2)² elements this is a product of matrices, tiles x input channels times
 * input channels x output channels, with the register tiles of every other convolution. With m = 4
 * there are 36 multiplications for 16 results instead of 144, with m = 2 there are 16 for 4 instead
 * of 36. With stride 2 and m = 4 a tile sees 9 x 9 inputs: 81 multiplications for 16 results.
 *
 * <p><b>Border.</b> At the right and lower border stand smaller tiles, which have the first of the
 * elements and use the same transformed weights: a map of 14 x 14 takes 484 multiplications, not
 * the 576 of 16 whole tiles. Padding is multiplied.
 *
 * <p><b>Layout.</b> Inputs are (16 channels, element, tile, channel), weights, in panels as wide as
 * the register tile, (element, 16 input channels, input channel, output channel), products
 * (element, tile, output channel). See {@link InputTransform} and {@link WeightTransform}.
 *
 * <p><b>Blocks.</b> Transformed inputs are 2.25 (m = 4) or 4 times as large as the pictures, 1.3
 * times with stride 2, transformed weights 4, 1.8 or 9 times as large as weights, and both should
 * not leave the cache. Pictures may be outside: before a row of tiles is read or written, its cache
 * lines are fetched (see {@link Prefetch}), which saves a tenth of the time of 64 channels.
 *
 * <ul>
 *   <li>Usually the weights are transformed first. Then a task transforms a block of tiles, as many
 *       as leave inputs and the products of one panel 700 KB of the 1 MB of L2, and goes through
 *       the panels. A few blocks of large maps have their panels shared out, too.
 *   <li>With few tiles, or weights that do not fit L3 (512 channels: 38 MB), the inputs of up to 64
 *       tiles are transformed first, and the tasks are panels: each transforms its weights in
 *       pieces of 1.2 MB and uses them at once, so that memory sees no transformed weights at all.
 * </ul>
 *
 * <p><b>Error.</b> Against double precision, inputs and weights from N(0, 1), largest error over
 * largest result: m = 4, with either stride, has 1e-6 with few and 3e-6 with 300 channels, m = 2 a
 * quarter of it, as direct sums have; it grows with the root of the channels. Tests hold it below
 * 5e-7 √(channels + 15), and half of that for m = 2. The error of a tile comes from its largest
 * numbers: what is small beside them loses digits that a direct sum would keep. The property {@code
 * dev.thumbnet.engine.winograd=false} turns the algorithm off.
 *
 * <p><b>When.</b> The cost of each way is estimated in multiplications for one input and one output
 * channel: (m + 2)² for a tile, as much as 8 tiles for the transform of the weights, and for a
 * direct sum the kernel elements that lie in the picture and 100 for packing. Milliseconds of one
 * thread (AVX-512, 115 GFLOP/s), channels @ pixels, the transform of the weights included:
 *
 * <pre>
 * batch 1   64@56 128@28 256@14 512@7 512@4 512@2   batch 16  64@56 128@28 256@14 512@7 512@4 512@2
 * direct     2.17   2.11   2.35  3.70  2.01  0.97              34.5   32.9   31.8  29.0   9.2   2.2
 * 2x2        1.31   1.16   1.25  2.30  1.13  0.94              22.5   19.3   18.0  27.5   7.0   2.2
 * 4x4        0.75   0.79   1.20  2.45  1.99  1.85              14.5   12.4   15.5  15.3   5.4   5.2
 * </pre>
 *
 * With 16 channels 4x4 still takes half the time of direct.
 *
 * <p>With stride 2 the gain is smaller and the transforms cost more beside it, so there the
 * multiplications are counted (1.2 + 20 / input channels + 20 / output channels) times.
 * Milliseconds of two threads, batch 16, prepared weights, input -&gt; output channels @ results:
 *
 * <pre>
 *        16-&gt;32@28 32-&gt;64@28 64-&gt;128@28 64-&gt;128@14 64-&gt;128@7 128-&gt;256@14 128-&gt;256@7 256-&gt;512@7
 * direct      0.57      2.44       9.05       2.06      0.49        8.49       1.91       7.68
 * 4x4/2       0.92      3.35       7.25       1.98      0.51        7.67       1.87       6.45
 * </pre>
 *
 * <p>Weights that were prepared for inference need no transform, but they are read from memory once
 * in each run of the network, and reading a number takes as long as ten multiplications by it. So
 * each algorithm counts its weights ten times, direct sums half of that if they keep them in 16
 * bits, and small maps of a single picture go to direct sums. Milliseconds of two threads, weights
 * from memory:
 *
 * <pre>
 * batch 1  128@28 256@14 512@7 256@7 512@4 256@4 512@2
 * direct     1.07   1.12  1.05  0.28  0.36  0.08  0.30
 * 2x2        0.67   0.61  0.88  0.26  0.47  0.12  0.51
 * 4x4        0.42   0.54  1.04  0.27  1.24  0.30  1.28
 * </pre>
 */
public final class WinogradConvolution implements ConvolutionAlgorithm {
  /** Floats of the transformed input and the products of a block of tiles: 700 KB of 1 MB of L2. */
  private static final int BLOCK_FLOATS = 175 * 1024;

  /** Blocks are not made smaller than this for the sake of more tasks. */
  private static final int SMALLEST_BLOCK = 8;

  /** So many tasks are wanted before smaller ones are not worth it. */
  private static final int ENOUGH_TASKS = 8;

  /** Up to so many tiles are one block if tasks transform their weights themselves. */
  private static final int FEW_TILES = 64;

  /** Panels that are tasks enough. */
  private static final int ENOUGH_PANELS = 4;

  /** Pairs of channels whose transformed weights do not fit L3 beside the rest. */
  private static final int MANY_WEIGHTS = 256 * 512;

  /** Floats of transformed weights made at a time by a task that uses them only once: 1.2 MB. */
  private static final int WEIGHT_FLOATS = 288 * 1024;

  /** Blocks whose transformed inputs are stored at the same time. */
  private static final int STORED_BLOCKS = 16;

  /** Input and output channels below which transforms would be most of the work. */
  private static final int FEWEST_CHANNELS = 16;

  /** The transform of the weights costs as much as so many tiles. */
  private static final int TRANSFORM_IN_TILES = 8;

  /** Reading a weight from memory takes as long as multiplying by it so many times. */
  private static final int READING_IN_TILES = 10;

  /** What a multiplication costs with stride 2, and what its transforms add for each channel. */
  private static final double STRIDED_COST = 1.2;

  private static final double STRIDED_TRANSFORMS = 20;

  /** Packing the weights for a direct sum costs as much as so many pixels and kernel elements. */
  private static final int PACKING_IN_TAPS = 100;

  private final WinogradKernels kernels;
  private final TileKernels tiles;
  private final ElementKernels elementwise;
  private final BufferPool buffers;
  private final WorkerPool workers;
  private final int m;
  private final int stride;
  private final int elements;

  public WinogradConvolution(
      WinogradKernels transforms, Kernels kernels, BufferPool buffers, WorkerPool workers) {
    this.kernels = transforms;
    this.tiles = kernels.tiles();
    this.elementwise = kernels.elements();
    this.buffers = buffers;
    this.workers = workers;
    this.m = transforms.matrices().outputs();
    this.stride = transforms.matrices().stride();
    this.elements = transforms.matrices().size() * transforms.matrices().size();
  }

  @Override
  public String name() {
    return "winograd-" + m + "x" + m + (stride == 1 ? "" : "/" + stride);
  }

  /** Tells whether the algorithm can do a problem, with transforms for a stride. */
  public static boolean serves(Conv2dProblem p, int stride) {
    return p.kh() == 3
        && p.kw() == 3
        && p.strideH() == stride
        && p.strideW() == stride
        && p.dilationH() == 1
        && p.dilationW() == 1
        && p.groups() == 1;
  }

  @Override
  public boolean accepts(Direction c) {
    return can(c) && cheapest(c, TRANSFORM_IN_TILES, PACKING_IN_TAPS) == m;
  }

  @Override
  public boolean acceptsPrepared(Direction c, WeightFormat format) {
    int reading = 9 * READING_IN_TILES * format.bits() / Float.SIZE;
    return can(c) && cheapest(c, READING_IN_TILES, reading) == m;
  }

  private boolean can(Direction c) {
    return serves(c.problem, stride)
        && (stride == 1 || c.forward)
        && Math.min(c.inC, c.outC) >= FEWEST_CHANNELS
        && (long) c.inC * c.outC < Integer.MAX_VALUE / 64;
  }

  /**
   * Returns the tile with which a problem costs least: 4, 2 if the stride is 1, or 1 for a direct
   * sum.
   *
   * @param weights what the weights cost, in tiles
   * @param directWeights what they cost with a direct sum, in multiplications
   */
  private int cheapest(Direction c, int weights, int directWeights) {
    long four = cost(c, 4, weights);
    long two = stride == 1 ? cost(c, 2, weights) : Long.MAX_VALUE;
    long direct = c.macs() / ((long) c.inC * c.outC) + directWeights;
    if (Math.min(four, two) > direct) {
      return 1;
    }
    return four <= two ? 4 : 2;
  }

  private long cost(Direction c, int m, int weights) {
    WinogradGrid grid = WinogradGrid.of(m, stride, c.n, c.outH, c.outW);
    double each =
        stride == 1 ? 1 : STRIDED_COST + STRIDED_TRANSFORMS * (1.0 / c.inC + 1.0 / c.outC);
    return Math.round(each * grid.elements()) + (long) grid.size() * grid.size() * weights;
  }

  @Override
  public void run(Direction c, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y) {
    WeightTransform weights = new WeightTransform(kernels, tiles, c, weight);
    new Call(c, x, weights, null, bias, new Epilogue(elementwise, false, null, y)).run();
  }

  @Override
  public PreparedWeights prepare(
      Direction c, CpuStorage weight, CpuStorage bias, WeightFormat format) {
    WeightTransform source = new WeightTransform(kernels, tiles, c, weight);
    float[] transformed = new float[source.panelBase(source.panels.size())];
    workers.run(source.panels.size() * source.groups(), i -> transform(source, i, transformed));
    return new Prepared(new WeightTransform(kernels, tiles, c, null), transformed, bias);
  }

  private record Prepared(WeightTransform shape, float[] transformed, CpuStorage bias)
      implements PreparedWeights {
    @Override
    public long bytes() {
      return (long) Float.BYTES * transformed.length;
    }
  }

  @Override
  public Runnable bind(PreparedWeights weights, Direction c, CpuStorage x, Epilogue epilogue) {
    Prepared prepared = (Prepared) weights;
    return new Call(c, x, prepared.shape, prepared.transformed, prepared.bias, epilogue);
  }

  /** Transforms a group of blocks of input channels of a panel. */
  private void transform(WeightTransform weights, int task, float[] to) {
    int groups = weights.groups();
    Panel panel = weights.panels.get(task / groups);
    int begin = task % groups * WeightTransform.GROUP;
    int end = Math.min(weights.blocks, begin + WeightTransform.GROUP);
    int base = weights.panelBase(task / groups) + begin * weights.blockStep(panel.width());
    float[] scratch = buffers.take(weights.scratchSize());
    int step = weights.elementStep(panel.width(), weights.blocks);
    weights.transform(panel, begin, end, to, base, step, scratch);
    buffers.give(scratch);
  }

  /** One call, or many with the same operands and prepared weights. */
  private final class Call implements Runnable {
    private final Direction c;
    private final Epilogue epilogue;
    private final WinogradGrid grid;
    private final InputTransform input;
    private final WeightTransform weights;
    private final int count;
    private final int panels;

    /** Whether the tasks are panels that see all tiles, not blocks of tiles that see all panels. */
    private final boolean byPanels;

    /** Tiles of a block. */
    private final int block;

    /** The panels of a block are shared out among so many tasks. */
    private final int shares;

    /** What each block multiplies; many blocks share one. */
    private final WinogradRows[] rows;

    /** The bias of each panel. */
    private final float[][] biases;

    private final WorkerPool.Task runBlock = this::runBlock;
    private final WorkerPool.Task storeInput = this::storeInput;

    /** Transformed inputs of the blocks from {@code firstStored}, or null. */
    private float[] storedInput;

    private int firstStored;

    /** All transformed weights, or null if each task transforms what it needs. */
    private float[] storedWeights;

    /**
     * @param prepared transformed weights, or null
     */
    Call(
        Direction c,
        CpuStorage x,
        WeightTransform weights,
        float[] prepared,
        CpuStorage bias,
        Epilogue epilogue) {
      this.c = c;
      this.epilogue = epilogue;
      this.weights = weights;
      this.storedWeights = prepared;
      Part part = c.parts.getFirst();
      grid = WinogradGrid.of(m, stride, c.n, c.outH, c.outW);
      count = grid.tiles();
      panels = weights.panels.size();
      byPanels =
          panels >= ENOUGH_PANELS && (count <= FEW_TILES || (long) c.inC * c.outC >= MANY_WEIGHTS);
      block = tilesOfBlock();
      input =
          new InputTransform(
              kernels,
              grid,
              block,
              x,
              c.inH,
              c.inW,
              c.inC,
              part.rows().inBase(),
              part.cols().inBase());
      shares = byPanels ? panels : Math.min(panels, Math.ceilDiv(ENOUGH_TASKS, blocks()));
      rows = WinogradRows.ofBlocks(grid, block);
      biases = new float[panels][];
      for (int i = 0; i < panels; i++) {
        Panel panel = weights.panels.get(i);
        biases[i] = new float[panel.width()];
        if (bias != null) {
          int from = bias.offset + panel.start();
          System.arraycopy(bias.array, from, biases[i], 0, panel.valid());
        }
      }
    }

    private int tilesOfBlock() {
      if (byPanels) {
        return Math.ceilDiv(count, Math.ceilDiv(count, FEW_TILES));
      }
      int floats =
          elements * (weights.blocks * InputTransform.BLOCK + weights.panels.getFirst().width());
      int forCache = Math.max(SMALLEST_BLOCK, BLOCK_FLOATS / floats);
      int forThreads = Math.max(SMALLEST_BLOCK, Math.ceilDiv(count, ENOUGH_TASKS));
      return Math.min(forCache, forThreads);
    }

    private int blocks() {
      return Math.ceilDiv(count, block);
    }

    @Override
    public void run() {
      boolean passing = storedWeights == null && !byPanels;
      if (passing) {
        float[] transformed = buffers.take(weights.panelBase(panels));
        workers.run(panels * weights.groups(), i -> transform(weights, i, transformed));
        storedWeights = transformed;
      }
      if (shares == 1) {
        workers.run(blocks(), runBlock);
      } else {
        int slots = Math.min(blocks(), STORED_BLOCKS);
        storedInput = buffers.take(Math.multiplyExact(slots, input.floats()));
        for (int first = 0; first < blocks(); first += STORED_BLOCKS) {
          firstStored = first;
          int stored = Math.min(STORED_BLOCKS, blocks() - first);
          workers.run(stored * input.groups(), storeInput);
          workers.run(stored * shares, runBlock);
        }
        buffers.give(storedInput);
        storedInput = null;
      }
      if (passing) {
        buffers.give(storedWeights);
        storedWeights = null;
      }
    }

    private void storeInput(int task) {
      int slot = task / input.groups();
      int begin = (firstStored + slot) * block;
      int end = Math.min(count, begin + block);
      int to = slot * input.floats();
      float[] scratch = buffers.take(input.scratchSize());
      input.transform(begin, end, task % input.groups(), storedInput, to, scratch);
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
      int widest = weights.panels.getFirst().width();
      float[] products = buffers.take(elements * ofBlock.step() * widest);
      int share = task % shares;
      int endPanel = (int) ((long) panels * (share + 1) / shares);
      for (int i = (int) ((long) panels * share / shares); i < endPanel; i++) {
        Panel panel = weights.panels.get(i);
        if (storedWeights == null) {
          multiplyFresh(panel, ofBlock, v, vBase, products);
        } else {
          int u = weights.panelBase(i);
          int step = weights.elementStep(panel.width(), weights.blocks);
          multiply(
              panel.width(),
              ofBlock,
              0,
              weights.blocks,
              v,
              vBase,
              storedWeights,
              u,
              step,
              products);
        }
        store(panel, biases[i], begin, end, ofBlock.step(), products);
      }
      buffers.give(products);
      if (storedInput == null) {
        buffers.give(v);
      }
    }

    /** Transforms some blocks of channels of the weights, multiplies by them, and so on. */
    private void multiplyFresh(
        Panel panel, WinogradRows rows, float[] v, int vBase, float[] products) {
      int width = panel.width();
      int most = Math.clamp(WEIGHT_FLOATS / weights.panelFloats(width, 1), 1, weights.blocks);
      int step = weights.elementStep(width, most);
      float[] u = buffers.take(weights.panelFloats(width, most));
      float[] scratch = buffers.take(weights.scratchSize());
      for (int from = 0; from < weights.blocks; from += most) {
        int end = Math.min(weights.blocks, from + most);
        weights.transform(panel, from, end, u, 0, step, scratch);
        multiply(width, rows, from, end, v, vBase, u, 0, step, products);
      }
      buffers.give(scratch);
      buffers.give(u);
    }

    /**
     * One product of matrices for each element of the tile, over blocks of channels [from, end);
     * those from 0 begin the sums.
     *
     * @param uBase where the weights of the first of these blocks begin
     * @param uStep distance of their elements
     */
    private void multiply(
        int width,
        WinogradRows rows,
        int from,
        int end,
        float[] v,
        int vBase,
        float[] u,
        int uBase,
        int uStep,
        float[] products) {
      for (int e = 0; e < elements; e++) {
        if (from == 0) {
          int row = e * rows.step() * width;
          Arrays.fill(products, row, row + rows.tiles() * width, 0f);
        }
        tiles.multiply(
            rows.pairs(),
            rows.begin(e),
            rows.count(e),
            end - from,
            InputTransform.BLOCK,
            v,
            vBase + from * input.blockStep + e * input.elementStep,
            input.blockStep,
            u,
            uBase + e * uStep,
            weights.blockStep(width),
            products,
            width);
      }
    }

    /** Does to the results of a tile what is still to be done, where they stand. */
    private void finish(int height, int tileWidth, int width, int to, int toRow) {
      if (epilogue.none()) {
        return;
      }
      // With a single panel the results of a row are neighbours.
      int pixels = width == c.outC ? tileWidth : 1;
      for (int i = 0; i < height; i++) {
        for (int j = 0; j < tileWidth; j += pixels) {
          int at = to + i * toRow + j * c.outC;
          epilogue.store(pixels * width, epilogue.y().array, at, at);
        }
      }
    }

    /** Returns where the results of a tile begin. */
    private int resultsAt(Panel panel, int tile) {
      int row = grid.picture(tile) * c.outH + grid.top(tile);
      int pixel = row * c.outW + grid.left(tile);
      return epilogue.y().offset + pixel * c.outC + panel.start();
    }

    /** Brings to the cache what the results of the tiles [tile, end) of a row overwrite. */
    private float prefetchResults(Panel panel, int tile, int end) {
      int cols = grid.left(end - 1) + grid.width(end - 1) - grid.left(tile);
      return Prefetch.pixels(
          epilogue.y().array,
          resultsAt(panel, tile),
          grid.height(tile),
          cols,
          panel.valid(),
          c.outC,
          c.outW * c.outC);
    }

    /** Transforms the products of tiles back, adds the bias, and what else is done to results. */
    private void store(
        Panel panel, float[] biases, int begin, int end, int step, float[] products) {
      CpuStorage y = epilogue.y();
      int width = panel.width();
      int patch = elements * kernels.unit();
      float[] scratch = buffers.take(patch + (panel.valid() == width ? 1 : m * m * width));
      for (int tile = begin; tile < end; tile++) {
        if (tile == begin || grid.left(tile) == 0) {
          scratch[patch] = prefetchResults(panel, tile, grid.endOfRow(tile, end));
        }
        int h = grid.height(tile);
        int w = grid.width(tile);
        int to = resultsAt(panel, tile);
        int from = (tile - begin) * width;
        if (panel.valid() == width) {
          int toRow = c.outW * c.outC;
          kernels.output(
              h,
              w,
              width,
              products,
              from,
              step * width,
              biases,
              scratch,
              y.array,
              to,
              toRow,
              c.outC);
          finish(h, w, width, to, toRow);
          continue;
        }
        kernels.output(
            h,
            w,
            width,
            products,
            from,
            step * width,
            biases,
            scratch,
            scratch,
            patch,
            w * width,
            width);
        for (int i = 0; i < h * w; i++) {
          int target = to + (i / w * c.outW + i % w) * c.outC;
          epilogue.store(panel.valid(), scratch, patch + i * width, target);
        }
      }
      buffers.give(scratch);
    }
  }
}
