package dev.thumbnet.engine.backend.cpu.pass;

import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.SpatialKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.PoolAxis;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Maximum over sliding windows, lanes along channels; average pooling is linear and therefore a
 * {@link Resampling}.
 *
 * <p>Windows overlap, so the backward pass adds to dx: one task does all windows of a picture in
 * row-major order. It zeroes the rows of dx just before it first adds to them, while they are about
 * to enter the cache. If there are fewer than eight pictures, their channels are split into several
 * tasks; otherwise not, because pieces of a pixel are read two to three times slower than pixels.
 */
public final class MaxPooling {
  /** Elements of x per forward task. */
  private static final int CHUNK = 1 << 14;

  /** From this number of pictures on, a picture is one backward task. */
  private static final int MANY_PICTURES = 8;

  /** Channels per backward task if there are fewer pictures. */
  private static final int STRIPE = 128;

  private final WorkerPool workers;
  private final SpatialKernels kernels;

  MaxPooling(WorkerPool workers, Kernels kernels) {
    this.workers = workers;
    this.kernels = kernels.spatial();
  }

  /**
   * Where the windows along one axis begin in the picture and how many elements they have there.
   */
  private record Windows(int[] begin, int[] count) {
    static Windows of(PoolAxis axis) {
      return new Windows(
          IntStream.range(0, axis.out()).map(axis::begin).toArray(),
          IntStream.range(0, axis.out()).map(axis::count).toArray());
    }

    int out() {
      return begin.length;
    }
  }

  // ---------------------------------------------------------------- forward

  void forward(PoolProblem p, CpuStorage x, CpuStorage y) {
    Windows rows = Windows.of(p.rows());
    Windows columns = Windows.of(p.columns());
    int outRows = p.n() * rows.out();
    int group = (int) Math.max(1, CHUNK / ((long) p.strideH() * p.w() * p.c()));
    workers.run(
        Math.ceilDiv(outRows, group),
        task -> {
          for (int r = task * group; r < Math.min(outRows, (task + 1) * group); r++) {
            forwardRow(p, rows, columns, r, x, y);
          }
        });
  }

  private void forwardRow(
      PoolProblem p, Windows rows, Windows columns, int r, CpuStorage x, CpuStorage y) {
    int c = p.c();
    int outH = rows.out();
    int outW = columns.out();
    int oy = r % outH;
    int from = x.offset + (r / outH * p.h() + rows.begin[oy]) * p.w() * c;
    for (int ox = 0; ox < outW; ox++) {
      kernels.maximum(
          rows.count[oy],
          columns.count[ox],
          p.dilationH() * p.w() * c,
          p.dilationW() * c,
          c,
          x.array,
          from + columns.begin[ox] * c,
          y.array,
          y.offset + (r * outW + ox) * c);
    }
  }

  // ---------------------------------------------------------------- backward

  public void backward(PoolProblem p, CpuStorage x, CpuStorage y, CpuStorage dy, CpuStorage dx) {
    int width = p.n() < MANY_PICTURES ? Math.min(STRIPE, p.c()) : p.c();
    int stripes = Math.ceilDiv(p.c(), width);
    PoolAxis axis = p.rows();
    Windows rows = Windows.of(axis);
    Windows columns = Windows.of(p.columns());
    workers.run(
        p.n() * stripes,
        task -> {
          int n = task / stripes;
          int channel = task % stripes * width;
          int channels = Math.min(width, p.c() - channel);
          int zeroed = 0;
          for (int oy = 0; oy < rows.out(); oy++) {
            int bottom = Math.max(zeroed, axis.end(oy));
            zero(p, dx, n, zeroed, bottom, channel, channels);
            zeroed = bottom;
            backwardRow(p, rows, columns, n, oy, channel, channels, x, y, dy, dx);
          }
          zero(p, dx, n, zeroed, p.h(), channel, channels);
        });
  }

  private static void zero(
      PoolProblem p, CpuStorage dx, int n, int fromRow, int toRow, int channel, int channels) {
    int from = dx.offset + (n * p.h() + fromRow) * p.w() * p.c() + channel;
    int pixels = (toRow - fromRow) * p.w();
    if (channels == p.c()) {
      Arrays.fill(dx.array, from, from + pixels * channels, 0);
      return;
    }
    for (int i = 0; i < pixels; i++) {
      Arrays.fill(dx.array, from + i * p.c(), from + i * p.c() + channels, 0);
    }
  }

  private void backwardRow(
      PoolProblem p,
      Windows rows,
      Windows columns,
      int n,
      int oy,
      int channel,
      int channels,
      CpuStorage x,
      CpuStorage y,
      CpuStorage dy,
      CpuStorage dx) {
    int c = p.c();
    int outW = columns.out();
    for (int ox = 0; ox < outW; ox++) {
      int in = ((n * p.h() + rows.begin[oy]) * p.w() + columns.begin[ox]) * c + channel;
      int out = ((n * rows.out() + oy) * outW + ox) * c + channel;
      kernels.maximumBackward(
          rows.count[oy],
          columns.count[ox],
          p.dilationH() * p.w() * c,
          p.dilationW() * c,
          channels,
          x.array,
          x.offset + in,
          y.array,
          y.offset + out,
          dy.array,
          dy.offset + out,
          dx.array,
          dx.offset + in);
    }
  }
}
