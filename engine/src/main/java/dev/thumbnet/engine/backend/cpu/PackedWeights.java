package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.cpu.Correlation.Part;
import dev.thumbnet.engine.backend.cpu.Tiles.Panel;
import java.util.List;

/**
 * Weights in the order in which the tiles read them: for each part, group and panel the taps and
 * input channels one after the other, each with the panel's output channels side by side; empty
 * lanes hold zeros. Packing costs two passes over the weights and is done for each call, because in
 * training they change each time; inference keeps the result.
 */
final class PackedWeights implements AutoCloseable {
  /** Output channels packed at a time when they are not neighbours in the weight. */
  private static final int TRANSPOSE_BLOCK = 16;

  final List<Panel> panels;
  final float[] array;
  private final BufferPool buffers;
  private final Correlation correlation;
  private final int[] partBase;
  private final int groupWidth;

  private PackedWeights(Correlation c, List<Panel> panels, BufferPool buffers) {
    this.correlation = c;
    this.panels = panels;
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
      Correlation c, CpuStorage weight, int[] widths, BufferPool buffers, WorkerPool workers) {
    PackedWeights packed = new PackedWeights(c, Tiles.panels(c.outGroup(), widths), buffers);
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
      for (int j = panel.valid(); j < panel.width(); j++) {
        array[to + j] = 0;
      }
    }
  }

  /** Blocked, so that both the lines read and the lines written stay in L1. */
  private void transpose(float[] weight, int source, int target, Panel panel) {
    int step = correlation.weightStepOut();
    int width = panel.width();
    int channels = correlation.inGroup();
    for (int i0 = 0; i0 < channels; i0 += TRANSPOSE_BLOCK) {
      int end = Math.min(i0 + TRANSPOSE_BLOCK, channels);
      for (int j = 0; j < panel.valid(); j++) {
        for (int i = i0; i < end; i++) {
          array[target + i * width + j] = weight[source + j * step + i];
        }
      }
      for (int i = i0; i < end; i++) {
        for (int j = panel.valid(); j < width; j++) {
          array[target + i * width + j] = 0;
        }
      }
    }
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    buffers.give(array);
  }
}
