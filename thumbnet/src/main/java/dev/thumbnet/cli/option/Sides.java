package dev.thumbnet.cli.option;

/** Sizes of pictures that networks are made for. */
public final class Sides {
  /** Sixteen times what is usual. */
  public static final int MOST = 4096;

  private Sides() {}

  /**
   * Checks a side.
   *
   * @param option that gave it
   * @throws IllegalArgumentException if it is not positive or beyond all use
   */
  public static void check(String option, int pixels) {
    if (pixels < 1 || pixels > MOST) {
      throw new IllegalArgumentException(
          option + " must be from 1 to " + MOST + " pixels, got " + pixels);
    }
  }
}
