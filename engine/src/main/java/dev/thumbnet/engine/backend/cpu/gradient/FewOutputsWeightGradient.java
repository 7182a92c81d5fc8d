package dev.thumbnet.engine.backend.cpu.gradient;

import dev.thumbnet.engine.backend.cpu.conv.Halo;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles.Panel;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import java.util.Arrays;
import java.util.List;

/**
 * Gradient for the weights of a convolution to a few channels. The lanes run along the (kernel
 * column, input channel) pairs of a kernel row, which are neighbours in NHWC once the picture has a
 * frame of zeros, and the few output channels are the rows of the tile. The result is transposed
 * when it is stored.
 */
public final class FewOutputsWeightGradient implements WeightGradient {
  /** Floats of x that a tile call passes over. */
  private static final int CHUNK = 32 * 1024;

  private final TileKernels tiles;
  private final int[] widths;
  private final BufferPool buffers;
  private final WorkerPool workers;

  public FewOutputsWeightGradient(TileKernels tiles, BufferPool buffers, WorkerPool workers) {
    this.tiles = tiles;
    this.widths = tiles.widths();
    this.buffers = buffers;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "narrow";
  }

  @Override
  public boolean accepts(Conv2dProblem p) {
    int lanes = widths[widths.length - 1];
    return p.groups() == 1 && p.dilationW() == 1 && 2 * p.k() <= lanes && p.kw() * p.c() >= lanes;
  }

  @Override
  public void run(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
    Halo.Frame frame = Halo.Frame.of(p.pad());
    List<Panel> panels = Tiles.panels(p.kw() * p.c(), widths);
    int tasks = p.kh() * panels.size();
    int lines = Math.max(1, CHUNK / (p.outW() * p.strideW() * p.c()));
    int chunks = Math.ceilDiv(p.outH(), lines);
    try (Halo halo = Halo.copy(x, p.n(), p.h(), p.w(), p.c(), frame, widths[0], buffers, workers);
        WeightGradientSums sums =
            new WeightGradientSums(tasks, p.n() * chunks, p.weightSize(), dWeight, buffers)) {
      workers.run(
          tasks * sums.splits,
          i -> {
            int split = i / tasks;
            int r = i % tasks / panels.size();
            Panel panel = panels.get(i % panels.size());
            float[] tile = buffers.take(p.k() * panel.width());
            Arrays.fill(tile, 0, p.k() * panel.width(), 0f);
            for (int item = sums.firstItem(split); item < sums.firstItem(split + 1); item++) {
              int y0 = item % chunks * lines;
              int y1 = Math.min(p.outH(), y0 + lines);
              addChunk(p, halo, dy, r, panel, item / chunks, y0, y1, tile);
            }
            int to = sums.base(split) + (r * p.kw() * p.c() + panel.start()) * p.k();
            transpose(tile, p.k(), panel, sums.array(), to);
            buffers.give(tile);
          });
      sums.finish(workers);
    }
  }

  private void addChunk(
      Conv2dProblem p,
      Halo halo,
      CpuStorage dy,
      int r,
      Panel panel,
      int picture,
      int y0,
      int y1,
      float[] tile) {
    int line = picture * halo.h + y0 * p.strideH() + r * p.dilationH();
    tiles.outerProducts(
        p.k(),
        y1 - y0,
        p.outW(),
        dy.array,
        dy.offset + (picture * p.outH() + y0) * p.outW() * p.k(),
        p.outW() * p.k(),
        p.k(),
        halo.array,
        line * halo.w * p.c() + panel.start(),
        p.strideH() * halo.w * p.c(),
        p.strideW() * p.c(),
        tile,
        0,
        panel.width());
  }

  private static void transpose(float[] tile, int rows, Panel panel, float[] to, int toBase) {
    for (int j = 0; j < panel.valid(); j++) {
      for (int i = 0; i < rows; i++) {
        to[toBase + j * rows + i] = tile[i * panel.width() + j];
      }
    }
  }
}
