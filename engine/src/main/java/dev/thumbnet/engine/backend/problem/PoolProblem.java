package dev.thumbnet.engine.backend.problem;

/**
 * Geometry of max and average pooling of (n, h, w, c) with a sliding window, output size rounded
 * down. Prints and parses as {@code n16 h112 w112 c64 r3 s3 st2 p1}.
 *
 * @param n pictures
 * @param h input rows
 * @param w input columns
 * @param c channels
 * @param kh window rows
 * @param kw window columns
 * @param strideH vertical stride
 * @param strideW horizontal stride
 * @param padH rows of padding above and below, at most half the window
 * @param padW columns of padding left and right, at most half the window
 */
public record PoolProblem(
    int n, int h, int w, int c, int kh, int kw, int strideH, int strideW, int padH, int padW) {
  /** Checks the numbers. */
  public PoolProblem {
    String text = format(n, h, w, c, kh, kw, strideH, strideW, padH, padW);
    Checks.atLeast(1, "batch size n", n, text);
    Checks.atLeast(1, "height h", h, text);
    Checks.atLeast(1, "width w", w, text);
    Checks.atLeast(1, "channels c", c, text);
    Checks.atLeast(1, "window rows r", kh, text);
    Checks.atLeast(1, "window columns s", kw, text);
    Checks.atLeast(1, "vertical stride", strideH, text);
    Checks.atLeast(1, "horizontal stride", strideW, text);
    Checks.atLeast(0, "vertical padding", padH, text);
    Checks.atLeast(0, "horizontal padding", padW, text);
    if (padH > kh / 2 || padW > kw / 2) {
      throw new IllegalArgumentException("padding must be at most half the window in " + text);
    }
    if (Checks.slide(h, kh, strideH, padH, 1) < 1 || Checks.slide(w, kw, strideW, padW, 1) < 1) {
      throw new IllegalArgumentException(
          "the window is larger than the padded input, so the output would be empty: " + text);
    }
    Checks.size("input", n, h, w, c);
  }

  /** Returns a problem with a square window. */
  public static PoolProblem of(int n, int h, int w, int c, int kernel, int stride, int padding) {
    return new PoolProblem(n, h, w, c, kernel, kernel, stride, stride, padding, padding);
  }

  /** Returns the number of output rows. */
  public int outH() {
    return Checks.slide(h, kh, strideH, padH, 1);
  }

  /** Returns the number of output columns. */
  public int outW() {
    return Checks.slide(w, kw, strideW, padW, 1);
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
    return new PoolProblem(batch, h, w, c, kh, kw, strideH, strideW, padH, padW);
  }

  /**
   * Parses the one-line form.
   *
   * @throws IllegalArgumentException if a field is missing, unknown or no number
   */
  public static PoolProblem parse(String line) {
    ProblemText t = new ProblemText(line, "n", "h", "w", "c", "r", "s", "st", "p");
    int[] stride = t.pair("st", 1);
    int[] pad = t.pair("p", 0);
    return new PoolProblem(
        t.number("n"),
        t.number("h"),
        t.number("w"),
        t.number("c"),
        t.number("r"),
        t.number("s"),
        stride[0],
        stride[1],
        pad[0],
        pad[1]);
  }

  @Override
  public String toString() {
    return format(n, h, w, c, kh, kw, strideH, strideW, padH, padW);
  }

  private static String format(
      int n, int h, int w, int c, int kh, int kw, int sh, int sw, int ph, int pw) {
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
        + ProblemText.pair(" p", ph, pw);
  }

  /** Returns the windows that each are all {@code repeat} elements of (outer, repeat, inner). */
  public static PoolProblem ofColumns(AxisProblem p) {
    return whole(p.outer(), p.repeat(), 1, p.inner(), p.repeat(), 1);
  }

  /** Returns windows at every place where they are within the picture. */
  public static PoolProblem whole(int n, int h, int w, int c, int kh, int kw) {
    return new PoolProblem(n, h, w, c, kh, kw, 1, 1, 0, 0);
  }
}
