package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.Correlation.Part;
import dev.thumbnet.engine.backend.cpu.Tiles.Panel;
import java.util.Arrays;
import java.util.List;

/**
 * Weights in the order in which the tiles read them: for each part, group and panel the taps and
 * input channels one after the other, each with the panel's output channels side by side; empty
 * lanes hold zeros. Packing costs two passes over the weights and is done for each call, because in
 * training they change each time; inference keeps the result, if it wants with fewer bits.
 */
final class PackedWeights implements AutoCloseable {
  final List<Panel> panels;
  private final TileKernels tiles;
  private final BufferPool buffers;
  private final Correlation correlation;

  /** By part, group and panel. */
  private final PanelWeights[] packed;

  /** Floats in all. */
  private final int size;

  /** What goes back to the pool, or null. */
  private float[] borrowed;

  private PackedWeights(Correlation c, TileKernels tiles, BufferPool buffers) {
    this.correlation = c;
    this.tiles = tiles;
    this.panels = Tiles.panels(c.outGroup(), tiles.widths());
    this.buffers = buffers;
    this.packed = new PanelWeights[c.parts.size() * c.groups * panels.size()];
    int width = panels.stream().mapToInt(Panel::width).sum();
    long steps = (long) c.inC * c.parts.stream().mapToInt(Part::taps).sum();
    this.size = Math.toIntExact(steps * width);
  }

  /** Packs the weights of a correlation for one call, in an array of the pool. */
  static PackedWeights pack(
      Correlation c, CpuStorage weight, TileKernels tiles, BufferPool buffers, WorkerPool workers) {
    PackedWeights weights = new PackedWeights(c, tiles, buffers);
    weights.borrowed = buffers.take(weights.size);
    weights.pack(weight, weights.borrowed, workers);
    return weights;
  }

  /** Packs the weights of a correlation for good. */
  static PackedWeights keep(
      Correlation c,
      CpuStorage weight,
      WeightFormat format,
      TileKernels tiles,
      BufferPool buffers,
      WorkerPool workers) {
    PackedWeights weights = new PackedWeights(c, tiles, buffers);
    switch (format) {
      case F32 -> weights.pack(weight, new float[weights.size], workers);
      case BF16, INT8 -> {
        float[] floats = buffers.take(weights.size);
        weights.pack(weight, floats, workers);
        boolean bytes = format == WeightFormat.INT8 && c.inGroup() % tiles.byteRows() == 0;
        weights.narrow(bytes, workers);
        buffers.give(floats);
      }
    }
    return weights;
  }

  private void pack(CpuStorage weight, float[] array, WorkerPool workers) {
    int count = panels.size();
    int perPart = correlation.groups * count;
    int base = 0;
    for (int i = 0; i < packed.length; i++) {
      Panel panel = panels.get(i % count);
      packed[i] = PanelWeights.ofFloats(array, base, panel.width());
      base += steps(i) * panel.width();
    }
    workers.run(
        packed.length,
        i -> packPanel(weight, i / perPart, i % perPart / count, panels.get(i % count), packed[i]));
  }

  /** Returns the steps of the sum over a panel. */
  private int steps(int index) {
    int part = index / (correlation.groups * panels.size());
    return correlation.parts.get(part).taps() * correlation.inGroup();
  }

  /** Replaces each panel by a copy, the widest with fewer bits. */
  private void narrow(boolean bytes, WorkerPool workers) {
    int widest = tiles.widths()[0];
    workers.run(
        packed.length,
        i -> {
          PanelWeights from = packed[i];
          int length = steps(i) * from.width();
          if (from.width() < widest) {
            float[] copy = Arrays.copyOfRange(from.floats(), from.base(), from.base() + length);
            packed[i] = PanelWeights.ofFloats(copy, 0, from.width());
          } else if (bytes) {
            float[] factors = Int8.factors(steps(i), widest, from.floats(), from.base());
            int[] fours = new int[length / 4];
            tiles.packBytes(steps(i), from.floats(), from.base(), factors, fours);
            packed[i] = new PanelWeights(null, fours, 0, widest, factors);
          } else {
            int[] halves = new int[length / 2];
            tiles.packHalves(steps(i), from.floats(), from.base(), halves);
            packed[i] = new PanelWeights(null, halves, 0, widest, null);
          }
        });
  }

  /** Returns the weights of a panel; tap (r, s) follows after r·taps + s times the channels. */
  PanelWeights panel(int part, int group, int panel) {
    return packed[(part * correlation.groups + group) * panels.size() + panel];
  }

  private void packPanel(
      CpuStorage weight, int partIndex, int group, Panel panel, PanelWeights to) {
    Part part = correlation.parts.get(partIndex);
    int target = to.base();
    for (int r = 0; r < part.rows().taps(); r++) {
      for (int s = 0; s < part.cols().taps(); s++) {
        int source =
            weight.offset
                + correlation.weightAt(part, r, s, group)
                + panel.start() * correlation.weightStepOut();
        if (correlation.forward) {
          copyRows(weight.array, source, to.floats(), target, panel);
        } else {
          transpose(weight.array, source, to.floats(), target, panel);
        }
        target += correlation.inGroup() * panel.width();
      }
    }
  }

  private void copyRows(float[] weight, int source, float[] to, int target, Panel panel) {
    int step = correlation.weightStepIn();
    for (int i = 0; i < correlation.inGroup(); i++) {
      int at = target + i * panel.width();
      System.arraycopy(weight, source + i * step, to, at, panel.valid());
      Arrays.fill(to, at + panel.valid(), at + panel.width(), 0f);
    }
  }

  private void transpose(float[] weight, int source, float[] to, int target, Panel panel) {
    int width = panel.width();
    tiles.transpose(
        panel.valid(),
        correlation.inGroup(),
        weight,
        source,
        correlation.weightStepOut(),
        to,
        target,
        width);
    if (panel.valid() < width) {
      for (int i = 0; i < correlation.inGroup(); i++) {
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
    buffers.give(borrowed);
  }
}
