package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.cpu.conv.Direction.Part;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolution in which each channel sees itself only. Nothing is shared between output channels, so
 * there is no matrix product in it: for each result and kernel element one row of channels is
 * multiplied by a row of weights and added.
 */
public final class DepthwiseConvolution implements ConvolutionAlgorithm {
  private final TileKernels tiles;
  private final WorkerPool workers;

  public DepthwiseConvolution(TileKernels tiles, WorkerPool workers) {
    this.tiles = tiles;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "depthwise";
  }

  @Override
  public boolean accepts(Direction c) {
    return c.groups > 1 && c.inGroup() == 1 && c.outGroup() == 1;
  }

  @Override
  public void run(
      Direction c, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y) {
    for (Part part : c.parts) {
      workers.run(c.n * part.rows().count(), line -> runLine(c, part, line, x, weight, bias, y));
    }
  }

  private void runLine(
      Direction c,
      Part part,
      int line,
      CpuStorage x,
      CpuStorage weight,
      @Nullable CpuStorage bias,
      CpuStorage y) {
    SlidingWindow rows = part.rows();
    SlidingWindow cols = part.cols();
    int channels = c.outC;
    int picture = line / rows.count();
    int my = line % rows.count();
    int outRow = picture * c.outH + rows.outBase() + my * rows.outStep();
    for (int mx = 0; mx < cols.count(); mx++) {
      int to = y.offset + (outRow * c.outW + cols.outBase() + mx * cols.outStep()) * channels;
      if (bias == null) {
        Arrays.fill(y.array, to, to + channels, 0f);
      } else {
        System.arraycopy(bias.array, bias.offset, y.array, to, channels);
      }
      for (int r = rows.firstElement(my); r < rows.endElement(my); r++) {
        int inRow = picture * c.inH + rows.position(my, r);
        for (int s = cols.firstElement(mx); s < cols.endElement(mx); s++) {
          int from = x.offset + (inRow * c.inW + cols.position(mx, s)) * channels;
          int w = weight.offset + c.weightAt(part, r, s, 0);
          tiles.multiplyAdd(channels, x.array, from, weight.array, w, y.array, to);
        }
      }
    }
  }
}
