package dev.thumbnet.engine.backend.problem;

/**
 * Geometry of max and average pooling of (n, h, w, c) with a sliding window. Prints and parses as
 * {@code n16 h112 w112 c64 r3 s3 st2 p1 d1}, with {@code ceil} behind it if sizes are rounded up;
 * {@code st}, {@code p} and {@code d} as in {@link Conv2dProblem}.
 *
 * @param n pictures
 * @param h input rows
 * @param w input columns
 * @param c channels
 * @param kh window rows
 * @param kw window columns
 * @param strideH vertical stride
 * @param strideW horizontal stride
 * @param pad rows and columns around the picture, so few that each window has a pixel of it
 * @param dilationH vertical distance of the rows of a window, 1 for means
 * @param dilationW horizontal distance of its columns, 1 for means
 * @param ceil whether the output size is rounded up, see {@link PoolAxis#out}
 */
public record PoolProblem(
    int n,
    int h,
    int w,
    int c,
    int kh,
    int kw,
    int strideH,
    int strideW,
    Padding pad,
    int dilationH,
    int dilationW,
    boolean ceil) {
  /** Checks the numbers. */
  public PoolProblem {
    String text = format(n, h, w, c, kh, kw, strideH, strideW, pad, dilationH, dilationW, ceil);
    Checks.atLeast(1, "batch size n", n, text);
    Checks.atLeast(1, "height h", h, text);
    Checks.atLeast(1, "width w", w, text);
    Checks.atLeast(1, "channels c", c, text);
    Checks.atLeast(1, "window rows r", kh, text);
    Checks.atLeast(1, "window columns s", kw, text);
    Checks.step("vertical stride", strideH, text);
    Checks.step("horizontal stride", strideW, text);
    Checks.step("vertical dilation", dilationH, text);
    Checks.step("horizontal dilation", dilationW, text);
    Checks.padding(h, w, pad, text);
    PoolAxis rows = new PoolAxis(h, kh, strideH, pad.top(), pad.bottom(), dilationH, ceil);
    PoolAxis columns = new PoolAxis(w, kw, strideW, pad.left(), pad.right(), dilationW, ceil);
    if (rows.out() < 1 || columns.out() < 1) {
      throw new IllegalArgumentException(
          "the window is larger than the padded input, so the output would be empty: " + text);
    }
    Checks.size("input", n, h, w, c);
    Checks.size("output", n, rows.out(), columns.out(), c);
    if (!rows.seesAlways() || !columns.seesAlways()) {
      throw new IllegalArgumentException(
          "some windows would have nothing but padding; make it smaller than the window in "
              + text);
    }
  }

  /** Returns a problem with a square window. */
  public static PoolProblem of(int n, int h, int w, int c, int kernel, int stride, int padding) {
    return new PoolProblem(
        n, h, w, c, kernel, kernel, stride, stride, Padding.of(padding), 1, 1, false);
  }

  /** Returns the windows by rows of the picture. */
  public PoolAxis rows() {
    return new PoolAxis(h, kh, strideH, pad.top(), pad.bottom(), dilationH, ceil);
  }

  /** Returns the windows by columns of the picture. */
  public PoolAxis columns() {
    return new PoolAxis(w, kw, strideW, pad.left(), pad.right(), dilationW, ceil);
  }

  /** Returns the number of output rows. */
  public int outH() {
    return rows().out();
  }

  /** Returns the number of output columns. */
  public int outW() {
    return columns().out();
  }

  /** Returns the number of elements of x. */
  public int inputSize() {
    return n * h * w * c;
  }

  /** Returns the number of elements of y. */
  public int outputSize() {
    return n * outH() * outW() * c;
  }

  /** Returns the same problem for another batch size. */
  public PoolProblem withBatch(int batch) {
    return new PoolProblem(
        batch, h, w, c, kh, kw, strideH, strideW, pad, dilationH, dilationW, ceil);
  }

  /**
   * Parses the one-line form.
   *
   * @throws IllegalArgumentException if a field is missing, unknown or no number
   */
  public static PoolProblem parse(String line) {
    ProblemText t = new ProblemText(line, "n", "h", "w", "c", "r", "s", "st", "p", "d", "ceil");
    int[] stride = t.pair("st", 1);
    int[] dilation = t.pair("d", 1);
    return new PoolProblem(
        t.number("n"),
        t.number("h"),
        t.number("w"),
        t.number("c"),
        t.number("r"),
        t.number("s"),
        stride[0],
        stride[1],
        t.padding("p"),
        dilation[0],
        dilation[1],
        t.flag("ceil"));
  }

  @Override
  public String toString() {
    return format(n, h, w, c, kh, kw, strideH, strideW, pad, dilationH, dilationW, ceil);
  }

  private static String format(
      int n,
      int h,
      int w,
      int c,
      int kh,
      int kw,
      int sh,
      int sw,
      Padding pad,
      int dh,
      int dw,
      boolean ceil) {
    return "n"
        + n
        + " h"
        + h
        + " w"
        + w
        + " c"
        + c
        + " r"
        + kh
        + " s"
        + kw
        + ProblemText.pair(" st", sh, sw)
        + " p"
        + pad
        + (dh == 1 && dw == 1 ? "" : ProblemText.pair(" d", dh, dw))
        + (ceil ? " ceil" : "");
  }

  /** Returns the windows that each are all {@code repeat} elements of (outer, repeat, inner). */
  public static PoolProblem ofColumns(AxisProblem p) {
    return whole(p.outer(), p.repeat(), 1, p.inner(), p.repeat(), 1);
  }

  /** Returns windows at every place where they are within the picture. */
  public static PoolProblem whole(int n, int h, int w, int c, int kh, int kw) {
    return new PoolProblem(n, h, w, c, kh, kw, 1, 1, Padding.NONE, 1, 1, false);
  }
}
