package dev.thumbnet.experiment.results;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Mean and spread of a number over seeds.
 *
 * @param count how many values there are
 * @param mean their mean
 * @param std their sample standard deviation; 0 for one value
 */
public record Summary(int count, double mean, double std) {

  /** Summarises the values of a list. */
  public static <T> Summary of(List<T> list, ToDoubleFunction<T> value) {
    double[] values = list.stream().mapToDouble(value).toArray();
    if (values.length == 0) {
      throw new IllegalArgumentException("there is nothing to summarise");
    }
    double mean = 0;
    for (double v : values) {
      mean += v / values.length;
    }
    double squares = 0;
    for (double v : values) {
      squares += (v - mean) * (v - mean);
    }
    double std = values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1));
    return new Summary(values.length, mean, std);
  }

  /** With one decimal: "84.2", or "84.2 ± 0.4" for several seeds. */
  @Override
  public String toString() {
    String text = String.format(Locale.ROOT, "%.1f", mean);
    return count == 1 ? text : text + String.format(Locale.ROOT, " ± %.1f", std);
  }
}
