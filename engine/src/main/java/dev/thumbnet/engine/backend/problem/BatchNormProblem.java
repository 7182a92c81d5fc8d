package dev.thumbnet.engine.backend.problem;

/**
 * Batch normalisation of (rows, channels), rows = n·h·w, optionally followed by ReLU in the same
 * pass: y = γ (x − mean) / √(var + eps) + β, then max(y, 0) if {@code relu}.
 *
 * @param rows number of values per channel
 * @param channels number of channels
 * @param eps added to the variance
 * @param relu whether ReLU follows
 */
public record BatchNormProblem(int rows, int channels, double eps, boolean relu) {
  /** Checks the extents. */
  public BatchNormProblem {
    if (rows < 1 || channels < 1 || !(eps >= 0)) {
      throw new IllegalArgumentException(
          "bad batch norm: rows " + rows + ", channels " + channels + ", eps " + eps);
    }
    Checks.size("input", rows, channels);
  }

  /** Returns the number of elements of x and y. */
  public int size() {
    return rows * channels;
  }
}
