package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Padding;
import java.util.Arrays;

/**
 * A copy of a batch of pictures with a frame of zeros, for algorithms whose loops run over whole
 * windows. {@code slack} more floats may be read behind the end.
 */
public final class Halo implements AutoCloseable {
  public final float[] array;
  public final int h;
  public final int w;
  private final int top;
  private final int left;
  private final BufferPool buffers;

  private Halo(float[] array, int h, int w, int top, int left, BufferPool buffers) {
    this.array = array;
    this.h = h;
    this.w = w;
    this.top = top;
    this.left = left;
    this.buffers = buffers;
  }

  /** Numbers of rows and columns of zeros on each side; negative ones count as zero. */
  public record Frame(int top, int bottom, int left, int right) {
    /** Returns the padding of a convolution. */
    public static Frame of(Padding pad) {
      return new Frame(pad.top(), pad.bottom(), pad.left(), pad.right());
    }

    public Frame {
      top = Math.max(0, top);
      bottom = Math.max(0, bottom);
      left = Math.max(0, left);
      right = Math.max(0, right);
    }
  }

  /** Copies the input of a convolution with as many zeros around it as its windows reach. */
  static Halo around(Direction c, CpuStorage x, int slack, BufferPool buffers, WorkerPool workers) {
    int top = 0;
    int bottom = 0;
    int left = 0;
    int right = 0;
    for (Direction.Part part : c.parts) {
      SlidingWindow rows = part.rows();
      SlidingWindow cols = part.cols();
      top = Math.max(top, -rows.inBase());
      left = Math.max(left, -cols.inBase());
      bottom = Math.max(bottom, rows.position(rows.count() - 1, rows.elements() - 1) - c.inH + 1);
      right = Math.max(right, cols.position(cols.count() - 1, cols.elements() - 1) - c.inW + 1);
    }
    Frame frame = new Frame(top, bottom, left, right);
    return copy(x, c.n, c.inH, c.inW, c.inC, frame, slack, buffers, workers);
  }

  public static Halo copy(
      CpuStorage x,
      int n,
      int h,
      int w,
      int c,
      Frame frame,
      int slack,
      BufferPool buffers,
      WorkerPool workers) {
    int outH = h + frame.top + frame.bottom;
    int outW = w + frame.left + frame.right;
    int line = outW * c;
    float[] array = buffers.take(Math.toIntExact((long) n * outH * line + slack));
    Arrays.fill(array, n * outH * line, n * outH * line + slack, 0f);
    workers.run(
        n,
        picture -> {
          for (int y = 0; y < outH; y++) {
            int to = (picture * outH + y) * line;
            int row = y - frame.top;
            if (row < 0 || row >= h) {
              Arrays.fill(array, to, to + line, 0f);
            } else {
              int begin = to + frame.left * c;
              Arrays.fill(array, to, begin, 0f);
              System.arraycopy(
                  x.array, x.offset + (picture * h + row) * w * c, array, begin, w * c);
              Arrays.fill(array, begin + w * c, to + line, 0f);
            }
          }
        });
    return new Halo(array, outH, outW, frame.top, frame.left, buffers);
  }

  /** Returns the number of the pixel at a place of the picture without frame. */
  int at(int picture, int row, int col) {
    return (picture * h + row + top) * w + col + left;
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    buffers.give(array);
  }
}
