package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * A direction of a convolution: forward, or backward for the data. What the two have in common, so
 * that the algorithms exist once: each result is a sum over kernel elements and channels of inputs
 * times weights. Forward, the inputs are x and the results y; backward, the inputs are dy, the
 * results dx, and the weights have the roles of their channels exchanged and their kernel elements
 * reversed.
 *
 * <p>A part is a regular subset of the results with its own kernel elements; forward there is one,
 * backward one for each phase of the stride (see {@link SlidingWindow#backward}).
 */
public final class Direction {
  /** Multiply-adds below which starting other threads costs more than it brings. */
  static final long WORTH_THREADS = 200_000;

  /** Results at (rows, columns) with their kernel elements. */
  public record Part(SlidingWindow rows, SlidingWindow cols) {
    int pixels() {
      return rows.count() * cols.count();
    }

    int elements() {
      return rows.elements() * cols.elements();
    }
  }

  public final Conv2dProblem problem;
  public final boolean forward;
  public final int n;
  final int groups;
  public final int inH;
  public final int inW;

  /** Input channels of all groups. */
  public final int inC;

  public final int outH;
  public final int outW;

  /** Output channels of all groups. */
  public final int outC;

  public final List<Part> parts;

  private final long macs;

  private Direction(
      Conv2dProblem p, boolean forward, List<SlidingWindow> rows, List<SlidingWindow> cols) {
    this.problem = p;
    this.forward = forward;
    n = p.n();
    groups = p.groups();
    inH = forward ? p.h() : p.outH();
    inW = forward ? p.w() : p.outW();
    inC = forward ? p.c() : p.k();
    outH = forward ? p.outH() : p.h();
    outW = forward ? p.outW() : p.w();
    outC = forward ? p.k() : p.c();
    List<Part> list = new ArrayList<>();
    for (SlidingWindow r : rows) {
      for (SlidingWindow c : cols) {
        list.add(new Part(r, c));
      }
    }
    parts = List.copyOf(list);
    long pixelElements = 0;
    for (Part part : parts) {
      pixelElements += readers(part.rows) * readers(part.cols);
    }
    macs = pixelElements * n * inGroup() * outC;
  }

  /** y from x. */
  public static Direction forward(Conv2dProblem p) {
    return new Direction(
        p, true, List.of(SlidingWindow.rows(p)), List.of(SlidingWindow.columns(p)));
  }

  /** dx from dy. */
  public static Direction backwardData(Conv2dProblem p) {
    return new Direction(
        p,
        false,
        SlidingWindow.backward(p.h(), p.outH(), p.kh(), p.strideH(), p.pad().top(), p.dilationH()),
        SlidingWindow.backward(
            p.w(), p.outW(), p.kw(), p.strideW(), p.pad().left(), p.dilationW()));
  }

  /** Returns the same direction for another number of pictures. */
  public Direction withBatch(int batch) {
    Conv2dProblem p = problem.withBatch(batch);
    return forward ? forward(p) : backwardData(p);
  }

  /** Returns the input channels of one group, over which each result sums. */
  int inGroup() {
    return inC / groups;
  }

  /** Returns the output channels of one group. */
  int outGroup() {
    return outC / groups;
  }

  /**
   * Returns where the weight from the first input channel of a group to its first output channel
   * lies, for kernel elements (r, s) of a part.
   */
  public int weightAt(Part part, int r, int s, int group) {
    int kr = part.rows.kernelBase() + r * part.rows.kernelStep();
    int ks = part.cols.kernelBase() + s * part.cols.kernelStep();
    int element = (kr * problem.kw() + ks) * (problem.c() / groups) * problem.k();
    return element + group * (problem.k() / groups);
  }

  /** Returns the distance of weights of neighbouring input channels. */
  public int weightStepIn() {
    return forward ? problem.k() : 1;
  }

  /** Returns the distance of weights of neighbouring output channels. */
  public int weightStepOut() {
    return forward ? 1 : problem.k();
  }

  /** Returns the number of multiply-adds without those on padding at the borders. */
  public long macs() {
    return macs;
  }

  private static long readers(SlidingWindow axis) {
    long sum = 0;
    for (int t = 0; t < axis.elements(); t++) {
      sum += axis.endReader(t) - axis.firstReader(t);
    }
    return sum;
  }

  @Override
  public String toString() {
    return (forward ? "forward " : "backward data ") + problem;
  }
}
