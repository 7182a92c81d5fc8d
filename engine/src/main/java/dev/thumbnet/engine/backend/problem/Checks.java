package dev.thumbnet.engine.backend.problem;

/** Argument checks shared by the problem records. */
final class Checks {
  /** Strides, dilations and padded extents up to here, so that sums of two of them are ints. */
  private static final int FARTHEST = 1 << 30;

  private Checks() {}

  /** Returns the product of the extents, which must fit an array. */
  static int size(String what, int... extents) {
    long product = 1;
    for (int e : extents) {
      product *= e;
      if (product > Integer.MAX_VALUE - 64) {
        throw new IllegalArgumentException(
            what
                + " of "
                + java.util.Arrays.toString(extents)
                + " elements does not fit one array (limit "
                + (Integer.MAX_VALUE - 64)
                + "); use a smaller batch or picture");
      }
    }
    return (int) product;
  }

  static void atLeast(int min, String name, int value, Object problem) {
    if (value < min) {
      throw new IllegalArgumentException(
          name + " must be at least " + min + " but is " + value + " in " + problem);
    }
  }

  /** Checks a stride or dilation. */
  static void step(String name, int value, Object problem) {
    atLeast(1, name, value, problem);
    atMostFarthest(name, value, problem);
  }

  private static void atMostFarthest(String name, long value, Object problem) {
    if (value > FARTHEST) {
      throw new IllegalArgumentException(
          name + " must be at most " + FARTHEST + " but is " + value + " in " + problem);
    }
  }

  /** Checks the padding of a picture of h x w pixels. */
  static void padding(int h, int w, Padding pad, Object problem) {
    atLeast(0, "padding at the top", pad.top(), problem);
    atLeast(0, "padding on the left", pad.left(), problem);
    atLeast(0, "padding at the bottom", pad.bottom(), problem);
    atLeast(0, "padding on the right", pad.right(), problem);
    atMostFarthest("padded height", (long) h + pad.top() + pad.bottom(), problem);
    atMostFarthest("padded width", (long) w + pad.left() + pad.right(), problem);
  }

  /**
   * Length of the output of a sliding window: floor((in + before + after − dilation·(k − 1) − 1) /
   * stride) + 1.
   */
  static int slide(int in, int kernel, int stride, int before, int after, int dilation) {
    return clamped(Math.floorDiv(span(in, kernel, before, after, dilation), stride) + 1);
  }

  /** By how much the first window may be moved and still end in the padded input. */
  static long span(int in, int kernel, int before, int after, int dilation) {
    return (long) in + before + after - dilation * (kernel - 1L) - 1;
  }

  /** Returns an extent that is too large for any array as one that no array has. */
  static int clamped(long extent) {
    return Math.clamp(extent, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }
}
