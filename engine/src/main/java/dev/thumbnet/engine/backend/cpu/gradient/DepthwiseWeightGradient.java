package dev.thumbnet.engine.backend.cpu.gradient;

import dev.thumbnet.engine.backend.cpu.conv.SlidingWindow;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import java.util.Arrays;

/** Gradient for the weights of a convolution in which each channel sees itself only. */
public final class DepthwiseWeightGradient implements WeightGradient {
  /** Channels of a task. */
  private static final int BLOCK = 64;

  private final TileKernels tiles;
  private final WorkerPool workers;

  public DepthwiseWeightGradient(TileKernels tiles, WorkerPool workers) {
    this.tiles = tiles;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "depthwise";
  }

  @Override
  public boolean accepts(Conv2dProblem p) {
    return p.groups() > 1 && p.c() == p.groups() && p.k() == p.groups();
  }

  @Override
  public void run(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
    int blocks = Math.ceilDiv(p.c(), BLOCK);
    workers.run(
        p.kh() * p.kw() * blocks,
        i -> {
          int channel = i % blocks * BLOCK;
          int count = Math.min(BLOCK, p.c() - channel);
          runTap(p, i / blocks, channel, count, x, dy, dWeight);
        });
  }

  private void runTap(
      Conv2dProblem p,
      int element,
      int channel,
      int count,
      CpuStorage x,
      CpuStorage dy,
      CpuStorage dWeight) {
    int r = element / p.kw();
    int s = element % p.kw();
    SlidingWindow rows =
        SlidingWindow.forward(p.h(), p.outH(), p.kh(), p.strideH(), p.padH(), p.dilationH());
    SlidingWindow cols =
        SlidingWindow.forward(p.w(), p.outW(), p.kw(), p.strideW(), p.padW(), p.dilationW());
    int to = dWeight.offset + element * p.k() + channel;
    Arrays.fill(dWeight.array, to, to + count, 0f);
    for (int n = 0; n < p.n(); n++) {
      for (int oh = rows.firstReader(r); oh < rows.endReader(r); oh++) {
        for (int ow = cols.firstReader(s); ow < cols.endReader(s); ow++) {
          int in = (n * p.h() + rows.position(oh, r)) * p.w() + cols.position(ow, s);
          int out = (n * p.outH() + oh) * p.outW() + ow;
          tiles.multiplyAdd(
              count,
              x.array,
              x.offset + in * p.c() + channel,
              dy.array,
              dy.offset + out * p.k() + channel,
              dWeight.array,
              to);
        }
      }
    }
  }
}
