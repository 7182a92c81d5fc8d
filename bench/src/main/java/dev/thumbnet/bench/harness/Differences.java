package dev.thumbnet.bench.harness;

import java.util.List;

/** By how much results differ, which is to be known before anything is timed. */
public final class Differences {
  /** Runs whose results are compared; more than one because training goes on from each. */
  private static final int COMPARED = 3;

  private Differences() {}

  /**
   * Runs contenders a few times.
   *
   * @return for each the largest {@link #relative} difference to the first; NaN if any is
   */
  public static double[] toFirst(List<? extends Contender> contenders) {
    double[] differences = new double[contenders.size()];
    for (int run = 0; run < COMPARED; run++) {
      float[] expected = contenders.getFirst().run();
      for (int i = 1; i < differences.length; i++) {
        double difference = relative(expected, contenders.get(i).run());
        differences[i] = Math.max(differences[i], difference);
      }
    }
    return differences;
  }

  /**
   * Returns the largest difference of two elements over the largest one expected; NaN if any is.
   */
  public static double relative(float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
    }
    return difference / largest;
  }
}
