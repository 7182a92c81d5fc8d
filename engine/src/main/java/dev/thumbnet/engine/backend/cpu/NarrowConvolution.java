package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.cpu.Correlation.Part;

/**
 * Convolution to a few channels, such as the three colours of a thumbnail or of the gradient of a
 * picture: with the lanes along output channels most would idle, so here they run along the input.
 * Each result is the scalar product of a window with a filter; a kernel row of a window is one run
 * of floats in NHWC. The picture gets a frame of zeros first, so that all windows are whole.
 */
final class NarrowConvolution implements CorrelationAlgorithm {
  /** Results of a task. */
  private static final int BLOCK = 256;

  private final TileKernels tiles;
  private final int lanes;
  private final BufferPool buffers;
  private final WorkerPool workers;

  NarrowConvolution(TileKernels tiles, BufferPool buffers, WorkerPool workers) {
    this.tiles = tiles;
    int[] widths = tiles.widths();
    this.lanes = widths[widths.length - 1];
    this.buffers = buffers;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "narrow";
  }

  @Override
  public boolean accepts(Correlation c) {
    return c.groups == 1
        && 2 * c.outC <= lanes
        && c.parts.stream()
            .allMatch(
                p -> p.taps() > 0 && p.cols().tapStep() == 1 && p.cols().taps() * c.inC >= lanes);
  }

  @Override
  public void run(Correlation c, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y) {
    try (Halo halo = Halo.copy(x, c.n, c.inH, c.inW, c.inC, frame(c), 0, buffers, workers)) {
      for (Part part : c.parts) {
        runPart(c, part, halo, weight, bias, y);
      }
    }
  }

  private static Halo.Frame frame(Correlation c) {
    int top = 0;
    int bottom = 0;
    int left = 0;
    int right = 0;
    for (Part part : c.parts) {
      Axis rows = part.rows();
      Axis cols = part.cols();
      top = Math.max(top, -rows.inBase());
      left = Math.max(left, -cols.inBase());
      bottom = Math.max(bottom, rows.position(rows.count() - 1, rows.taps() - 1) - c.inH + 1);
      right = Math.max(right, cols.position(cols.count() - 1, cols.taps() - 1) - c.inW + 1);
    }
    return new Halo.Frame(top, bottom, left, right);
  }

  private void runPart(
      Correlation c, Part part, Halo halo, CpuStorage weight, CpuStorage bias, CpuStorage y) {
    float[] filters = filters(c, part, weight);
    int results = c.n * part.pixels();
    workers.run(
        Math.ceilDiv(results, BLOCK),
        i -> {
          int begin = i * BLOCK;
          int end = Math.min(results, begin + BLOCK);
          runBlock(c, part, begin, end, halo, filters, bias, y);
        });
    buffers.give(filters);
  }

  /** Returns the weights as (output channel, kernel row, kernel column, input channel). */
  private float[] filters(Correlation c, Part part, CpuStorage weight) {
    int rows = part.rows().taps();
    int cols = part.cols().taps();
    float[] filters = buffers.take(c.outC * part.taps() * c.inC);
    int at = 0;
    for (int j = 0; j < c.outC; j++) {
      for (int r = 0; r < rows; r++) {
        for (int s = 0; s < cols; s++) {
          int from = weight.offset + c.weightAt(part, r, s, 0) + j * c.weightStepOut();
          for (int i = 0; i < c.inC; i++) {
            filters[at++] = weight.array[from + i * c.weightStepIn()];
          }
        }
      }
    }
    return filters;
  }

  private void runBlock(
      Correlation c,
      Part part,
      int begin,
      int end,
      Halo halo,
      float[] filters,
      CpuStorage bias,
      CpuStorage y) {
    Axis rows = part.rows();
    Axis cols = part.cols();
    int[] pairs = new int[2 * (end - begin)];
    int at = 0;
    for (int i = begin; i < end; i++) {
      int line = i / cols.count();
      int picture = line / rows.count();
      int my = line % rows.count();
      int mx = i % cols.count();
      int row = picture * halo.h + rows.position(my, 0) + halo.top;
      int outRow = picture * c.outH + rows.outBase() + my * rows.outStep();
      int outPixel = outRow * c.outW + cols.outBase() + mx * cols.outStep();
      pairs[at++] = (row * halo.w + cols.position(mx, 0) + halo.left) * c.inC;
      pairs[at++] = outPixel;
      for (int j = 0; j < c.outC; j++) {
        y.array[y.offset + outPixel * c.outC + j] = bias == null ? 0 : bias.array[bias.offset + j];
      }
    }
    int run = cols.taps() * c.inC;
    tiles.dots(
        pairs,
        0,
        end - begin,
        c.outC,
        rows.taps(),
        run,
        halo.array,
        0,
        rows.tapStep() * halo.w * c.inC,
        filters,
        0,
        rows.taps() * run,
        run,
        y.array,
        y.offset,
        c.outC);
  }
}
