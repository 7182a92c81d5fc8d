package dev.thumbnet.engine.backend.problem;

/**
 * All geometry of a 2-D convolution (cross-correlation) in NHWC: input x is (n, h, w, c), the
 * weight is (kh, kw, c / groups, k), the output y is (n, outH, outW, k). Output channel j belongs
 * to group j / (k / groups) and sees input channels of that group only.
 *
 * <p>Prints and parses as one line, {@code n16 h56 w56 c64 k64 r3 s3 st1 p1 d1 g1}; {@code st}
 * stride, {@code p} padding and {@code d} dilation take {@code 2x1} for (vertical, horizontal), and
 * {@code d1} and {@code g1} may be left out.
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
 * @param padH zero rows added above and below
 * @param padW zero columns added left and right
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
    int padH,
    int padW,
    int dilationH,
    int dilationW,
    int groups) {
  /** Checks that the numbers make a convolution with a non-empty output. */
  public Conv2dProblem {
    String text =
        format(n, h, w, c, k, kh, kw, strideH, strideW, padH, padW, dilationH, dilationW, groups);
    Checks.atLeast(1, "batch size n", n, text);
    Checks.atLeast(1, "height h", h, text);
    Checks.atLeast(1, "width w", w, text);
    Checks.atLeast(1, "input channels c", c, text);
    Checks.atLeast(1, "output channels k", k, text);
    Checks.atLeast(1, "kernel rows r", kh, text);
    Checks.atLeast(1, "kernel columns s", kw, text);
    Checks.atLeast(1, "vertical stride", strideH, text);
    Checks.atLeast(1, "horizontal stride", strideW, text);
    Checks.atLeast(0, "vertical padding", padH, text);
    Checks.atLeast(0, "horizontal padding", padW, text);
    Checks.atLeast(1, "vertical dilation", dilationH, text);
    Checks.atLeast(1, "horizontal dilation", dilationW, text);
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
    if (Checks.slide(h, kh, strideH, padH, dilationH) < 1
        || Checks.slide(w, kw, strideW, padW, dilationW) < 1) {
      throw new IllegalArgumentException(
          "the kernel is larger than the padded input, so the output would be empty: " + text);
    }
    Checks.size("input", n, h, w, c);
    Checks.size("weight", kh, kw, c / groups, k);
    Checks.size(
        "output",
        n,
        Checks.slide(h, kh, strideH, padH, dilationH),
        Checks.slide(w, kw, strideW, padW, dilationW),
        k);
  }

  /** Returns a problem with equal stride and padding in both directions, no dilation, one group. */
  public static Conv2dProblem of(
      int n, int h, int w, int c, int k, int kernel, int stride, int padding) {
    return new Conv2dProblem(
        n, h, w, c, k, kernel, kernel, stride, stride, padding, padding, 1, 1, 1);
  }

  /** Returns the number of output rows. */
  public int outH() {
    return Checks.slide(h, kh, strideH, padH, dilationH);
  }

  /** Returns the number of output columns. */
  public int outW() {
    return Checks.slide(w, kw, strideW, padW, dilationW);
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
        batch, h, w, c, k, kh, kw, strideH, strideW, padH, padW, dilationH, dilationW, groups);
  }

  /**
   * Parses the one-line form.
   *
   * @throws IllegalArgumentException if a field is missing, unknown or no number
   */
  public static Conv2dProblem parse(String line) {
    ProblemText t = new ProblemText(line, "n", "h", "w", "c", "k", "r", "s", "st", "p", "d", "g");
    int[] stride = t.pair("st", 1);
    int[] pad = t.pair("p", 0);
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
        pad[0],
        pad[1],
        dilation[0],
        dilation[1],
        t.number("g", 1));
  }

  @Override
  public String toString() {
    return format(
        n, h, w, c, k, kh, kw, strideH, strideW, padH, padW, dilationH, dilationW, groups);
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
      int ph,
      int pw,
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
        + ProblemText.pair(" p", ph, pw)
        + (dh == 1 && dw == 1 ? "" : ProblemText.pair(" d", dh, dw))
        + (groups == 1 ? "" : " g" + groups);
  }
}
