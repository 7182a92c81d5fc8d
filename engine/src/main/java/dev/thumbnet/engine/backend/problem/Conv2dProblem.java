package dev.thumbnet.engine.backend.problem;

/**
 * All geometry of a 2-D convolution (cross-correlation) in NHWC: input x is (n, h, w, c), the
 * weight is (kh, kw, c / groups, k), the output y is (n, outH, outW, k). Output channel j belongs
 * to group j / (k / groups) and sees input channels of that group only.
 *
 * <p>Prints and parses as one line, {@code n16 h56 w56 c64 k64 r3 s3 st1 p1 d1 g1}; {@code st}
 * stride, {@code p} padding and {@code d} dilation take {@code 2x1} for (vertical, horizontal),
 * {@code p} takes {@code 0,1,0,1} for (top, left, bottom, right), and {@code d1} and {@code g1} may
 * be left out.
 *
 * @param n pictures
 * @param h input rows
 * @param w input columns
 * @param c input channels
 * @param k output channels
 * @param kh kernel rows
 * @param kw kernel columns
 * @param strideH vertical stride
 * @param strideW horizontal stride
 * @param pad zero rows and columns around the picture
 * @param dilationH vertical distance of kernel elements
 * @param dilationW horizontal distance of kernel elements
 * @param groups number of groups
 */
public record Conv2dProblem(
    int n,
    int h,
    int w,
    int c,
    int k,
    int kh,
    int kw,
    int strideH,
    int strideW,
    Padding pad,
    int dilationH,
    int dilationW,
    int groups) {
  /** Checks that the numbers make a convolution with a non-empty output. */
  public Conv2dProblem {
    String text =
        format(n, h, w, c, k, kh, kw, strideH, strideW, pad, dilationH, dilationW, groups);
    Checks.atLeast(1, "batch size n", n, text);
    Checks.atLeast(1, "height h", h, text);
    Checks.atLeast(1, "width w", w, text);
    Checks.atLeast(1, "input channels c", c, text);
    Checks.atLeast(1, "output channels k", k, text);
    Checks.atLeast(1, "kernel rows r", kh, text);
    Checks.atLeast(1, "kernel columns s", kw, text);
    Checks.step("vertical stride", strideH, text);
    Checks.step("horizontal stride", strideW, text);
    Checks.padding(h, w, pad, text);
    Checks.step("vertical dilation", dilationH, text);
    Checks.step("horizontal dilation", dilationW, text);
    Checks.atLeast(1, "groups", groups, text);
    if (c % groups != 0 || k % groups != 0) {
      throw new IllegalArgumentException(
          "input channels "
              + c
              + " and output channels "
              + k
              + " must be multiples of groups "
              + groups
              + " in "
              + text);
    }
    if (rows(h, kh, strideH, pad, dilationH) < 1 || columns(w, kw, strideW, pad, dilationW) < 1) {
      throw new IllegalArgumentException(
          "the kernel is larger than the padded input, so the output would be empty: " + text);
    }
    Checks.size("input", n, h, w, c);
    Checks.size("weight", kh, kw, c / groups, k);
    int outH = rows(h, kh, strideH, pad, dilationH);
    Checks.size("output", n, outH, columns(w, kw, strideW, pad, dilationW), k);
  }

  /** Makes a problem with as much padding below as above and on the right as on the left. */
  public Conv2dProblem(
      int n,
      int h,
      int w,
      int c,
      int k,
      int kh,
      int kw,
      int strideH,
      int strideW,
      int padH,
      int padW,
      int dilationH,
      int dilationW,
      int groups) {
    this(
        n,
        h,
        w,
        c,
        k,
        kh,
        kw,
        strideH,
        strideW,
        Padding.of(padH, padW),
        dilationH,
        dilationW,
        groups);
  }

  private static int rows(int h, int kernel, int stride, Padding pad, int dilation) {
    return Checks.slide(h, kernel, stride, pad.top(), pad.bottom(), dilation);
  }

  private static int columns(int w, int kernel, int stride, Padding pad, int dilation) {
    return Checks.slide(w, kernel, stride, pad.left(), pad.right(), dilation);
  }

  /** Returns a problem with equal stride and padding in both directions, no dilation, one group. */
  public static Conv2dProblem of(
      int n, int h, int w, int c, int k, int kernel, int stride, int padding) {
    return new Conv2dProblem(
        n, h, w, c, k, kernel, kernel, stride, stride, padding, padding, 1, 1, 1);
  }

  /** Returns the number of output rows. */
  public int outH() {
    return rows(h, kh, strideH, pad, dilationH);
  }

  /** Returns the number of output columns. */
  public int outW() {
    return columns(w, kw, strideW, pad, dilationW);
  }

  /** Returns the number of elements of x. */
  public int inputSize() {
    return n * h * w * c;
  }

  /** Returns the number of elements of the weight. */
  public int weightSize() {
    return kh * kw * (c / groups) * k;
  }

  /** Returns the number of elements of y. */
  public int outputSize() {
    return n * outH() * outW() * k;
  }

  /** Returns the number of multiply-adds of the forward pass, padding counted as work. */
  public long macs() {
    return (long) outputSize() * kh * kw * (c / groups);
  }

  /** Returns the same problem for another batch size. */
  public Conv2dProblem withBatch(int batch) {
    return new Conv2dProblem(
        batch, h, w, c, k, kh, kw, strideH, strideW, pad, dilationH, dilationW, groups);
  }

  /**
   * Parses the one-line form.
   *
   * @throws IllegalArgumentException if a field is missing, unknown or no number
   */
  public static Conv2dProblem parse(String line) {
    ProblemText t = new ProblemText(line, "n", "h", "w", "c", "k", "r", "s", "st", "p", "d", "g");
    int[] stride = t.pair("st", 1);
    int[] dilation = t.pair("d", 1);
    return new Conv2dProblem(
        t.number("n"),
        t.number("h"),
        t.number("w"),
        t.number("c"),
        t.number("k"),
        t.number("r"),
        t.number("s"),
        stride[0],
        stride[1],
        t.padding("p"),
        dilation[0],
        dilation[1],
        t.number("g", 1));
  }

  @Override
  public String toString() {
    return format(n, h, w, c, k, kh, kw, strideH, strideW, pad, dilationH, dilationW, groups);
  }

  private static String format(
      int n,
      int h,
      int w,
      int c,
      int k,
      int kh,
      int kw,
      int sh,
      int sw,
      Padding pad,
      int dh,
      int dw,
      int groups) {
    return "n"
        + n
        + " h"
        + h
        + " w"
        + w
        + " c"
        + c
        + " k"
        + k
        + " r"
        + kh
        + " s"
        + kw
        + ProblemText.pair(" st", sh, sw)
        + " p"
        + pad
        + (dh == 1 && dw == 1 ? "" : ProblemText.pair(" d", dh, dw))
        + (groups == 1 ? "" : " g" + groups);
  }
}
