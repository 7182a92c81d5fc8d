package dev.thumbnet.engine.backend.problem;

/** Argument checks shared by the problem records. */
final class Checks {
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

  /**
   * Length of the output of a sliding window: floor((in + 2·pad − dilation·(k − 1) − 1) / stride) +
   * 1.
   */
  static int slide(int in, int kernel, int stride, int pad, int dilation) {
    return Math.floorDiv(in + 2 * pad - dilation * (kernel - 1) - 1, stride) + 1;
  }
}
