package dev.thumbnet.experiment.results;

import dev.thumbnet.experiment.results.Results.DataFacts;
import java.util.List;

/**
 * How far apart accuracies must be to mean something, if nothing is known of the answers to single
 * pictures.
 */
public final class Noise {
  private Noise() {}

  /**
   * Two standard errors of the difference of two accuracies measured on independent pictures.
   *
   * @param percent one of the accuracies
   * @param pictures how many pictures they were measured on
   */
  public static double of(double percent, int pictures) {
    double p = Math.clamp(percent / 100, 0.01, 0.99);
    return 100 * 2 * Math.sqrt(2 * p * (1 - p) / pictures);
  }

  /** The largest among the accuracies of the reference and of what a study is about. */
  public static double of(Results results, DataFacts set) {
    List<String> methods = List.of(results.study().reference(), results.study().subject());
    return results.rows(set).stream()
        .filter(row -> methods.contains(row.method()))
        .mapToDouble(row -> of(row.acc1().mean(), set.valPictures()))
        .max()
        .orElseThrow(() -> new IllegalStateException("there are no results of " + methods));
  }
}
