package dev.thumbnet.engine.backend.cpu.winograd;

import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.conv.Direction.Part;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.Panel;
import dev.thumbnet.engine.backend.cpu.kernel.Transpose;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Transforms weights to the Winograd domain, panel by panel: (element of the tile, block of 16
 * input channels, input channel, output channel), so that the product for an element reads them in
 * one run, as memory likes best. Lanes and channels that do not exist hold zeros.
 */
final class WeightTransform {
  private static final int BLOCK = InputTransform.BLOCK;

  /**
   * Floats between two elements of the tile. Without them the 36 places that a transform writes to
   * would lie 4 KB apart, in the same set of L1.
   */
  private static final int GAP = 16;

  /** Blocks that are copied together: runs of 64 input channels for backward. */
  private static final int GROUP = 4;

  private final WinogradKernels kernels;
  private final Direction c;
  private final Part part;
  private final @Nullable CpuStorage weight;
  private final int elements;
  final List<Panel> panels;
  final int blocks;

  /**
   * @param weight what {@link #transform} reads; missing if weights that were transformed are used
   */
  WeightTransform(
      WinogradKernels kernels, TileKernels tiles, Direction c, @Nullable CpuStorage weight) {
    this.kernels = kernels;
    this.c = c;
    this.part = c.parts.getFirst();
    this.weight = weight;
    int size = kernels.matrices().size();
    elements = size * size;
    panels = Tiles.panels(c.outC, tiles.widths());
    blocks = Math.ceilDiv(c.inC, BLOCK);
  }

  /** Returns the distance of two elements of the tile in a panel of some blocks. */
  int elementStep(int width, int blockCount) {
    return blockCount * blockStep(width) + GAP;
  }

  /** Returns the distance of two blocks of input channels in a panel. */
  int blockStep(int width) {
    return BLOCK * width;
  }

  /** Returns the floats of a panel of some blocks. */
  int panelFloats(int width, int blockCount) {
    return Math.multiplyExact(elements, elementStep(width, blockCount));
  }

  /** Returns where a panel begins if all of them are stored one after the other. */
  int panelBase(int panel) {
    int base = BufferPool.ALIGNED;
    for (int i = 0; i < panel; i++) {
      base = Math.addExact(base, panelFloats(panels.get(i).width(), blocks));
    }
    return base;
  }

  /** Returns the number of groups of blocks. */
  int groups() {
    return Math.ceilDiv(blocks, GROUP);
  }

  /** Returns how many floats {@link #transform} needs as scratch. */
  int scratchSize() {
    return elements * kernels.unit() + 9 * GROUP * BLOCK * panels.getFirst().width();
  }

  /**
   * Transforms a group of blocks of a panel to where it stands if all panels are stored one after
   * the other.
   *
   * @param task number of the panel times {@link #groups()} plus that of the group
   */
  void store(int task, float[] to, BufferPool buffers) {
    Panel panel = panels.get(task / groups());
    int begin = task % groups() * GROUP;
    int end = Math.min(blocks, begin + GROUP);
    int base = panelBase(task / groups()) + begin * blockStep(panel.width());
    float[] scratch = buffers.take(scratchSize());
    transform(panel, begin, end, to, base, elementStep(panel.width(), blocks), scratch);
    buffers.give(scratch);
  }

  /**
   * Transforms blocks [begin, end) of input channels of a panel. Where the panel or a block is not
   * full, or output channels are not neighbours, a copy is transformed.
   *
   * @param u where they go, the first block to {@code base}
   * @param elementStep distance of elements there
   */
  void transform(
      Panel panel, int begin, int end, float[] u, int base, int elementStep, float[] scratch) {
    CpuStorage source = Objects.requireNonNull(weight);
    int step = blockStep(panel.width());
    for (int block = begin; block < end; block += GROUP) {
      int next = Math.min(end, block + GROUP);
      int to = base + (block - begin) * step;
      int valid = Math.min((next - block) * BLOCK, c.inC - block * BLOCK);
      boolean full = panel.valid() == panel.width() && valid == (next - block) * BLOCK;
      int from =
          source.offset + block * BLOCK * c.weightStepIn() + panel.start() * c.weightStepOut();
      if (c.forward && full) {
        int tap = c.weightAt(part, 0, 1, 0) - c.weightAt(part, 0, 0, 0);
        int at = from + c.weightAt(part, 0, 0, 0);
        transform(
            panel.width(),
            next - block,
            source.array,
            at,
            c.weightStepIn(),
            tap,
            u,
            to,
            elementStep,
            scratch);
      } else {
        int copy = elements * kernels.unit();
        int tap = (next - block) * BLOCK * panel.width();
        pack(panel, source.array, from, valid, scratch, copy, tap);
        transform(
            panel.width(),
            next - block,
            scratch,
            copy,
            panel.width(),
            tap,
            u,
            to,
            elementStep,
            scratch);
      }
    }
  }

  private void transform(
      int width,
      int blockCount,
      float[] w,
      int from,
      int row,
      int tap,
      float[] u,
      int base,
      int elementStep,
      float[] scratch) {
    for (int i = 0; i < blockCount * BLOCK; i++) {
      kernels.weights(width, w, from + i * row, tap, scratch, u, base + i * width, elementStep);
    }
  }

  /** Copies the taps one after the other, each as (input channel, output channel). */
  private void pack(
      Panel panel, float[] w, int from, int valid, float[] to, int toBase, int tapStep) {
    int width = panel.width();
    if (panel.valid() < width || valid * width < tapStep) {
      Arrays.fill(to, toBase, toBase + 9 * tapStep, 0f);
    }
    for (int t = 0; t < 9; t++) {
      int source = from + c.weightAt(part, t / 3, t % 3, 0);
      int target = toBase + t * tapStep;
      if (c.forward) {
        for (int i = 0; i < valid; i++) {
          int row = source + i * c.weightStepIn();
          System.arraycopy(w, row, to, target + i * width, panel.valid());
        }
      } else {
        Transpose.run(panel.valid(), valid, w, source, c.weightStepOut(), to, target, width);
      }
    }
  }
}
