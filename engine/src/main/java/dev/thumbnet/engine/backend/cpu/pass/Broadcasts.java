package dev.thumbnet.engine.backend.cpu.pass;

import dev.thumbnet.engine.backend.cpu.kernel.ChannelKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import java.util.Arrays;

/** Broadcasts of a small array over a big one, and sums of a big one into a small one. */
public final class Broadcasts {
  /** Below this many elements per outer index, the setting up of blocks costs more than a loop. */
  private static final int TINY = 256;

  /** Elements per task of such loops. */
  private static final int TINY_CHUNK = 1 << 14;

  private final WorkerPool workers;
  private final ChannelKernels kernels;
  private final int lanes;

  Broadcasts(WorkerPool workers, Kernels kernels) {
    this.workers = workers;
    this.kernels = kernels.channels();
    this.lanes = kernels.lanes();
  }

  private ChannelBlocks blocks(AxisProblem p) {
    return new ChannelBlocks(p.outer(), p.repeat(), p.inner(), lanes);
  }

  private static boolean tiny(AxisProblem p) {
    return (long) p.repeat() * p.inner() < TINY;
  }

  /** A loop over outer indices. */
  private interface OuterLoop {
    void run(int from, int to);
  }

  private void splitOuter(AxisProblem p, OuterLoop loop) {
    int group = Math.max(1, TINY_CHUNK / (p.repeat() * p.inner()));
    workers.run(
        Math.ceilDiv(p.outer(), group),
        i -> loop.run(i * group, Math.min(p.outer(), (i + 1) * group)));
  }

  // ---------------------------------------------------------------- broadcasts

  public void broadcastAdd(
      AxisProblem p, CpuStorage big, double scale, CpuStorage small, CpuStorage out) {
    float factor = (float) scale;
    if (tiny(p)) {
      splitOuter(p, (from, to) -> tinyAdd(p, from, to, big, factor, small, out));
      return;
    }
    runWith(
        p,
        factor,
        small,
        added ->
            (rows, stride, width, at) ->
                kernels.add(
                    rows,
                    stride,
                    width,
                    big.array,
                    big.offset + at,
                    added,
                    out.array,
                    out.offset + at));
  }

  private static void tinyAdd(
      AxisProblem p,
      int from,
      int to,
      CpuStorage big,
      float factor,
      CpuStorage small,
      CpuStorage out) {
    for (int o = from; o < to; o++) {
      for (int i = 0; i < p.inner(); i++) {
        float added = factor * small.array[small.offset + o * p.inner() + i];
        int at = o * p.repeat() * p.inner() + i;
        for (int r = 0; r < p.repeat(); r++, at += p.inner()) {
          out.array[out.offset + at] = big.array[big.offset + at] + added;
        }
      }
    }
  }

  public void broadcastMultiply(AxisProblem p, CpuStorage big, CpuStorage small, CpuStorage out) {
    if (tiny(p)) {
      splitOuter(p, (from, to) -> tinyMultiply(p, from, to, big, small, out));
      return;
    }
    runWith(
        p,
        1,
        small,
        factors ->
            (rows, stride, width, at) ->
                kernels.multiply(
                    rows,
                    stride,
                    width,
                    big.array,
                    big.offset + at,
                    factors,
                    out.array,
                    out.offset + at));
  }

  private static void tinyMultiply(
      AxisProblem p, int from, int to, CpuStorage big, CpuStorage small, CpuStorage out) {
    for (int o = from; o < to; o++) {
      for (int i = 0; i < p.inner(); i++) {
        float factor = small.array[small.offset + o * p.inner() + i];
        int at = o * p.repeat() * p.inner() + i;
        for (int r = 0; r < p.repeat(); r++, at += p.inner()) {
          out.array[out.offset + at] = big.array[big.offset + at] * factor;
        }
      }
    }
  }

  void clamp(AxisProblem p, CpuStorage x, CpuStorage low, CpuStorage high, CpuStorage y) {
    ChannelBlocks blocks = blocks(p);
    float[][] allLows = blocks.repeated(low.array, low.offset);
    float[][] allHighs = blocks.repeated(high.array, high.offset);
    blocks.runPrepared(
        workers,
        block -> {
          float[] lows = allLows[block.columnIndex()];
          float[] highs = allHighs[block.columnIndex()];
          ChannelBlocks.Sweep sweep =
              (rows, stride, width, at) ->
                  kernels.clamp(
                      rows,
                      stride,
                      width,
                      x.array,
                      x.offset + at,
                      lows,
                      highs,
                      y.array,
                      y.offset + at);
          return () -> block.sweep(sweep);
        });
  }

  public void clampBackward(
      AxisProblem p, CpuStorage x, CpuStorage low, CpuStorage high, CpuStorage dy, CpuStorage dx) {
    blocks(p)
        .run(
            workers,
            block -> {
              float[] lows = block.repeat(low.array, low.offset + block.small());
              float[] highs = block.repeat(high.array, high.offset + block.small());
              block.sweep(
                  (rows, stride, width, at) ->
                      kernels.clampGradient(
                          rows,
                          stride,
                          width,
                          x.array,
                          x.offset + at,
                          lows,
                          highs,
                          dy.array,
                          dy.offset + at,
                          dx.array,
                          dx.offset + at));
            });
  }

  public void broadcast(AxisProblem p, double scale, CpuStorage small, CpuStorage out) {
    float factor = (float) scale;
    if (tiny(p)) {
      splitOuter(p, (from, to) -> tinyBroadcast(p, from, to, factor, small, out));
      return;
    }
    runWith(
        p,
        factor,
        small,
        values ->
            (rows, stride, width, at) -> {
              for (int r = 0; r < rows; r++) {
                System.arraycopy(values, 0, out.array, out.offset + at + r * stride, width);
              }
            });
  }

  private static void tinyBroadcast(
      AxisProblem p, int from, int to, float factor, CpuStorage small, CpuStorage out) {
    for (int o = from; o < to; o++) {
      for (int i = 0; i < p.inner(); i++) {
        float value = factor * small.array[small.offset + o * p.inner() + i];
        int at = o * p.repeat() * p.inner() + i;
        for (int r = 0; r < p.repeat(); r++, at += p.inner()) {
          out.array[out.offset + at] = value;
        }
      }
    }
  }

  /** Makes a loop that combines a block of the big array with values for its columns. */
  private interface LoopWith {
    ChannelBlocks.Sweep sweep(float[] values);
  }

  /** Runs loops with factor · small. */
  private void runWith(AxisProblem p, float factor, CpuStorage small, LoopWith loop) {
    blocks(p)
        .runMade(
            workers,
            block -> {
              float[] values = block.zeros();
              ChannelBlocks.Sweep sweep = loop.sweep(values);
              return () -> {
                block.repeat(small.array, small.offset + block.small(), values);
                scale(values, factor);
                block.sweep(sweep);
              };
            },
            () -> {});
  }

  private static void scale(float[] values, float factor) {
    if (factor == 1) {
      return;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  // ---------------------------------------------------------------- sums

  public void sum(AxisProblem p, double scale, CpuStorage big, CpuStorage small) {
    if (tiny(p)) {
      splitOuter(p, (from, to) -> tinySum(p, from, to, scale, big, small));
      return;
    }
    sumBlocks(
        p,
        scale,
        small,
        (rows, stride, width, at, sums) ->
            kernels.sum(rows, stride, width, big.array, big.offset + at, sums));
  }

  private static void tinySum(
      AxisProblem p, int from, int to, double scale, CpuStorage big, CpuStorage small) {
    int inner = p.inner();
    for (int o = from; o < to; o++) {
      for (int i = 0; i < inner; i++) {
        int at = big.offset + o * p.repeat() * inner + i;
        double sum = 0;
        for (int r = 0; r < p.repeat(); r++, at += inner) {
          sum += big.array[at];
        }
        small.array[small.offset + o * inner + i] = (float) (scale * sum);
      }
    }
  }

  public void sumOfProducts(
      AxisProblem p, double scale, CpuStorage a, CpuStorage b, CpuStorage small) {
    if (tiny(p)) {
      splitOuter(p, (from, to) -> tinySumOfProducts(p, from, to, scale, a, b, small));
      return;
    }
    sumBlocks(
        p,
        scale,
        small,
        (rows, stride, width, at, sums) ->
            kernels.sumOfProducts(
                rows, stride, width, a.array, a.offset + at, b.array, b.offset + at, sums));
  }

  private static void tinySumOfProducts(
      AxisProblem p, int from, int to, double scale, CpuStorage a, CpuStorage b, CpuStorage small) {
    int inner = p.inner();
    for (int o = from; o < to; o++) {
      for (int i = 0; i < inner; i++) {
        int at = o * p.repeat() * inner + i;
        double sum = 0;
        for (int r = 0; r < p.repeat(); r++, at += inner) {
          sum += (double) a.array[a.offset + at] * b.array[b.offset + at];
        }
        small.array[small.offset + o * inner + i] = (float) (scale * sum);
      }
    }
  }

  /** Adds up a part of a block, column by column. */
  private interface Adder {
    void add(int rows, int stride, int width, int at, float[] sums);
  }

  /** Sums each block in float and the blocks, in order, in double precision. */
  private void sumBlocks(AxisProblem p, double scale, CpuStorage small, Adder adder) {
    ChannelBlocks blocks = blocks(p);
    if (blocks.rowBlocks() == 1) {
      blocks.runMade(
          workers,
          block -> {
            double[] total = new double[block.columns()];
            Runnable sum = sumOf(block, adder, total, 0);
            return () -> {
              sum.run();
              store(total, 0, total.length, scale, small, block.small());
            };
          },
          () -> {});
      return;
    }
    double[] partials = new double[p.outer() * blocks.rowBlocks() * p.inner()];
    blocks.runMade(
        workers,
        block -> sumOf(block, adder, partials, block.partial()),
        () -> sumOfBlocks(p, blocks.rowBlocks(), partials, scale, small));
  }

  /** Returns what puts the sums of a block's columns into {@code totals} from {@code at} on. */
  private static Runnable sumOf(ChannelBlocks.Block block, Adder adder, double[] totals, int at) {
    float[] sums = block.zeros();
    ChannelBlocks.Sweep sweep =
        (rows, stride, width, from) -> adder.add(rows, stride, width, from, sums);
    return () -> {
      Arrays.fill(sums, 0);
      Arrays.fill(totals, at, at + block.columns(), 0);
      block.sweep(sweep);
      block.fold(sums, totals, at);
    };
  }

  private static void sumOfBlocks(
      AxisProblem p, int rowBlocks, double[] partials, double scale, CpuStorage small) {
    int inner = p.inner();
    for (int o = 0; o < p.outer(); o++) {
      int first = o * rowBlocks * inner; // the first block's sums become the total
      for (int r = 1; r < rowBlocks; r++) {
        for (int i = 0; i < inner; i++) {
          partials[first + i] += partials[first + r * inner + i];
        }
      }
      store(partials, first, inner, scale, small, o * inner);
    }
  }

  private static void store(
      double[] totals, int from, int count, double scale, CpuStorage small, int to) {
    for (int i = 0; i < count; i++) {
      small.array[small.offset + to + i] = (float) (scale * totals[from + i]);
    }
  }
}
