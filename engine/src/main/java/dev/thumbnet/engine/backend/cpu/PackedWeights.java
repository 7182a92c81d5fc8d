package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.cpu.Correlation.Part;
import dev.thumbnet.engine.backend.cpu.Tiles.Panel;
import java.util.Arrays;
import java.util.List;

/**
 * Weights in the order in which the tiles read them: for each part, group and panel the taps and
 * input channels one after the other, each with the panel's output channels side by side; empty
 * lanes hold zeros. Packing costs two passes over the weights and is done for each call, because in
 * training they change each time; inference keeps the result.
 */
final class PackedWeights implements AutoCloseable {
  final List<Panel> panels;
  final float[] array;
  private final TileKernels tiles;
  private final BufferPool buffers;
  private final Correlation correlation;
  private final int[] partBase;
  private final int groupWidth;

  private PackedWeights(Correlation c, TileKernels tiles, BufferPool buffers) {
    this.correlation = c;
    this.tiles = tiles;
    this.panels = Tiles.panels(c.outGroup(), tiles.widths());
    this.buffers = buffers;
    int width = 0;
    for (Panel panel : panels) {
      width += panel.width();
    }
    groupWidth = width;
    partBase = new int[c.parts.size()];
    long size = 0;
    for (int i = 0; i < partBase.length; i++) {
      partBase[i] = (int) size;
      size += (long) c.parts.get(i).taps() * c.inC * width;
    }
    array = buffers.take(Math.toIntExact(size));
  }

  /** Packs the weights of a correlation. */
  static PackedWeights pack(
      Correlation c, CpuStorage weight, TileKernels tiles, BufferPool buffers, WorkerPool workers) {
    PackedWeights packed = new PackedWeights(c, tiles, buffers);
    int panels = packed.panels.size();
    int perPart = c.groups * panels;
    workers.run(
        c.parts.size() * perPart,
        i -> {
          int part = i / perPart;
          packed.packPanel(weight, part, i % perPart / panels, i % panels);
        });
    return packed;
  }

  /** Returns where the weights of a panel begin; tap (r, s) follows after r·taps + s steps. */
  int panelBase(int part, int group, int panel) {
    int steps = correlation.parts.get(part).taps() * correlation.inGroup();
    int before = group * groupWidth;
    for (int i = 0; i < panel; i++) {
      before += panels.get(i).width();
    }
    return partBase[part] + steps * before;
  }

  private void packPanel(CpuStorage weight, int partIndex, int group, int panelIndex) {
    Part part = correlation.parts.get(partIndex);
    Panel panel = panels.get(panelIndex);
    int target = panelBase(partIndex, group, panelIndex);
    for (int r = 0; r < part.rows().taps(); r++) {
      for (int s = 0; s < part.cols().taps(); s++) {
        int source =
            weight.offset
                + correlation.weightAt(part, r, s, group)
                + panel.start() * correlation.weightStepOut();
        if (correlation.forward) {
          copyRows(weight.array, source, target, panel);
        } else {
          transpose(weight.array, source, target, panel);
        }
        target += correlation.inGroup() * panel.width();
      }
    }
  }

  private void copyRows(float[] weight, int source, int target, Panel panel) {
    int step = correlation.weightStepIn();
    for (int i = 0; i < correlation.inGroup(); i++) {
      int to = target + i * panel.width();
      System.arraycopy(weight, source + i * step, array, to, panel.valid());
      Arrays.fill(array, to + panel.valid(), to + panel.width(), 0f);
    }
  }

  private void transpose(float[] weight, int source, int target, Panel panel) {
    int width = panel.width();
    tiles.transpose(
        panel.valid(),
        correlation.inGroup(),
        weight,
        source,
        correlation.weightStepOut(),
        array,
        target,
        width);
    if (panel.valid() < width) {
      for (int i = 0; i < correlation.inGroup(); i++) {
        Arrays.fill(array, target + i * width + panel.valid(), target + (i + 1) * width, 0f);
      }
    }
  }

  /** Returns how many bytes the packed weights take. */
  long bytes() {
    return (long) Float.BYTES * array.length;
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    buffers.give(array);
  }
}
