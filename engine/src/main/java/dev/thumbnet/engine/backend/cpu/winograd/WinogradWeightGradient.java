package dev.thumbnet.engine.backend.cpu.winograd;

import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.gradient.WeightGradient;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.Panel;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gradient for the weights of a 3x3 convolution with stride 1 by Winograd's minimal filtering: the
 * transpose of what {@link WinogradConvolution} does, for each tile the same (m + 2)²
 * multiplications.
 *
 * <p><b>Idea.</b> With the matrices of {@link WinogradMatrices}, m results of a line are A [(G g) ⊙
 * (B d)]; so the gradient for g is Gᵀ [(Aᵀ dy) ⊙ (B d)], and for m x m results and 3x3 kernels Gᵀ
 * [(B d Bᵀ) ⊙ (Aᵀ dy A)] G. That is linear in the bracket: the products of all tiles of all
 * pictures are summed up, and only the sums are transformed, once for each pair of channels. For
 * each of the (m + 2)² elements of a tile the sum is a product of matrices, input channels x tiles
 * times tiles x output channels. Tiles overhang at the right and lower border with zeros.
 *
 * <p><b>Layout.</b> Inputs are (16 channels, element, tile, channel) as in {@link InputTransform},
 * gradients (panel, element, tile, channel) as in {@link GradientTransform}, sums (panel, 16 input
 * channels, element, input channel, output channel). A pair is a panel of output channels and a
 * block of 16 input channels; its sums, at most 150 KB, stay in L2.
 *
 * <p><b>Chunks.</b> Transformed tiles are 2.25 (m = 4) or 4 times as large as the pictures. So the
 * tiles are taken in chunks whose transforms stay in L3: first tasks transform a chunk, then tasks
 * add its products to the sums of their pairs. The order of each sum is that of the tiles.
 *
 * <ul>
 *   <li>If one chunk is all, as in layers of small maps with many channels, a task stores its pair
 *       at once, and memory sees no sums (512 channels: 38 MB).
 *   <li>A few pairs have their elements shared out, so that there are tasks enough.
 *   <li>With few channels and many tiles, transforms are most of the work, and passing them to
 *       other threads costs too much. Then the tiles are cut into 16 parts, tasks that have sums of
 *       their own and chunks that stay in L2, and the sums are added in order.
 * </ul>
 *
 * <p><b>Error.</b> Against double precision, inputs and gradients from N(0, 1), largest error over
 * largest result: up to 100 pixels m = 4 has 8e-7, m = 2 3e-7, direct sums 3e-7. Then the length of
 * the sum counts, and there are as many terms as tiles, not pixels: 65,000 pixels and 40 channels
 * have 8e-6, 8e-6 and 6e-6, half a million and 16 channels 5e-6, 3e-6 and 14e-6. Tests hold it
 * below 4e-7 (m = 4) or 2.5e-7 (m = 2) times √(pixels / 16 + 15).
 *
 * <p><b>When.</b> The cost is estimated in multiplications for one input and one output channel: (m
 * + 2)² for a tile, and as much again for 10 input and 10 output channels to transform it and for
 * 15 tiles to transform sums; for a direct sum the kernel elements that lie in the picture.
 * Milliseconds of one thread (AVX-512, 115 GFLOP/s), channels @ pixels:
 *
 * <pre>
 * batch 32  16@128 16@32 32@64 32@16 64@32   batch 16  64@56 128@28 256@14 512@7 512@4 512@2
 * direct      31.5  1.97  25.3  1.30  22.4              35.1   45.0   35.2  30.9   8.8   2.3
 * 2x2         27.1  1.82  17.5  1.09  15.0              22.4   20.5   20.9  25.5   7.9   3.5
 * 4x4         17.6  1.29  11.9  0.66   9.2              14.7   14.3   15.7  17.8   6.1   6.0
 * </pre>
 *
 * With two threads 4x4 takes 0.5 to 0.7 of it. 2x2 is the better one for maps of 6 pixels. With
 * less than 16 channels direct sums are as fast.
 */
public final class WinogradWeightGradient implements WeightGradient {
  private static final int BLOCK = InputTransform.BLOCK;

  /** Input and output channels below which transforms would be most of the work. */
  private static final int FEWEST_CHANNELS = 16;

  /** The transform of a tile costs as much as its products with so many channels. */
  private static final double TRANSFORM_IN_CHANNELS = 10;

  /** The transform of the sums costs as much as so many tiles. */
  private static final double STORE_IN_TILES = 15;

  /** Parts of the tiles with sums of their own, if there are any. */
  private static final int PARTS = 16;

  /** Pairs of channels up to which parts have sums of their own. */
  private static final int FEW_PAIRS = 32 * 32;

  /** Tiles of a part, at least. */
  private static final int SMALLEST_PART = 64;

  /** Floats of the transformed tiles of a chunk of a part: 400 KB of 1 MB of L2. */
  private static final int PART_FLOATS = 96 * 1024;

  /** Floats of the transformed tiles of a chunk that all tasks share: 4 MB of L3. */
  private static final int SHARED_FLOATS = 1024 * 1024;

  /** Tiles of a shared chunk, at least, so that sums are not loaded too often. */
  private static final int SMALLEST_SHARED = 256;

  /** Tiles times channels of a task that transforms. */
  private static final int RANGE = 16 * WinogradTiles.MOST;

  /** So many tasks are wanted before smaller ones are not worth it. */
  private static final int ENOUGH_TASKS = 8;

  /** Floats between the sums of two elements, so that they do not lie in the same set of L1. */
  private static final int GAP = 16;

  private final WinogradWeightGradientKernels kernels;
  private final TileKernels tiles;
  private final BufferPool buffers;
  private final WorkerPool workers;
  private final int m;
  private final int elements;

  public WinogradWeightGradient(
      WinogradWeightGradientKernels kernels,
      TileKernels tiles,
      BufferPool buffers,
      WorkerPool workers) {
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

  @Override
  public boolean accepts(Conv2dProblem p) {
    return WinogradConvolution.serves(p, 1)
        && Math.min(p.c(), p.k()) >= FEWEST_CHANNELS
        && (long) p.c() * p.k() < Integer.MAX_VALUE / 64
        && cheapest(p) == m;
  }

  /** Returns the tile with which a problem costs least: 4, 2, or 1 for a direct sum. */
  private static int cheapest(Conv2dProblem p) {
    double four = cost(p, 4);
    double two = cost(p, 2);
    double direct = (double) Direction.forward(p).macs() / ((long) p.c() * p.k());
    if (Math.min(four, two) > direct) {
      return 1;
    }
    return four <= two ? 4 : 2;
  }

  private static double cost(Conv2dProblem p, int m) {
    int tiles = WinogradGrid.overhanging(m, p.n(), p.outH(), p.outW()).tiles();
    double transforms = TRANSFORM_IN_CHANNELS * (1.0 / p.c() + 1.0 / p.k());
    return (m + 2) * (m + 2) * (tiles * (1 + transforms) + STORE_IN_TILES);
  }

  @Override
  public void run(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
    new Call(p, x, dy, dWeight).run();
  }

  /** One call. A pair is a panel of output channels and a block of input channels. */
  private final class Call {
    private final Conv2dProblem p;
    private final CpuStorage dWeight;
    private final InputTransform input;
    private final GradientTransform gradient;

    /** Tiles of all pictures. */
    private final int count;

    /** Tiles of a chunk. */
    private final int chunk;

    /** Tiles of a task that transforms. */
    private final int range;

    private final int pairs;

    /** The elements of a pair are shared out among so many tasks. */
    private final int shares;

    /** The tiles are cut into so many parts with sums of their own. */
    private final int parts;

    /** The sums; missing if the task that makes them also stores them. */
    private final float @Nullable [] sums;

    Call(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
      this.p = p;
      this.dWeight = dWeight;
      WinogradGrid grid = WinogradGrid.overhanging(m, p.n(), p.outH(), p.outW());
      count = grid.tiles();
      parts = p.c() * p.k() <= FEW_PAIRS && count >= PARTS * SMALLEST_PART ? PARTS : 1;
      chunk = chunk();
      range = RANGE / Math.min(Math.max(p.c(), p.k()), WinogradTiles.MOST);
      input =
          new InputTransform(
              kernels, grid, BLOCK, chunk, x, p.h(), p.w(), p.c(), -p.pad().top(), -p.pad().left());
      gradient =
          new GradientTransform(
              kernels, grid, chunk, dy, p.outH(), p.outW(), p.k(), tiles.widths());
      pairs = input.blocks * gradient.panels.size();
      shares = parts > 1 ? 1 : Math.ceilDiv(ENOUGH_TASKS, pairs);
      boolean owned = parts == 1 && shares == 1 && chunk == count;
      sums = owned ? null : buffers.take(Math.multiplyExact(parts, sumBase(pairs)));
    }

    private int chunk() {
      int tile = elements * (p.c() + p.k());
      int most = parts > 1 ? PART_FLOATS / tile : Math.max(SMALLEST_SHARED, SHARED_FLOATS / tile);
      int longest = Math.ceilDiv(count, parts);
      return Math.ceilDiv(longest, Math.ceilDiv(longest, most));
    }

    void run() {
      if (parts == 1) {
        addPart(0);
      } else {
        workers.run(parts, this::addPart);
      }
      float[] all = sums;
      if (all != null) {
        workers.run(pairs, pair -> addParts(pair, all));
        buffers.give(all);
      }
    }

    /**
     * Sums over a part of the tiles, chunk by chunk. The steps of several parts all run in the task
     * of their part, as the pool is busy; those of a single part are shared out.
     */
    private void addPart(int part) {
      int begin = (int) ((long) count * part / parts);
      int end = (int) ((long) count * (part + 1) / parts);
      float[] v = buffers.take(input.floats());
      float[] d = buffers.take(gradient.floats());
      for (int first = begin; first < end; first += chunk) {
        boolean begins = first == begin;
        int from = first;
        int to = Math.min(end, first + chunk);
        int ranges = Math.ceilDiv(to - from, range);
        workers.run(
            ranges * (gradient.panels.size() + input.groups()),
            i -> transform(from, i % ranges * range, to, i / ranges, v, d));
        workers.run(
            pairs * shares,
            i -> addChunk(i / shares, i % shares, to - from, v, d, begins, part * sumBase(pairs)));
      }
      buffers.give(d);
      buffers.give(v);
    }

    /** Adds the sums of the other parts to those of the first one and stores the result. */
    private void addParts(int pair, float[] sums) {
      int begin = sumBase(pair);
      int end = sumBase(pair + 1);
      for (int part = 1; part < parts; part++) {
        int shift = part * sumBase(pairs);
        for (int i = begin; i < end; i++) {
          sums[i] += sums[i + shift];
        }
      }
      store(pair, sums, begin);
    }

    /**
     * Transforms a range of the tiles of a chunk, one panel of gradients or one group of inputs.
     */
    private void transform(int first, int at, int endOfChunk, int which, float[] v, float[] d) {
      int begin = first + at;
      int end = Math.min(endOfChunk, begin + range);
      int panels = gradient.panels.size();
      float[] scratch = buffers.take(Math.max(input.scratchSize(), gradient.scratchSize()));
      if (which < panels) {
        gradient.transform(begin, end, gradient.panels.get(which), d, at, scratch);
      } else {
        input.transform(begin, end, which - panels, v, at * BLOCK, scratch);
      }
      buffers.give(scratch);
    }

    private void addChunk(
        int pair, int share, int tileCount, float[] v, float[] d, boolean begins, int base) {
      if (sums == null) {
        float[] own = buffers.take(sumBase(pair + 1) - sumBase(pair));
        multiply(pair, 0, elements, tileCount, v, d, true, own, 0);
        store(pair, own, 0);
        buffers.give(own);
        return;
      }
      int first = elements * share / shares;
      int last = elements * (share + 1) / shares;
      multiply(pair, first, last, tileCount, v, d, begins, sums, base + sumBase(pair));
    }

    private Panel panel(int pair) {
      return gradient.panels.get(pair / input.blocks);
    }

    private int sumStep(Panel panel) {
      return BLOCK * panel.width() + GAP;
    }

    /** Returns where the sums of a pair begin; that of pair number {@code pairs} is the end. */
    private int sumBase(int pair) {
      int base = 0;
      for (int i = 0; i < pair / input.blocks; i++) {
        base += input.blocks * elements * sumStep(gradient.panels.get(i));
      }
      int block = pair % input.blocks;
      return block == 0 ? base : base + block * elements * sumStep(panel(pair));
    }

    /** Adds a product of matrices for each element of the tile. */
    private void multiply(
        int pair,
        int first,
        int last,
        int tileCount,
        float[] v,
        float[] d,
        boolean begins,
        float[] sums,
        int base) {
      Panel panel = panel(pair);
      int block = pair % input.blocks;
      int rows = Math.min(BLOCK, p.c() - block * BLOCK);
      for (int e = first; e < last; e++) {
        int to = base + e * sumStep(panel);
        if (begins) {
          Arrays.fill(sums, to, to + rows * panel.width(), 0f);
        }
        tiles.outerProducts(
            rows,
            1,
            tileCount,
            v,
            block * input.blockStep + e * input.elementStep,
            0,
            BLOCK,
            d,
            gradient.panelBase(panel) + e * gradient.elementStep(panel),
            0,
            panel.width(),
            sums,
            to,
            panel.width());
      }
    }

    /** Transforms sums to gradients of weights. */
    private void store(int pair, float[] sums, int base) {
      Panel panel = panel(pair);
      int width = panel.width();
      int channel = pair % input.blocks * BLOCK;
      int end = Math.min(p.c(), channel + BLOCK);
      int patch = elements * kernels.unit();
      float[] scratch = buffers.take(patch + 9 * width);
      int tap = p.c() * p.k();
      for (int c = channel; c < end; c++) {
        int from = base + (c - channel) * width;
        int to = dWeight.offset + c * p.k() + panel.start();
        if (panel.valid() == width) {
          kernels.weightGradient(
              width, sums, from, sumStep(panel), scratch, dWeight.array, to, tap);
          continue;
        }
        kernels.weightGradient(width, sums, from, sumStep(panel), scratch, scratch, patch, width);
        for (int t = 0; t < 9; t++) {
          int source = patch + t * width;
          System.arraycopy(scratch, source, dWeight.array, to + t * tap, panel.valid());
        }
      }
      buffers.give(scratch);
    }
  }
}
