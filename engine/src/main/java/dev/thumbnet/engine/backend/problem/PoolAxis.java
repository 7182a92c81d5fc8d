package dev.thumbnet.engine.backend.problem;

/**
 * The windows of pooling along one axis of the picture. Element t of window o lies at {@code o ·
 * stride − before + t · dilation}, perhaps in the padding or beyond it.
 *
 * @param in extent of the picture
 * @param kernel elements of a window
 * @param stride distance of windows
 * @param before padding before the picture
 * @param after padding behind it
 * @param dilation distance of elements
 * @param ceil whether a last window may end beyond the padding
 */
public record PoolAxis(
    int in, int kernel, int stride, int before, int after, int dilation, boolean ceil) {
  /**
   * Returns the number of windows. Rounded up, one more may end beyond the padding behind the
   * picture, but only if it begins before that padding (the rule of PyTorch and ONNX).
   */
  public int out() {
    long span = Checks.span(in, kernel, before, after, dilation);
    long last = ceil ? Math.ceilDiv(span, stride) : Math.floorDiv(span, stride);
    boolean beyond = ceil && last * stride >= (long) in + before;
    return Checks.clamped(beyond ? last : last + 1);
  }

  /** Returns where the first element lies that a window has in the picture. */
  public int begin(int o) {
    return first(o) + firstElement(o) * dilation;
  }

  /** Returns how many elements a window has in the picture: at least one. */
  public int count(int o) {
    return end(o, in) - firstElement(o);
  }

  /** Returns what lies behind the last element that a window has in the picture. */
  public int end(int o) {
    return begin(o) + (count(o) - 1) * dilation + 1;
  }

  /**
   * Returns the number of elements by which the sum of a window is divided to give its mean.
   *
   * @param countPad whether those in the padding count; those beyond it never do
   */
  public int counted(int o, boolean countPad) {
    return countPad ? end(o, in + after) : count(o);
  }

  private int first(int o) {
    return o * stride - before;
  }

  private int firstElement(int o) {
    return Math.clamp(Math.ceilDiv(-first(o), dilation), 0, kernel);
  }

  /** Returns the end of the elements of a window that lie before a place. */
  private int end(int o, int stop) {
    return Math.clamp(Math.floorDiv(stop - 1 - first(o), dilation) + 1, 0, kernel);
  }

  /** Tells whether each window has an element in the picture. */
  boolean seesAlways() {
    int out = out();
    for (int o = 0; o < out; o++) {
      if (count(o) < 1) {
        return false;
      }
    }
    return true;
  }
}
