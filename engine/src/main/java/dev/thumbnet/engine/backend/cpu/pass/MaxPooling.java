package dev.thumbnet.engine.backend.cpu.pass;

import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.SpatialKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import java.util.Arrays;

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

  /** Returns the first input row of the windows of an output row; padding is cut off. */
  private static int top(PoolProblem p, int oy) {
    return Math.max(oy * p.strideH() - p.padH(), 0);
  }

  /** Returns the first input row below the windows of an output row. */
  private static int bottom(PoolProblem p, int oy) {
    return Math.min(oy * p.strideH() - p.padH() + p.kh(), p.h());
  }

  private static int left(PoolProblem p, int ox) {
    return Math.max(ox * p.strideW() - p.padW(), 0);
  }

  private static int right(PoolProblem p, int ox) {
    return Math.min(ox * p.strideW() - p.padW() + p.kw(), p.w());
  }

  // ---------------------------------------------------------------- forward

  void forward(PoolProblem p, CpuStorage x, CpuStorage y) {
    int outRows = p.n() * p.outH();
    int group = (int) Math.max(1, CHUNK / ((long) p.strideH() * p.w() * p.c()));
    workers.run(
        Math.ceilDiv(outRows, group),
        task -> {
          for (int r = task * group; r < Math.min(outRows, (task + 1) * group); r++) {
            forwardRow(p, r, x, y);
          }
        });
  }

  private void forwardRow(PoolProblem p, int r, CpuStorage x, CpuStorage y) {
    int c = p.c();
    int outW = p.outW();
    int oy = r % p.outH();
    int top = top(p, oy);
    int rows = bottom(p, oy) - top;
    int from = x.offset + (r / p.outH() * p.h() + top) * p.w() * c;
    for (int ox = 0; ox < outW; ox++) {
      int left = left(p, ox);
      kernels.maximum(
          rows,
          right(p, ox) - left,
          p.w() * c,
          c,
          c,
          x.array,
          from + left * c,
          y.array,
          y.offset + (r * outW + ox) * c);
    }
  }

  // ---------------------------------------------------------------- backward

  public void backward(PoolProblem p, CpuStorage x, CpuStorage y, CpuStorage dy, CpuStorage dx) {
    int width = p.n() < MANY_PICTURES ? Math.min(STRIPE, p.c()) : p.c();
    int stripes = Math.ceilDiv(p.c(), width);
    workers.run(
        p.n() * stripes,
        task -> {
          int n = task / stripes;
          int channel = task % stripes * width;
          int channels = Math.min(width, p.c() - channel);
          int zeroed = 0;
          for (int oy = 0; oy < p.outH(); oy++) {
            int bottom = bottom(p, oy);
            zero(p, dx, n, zeroed, bottom, channel, channels);
            zeroed = Math.max(zeroed, bottom);
            backwardRow(p, n, oy, channel, channels, x, y, dy, dx);
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
      int n,
      int oy,
      int channel,
      int channels,
      CpuStorage x,
      CpuStorage y,
      CpuStorage dy,
      CpuStorage dx) {
    int c = p.c();
    int outW = p.outW();
    int top = top(p, oy);
    int rows = bottom(p, oy) - top;
    for (int ox = 0; ox < outW; ox++) {
      int left = left(p, ox);
      int in = ((n * p.h() + top) * p.w() + left) * c + channel;
      int out = ((n * p.outH() + oy) * outW + ox) * c + channel;
      kernels.maximumBackward(
          rows,
          right(p, ox) - left,
          p.w() * c,
          c,
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
