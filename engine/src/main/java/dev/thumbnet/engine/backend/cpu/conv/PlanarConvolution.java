package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.conv.Direction.Part;
import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolution to a few channels, such as the three colours of a thumbnail or of the gradient of a
 * picture. With the lanes along the output channels most would idle, so here they run along pixels:
 * a strip of the input is transposed into planes, one per input channel, and a vector of
 * neighbouring pixels of a plane, shifted by a kernel element, times one weight goes to as many
 * results of one output channel. All multiplications are useful, whatever the number of channels.
 *
 * <p><b>Planes.</b> Rows of a plane follow each other with a frame of zeros, so the vectors run
 * over the ends of rows; what they compute there is not stored. With a stride each phase (position
 * modulo stride) has planes of its own, so that neighbouring results always read neighbouring
 * numbers, and a kernel element is nothing but a number added to the address. Distances of planes
 * are odd multiples of a cache line, because powers of two would meet in the same lines of L1. The
 * parts of a gradient for the data share the planes.
 *
 * <p><b>Tasks</b> are strips of rows of one picture, or some small pictures, whose planes are at
 * most 256 KB and stay in L2; strips are not so thin that the rows that two of them transpose
 * matter.
 *
 * <p><b>Cost.</b> Beside kernel elements · inputs · outputs / lanes steps per pixel, inputs and
 * outputs are transposed, which takes about a fifth of a nanosecond for each.
 */
public final class PlanarConvolution implements ConvolutionAlgorithm {
  /** So many tasks give any usual number of threads an even share. */
  private static final int ENOUGH_TASKS = 16;

  /** Floats of all planes of a task. */
  private static final int PLANES = 64 * 1024;

  /** Floats of a cache line. */
  private static final int LINE = 16;

  private final TileKernels tiles;
  private final ElementKernels elements;

  /** Pixels that a tile takes at once. */
  private final int width;

  private final int lanes;
  private final BufferPool buffers;
  private final WorkerPool workers;

  public PlanarConvolution(Kernels kernels, BufferPool buffers, WorkerPool workers) {
    this.tiles = kernels.tiles();
    this.elements = kernels.elements();
    int[] widths = tiles.widths();
    this.width = tiles.planesWidth();
    this.lanes = widths[widths.length - 1];
    this.buffers = buffers;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "planar";
  }

  @Override
  public boolean accepts(Direction c) {
    return c.groups == 1
        && c.problem.kh() * c.problem.kw() > 1
        && c.outH * c.outW >= width
        && (2 * c.outC <= lanes || dense(c) && few(c));
  }

  /** Tells whether each input is transposed for only one result, not for several of a stride. */
  private static boolean dense(Direction c) {
    Part part = c.parts.getFirst();
    return part.rows().inStep() == 1 && part.cols().inStep() == 1;
  }

  /** Tells whether some lanes would idle, or the inputs are so few that loops are short. */
  private boolean few(Direction c) {
    return c.outC < lanes || c.outC == lanes && 2 * c.inC <= lanes;
  }

  @Override
  public void run(
      Direction c, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y) {
    float[][] packed = pack(c, weight);
    new Call(c, x, packed, bias, new Epilogue(elements, null, null, y)).run();
    for (float[] part : packed) {
      buffers.give(part);
    }
  }

  @Override
  public PreparedWeights prepare(
      Direction c, CpuStorage weight, @Nullable CpuStorage bias, WeightFormat format) {
    return new Prepared(pack(c, weight), bias, (long) Float.BYTES * c.problem.weightSize());
  }

  private record Prepared(float[][] packed, @Nullable CpuStorage bias, long bytes)
      implements PreparedWeights {}

  @Override
  public Runnable bind(PreparedWeights weights, Direction c, CpuStorage x, Epilogue epilogue) {
    Prepared prepared = (Prepared) weights;
    return new Call(c, x, prepared.packed, prepared.bias, epilogue);
  }

  /** Returns for each part the weights by kernel element, input channel and output channel. */
  private float[][] pack(Direction c, CpuStorage weight) {
    return c.parts.stream().map(part -> pack(c, part, weight)).toArray(float[][]::new);
  }

  private float[] pack(Direction c, Part part, CpuStorage weight) {
    float[] packed = buffers.take(part.elements() * c.inC * c.outC);
    int to = 0;
    for (int r = 0; r < part.rows().elements(); r++) {
      for (int s = 0; s < part.cols().elements(); s++) {
        int from = weight.offset + c.weightAt(part, r, s, 0);
        for (int i = 0; i < c.inC; i++) {
          for (int j = 0; j < c.outC; j++) {
            packed[to++] = weight.array[from + i * c.weightStepIn() + j * c.weightStepOut()];
          }
        }
      }
    }
    return packed;
  }

  /** One call, or many with the same operands and prepared weights. */
  private final class Call implements Runnable, WorkerPool.Task {
    private final Direction c;
    private final CpuStorage x;
    private final float[][] weights;
    private final @Nullable CpuStorage bias;
    private final Epilogue epilogue;
    private final CpuStorage y;

    /** Distances of the inputs of neighbouring results, so the numbers of phases. */
    private final int stepH;

    private final int stepW;

    /** Input position that the first kernel element of the first result of any part reads. */
    private final int top;

    private final int left;

    /** Results of the largest part. */
    private final int rows;

    private final int cols;

    /** Rows of a plane that the last kernel element of any part lies below the result. */
    private final int reach;

    /** Columns of a plane. */
    private final int pitch;

    /** Rows of results and pictures of a task, one of them unless the other is all or one. */
    private final int stripRows;

    private final int pictures;
    private final int planeStep;
    private final int sumStep;
    private final int[][] shifts;

    Call(
        Direction c,
        CpuStorage x,
        float[][] weights,
        @Nullable CpuStorage bias,
        Epilogue epilogue) {
      this.c = c;
      this.x = x;
      this.weights = weights;
      this.bias = bias;
      this.epilogue = epilogue;
      this.y = epilogue.y();
      stepH = c.parts.getFirst().rows().inStep();
      stepW = c.parts.getFirst().cols().inStep();
      top = c.parts.stream().mapToInt(p -> p.rows().inBase()).min().orElseThrow();
      left = c.parts.stream().mapToInt(p -> p.cols().inBase()).min().orElseThrow();
      rows = c.parts.stream().mapToInt(p -> p.rows().count()).max().orElseThrow();
      cols = c.parts.stream().mapToInt(p -> p.cols().count()).max().orElseThrow();
      reach = c.parts.stream().mapToInt(p -> reach(p.rows(), top)).max().orElseThrow();
      pitch = cols + c.parts.stream().mapToInt(p -> reach(p.cols(), left)).max().orElseThrow();

      int planeRows = PLANES / (stepH * stepW * c.inC * pitch);
      int strips =
          Math.max(
              Math.ceilDiv(rows, Math.max(reach + 1, planeRows - reach)),
              Math.min(Math.ceilDiv(rows, 2 * (reach + 1)), Math.ceilDiv(ENOUGH_TASKS, c.n)));
      stripRows = Math.ceilDiv(rows, strips);
      pictures =
          strips > 1
              ? 1
              : Math.clamp(planeRows / (rows + reach), 1, Math.ceilDiv(c.n, ENOUGH_TASKS));
      sumStep = Math.ceilDiv(pictures * (stripRows + reach) * pitch, width) * width;
      int lines = Math.ceilDiv(sumStep + reach * pitch + pitch - cols, LINE);
      planeStep = (lines | 1) * LINE;
      shifts = c.parts.stream().map(this::shifts).toArray(int[][]::new);
    }

    private static int reach(SlidingWindow axis, int origin) {
      return axis.elements() == 0
          ? 0
          : (axis.position(0, axis.elements() - 1) - origin) / axis.inStep();
    }

    @Override
    public void run() {
      workers.run(
          Math.ceilDiv(c.n, pictures) * strips(), c.macs() >= Direction.WORTH_THREADS, this);
    }

    private int strips() {
      return Math.ceilDiv(rows, stripRows);
    }

    /** Returns where in the planes each kernel element of the first result begins. */
    private int[] shifts(Part part) {
      int[] shifts = new int[part.elements()];
      int at = 0;
      for (int r = 0; r < part.rows().elements(); r++) {
        int row = part.rows().position(0, r) - top;
        for (int s = 0; s < part.cols().elements(); s++) {
          int col = part.cols().position(0, s) - left;
          int phase = row % stepH * stepW + col % stepW;
          shifts[at++] = phase * c.inC * planeStep + row / stepH * pitch + col / stepW;
        }
      }
      return shifts;
    }

    /** Computes a strip of rows of each picture of a task. */
    @Override
    public void run(int task) {
      int picture = task / strips() * pictures;
      int row = task % strips() * stripRows;
      int count = Math.min(pictures, c.n - picture);
      int height = Math.min(stripRows, rows - row);
      int pictureStep = (height + reach) * pitch;
      float[] planes = buffers.take(stepH * stepW * c.inC * planeStep);
      for (int i = 0; i < count; i++) {
        fill(picture + i, row, height + reach, planes, i * pictureStep);
      }
      float[] sums = buffers.take(c.outC * sumStep);
      int length = count * pictureStep - reach * pitch;
      for (int i = 0; i < c.parts.size(); i++) {
        Part part = c.parts.get(i);
        begin(sums, length);
        for (int at = 0; at < length; at += width) {
          tiles.planes(
              c.outC, shifts[i], c.inC, weights[i], 0, planes, at, planeStep, sums, at, sumStep);
        }
        int end = Math.min(row + height, part.rows().count());
        for (int j = 0; j < count; j++) {
          for (int m = row; m < end; m++) {
            store(part, picture + j, m, sums, j * pictureStep + (m - row) * pitch);
          }
        }
      }
      buffers.give(sums);
      buffers.give(planes);
    }

    /** Transposes the input of {@code count} rows of results of a picture into the planes. */
    private void fill(int picture, int row, int count, float[] planes, int to) {
      for (int i = 0; i < count; i++) {
        for (int phase = 0; phase < stepH; phase++) {
          int in = top + (row + i) * stepH + phase;
          int plane = phase * stepW * c.inC * planeStep + to + i * pitch;
          if (in < 0 || in >= c.inH) {
            for (int k = 0; k < stepW * c.inC; k++) {
              Arrays.fill(planes, plane + k * planeStep, plane + k * planeStep + pitch, 0f);
            }
          } else {
            fillRow((picture * c.inH + in) * c.inW, planes, plane);
          }
        }
      }
    }

    private void fillRow(int firstPixel, float[] planes, int to) {
      for (int phase = 0; phase < stepW; phase++) {
        int start = left + phase;
        int first = Math.clamp(Math.ceilDiv(-start, stepW), 0, pitch);
        int end = Math.clamp(Math.floorDiv(c.inW - 1 - start, stepW) + 1, first, pitch);
        int from = x.offset + (firstPixel + start + first * stepW) * c.inC;
        int plane = to + phase * c.inC * planeStep;
        for (int k = 0; k < c.inC; k++) {
          int line = plane + k * planeStep;
          Arrays.fill(planes, line, line + first, 0f);
          Arrays.fill(planes, line + end, line + pitch, 0f);
        }
        tiles.transpose(
            end - first, c.inC, x.array, from, stepW * c.inC, planes, plane + first, planeStep);
      }
    }

    private void begin(float[] sums, int length) {
      int end = Math.ceilDiv(length, width) * width;
      for (int j = 0; j < c.outC; j++) {
        float value = bias == null ? 0 : bias.array[bias.offset + j];
        Arrays.fill(sums, j * sumStep, j * sumStep + end, value);
      }
    }

    /** Writes row m of a part of a picture. */
    private void store(Part part, int picture, int m, float[] sums, int from) {
      SlidingWindow colAxis = part.cols();
      int row = picture * c.outH + part.rows().outBase() + m * part.rows().outStep();
      int to = y.offset + (row * c.outW + colAxis.outBase()) * c.outC;
      int step = colAxis.outStep() * c.outC;
      if (epilogue.none()) {
        tiles.transpose(c.outC, colAxis.count(), sums, from, sumStep, y.array, to, step);
        return;
      }
      // By way of a copy, for y may be the residual.
      float[] line = buffers.take(colAxis.count() * c.outC);
      tiles.transpose(c.outC, colAxis.count(), sums, from, sumStep, line, 0, c.outC);
      if (step == c.outC) {
        epilogue.store(colAxis.count() * c.outC, line, 0, to);
      } else {
        for (int i = 0; i < colAxis.count(); i++) {
          epilogue.store(c.outC, line, i * c.outC, to + i * step);
        }
      }
      buffers.give(line);
    }
  }
}
