package dev.thumbnet.model;

/**
 * How much smaller a thumbnail is than its picture. People speak of the ratio of areas, networks
 * divide sides; this is the one place that knows both.
 */
public enum Reduction {
  /** A quarter of the area, half the side: 224 to 112 pixels. */
  FOUR_TO_ONE(2),

  /** A sixteenth of the area, a quarter of the side: 224 to 56 pixels. */
  SIXTEEN_TO_ONE(4);

  private final int side;

  Reduction(int side) {
    this.side = side;
  }

  /**
   * The reduction by a ratio of areas.
   *
   * @param area 4 or 16
   * @throws IllegalArgumentException if there is no downscaler for this ratio
   */
  public static Reduction ofArea(int area) {
    for (Reduction reduction : values()) {
      if (reduction.area() == area) {
        return reduction;
      }
    }
    throw new IllegalArgumentException(
        "the ratio of areas must be 4 (half the side) or 16 (a quarter), got " + area);
  }

  /**
   * The reduction by a ratio of sides.
   *
   * @param side 2 or 4
   * @throws IllegalArgumentException if there is no downscaler for this ratio
   */
  public static Reduction ofSide(int side) {
    for (Reduction reduction : values()) {
      if (reduction.side == side) {
        return reduction;
      }
    }
    throw new IllegalArgumentException(
        "sides shrink by 2 (4:1 by area) or 4 (16:1), not by " + side);
  }

  /** Returns by which number the area shrinks. */
  public int area() {
    return side * side;
  }

  /** Returns by which number sides shrink. */
  public int side() {
    return side;
  }

  /** Returns what is left of a side. */
  public int reduce(int length) {
    return length / side;
  }

  /** Tells whether a side can be shrunk without a rest. */
  public boolean divides(int length) {
    return length % side == 0;
  }

  /** Returns the ratio of areas, such as 4:1. */
  @Override
  public String toString() {
    return area() + ":1";
  }
}
