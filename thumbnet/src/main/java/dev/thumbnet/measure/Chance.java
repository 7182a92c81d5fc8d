package dev.thumbnet.measure;

import dev.thumbnet.data.DataSet;
import java.util.Arrays;

/**
 * What can be had without looking at pictures: the best guess, which is always the most frequent
 * class, and how far luck can carry it.
 *
 * @param pictures how many accuracies are measured on, at least 1
 * @param percent accuracy of the best guess
 */
public record Chance(int pictures, double percent) {
  /** A guess does as well as this in one of twenty cases. */
  private static final double LUCK = 0.05;

  /** Returns that of a data set. */
  public static Chance of(DataSet set) {
    int[] counts = new int[set.classes().size()];
    for (int i = 0; i < set.size(); i++) {
      counts[set.label(i)]++;
    }
    int most = Arrays.stream(counts).max().orElseThrow();
    return new Chance(set.size(), 100.0 * most / set.size());
  }

  /**
   * Tells whether an accuracy is no more than luck explains: whether guesses do as well in more
   * than one of twenty cases, by the binomial distribution.
   *
   * @param accuracy in percent
   */
  public boolean explains(double accuracy) {
    double p = percent / 100;
    long right = Math.round(accuracy * pictures / 100);
    if (p >= 1 || right <= pictures * p) {
      return true;
    }
    double logProbability = pictures * Math.log1p(-p);
    double tail = 0;
    for (int hits = 1; hits <= pictures; hits++) {
      logProbability += Math.log((pictures - hits + 1) * p / (hits * (1 - p)));
      tail += hits >= right ? Math.exp(logProbability) : 0;
    }
    return tail > LUCK;
  }
}
