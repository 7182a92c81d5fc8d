package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.cpu.Correlation.Part;
import dev.thumbnet.engine.backend.cpu.Tiles.Panel;
import java.util.Arrays;
import java.util.List;

/**
 * Transforms weights to the Winograd domain, panel by panel: (block of 16 input channels, element
 * of the tile, input channel, output channel). Lanes and channels that do not exist hold zeros.
 */
final class WinogradWeights {
  private static final int BLOCK = WinogradInput.BLOCK;

  /**
   * Floats between two elements of the tile. Without them the 36 places that a transform writes to
   * would lie 4 KB apart, in the same set of L1.
   */
  private static final int GAP = 16;

  private final WinogradKernels kernels;
  private final Correlation c;
  private final CpuStorage weight;
  private final int elements;
  final List<Panel> panels;
  final int blocks;

  WinogradWeights(WinogradKernels kernels, TileKernels tiles, Correlation c, CpuStorage weight) {
    this.kernels = kernels;
    this.c = c;
    this.weight = weight;
    int size = kernels.matrices().size();
    elements = size * size;
    panels = Tiles.panels(c.outC, tiles.widths());
    blocks = Math.ceilDiv(c.inC, BLOCK);
  }

  /** Returns the distance of two elements of the tile in a panel. */
  int elementStep(int width) {
    return BLOCK * width + GAP;
  }

  /** Returns the distance of two blocks of input channels in a panel. */
  int blockStep(int width) {
    return elements * elementStep(width);
  }

  /** Returns where a panel begins if all of them are stored one after the other. */
  int panelBase(int panel) {
    int base = 0;
    for (int i = 0; i < panel; i++) {
      base = Math.addExact(base, Math.multiplyExact(blocks, blockStep(panels.get(i).width())));
    }
    return base;
  }

  /** Returns how many floats {@link #transform} needs as scratch. */
  int scratchSize() {
    return elements * kernels.unit() + 9 * BLOCK * panels.getFirst().width();
  }

  /** Transforms one block of input channels of a panel. */
  void transform(Panel panel, int block, float[] u, int base, float[] scratch) {
    Part part = c.parts.getFirst();
    int channel = block * BLOCK;
    int valid = Math.min(BLOCK, c.inC - channel);
    int width = panel.width();
    int from = weight.offset + channel * c.weightStepIn() + panel.start() * c.weightStepOut();
    int tap = c.weightAt(part, 0, 1, 0) - c.weightAt(part, 0, 0, 0);
    float[] source = weight.array;
    int at = from + c.weightAt(part, 0, 0, 0);
    int row = c.weightStepIn();
    if (!c.forward || panel.valid() < width || valid < BLOCK) {
      source = scratch;
      at = elements * kernels.unit();
      pack(panel, from, valid, scratch, at);
      row = width;
      tap = BLOCK * width;
    }
    for (int i = 0; i < BLOCK; i++) {
      kernels.weights(
          width, source, at + i * row, tap, scratch, u, base + i * width, elementStep(width));
    }
  }

  /** Copies the taps one after the other, each as (input channel, output channel). */
  private void pack(Panel panel, int from, int valid, float[] to, int toBase) {
    Part part = c.parts.getFirst();
    int width = panel.width();
    Arrays.fill(to, toBase, toBase + 9 * BLOCK * width, 0f);
    for (int t = 0; t < 9; t++) {
      int source = from + c.weightAt(part, t / 3, t % 3, 0);
      int target = toBase + t * BLOCK * width;
      if (c.forward) {
        for (int i = 0; i < valid; i++) {
          int row = source + i * c.weightStepIn();
          System.arraycopy(weight.array, row, to, target + i * width, panel.valid());
        }
      } else {
        Transpose.run(
            panel.valid(), valid, weight.array, source, c.weightStepOut(), to, target, width);
      }
    }
  }
}
