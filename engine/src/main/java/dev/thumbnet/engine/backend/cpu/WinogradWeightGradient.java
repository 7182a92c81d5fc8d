package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.cpu.Tiles.Panel;
import java.util.Arrays;

/** TODO. */
final class WinogradWeightGradient implements WeightsAlgorithm {
  private static final int BLOCK = WinogradInput.BLOCK;

  /** Floats of transformed tiles made before products: 4 MB, a part of L3. */
  private static final int CHUNK_FLOATS = 1024 * 1024;

  /** With many channels, so many tiles all the same, so that sums are not loaded too often. */
  private static final int SMALLEST_CHUNK = 256;

  /** Tiles of a task that transforms. */
  private static final int RANGE = 16;

  /** So many tasks are wanted before smaller ones are not worth it. */
  private static final int ENOUGH_TASKS = 8;

  /** Floats between the sums of two elements, so that they do not lie in the same set of L1. */
  private static final int GAP = 16;

  private final WinogradKernels kernels;
  private final TileKernels tiles;
  private final BufferPool buffers;
  private final WorkerPool workers;
  private final int m;
  private final int elements;

  WinogradWeightGradient(
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

  @Override
  public boolean accepts(Conv2dProblem p) {
    return false;
  }

  @Override
  public void run(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
    new Call(p, x, dy, dWeight).run();
  }

  /** One call. A pair is a panel of output channels and a block of input channels. */
  private final class Call {
    private final Conv2dProblem p;
    private final CpuStorage dWeight;
    private final WinogradInput input;
    private final WinogradGradient gradient;

    /** Tiles of all pictures. */
    private final int count;

    /** Tiles of a chunk. */
    private final int chunk;

    private final int pairs;

    /** The elements of a pair are shared out among so many tasks. */
    private final int shares;

    Call(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
      this.p = p;
      this.dWeight = dWeight;
      WinogradGrid grid = WinogradGrid.of(m, p.n(), p.outH(), p.outW());
      count = grid.tiles();
      int forCache = Math.max(SMALLEST_CHUNK, CHUNK_FLOATS / (elements * (p.c() + p.k())));
      chunk = Math.ceilDiv(count, Math.ceilDiv(count, forCache));
      input = new WinogradInput(kernels, grid, chunk, x, p.h(), p.w(), p.c(), -p.padH(), -p.padW());
      gradient =
          new WinogradGradient(kernels, grid, chunk, dy, p.outH(), p.outW(), p.k(), tiles.widths());
      pairs = input.blocks * gradient.panels.size();
      shares = Math.ceilDiv(ENOUGH_TASKS, pairs);
    }

    void run() {
      float[] v = buffers.take(input.floats());
      float[] d = buffers.take(gradient.floats());
      float[] sums = owned() ? null : buffers.take(sumBase(pairs));
      for (int begin = 0; begin < count; begin += chunk) {
        int first = begin;
        int end = Math.min(count, begin + chunk);
        int ranges = Math.ceilDiv(end - begin, RANGE);
        workers.run(
            ranges * (gradient.panels.size() + input.groups()),
            i -> transform(first + i % ranges * RANGE, end, first, i / ranges, v, d));
        workers.run(pairs * shares, i -> addChunk(i / shares, i % shares, first, end, v, d, sums));
      }
      if (sums != null) {
        workers.run(pairs, pair -> store(pair, sums, sumBase(pair)));
        buffers.give(sums);
      }
      buffers.give(d);
      buffers.give(v);
    }

    /** Tells whether a task has the whole sums of a pair, and can store them at once. */
    private boolean owned() {
      return chunk == count && shares == 1;
    }

    /** Transforms a range of tiles, one panel of gradients or one block of inputs. */
    private void transform(int begin, int endOfChunk, int first, int which, float[] v, float[] d) {
      int end = Math.min(endOfChunk, begin + RANGE);
      int panels = gradient.panels.size();
      if (which < panels) {
        float[] scratch = buffers.take(gradient.scratchSize());
        gradient.transform(begin, end, gradient.panels.get(which), d, begin - first, scratch);
        buffers.give(scratch);
      } else {
        float[] scratch = buffers.take(input.scratchSize());
        input.transform(begin, end, which - panels, v, (begin - first) * BLOCK, scratch);
        buffers.give(scratch);
      }
    }

    private void addChunk(
        int pair, int share, int begin, int end, float[] v, float[] d, float[] sums) {
      if (sums == null) {
        float[] own = buffers.take(sumBase(pair + 1) - sumBase(pair));
        multiply(pair, 0, elements, end - begin, v, d, true, own, 0);
        store(pair, own, 0);
        buffers.give(own);
        return;
      }
      int first = elements * share / shares;
      int last = elements * (share + 1) / shares;
      multiply(pair, first, last, end - begin, v, d, begin == 0, sums, sumBase(pair));
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
        tiles.correlate(
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
