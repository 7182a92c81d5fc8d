package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.conv.Direction.Part;
import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.kernel.GroupKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolution in which each result sees one or a few input channels: depthwise, with a channel
 * multiplier, or in small groups. A matrix product of one group would leave most lanes idle, so
 * here the lanes run along the output channels, those of as many groups as a vector holds; {@link
 * ChannelPlanes} hold the inputs of each lane. Then a result is a sum over kernel elements and
 * members of a group of vectors times vectors, and each lane is used.
 *
 * <p><b>Tasks</b> are strips of rows of a picture, or shares of its channels where rows are few. A
 * task goes down its strip block by block; strips are so low that what it reads and writes stays in
 * L2 meanwhile, and the epilogue finds it there.
 *
 * <p><b>Cost.</b> Large maps are bound by memory: what is read and written once. In caches a vector
 * of depthwise 3x3 results takes one load and store for the copy, and 27 loads for 36 multiply-adds
 * for each four results.
 */
public final class GroupedConvolution implements ConvolutionAlgorithm {
  /** So many tasks give any usual number of threads an even share. */
  private static final int ENOUGH_TASKS = 16;

  /** Strips have at least so many rows for each row of the kernel, most of which two copy. */
  private static final int ROWS_OF_STRIP = 4;

  /** Blocks of a share: pieces of a pixel that are worth a prefetch. */
  private static final int BLOCKS_OF_SHARE = 4;

  /** Floats of the results of a strip, to stay in L2. */
  private static final int STRIP = 64 * 1024;

  /**
   * Multiply-adds below which starting other threads costs more than it brings: half of those of a
   * matrix product, because each takes up to twice as many loads here, and inputs are copied.
   */
  private static final long WORTH_THREADS = Direction.WORTH_THREADS / 2;

  private final GroupKernels kernels;
  private final ElementKernels elements;
  private final int width;
  private final BufferPool buffers;
  private final WorkerPool workers;

  public GroupedConvolution(Kernels kernels, BufferPool buffers, WorkerPool workers) {
    this.kernels = kernels.groups();
    this.elements = kernels.elements();
    this.width = this.kernels.width();
    this.buffers = buffers;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "grouped";
  }

  @Override
  public boolean accepts(Direction c) {
    return ChannelPlanes.suit(c, width);
  }

  @Override
  public void run(
      Direction c, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y) {
    float[][] packed = pack(c, weight, bias);
    bind(c, x, packed, new Epilogue(elements, null, null, y)).run();
    for (float[] part : packed) {
      buffers.give(part);
    }
  }

  @Override
  public PreparedWeights prepare(
      Direction c, CpuStorage weight, @Nullable CpuStorage bias, WeightFormat format) {
    return new Prepared(pack(c, weight, bias), (long) Float.BYTES * c.problem.weightSize());
  }

  private record Prepared(float[][] packed, long bytes) implements PreparedWeights {}

  @Override
  public Runnable bind(PreparedWeights weights, Direction c, CpuStorage x, Epilogue epilogue) {
    return bind(c, x, ((Prepared) weights).packed, epilogue);
  }

  private Runnable bind(Direction c, CpuStorage x, float[][] packed, Epilogue epilogue) {
    Call[] calls = new Call[packed.length];
    Arrays.setAll(calls, i -> new Call(c, c.parts.get(i), x, packed[i], epilogue));
    return () -> {
      for (Call call : calls) {
        call.run();
      }
    };
  }

  private float[][] pack(Direction c, CpuStorage weight, @Nullable CpuStorage bias) {
    return c.parts.stream().map(p -> pack(c, p, weight, bias)).toArray(float[][]::new);
  }

  /** Returns for each block the bias, then the weights by kernel row, member and column. */
  private float[] pack(Direction c, Part part, CpuStorage weight, @Nullable CpuStorage bias) {
    int blocks = Math.ceilDiv(c.outC, width);
    int members = c.inGroup();
    int columns = part.cols().elements();
    int size = (1 + part.elements() * members) * width;
    float[] packed = buffers.take(blocks * size);
    Arrays.fill(packed, 0, blocks * size, 0f);
    for (int first = 0; first < c.outC; first += width) {
      int valid = Math.min(width, c.outC - first);
      int to = first / width * size;
      if (bias != null) {
        System.arraycopy(bias.array, bias.offset + first, packed, to, valid);
      }
      for (int i = 0; i < part.elements() * members; i++) {
        to += width;
        int r = i / columns / members;
        int member = i / columns % members;
        packRow(c, part, r, i % columns, member, weight, first, valid, packed, to);
      }
    }
    return packed;
  }

  /** Packs what takes a member of each group, by a kernel element, to channels of a block. */
  private static void packRow(
      Direction c,
      Part part,
      int r,
      int s,
      int member,
      CpuStorage weight,
      int first,
      int valid,
      float[] packed,
      int to) {
    if (c.forward || c.problem.c() == c.groups && c.problem.k() == c.groups) {
      int from = weight.offset + c.weightAt(part, r, s, 0) + member * c.weightStepIn() + first;
      System.arraycopy(weight.array, from, packed, to, valid);
      return;
    }
    for (int j = 0; j < valid; j++) {
      int group = (first + j) / c.outGroup();
      int channel = (first + j) % c.outGroup();
      int from = c.weightAt(part, r, s, group) + member * c.weightStepIn();
      packed[to + j] = weight.array[weight.offset + from + channel * c.weightStepOut()];
    }
  }

  /** The results of a part. */
  private final class Call implements Runnable, WorkerPool.Task {
    private final Direction c;
    private final SlidingWindow rows;
    private final SlidingWindow cols;
    private final float[] weights;
    private final Epilogue epilogue;
    private final CpuStorage y;
    private final ChannelPlanes[] segments;

    /** Floats of the packed weights of a block. */
    private final int size;

    /** Whether results may be written where they belong, by whole vectors. */
    private final boolean direct;

    private final int blocks;
    private final int shares;
    private final int strips;

    Call(Direction c, Part part, CpuStorage x, float[] weights, Epilogue epilogue) {
      this.c = c;
      this.rows = part.rows();
      this.cols = part.cols();
      this.weights = weights;
      this.epilogue = epilogue;
      y = epilogue.y();
      direct = epilogue.none() && c.outC % width == 0;
      segments = ChannelPlanes.segments(c, part, x, kernels).toArray(ChannelPlanes[]::new);
      size = (1 + part.elements() * c.inGroup()) * width;
      blocks = Math.ceilDiv(c.outC, width);
      int wanted = Math.ceilDiv(ENOUGH_TASKS, c.n);
      int height = ROWS_OF_STRIP * segments[0].height();
      int tallest = Math.max(height, STRIP / (cols.count() * c.outC));
      strips =
          Math.max(
              Math.clamp(wanted, 1, Math.ceilDiv(rows.count(), height)),
              Math.ceilDiv(rows.count(), tallest));
      shares = Math.min(Math.ceilDiv(blocks, BLOCKS_OF_SHARE), Math.ceilDiv(wanted, strips));
    }

    @Override
    public void run() {
      workers.run(c.n * strips * shares, c.macs() >= WORTH_THREADS, this);
    }

    /** Computes a strip of rows of a share of the channels of a picture. */
    @Override
    public void run(int task) {
      int share = task % shares;
      int strip = task / shares % strips;
      int picture = task / shares / strips;
      int begin = (int) ((long) blocks * share / shares);
      int end = (int) ((long) blocks * (share + 1) / shares);
      int first = (int) ((long) rows.count() * strip / strips);
      int stop = (int) ((long) rows.count() * (strip + 1) / strips);
      if (direct) {
        int step = cols.outStep() * c.outC;
        int rowStep = rows.outStep() * c.outW * c.outC;
        int to = outAt(picture, first, begin);
        results(picture, first, stop, begin, end, y.array, to, rowStep, step);
        return;
      }
      int step = (end - begin) * width;
      int rowStep = cols.count() * step;
      float[] results = buffers.take((stop - first) * rowStep);
      results(picture, first, stop, begin, end, results, 0, rowStep, step);
      for (int m = first; m < stop; m++) {
        store(picture, m, begin, end, results, (m - first) * rowStep);
      }
      buffers.give(results);
    }

    /** Returns where in y the first channel of a block of the first result of a row lies. */
    private int outAt(int picture, int m, int block) {
      int row = picture * c.outH + rows.outBase() + m * rows.outStep();
      return y.offset + (row * c.outW + cols.outBase()) * c.outC + block * width;
    }

    /** Writes rows [first, stop) of blocks [begin, end). */
    private void results(
        int picture,
        int first,
        int stop,
        int begin,
        int end,
        float[] to,
        int toBase,
        int rowStep,
        int step) {
      for (ChannelPlanes planes : segments) {
        int column = toBase + (planes.columns().outBase() - cols.outBase()) / cols.outStep() * step;
        float[] ring = buffers.take(planes.size());
        for (int b = begin; b < end; b++) {
          for (int m = first; m < stop; m++) {
            planes.advance(b, picture, m, m == first, ring);
            int at = column + (m - first) * rowStep + (b - begin) * width;
            multiply(b, planes, m, ring, to, at, step);
          }
        }
        buffers.give(ring);
      }
    }

    private void multiply(
        int block, ChannelPlanes planes, int m, float[] ring, float[] to, int toBase, int toStep) {
      kernels.multiply(
          planes.columns().count(),
          cols.inStep(),
          planes.window(m),
          cols.elements(),
          cols.elementStep(),
          ring,
          0,
          weights,
          block * size,
          to,
          toBase,
          toStep);
    }

    /** Brings a row of results to its place, by way of the epilogue. */
    private void store(int picture, int m, int begin, int end, float[] results, int from) {
      int padded = (end - begin) * width;
      int channels = Math.min(end * width, c.outC) - begin * width;
      int to = outAt(picture, m, begin);
      int step = cols.outStep() * c.outC;
      if (step == padded && step == channels) {
        epilogue.store(cols.count() * step, results, from, to);
        return;
      }
      for (int i = 0; i < cols.count(); i++) {
        epilogue.store(channels, results, from + i * padded, to + i * step);
      }
    }
  }
}
