package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.cpu.Tiles.Panel;
import java.util.Arrays;

/** TODO. */
final class WinogradWeightGradient implements WeightsAlgorithm {
  private static final int BLOCK = WinogradInput.BLOCK;

  /** Floats of transformed tiles that a task which does all steps works on. */
  private static final int BLOCK_FLOATS = Integer.getInteger("bf", 96 * 1024);

  /** Tiles that are transformed before products are made, if those are other tasks. */
  private static final int CHUNK = Integer.getInteger("chunk", 64);

  /** Tiles of a task that only transforms. */
  private static final int RANGE = Integer.getInteger("range", 32);

  /** Pairs of channels up to which each part of the tiles has its own sums. */
  private static final int FEW_PAIRS = Integer.getInteger("few", 64 * 64);

  private static final int MOST_PARTS = 16;

  /** Tiles for which own sums are worth it. */
  private static final int SMALLEST_PART = 16;

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

    /** Parts of the tiles with sums of their own, or 1. */
    private final int parts;

    /** Tiles that are transformed at a time. */
    private final int chunk;

    private final int pairs;

    Call(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
      this.p = p;
      this.dWeight = dWeight;
      WinogradGrid grid = WinogradGrid.of(m, p.n(), p.outH(), p.outW());
      count = grid.tiles();
      parts =
          p.c() * p.k() > FEW_PAIRS
              ? 1
              : Math.clamp(count / SMALLEST_PART, 1, MOST_PARTS);
      chunk = parts == 1 ? CHUNK : Math.max(8, BLOCK_FLOATS / (elements * (p.c() + p.k())));
      input =
          new WinogradInput(
              kernels, grid, chunk, x, p.h(), p.w(), p.c(), -p.padH(), -p.padW());
      gradient =
          new WinogradGradient(
              kernels, grid, chunk, dy, p.outH(), p.outW(), p.k(), tiles.widths());
      pairs = input.blocks * gradient.panels.size();
    }

    void run() {
      if (parts > 1) {
        runParts();
      } else {
        runChunks();
      }
    }

    /** Each task transforms and multiplies its part of the tiles. */
    private void runParts() {
      float[] sums = buffers.take(Math.multiplyExact(parts, sumBase(pairs)));
      workers.run(parts, part -> addPart(part, sums));
      workers.run(
          pairs,
          pair -> {
            addCopies(pair, sums);
            store(pair, sums, sumBase(pair));
          });
      buffers.give(sums);
    }

    private void addPart(int part, float[] sums) {
      int first = (int) ((long) count * part / parts);
      int end = (int) ((long) count * (part + 1) / parts);
      float[] v = buffers.take(input.floats());
      float[] d = buffers.take(gradient.floats());
      float[] scratch = buffers.take(Math.max(input.scratchSize(), gradient.scratchSize()));
      for (int begin = first; begin < end; begin += chunk) {
        int next = Math.min(end, begin + chunk);
        for (int block = 0; block < input.blocks; block++) {
          input.transform(begin, next, block, v, 0, scratch);
        }
        for (Panel panel : gradient.panels) {
          gradient.transform(begin, next, panel, d, 0, scratch);
        }
        for (int pair = 0; pair < pairs; pair++) {
          int to = part * sumBase(pairs) + sumBase(pair);
          multiply(pair, next - begin, v, d, begin == first, sums, to);
        }
      }
      buffers.give(scratch);
      buffers.give(d);
      buffers.give(v);
    }

    /** Adds the sums of all parts to those of the first. */
    private void addCopies(int pair, float[] sums) {
      int begin = sumBase(pair);
      int end = sumBase(pair + 1);
      for (int part = 1; part < parts; part++) {
        int shift = part * sumBase(pairs);
        for (int i = begin; i < end; i++) {
          sums[i] += sums[i + shift];
        }
      }
    }

    /** For chunk after chunk of the tiles, first all are transformed, then each pair is summed. */
    private void runChunks() {
      float[] v = buffers.take(input.floats());
      float[] d = buffers.take(gradient.floats());
      float[] sums = count <= chunk ? null : buffers.take(sumBase(pairs));
      for (int begin = 0; begin < count; begin += chunk) {
        int first = begin;
        int end = Math.min(count, begin + chunk);
        int ranges = Math.ceilDiv(end - begin, RANGE);
        workers.run(
            ranges * (gradient.panels.size() + input.blocks),
            i -> transform(first + i % ranges * RANGE, end, first, i / ranges, v, d));
        workers.run(pairs, pair -> addChunk(pair, first, end, v, d, sums));
      }
      if (sums != null) {
        buffers.give(sums);
      }
      buffers.give(d);
      buffers.give(v);
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

    private void addChunk(int pair, int begin, int end, float[] v, float[] d, float[] sums) {
      float[] s = sums == null ? buffers.take(sumBase(pair + 1) - sumBase(pair)) : sums;
      int to = sums == null ? 0 : sumBase(pair);
      multiply(pair, end - begin, v, d, begin == 0, s, to);
      if (end == count) {
        store(pair, s, to);
      }
      if (sums == null) {
        buffers.give(s);
      }
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
        int pair, int tileCount, float[] v, float[] d, boolean begins, float[] sums, int base) {
      Panel panel = panel(pair);
      int block = pair % input.blocks;
      int rows = Math.min(BLOCK, p.c() - block * BLOCK);
      for (int e = 0; e < elements; e++) {
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
