package dev.thumbnet.engine.backend.problem;

/**
 * A big array seen as (outer, repeat, inner), against a small one seen as (outer, inner). It
 * describes both a broadcast of the small over the big and a reduction of the big to the small:
 *
 * <ul>
 *   <li>one scalar for all: (1, size, 1);
 *   <li>one value per channel of (n, h, w, c): (1, n·h·w, c);
 *   <li>one value per picture and channel: (n, h·w, c);
 *   <li>one value per row of (rows, cols): (rows, cols, 1).
 * </ul>
 *
 * @param outer leading extent, at least 1
 * @param repeat extent that is broadcast or reduced, at least 1
 * @param inner trailing extent, at least 1
 */
public record AxisProblem(int outer, int repeat, int inner) {
  /** Checks the extents. */
  public AxisProblem {
    if (outer < 1 || repeat < 1 || inner < 1) {
      throw new IllegalArgumentException(
          "extents must be positive: outer " + outer + ", repeat " + repeat + ", inner " + inner);
    }
    Checks.size("big array", outer, repeat, inner);
  }

  /** Returns the number of elements of the big array. */
  public int bigSize() {
    return outer * repeat * inner;
  }

  /** Returns the number of elements of the small array. */
  public int smallSize() {
    return outer * inner;
  }
}
