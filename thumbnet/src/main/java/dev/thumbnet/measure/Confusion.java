package dev.thumbnet.measure;

import java.util.Arrays;

/** How often each class was taken for each class. Immutable. */
public final class Confusion {
  private final long[][] counts;

  /**
   * Copies counts.
   *
   * @param counts square; [truth][answer]
   */
  public Confusion(long[][] counts) {
    this.counts = new long[counts.length][];
    for (int i = 0; i < counts.length; i++) {
      if (counts[i].length != counts.length) {
        throw new IllegalArgumentException(
            "a confusion matrix is square, but row "
                + i
                + " of "
                + counts.length
                + " has "
                + counts[i].length
                + " columns");
      }
      this.counts[i] = counts[i].clone();
    }
  }

  /** Returns the number of classes. */
  public int classes() {
    return counts.length;
  }

  /** Returns how many pictures of class {@code truth} were taken for class {@code answer}. */
  public long count(int truth, int answer) {
    return counts[truth][answer];
  }

  /** Returns the number of pictures. */
  public long total() {
    return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
  }

  /** Returns the share of a class's pictures that were recognised, in percent; NaN if none. */
  public double recall(int truth) {
    return 100.0 * counts[truth][truth] / Arrays.stream(counts[truth]).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Confusion c && Arrays.deepEquals(counts, c.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(counts);
  }

  @Override
  public String toString() {
    return Arrays.deepToString(counts);
  }
}
