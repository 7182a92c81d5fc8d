package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A window that slides along the rows or the columns of the input of a {@link Direction}: {@code
 * count} results, each a sum over {@code elements} inputs at equal distances.
 *
 * <p>Result m lies at {@code outBase + m·outStep} of the output and its element t reads position
 * {@code inBase + m·inStep + t·elementStep} of the input, with element {@code kernelBase +
 * t·kernelStep} of the kernel; one that falls outside [0, in) is left out.
 *
 * @param in extent of the input
 * @param count number of results
 * @param outBase position of the first result
 * @param outStep distance of results
 * @param elements of the window, 0 if the results are empty sums
 * @param inBase position of the first element of the first result
 * @param inStep distance of the first elements of two neighbouring results
 * @param elementStep distance of what neighbouring elements of the window read, positive
 * @param kernelBase kernel element of the first element of the window
 * @param kernelStep distance of kernel elements
 */
public record SlidingWindow(
    int in,
    int count,
    int outBase,
    int outStep,
    int elements,
    int inBase,
    int inStep,
    int elementStep,
    int kernelBase,
    int kernelStep) {

  /** Results [begin, end) that use the elements [firstElement, endElement). */
  record Interval(int begin, int end, int firstElement, int endElement) {
    boolean contains(int m) {
      return m >= begin && m < end;
    }
  }

  /** The vertical axis of a convolution. */
  public static SlidingWindow rows(Conv2dProblem p) {
    return forward(p.h(), p.outH(), p.kh(), p.strideH(), p.pad().top(), p.dilationH());
  }

  /** The horizontal axis of a convolution. */
  public static SlidingWindow columns(Conv2dProblem p) {
    return forward(p.w(), p.outW(), p.kw(), p.strideW(), p.pad().left(), p.dilationW());
  }

  private static SlidingWindow forward(
      int in, int out, int kernel, int stride, int pad, int dilation) {
    return new SlidingWindow(in, out, 0, 1, kernel, -pad, stride, dilation, 0, 1);
  }

  /**
   * The axes of a transposed convolution, which maps gradients of {@code out} results to gradients
   * of {@code in} inputs with {@code pad} zeros before them. Input i receives from result o through
   * kernel element r if {@code i + pad = o·stride + r·dilation}. So inputs fall into {@code stride}
   * phases by their remainder; those of one phase use the same kernel elements and form a
   * convolution with stride 1 of its own, in which nothing is multiplied by zero.
   */
  static List<SlidingWindow> backward(
      int in, int out, int kernel, int stride, int pad, int dilation) {
    List<SlidingWindow> phases = new ArrayList<>();
    for (int phase = 0; phase < Math.min(stride, in); phase++) {
      int elements = 0;
      int last =
          -1; // the highest kernel element reads the lowest result, so it is the window's first
      for (int r = kernel - 1; r >= 0; r--) {
        if ((phase + pad - r * dilation) % stride == 0) {
          last = Math.max(last, r);
          elements++;
        }
      }
      int count = (in - phase + stride - 1) / stride;
      int common = gcd(stride, dilation);
      int kernelStep = stride / common;
      phases.add(
          new SlidingWindow(
              out,
              count,
              phase,
              stride,
              elements,
              elements == 0 ? 0 : (phase + pad - last * dilation) / stride,
              1,
              dilation / common,
              last,
              -kernelStep));
    }
    return Collections.unmodifiableList(phases);
  }

  /** Returns the window of results [begin, end) only. */
  SlidingWindow range(int begin, int end) {
    return new SlidingWindow(
        in,
        end - begin,
        outBase + begin * outStep,
        outStep,
        elements,
        inBase + begin * inStep,
        inStep,
        elementStep,
        kernelBase,
        kernelStep);
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** Returns the first element of result m that reads inside the input. */
  int firstElement(int m) {
    return Math.clamp(Math.ceilDiv(-inBase - m * inStep, elementStep), 0, elements);
  }

  /**
   * Returns the end of the elements of result m that read inside the input; not below the first.
   */
  int endElement(int m) {
    int end = Math.floorDiv(in - 1 - inBase - m * inStep, elementStep) + 1;
    return Math.clamp(end, firstElement(m), elements);
  }

  /** Tells whether element t of result m reads inside the input. */
  boolean reads(int m, int t) {
    int position = position(m, t);
    return position >= 0 && position < in;
  }

  /** Returns what element t of result m reads. */
  public int position(int m, int t) {
    return inBase + m * inStep + t * elementStep;
  }

  /** Returns the results for which element t reads inside the input, a begin and an end. */
  public int firstReader(int t) {
    return Math.clamp(Math.ceilDiv(-inBase - t * elementStep, inStep), 0, count);
  }

  /** Returns the end of the results for which element t reads inside the input. */
  public int endReader(int t) {
    int end = Math.floorDiv(in - 1 - inBase - t * elementStep, inStep) + 1;
    return Math.clamp(end, firstReader(t), count);
  }

  /**
   * Cuts the results into intervals that use the same elements; results without any are left out.
   */
  List<Interval> intervals() {
    List<Interval> intervals = new ArrayList<>();
    for (int m = 0; m < count; ) {
      int first = firstElement(m);
      int end = endElement(m);
      int begin = m;
      while (m < count && firstElement(m) == first && endElement(m) == end) {
        m++;
      }
      if (first < end) {
        intervals.add(new Interval(begin, m, first, end));
      }
    }
    return intervals;
  }
}
