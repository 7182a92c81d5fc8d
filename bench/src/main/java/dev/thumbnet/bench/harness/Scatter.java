package dev.thumbnet.bench.harness;

import java.util.stream.DoubleStream;

/**
 * The middle of some times, and how far they lie from it.
 *
 * @param median of an even number the mean of the two in the middle
 * @param worst the largest
 */
public record Scatter(double median, double worst) {
  /**
   * Returns the scatter of some times.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Scatter of(DoubleStream times) {
    double[] sorted = times.sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("nothing has no median");
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Scatter(median, sorted[sorted.length - 1]);
  }
}
