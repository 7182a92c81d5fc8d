package dev.thumbnet.engine.backend.cpu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One direction (rows or columns) of a {@link Correlation}: {@code count} results, each a sum over
 * {@code taps} inputs at equal distances.
 *
 * <p>Result m lies at {@code outBase + m·outStep} of the output and its tap t reads position {@code
 * inBase + m·inStep + t·tapStep} of the input, with element {@code kernelBase + t·kernelStep} of
 * the kernel; a tap that falls outside [0, in) is left out.
 *
 * @param in extent of the input
 * @param count number of results
 * @param outBase position of the first result
 * @param outStep distance of results
 * @param taps number of taps, 0 if the results are empty sums
 * @param inBase position of the first tap of the first result
 * @param inStep distance of the first taps of two neighbouring results
 * @param tapStep distance of taps, positive
 * @param kernelBase kernel element of the first tap
 * @param kernelStep distance of kernel elements
 */
record Axis(
    int in,
    int count,
    int outBase,
    int outStep,
    int taps,
    int inBase,
    int inStep,
    int tapStep,
    int kernelBase,
    int kernelStep) {

  /** Results [begin, end) that use the taps [firstTap, endTap). */
  record Interval(int begin, int end, int firstTap, int endTap) {
    boolean contains(int m) {
      return m >= begin && m < end;
    }
  }

  /** The axis of a convolution. */
  static Axis forward(int in, int out, int kernel, int stride, int pad, int dilation) {
    return new Axis(in, out, 0, 1, kernel, -pad, stride, dilation, 0, 1);
  }

  /**
   * The axes of a transposed convolution, which maps gradients of {@code out} results to gradients
   * of {@code in} inputs. Input i receives from result o through kernel element r if {@code i + pad
   * = o·stride + r·dilation}. So inputs fall into {@code stride} phases by their remainder; those
   * of one phase use the same kernel elements and form a convolution with stride 1 of its own, in
   * which nothing is multiplied by zero.
   */
  static List<Axis> backward(int in, int out, int kernel, int stride, int pad, int dilation) {
    List<Axis> phases = new ArrayList<>();
    for (int phase = 0; phase < Math.min(stride, in); phase++) {
      int taps = 0;
      int last = -1; // the highest kernel element reads the lowest result, so it is tap 0
      for (int r = kernel - 1; r >= 0; r--) {
        if ((phase + pad - r * dilation) % stride == 0) {
          last = Math.max(last, r);
          taps++;
        }
      }
      int count = (in - phase + stride - 1) / stride;
      int kernelStep = stride / gcd(stride, dilation);
      phases.add(
          new Axis(
              out,
              count,
              phase,
              stride,
              taps,
              taps == 0 ? 0 : (phase + pad - last * dilation) / stride,
              1,
              kernelStep * dilation / stride,
              last,
              -kernelStep));
    }
    return Collections.unmodifiableList(phases);
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** Returns the first tap of result m that reads inside the input. */
  int firstTap(int m) {
    return Math.clamp(Math.ceilDiv(-inBase - m * inStep, tapStep), 0, taps);
  }

  /** Returns the end of the taps of result m that read inside the input; not below the first. */
  int endTap(int m) {
    int end = Math.floorDiv(in - 1 - inBase - m * inStep, tapStep) + 1;
    return Math.clamp(end, firstTap(m), taps);
  }

  /** Tells whether tap t of result m reads inside the input. */
  boolean reads(int m, int t) {
    int position = position(m, t);
    return position >= 0 && position < in;
  }

  /** Returns what tap t of result m reads. */
  int position(int m, int t) {
    return inBase + m * inStep + t * tapStep;
  }

  /** Returns the results for which tap t reads inside the input, a begin and an end. */
  int firstReader(int t) {
    return Math.clamp(Math.ceilDiv(-inBase - t * tapStep, inStep), 0, count);
  }

  /** Returns the end of the results for which tap t reads inside the input. */
  int endReader(int t) {
    int end = Math.floorDiv(in - 1 - inBase - t * tapStep, inStep) + 1;
    return Math.clamp(end, firstReader(t), count);
  }

  /** Cuts the results into intervals that use the same taps; results without taps are left out. */
  List<Interval> intervals() {
    List<Interval> intervals = new ArrayList<>();
    for (int m = 0; m < count; ) {
      int first = firstTap(m);
      int end = endTap(m);
      int begin = m;
      while (m < count && firstTap(m) == first && endTap(m) == end) {
        m++;
      }
      if (first < end) {
        intervals.add(new Interval(begin, m, first, end));
      }
    }
    return intervals;
  }
}
