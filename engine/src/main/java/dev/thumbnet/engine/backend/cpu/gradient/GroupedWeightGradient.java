package dev.thumbnet.engine.backend.cpu.gradient;

import dev.thumbnet.engine.backend.cpu.conv.ChannelPlanes;
import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.conv.GroupedConvolution;
import dev.thumbnet.engine.backend.cpu.kernel.GroupKernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import java.util.Arrays;
import java.util.List;

/**
 * Gradient for the weights of a convolution whose results see one or a few input channels. As in
 * {@link GroupedConvolution} the lanes run along output channels of several groups, and {@link
 * ChannelPlanes} hold the inputs; dy is copied beside them row by row, so that its pixels are
 * neighbours, too.
 *
 * <p>A task owns some channels and strips of rows. The sum of a row of results is made in registers
 * and added to the task's, so that no chain of additions is longer than a row or a column of
 * results.
 */
public final class GroupedWeightGradient implements WeightGradient {
  /** Channels of a task: pieces of a pixel that are worth a prefetch, in vectors. */
  private static final int BLOCKS_OF_SHARE = 4;

  /** Strips have so many rows for each row of the kernel, most of which two copy. */
  private static final int ROWS_OF_STRIP = 8;

  private final GroupKernels kernels;
  private final BufferPool buffers;
  private final WorkerPool workers;

  public GroupedWeightGradient(GroupKernels kernels, BufferPool buffers, WorkerPool workers) {
    this.kernels = kernels;
    this.buffers = buffers;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "grouped";
  }

  @Override
  public boolean accepts(Conv2dProblem p) {
    return ChannelPlanes.suit(Direction.forward(p), kernels.width());
  }

  @Override
  public void run(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
    new Sum(p, x, dy).run(dWeight);
  }

  /** One call. */
  private final class Sum {
    private final Conv2dProblem p;
    private final CpuStorage dy;
    private final List<ChannelPlanes> segments;
    private final int width = kernels.width();

    /** Rows of the kernel with their members. */
    private final int members;

    private final int blocks;
    private final int strip;
    private final int strips;

    Sum(Conv2dProblem p, CpuStorage x, CpuStorage dy) {
      this.p = p;
      this.dy = dy;
      Direction c = Direction.forward(p);
      segments = ChannelPlanes.segments(c, c.parts.getFirst(), x, kernels);
      members = p.c() / p.groups();
      blocks = Math.ceilDiv(p.k(), width);
      strip = ROWS_OF_STRIP * segments.getFirst().height();
      strips = Math.ceilDiv(p.outH(), strip);
    }

    void run(CpuStorage dWeight) {
      int shares = Math.ceilDiv(blocks, BLOCKS_OF_SHARE);
      try (WeightGradientSums sums =
          new WeightGradientSums(shares, p.n() * strips, p.weightSize(), dWeight, buffers)) {
        workers.run(
            shares * sums.splits,
            task -> {
              int begin = (int) ((long) blocks * (task % shares) / shares);
              int end = (int) ((long) blocks * (task % shares + 1) / shares);
              for (int b = begin; b < end; b++) {
                block(b, task / shares, sums);
              }
            });
        sums.finish(workers);
      }
    }

    private void block(int block, int split, WeightGradientSums target) {
      int length = p.kh() * members * p.kw() * width;
      float[] sums = buffers.take(length);
      float[] row = buffers.take(p.outW() * width);
      Arrays.fill(sums, 0, length, 0f);
      for (int item = target.firstItem(split); item < target.firstItem(split + 1); item++) {
        for (ChannelPlanes planes : segments) {
          addStrip(block, item / strips, item % strips * strip, planes, row, sums);
        }
      }
      store(block, sums, target.array(), target.base(split));
      buffers.give(row);
      buffers.give(sums);
    }

    private void addStrip(
        int block, int picture, int first, ChannelPlanes planes, float[] row, float[] sums) {
      int valid = Math.min(width, p.k() - block * width);
      int column = planes.columns().outBase();
      int count = planes.columns().count();
      float[] ring = buffers.take(planes.size());
      for (int m = first; m < Math.min(p.outH(), first + strip); m++) {
        planes.advance(block, picture, m, m == first, ring);
        int pixel = (picture * p.outH() + m) * p.outW() + column;
        kernels.copy(
            count, valid, dy.array, dy.offset + pixel * p.k() + block * width, p.k(), row, 0);
        kernels.addGradient(
            count, p.strideW(), planes.window(m), p.kw(), p.dilationW(), ring, 0, row, 0, sums);
      }
      buffers.give(ring);
    }

    /** Brings the sums, by kernel row, member, column and channel, to their places. */
    private void store(int block, float[] sums, float[] to, int base) {
      int valid = Math.min(width, p.k() - block * width);
      for (int i = 0; i < p.kh() * members * p.kw(); i++) {
        int r = i / p.kw() / members;
        int member = i / p.kw() % members;
        int at = ((r * p.kw() + i % p.kw()) * members + member) * p.k() + block * width;
        System.arraycopy(sums, i * width, to, base + at, valid);
      }
    }
  }
}
