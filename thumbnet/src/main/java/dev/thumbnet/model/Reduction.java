package dev.thumbnet.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much smaller a thumbnail is than its picture, as a ratio of sides in lowest terms: 224 to 72
 * pixels is 28 to 9. People speak of the ratio of areas, networks divide sides, files have numbers;
 * this is the one place that knows all of them.
 *
 * @param from a side of a picture; the sides of all pictures must be multiples of it
 * @param to what becomes of it
 */
public record Reduction(int from, int to) {
  /** A quarter of the area, half the side: 224 to 112 pixels. */
  public static final Reduction FOUR_TO_ONE = new Reduction(2, 1);

  /** A sixteenth of the area, a quarter of the side: 224 to 56 pixels. */
  public static final Reduction SIXTEEN_TO_ONE = new Reduction(4, 1);

  /** An eighth of the side, for which some downscalers can be made, too. */
  public static final Reduction EIGHTH = new Reduction(8, 1);

  /** The paper's, which learned downscalers offer. */
  public static final List<Reduction> CLASSIC = List.of(FOUR_TO_ONE, SIXTEEN_TO_ONE);

  /** Stands between the two sides in files. */
  private static final String TO = "/";

  /**
   * Brings the ratio of two sides to its lowest terms.
   *
   * @param from side of a picture
   * @param to side of its thumbnail
   * @throws IllegalArgumentException unless the thumbnail is smaller and at least one pixel
   */
  public Reduction {
    if (to < 1 || to >= from) {
      throw new IllegalArgumentException(
          "a thumbnail has at least one pixel and is smaller than its picture, so that sides of "
              + from
              + " pixels cannot become "
              + to);
    }
    int divisor = commonDivisor(from, to);
    from /= divisor;
    to /= divisor;
  }

  /** Euclid's algorithm. */
  private static int commonDivisor(int a, int b) {
    int large = a;
    int small = b;
    while (small != 0) {
      int rest = large % small;
      large = small;
      small = rest;
    }
    return large;
  }

  /**
   * The classic reduction by a ratio of areas.
   *
   * @param area 4 or 16
   * @throws IllegalArgumentException if there is no learned downscaler for this ratio
   */
  public static Reduction ofArea(int area) {
    for (Reduction reduction : CLASSIC) {
      if (reduction.area() == area) {
        return reduction;
      }
    }
    throw new IllegalArgumentException(
        "the ratio of areas must be 4 (half the side) or 16 (a quarter), got " + area);
  }

  /**
   * The classic reduction by a ratio of sides.
   *
   * @param side 2 or 4
   * @throws IllegalArgumentException if there is no learned downscaler for this ratio
   */
  public static Reduction ofSide(int side) {
    for (Reduction reduction : CLASSIC) {
      if (reduction.side() == side) {
        return reduction;
      }
    }
    throw new IllegalArgumentException(
        "sides shrink by 2 (4:1 by area) or 4 (16:1), not by " + side);
  }

  /**
   * The reduction that files call so.
   *
   * @param factor the text of {@link #factor}
   * @throws IllegalArgumentException if it is none
   */
  public static Reduction ofFactor(String factor) {
    int slash = factor.indexOf(TO);
    return slash < 0
        ? new Reduction(Integer.parseInt(factor), 1)
        : new Reduction(
            Integer.parseInt(factor.substring(0, slash)),
            Integer.parseInt(factor.substring(slash + 1)));
  }

  /** Returns by what sides are divided, as files have it: 2 and 4, or a text such as 28/9. */
  public Object factor() {
    if (to == 1) {
      return from;
    }
    return from + TO + to;
  }

  /** Tells whether it is one of {@link #CLASSIC}. */
  public boolean isClassic() {
    return CLASSIC.contains(this);
  }

  /**
   * Returns by which number the area shrinks.
   *
   * @throws IllegalStateException if {@link #side} does
   */
  public int area() {
    return side() * side();
  }

  /**
   * Returns by which number sides shrink.
   *
   * @throws IllegalStateException if it is not a whole one
   */
  public int side() {
    if (to != 1) {
      throw new IllegalStateException("sides do not shrink by a whole number to " + this);
    }
    return from;
  }

  /** Returns what is left of a side. */
  public int reduce(int length) {
    return (int) ((long) length * to / from);
  }

  /** Tells whether a side can be shrunk without a rest. */
  public boolean divides(int length) {
    return length % from == 0;
  }

  /** By hand, as the others below: what records have of their own keeps hold of class loaders. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Reduction r && from == r.from && to == r.to;
  }

  @Override
  public int hashCode() {
    return 31 * from + to;
  }

  /** Returns the ratio of areas, such as 4:1, if it is a classic one; otherwise that of sides. */
  @Override
  public String toString() {
    return isClassic() ? area() + ":1" : to + "/" + from + " of the side";
  }
}
