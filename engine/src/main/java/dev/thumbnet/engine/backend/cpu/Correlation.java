package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.Conv2dProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * What a convolution and its gradient for the data have in common, so that the algorithms exist
 * once: each result is a sum over kernel taps and channels of inputs times weights. Forward, the
 * inputs are x and the results y; backward, the inputs are dy, the results dx, and the weights have
 * the roles of their channels exchanged and their taps reversed.
 *
 * <p>A part is a regular subset of the results with its own taps; forward there is one, backward
 * one for each phase of the stride (see {@link Axis#backward}).
 */
final class Correlation {
  /** Results at (rows, columns) with their taps. */
  record Part(Axis rows, Axis cols) {
    int pixels() {
      return rows.count() * cols.count();
    }

    int taps() {
      return rows.taps() * cols.taps();
    }
  }

  final Conv2dProblem problem;
  final boolean forward;
  final int n;
  final int groups;
  final int inH;
  final int inW;

  /** Input channels of all groups. */
  final int inC;

  final int outH;
  final int outW;

  /** Output channels of all groups. */
  final int outC;

  final List<Part> parts;

  private final long macs;

  private Correlation(Conv2dProblem p, boolean forward, List<Axis> rows, List<Axis> cols) {
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
    for (Axis r : rows) {
      for (Axis c : cols) {
        list.add(new Part(r, c));
      }
    }
    parts = List.copyOf(list);
    long pixelTaps = 0;
    for (Part part : parts) {
      pixelTaps += readers(part.rows) * readers(part.cols);
    }
    macs = pixelTaps * n * inGroup() * outC;
  }

  /** y from x. */
  static Correlation forward(Conv2dProblem p) {
    return new Correlation(
        p,
        true,
        List.of(Axis.forward(p.h(), p.outH(), p.kh(), p.strideH(), p.padH(), p.dilationH())),
        List.of(Axis.forward(p.w(), p.outW(), p.kw(), p.strideW(), p.padW(), p.dilationW())));
  }

  /** dx from dy. */
  static Correlation backwardData(Conv2dProblem p) {
    return new Correlation(
        p,
        false,
        Axis.backward(p.h(), p.outH(), p.kh(), p.strideH(), p.padH(), p.dilationH()),
        Axis.backward(p.w(), p.outW(), p.kw(), p.strideW(), p.padW(), p.dilationW()));
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
   * lies, for taps (r, s) of a part.
   */
  int weightAt(Part part, int r, int s, int group) {
    int kr = part.rows.kernelBase() + r * part.rows.kernelStep();
    int ks = part.cols.kernelBase() + s * part.cols.kernelStep();
    int tap = (kr * problem.kw() + ks) * (problem.c() / groups) * problem.k();
    return tap + group * (problem.k() / groups);
  }

  /** Returns the distance of weights of neighbouring input channels. */
  int weightStepIn() {
    return forward ? problem.k() : 1;
  }

  /** Returns the distance of weights of neighbouring output channels. */
  int weightStepOut() {
    return forward ? 1 : problem.k();
  }

  /** Returns the number of multiply-adds without those on padding at the borders. */
  long macs() {
    return macs;
  }

  private static long readers(Axis axis) {
    long sum = 0;
    for (int t = 0; t < axis.taps(); t++) {
      sum += axis.endReader(t) - axis.firstReader(t);
    }
    return sum;
  }

  @Override
  public String toString() {
    return (forward ? "forward " : "backward data ") + problem;
  }
}
