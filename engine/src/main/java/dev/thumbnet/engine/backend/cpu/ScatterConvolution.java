package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.cpu.Tiles.Panel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Convolution to a few channels, such as the three colours of a thumbnail or of the gradient of a
 * picture. With the lanes along the output channels most would idle, so here they run along (tap,
 * output channel): each input pixel is multiplied by all weights at once, which is a product of
 * matrices with, for 7x7 taps and 3 channels, 147 columns; then each kernel row of the result, in
 * NHWC a run of (taps · channels) floats, is added to where it belongs in the output (col2im).
 * Adding moves one float per tap and output channel, which is little beside multiplying by all
 * input channels.
 *
 * <p>Serves the gradient for the data with any stride, and forward stride 1, which is the same with
 * the kernel turned around. A task is a strip of output rows of one picture; it computes all input
 * rows that reach the strip, so neighbouring strips do some of the work twice, and there are no
 * more of them than needed to have sixteen tasks.
 */
final class ScatterConvolution implements CorrelationAlgorithm {
  /** So many tasks give any usual number of threads an even share. */
  private static final int ENOUGH_TASKS = 16;

  private final TileKernels tiles;
  private final int[] widths;
  private final BufferPool buffers;
  private final WorkerPool workers;

  ScatterConvolution(TileKernels tiles, BufferPool buffers, WorkerPool workers) {
    this.tiles = tiles;
    this.widths = tiles.widths();
    this.buffers = buffers;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "scatter";
  }

  @Override
  public boolean accepts(Correlation c) {
    Conv2dProblem p = c.problem;
    int lanes = widths[widths.length - 1];
    return c.groups == 1
        && p.dilationH() == 1
        && p.dilationW() == 1
        && (!c.forward || p.strideH() == 1 && p.strideW() == 1)
        && 2 * c.outC <= lanes
        && p.kw() * c.outC >= lanes / 2;
  }

  @Override
  public void run(Correlation c, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y) {
    new Call(c, x, weight, bias, y).run();
  }

  private final class Call {
    private final Correlation c;
    private final Conv2dProblem p;
    private final CpuStorage x;
    private final CpuStorage bias;
    private final CpuStorage y;
    private final int stepH;
    private final int stepW;

    /** Output position that the first tap of the first input pixel adds to. */
    private final int startH;

    private final int startW;

    /** Columns of a strip: all that any tap adds to, and all outputs. */
    private final int firstCol;

    private final int stripW;
    private final List<Panel> panels;
    private final List<int[]> runs;
    private final float[] packed;

    Call(Correlation c, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y) {
      this.c = c;
      this.p = c.problem;
      this.x = x;
      this.bias = bias;
      this.y = y;
      stepH = c.forward ? 1 : p.strideH();
      stepW = c.forward ? 1 : p.strideW();
      startH = c.forward ? p.padH() - (p.kh() - 1) : -p.padH();
      startW = c.forward ? p.padW() - (p.kw() - 1) : -p.padW();
      firstCol = Math.min(0, startW);
      stripW = Math.max(c.outW, startW + (c.inW - 1) * stepW + p.kw()) - firstCol;
      panels = Tiles.panels(p.kh() * p.kw() * c.outC, widths);
      runs = panels.stream().map(this::runs).toList();
      packed = pack(weight);
    }

    void run() {
      int strips = Math.min(Math.ceilDiv(c.outH, 2 * p.kh()), Math.ceilDiv(ENOUGH_TASKS, c.n));
      int rows = Math.ceilDiv(c.outH, strips);
      workers.run(
          c.n * strips,
          i -> {
            int begin = i % strips * rows;
            int end = Math.min(c.outH, begin + rows);
            if (begin < end) {
              runStrip(i / strips, begin, end);
            }
          });
      buffers.give(packed);
    }

    /** Returns for each kernel row that has columns in a panel: where, how many, where to. */
    private int[] runs(Panel panel) {
      int run = p.kw() * c.outC;
      List<Integer> list = new ArrayList<>();
      int end = panel.start() + panel.valid();
      for (int at = panel.start(); at < end; ) {
        int row = at / run;
        int next = Math.min(end, (row + 1) * run);
        list.add(at - panel.start());
        list.add(next - at);
        list.add(row * stripW * c.outC + at % run);
        at = next;
      }
      return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns the weights by panel, input channel and column (tap, output channel). */
    private float[] pack(CpuStorage weight) {
      int width = panels.stream().mapToInt(Panel::width).sum();
      float[] result = buffers.take(width * c.inC);
      int to = 0;
      for (Panel panel : panels) {
        for (int i = 0; i < c.inC; i++) {
          for (int j = 0; j < panel.width(); j++) {
            result[to++] = j < panel.valid() ? weight(weight, i, panel.start() + j) : 0;
          }
        }
      }
      return result;
    }

    private float weight(CpuStorage weight, int in, int column) {
      int tap = column / c.outC;
      int kernelTap = c.forward ? p.kh() * p.kw() - 1 - tap : tap;
      return weight
          .array[
          weight.offset
              + kernelTap * p.c() * p.k()
              + in * c.weightStepIn()
              + column % c.outC * c.weightStepOut()];
    }

    /** Computes output rows [begin, end) of a picture. */
    private void runStrip(int picture, int begin, int end) {
      int firstIn = Math.max(0, Math.ceilDiv(begin - startH - (p.kh() - 1), stepH));
      int endIn = Math.min(c.inH, Math.floorDiv(end - 1 - startH, stepH) + 1);
      int firstRow = Math.min(begin, startH + firstIn * stepH);
      int endRow = Math.max(end, startH + (endIn - 1) * stepH + p.kh());
      int line = stripW * c.outC;
      int lanes = widths[widths.length - 1];
      float[] strip = buffers.take((endRow - firstRow) * line + lanes);
      Arrays.fill(strip, 0, (endRow - firstRow) * line + lanes, 0f);
      // Sums are read a vector beyond the last panel's end.
      float[] sums = buffers.take(c.inW * panels.getFirst().width() + lanes);
      int[] pairs = new int[2 * c.inW];
      for (int i = 0; i < c.inW; i++) {
        pairs[2 * i] = i * c.inC;
        pairs[2 * i + 1] = i;
      }
      for (int row = firstIn; row < endIn; row++) {
        int from = x.offset + (picture * c.inH + row) * c.inW * c.inC;
        int to = (startH + row * stepH - firstRow) * line + (startW - firstCol) * c.outC;
        addRow(pairs, from, sums, strip, to);
      }
      for (int row = begin; row < end; row++) {
        store(strip, (row - firstRow) * line - firstCol * c.outC, picture, row);
      }
      buffers.give(strip);
      buffers.give(sums);
    }

    private void addRow(int[] pairs, int from, float[] sums, float[] strip, int to) {
      int base = 0;
      for (int i = 0; i < panels.size(); i++) {
        int width = panels.get(i).width();
        Arrays.fill(sums, 0, c.inW * width, 0f);
        tiles.multiply(pairs, 0, c.inW, 1, c.inC, x.array, from, 0, packed, base, 0, sums, width);
        tiles.scatter(c.inW, runs.get(i), sums, width, strip, to, stepW * c.outC);
        base += c.inC * width;
      }
    }

    private void store(float[] strip, int from, int picture, int row) {
      int to = y.offset + (picture * c.outH + row) * c.outW * c.outC;
      int length = c.outW * c.outC;
      if (bias == null) {
        System.arraycopy(strip, from, y.array, to, length);
        return;
      }
      for (int i = 0; i < length; i += c.outC) {
        for (int j = 0; j < c.outC; j++) {
          y.array[to + i + j] = strip[from + i + j] + bias.array[bias.offset + j];
        }
      }
    }
  }
}
