package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.PoolProblem;
import java.util.Arrays;

/**
 * Maximum and mean over sliding windows, lanes along channels. The part of a window that lies on
 * padding is cut off before a kernel sees it.
 *
 * <p>Windows overlap, so the backward pass adds to dx: one task does all windows of a picture (and
 * of at most 128 channels, so that one big picture is several tasks) in row-major order. It zeroes
 * the rows of dx just before it first adds to them, while they are about to enter the cache.
 */
final class Pooling {
  /** Elements of x per forward task. */
  private static final int CHUNK = 1 << 14;

  /** Channels per backward task. */
  private static final int CHANNELS = 128;

  private final WorkerPool workers;
  private final SpatialKernels kernels;

  Pooling(WorkerPool workers, Kernels kernels) {
    this.workers = workers;
    this.kernels = kernels.spatial();
  }

  /** What to do with a window of rows x cols pixels, given where it and its output pixel start. */
  private interface Body {
    void run(int rows, int cols, int input, int output);
  }

  // ---------------------------------------------------------------- forward

  void max(PoolProblem p, CpuStorage x, CpuStorage y) {
    int c = p.c();
    forward(
        p,
        (rows, cols, in, out) ->
            kernels.windowMax(
                rows, cols, p.w() * c, c, c, x.array, x.offset + in, y.array, y.offset + out));
  }

  void average(PoolProblem p, boolean countPad, CpuStorage x, CpuStorage y) {
    int c = p.c();
    forward(
        p,
        (rows, cols, in, out) ->
            kernels.windowSum(
                rows,
                cols,
                p.w() * c,
                c,
                c,
                share(p, countPad, rows, cols),
                x.array,
                x.offset + in,
                y.array,
                y.offset + out));
  }

  private static float share(PoolProblem p, boolean countPad, int rows, int cols) {
    return 1f / (countPad ? p.kh() * p.kw() : rows * cols);
  }

  private void forward(PoolProblem p, Body body) {
    int rows = p.n() * p.outH();
    int group = (int) Math.max(1, CHUNK / ((long) p.strideH() * p.w() * p.c()));
    workers.run(
        Math.ceilDiv(rows, group),
        task -> {
          for (int r = task * group; r < Math.min(rows, (task + 1) * group); r++) {
            eachWindow(p, r / p.outH(), r % p.outH(), 0, body);
          }
        });
  }

  /** Calls {@code body} for each window of an output row, left to right. */
  private static void eachWindow(PoolProblem p, int n, int oy, int channel, Body body) {
    int fromY = Math.max(oy * p.strideH() - p.padH(), 0);
    int rows = bottom(p, oy) - fromY;
    int outW = p.outW();
    for (int ox = 0; ox < outW; ox++) {
      int left = ox * p.strideW() - p.padW();
      int fromX = Math.max(left, 0);
      int cols = Math.min(left + p.kw(), p.w()) - fromX;
      int input = ((n * p.h() + fromY) * p.w() + fromX) * p.c() + channel;
      int output = ((n * p.outH() + oy) * outW + ox) * p.c() + channel;
      body.run(rows, cols, input, output);
    }
  }

  /** Returns the first row below the windows of an output row. */
  private static int bottom(PoolProblem p, int oy) {
    return Math.min(oy * p.strideH() - p.padH() + p.kh(), p.h());
  }

  // ---------------------------------------------------------------- backward

  void maxBackward(PoolProblem p, CpuStorage x, CpuStorage y, CpuStorage dy, CpuStorage dx) {
    backward(
        p,
        dx,
        (channels) ->
            (rows, cols, in, out) ->
                kernels.windowMaxBackward(
                    rows,
                    cols,
                    p.w() * p.c(),
                    p.c(),
                    channels,
                    x.array,
                    x.offset + in,
                    y.array,
                    y.offset + out,
                    dy.array,
                    dy.offset + out,
                    dx.array,
                    dx.offset + in));
  }

  void averageBackward(PoolProblem p, boolean countPad, CpuStorage dy, CpuStorage dx) {
    backward(
        p,
        dx,
        (channels) ->
            (rows, cols, in, out) ->
                kernels.windowSumBackward(
                    rows,
                    cols,
                    p.w() * p.c(),
                    p.c(),
                    channels,
                    share(p, countPad, rows, cols),
                    dy.array,
                    dy.offset + out,
                    dx.array,
                    dx.offset + in));
  }

  /** Makes the body for a number of channels. */
  private interface BodyOf {
    Body channels(int channels);
  }

  private void backward(PoolProblem p, CpuStorage dx, BodyOf bodyOf) {
    int stripes = Math.ceilDiv(p.c(), CHANNELS);
    workers.run(
        p.n() * stripes,
        task -> {
          int n = task / stripes;
          int channel = task % stripes * CHANNELS;
          int channels = Math.min(CHANNELS, p.c() - channel);
          Body body = bodyOf.channels(channels);
          int zeroed = 0;
          for (int oy = 0; oy < p.outH(); oy++) {
            int bottom = bottom(p, oy);
            zero(p, dx, n, zeroed, bottom, channel, channels);
            zeroed = Math.max(zeroed, bottom);
            eachWindow(p, n, oy, channel, body);
          }
          zero(p, dx, n, zeroed, p.h(), channel, channels);
        });
  }

  private static void zero(
      PoolProblem p, CpuStorage dx, int n, int fromRow, int toRow, int channel, int channels) {
    int from = dx.offset + (n * p.h() + fromRow) * p.w() * p.c() + channel;
    int pixels = (toRow - fromRow) * p.w();
    for (int i = 0; i < pixels; i++) {
      Arrays.fill(dx.array, from + i * p.c(), from + i * p.c() + channels, 0);
    }
  }
}
