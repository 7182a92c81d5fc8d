package dev.thumbnet.engine.backend.problem;

/**
 * Rows and columns around a picture that are not there: zeros to a convolution, nothing to a
 * maximum.
 *
 * @param top rows above
 * @param left columns before the first
 * @param bottom rows below
 * @param right columns behind the last
 */
public record Padding(int top, int left, int bottom, int right) {
  /** Nothing around the picture. */
  public static final Padding NONE = of(0);

  /** Returns the same on all sides. */
  public static Padding of(int all) {
    return of(all, all);
  }

  /** Returns as many rows below as above, and as many columns on the right as on the left. */
  public static Padding of(int vertical, int horizontal) {
    return new Padding(vertical, horizontal, vertical, horizontal);
  }

  /** Tells whether opposite sides are alike. */
  public boolean symmetric() {
    return top == bottom && left == right;
  }

  /** Returns the short form: {@code 1}, {@code 2x1} or, if sides differ, {@code 0,1,0,1}. */
  @Override
  public String toString() {
    if (!symmetric()) {
      return top + "," + left + "," + bottom + "," + right;
    }
    return top == left ? "" + top : top + "x" + left;
  }
}
