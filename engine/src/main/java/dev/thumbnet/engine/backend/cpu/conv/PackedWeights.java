package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.conv.Direction.Part;
import dev.thumbnet.engine.backend.cpu.kernel.Int8;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.Panel;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weights in the order in which the tiles read them: for each part, group and panel the kernel
 * elements and input channels one after the other, each with the panel's output channels side by
 * side; empty lanes hold zeros. Packing costs two passes over the weights and is done for each
 * call, because in training they change each time; inference keeps the result, if it wants with
 * fewer bits.
 */
final class PackedWeights implements AutoCloseable {
  final List<Panel> panels;
  private final TileKernels tiles;
  private final BufferPool buffers;
  private final Direction direction;

  /** By part, group and panel. */
  private final PanelWeights[] packed;

  /** Floats in all. */
  private final int size;

  /** What goes back to the pool. */
  private float @Nullable [] borrowed;

  private PackedWeights(Direction c, TileKernels tiles, BufferPool buffers) {
    this.direction = c;
    this.tiles = tiles;
    this.panels = Tiles.panels(c.outGroup(), tiles.widths());
    this.buffers = buffers;
    this.packed = new PanelWeights[c.parts.size() * c.groups * panels.size()];
    int width = panels.stream().mapToInt(Panel::width).sum();
    long steps = (long) c.inC * c.parts.stream().mapToInt(Part::elements).sum();
    this.size = Math.toIntExact(steps * width);
  }

  /** Packs the weights of a direction for one call, in an array of the pool. */
  static PackedWeights pack(
      Direction c, CpuStorage weight, TileKernels tiles, BufferPool buffers, WorkerPool workers) {
    PackedWeights weights = new PackedWeights(c, tiles, buffers);
    float[] array = buffers.take(weights.size);
    weights.borrowed = array;
    weights.pack(weight, array, workers);
    return weights;
  }

  /** Packs the weights of a direction for good. */
  static PackedWeights keep(
      Direction c,
      CpuStorage weight,
      WeightFormat format,
      TileKernels tiles,
      BufferPool buffers,
      WorkerPool workers) {
    PackedWeights weights = new PackedWeights(c, tiles, buffers);
    switch (format) {
      case F32 -> weights.pack(weight, new float[BufferPool.ALIGNED + weights.size], workers);
      case BF16, INT8 -> {
        float[] floats = buffers.take(weights.size);
        weights.pack(weight, floats, workers);
        boolean int8 = format == WeightFormat.INT8 && c.inGroup() % tiles.int8Rows() == 0;
        weights.narrow(floats, int8, workers);
        buffers.give(floats);
      }
    }
    return weights;
  }

  private void pack(CpuStorage weight, float[] array, WorkerPool workers) {
    int count = panels.size();
    int perPart = direction.groups * count;
    int base = BufferPool.ALIGNED;
    for (int i = 0; i < packed.length; i++) {
      Panel panel = panels.get(i % count);
      packed[i] = PanelWeights.ofFloats(array, base, panel.width());
      base += steps(i) * panel.width();
    }
    workers.run(
        packed.length,
        i ->
            packPanel(
                weight,
                i / perPart,
                i % perPart / count,
                panels.get(i % count),
                array,
                packed[i].base()));
  }

  /** Returns the steps of the sum over a panel. */
  private int steps(int index) {
    int part = index / (direction.groups * panels.size());
    return direction.parts.get(part).elements() * direction.inGroup();
  }

  /** Replaces each panel of these floats by a copy, the widest with fewer bits. */
  private void narrow(float[] floats, boolean int8, WorkerPool workers) {
    int widest = tiles.widths()[0];
    workers.run(
        packed.length,
        i -> {
          PanelWeights from = packed[i];
          int length = steps(i) * from.width();
          if (from.width() < widest) {
            float[] copy = Arrays.copyOfRange(floats, from.base(), from.base() + length);
            packed[i] = PanelWeights.ofFloats(copy, 0, from.width());
          } else if (int8) {
            float[] factors = Int8.factors(steps(i), widest, floats, from.base());
            int[] fours = new int[length / 4];
            tiles.packInt8(steps(i), floats, from.base(), factors, fours);
            packed[i] = new PanelWeights(null, fours, 0, widest, factors);
          } else {
            int[] pairs = new int[length / 2];
            tiles.packBf16(steps(i), floats, from.base(), pairs);
            packed[i] = new PanelWeights(null, pairs, 0, widest, null);
          }
        });
  }

  /**
   * Returns the weights of a panel; kernel element (r, s) follows after r·columns + s times the
   * channels.
   */
  PanelWeights panel(int part, int group, int panel) {
    return packed[(part * direction.groups + group) * panels.size() + panel];
  }

  private void packPanel(
      CpuStorage weight, int partIndex, int group, Panel panel, float[] to, int base) {
    Part part = direction.parts.get(partIndex);
    int target = base;
    for (int r = 0; r < part.rows().elements(); r++) {
      for (int s = 0; s < part.cols().elements(); s++) {
        int source =
            weight.offset
                + direction.weightAt(part, r, s, group)
                + panel.start() * direction.weightStepOut();
        if (direction.forward) {
          copyRows(weight.array, source, to, target, panel);
        } else {
          transpose(weight.array, source, to, target, panel);
        }
        target += direction.inGroup() * panel.width();
      }
    }
  }

  private void copyRows(float[] weight, int source, float[] to, int target, Panel panel) {
    int step = direction.weightStepIn();
    for (int i = 0; i < direction.inGroup(); i++) {
      int at = target + i * panel.width();
      System.arraycopy(weight, source + i * step, to, at, panel.valid());
      Arrays.fill(to, at + panel.valid(), at + panel.width(), 0f);
    }
  }

  private void transpose(float[] weight, int source, float[] to, int target, Panel panel) {
    int width = panel.width();
    tiles.transpose(
        panel.valid(),
        direction.inGroup(),
        weight,
        source,
        direction.weightStepOut(),
        to,
        target,
        width);
    if (panel.valid() < width) {
      for (int i = 0; i < direction.inGroup(); i++) {
        Arrays.fill(to, target + i * width + panel.valid(), target + (i + 1) * width, 0f);
      }
    }
  }

  /** Returns the floats that the weights have, with empty lanes. */
  int size() {
    return size;
  }

  /** Returns how many bytes the packed weights take. */
  long bytes() {
    long bytes = 0;
    for (int i = 0; i < packed.length; i++) {
      bytes += packed[i].bytes(steps(i));
    }
    return bytes;
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    if (borrowed != null) {
      buffers.give(borrowed);
    }
  }
}
