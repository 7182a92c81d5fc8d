package dev.thumbnet.experiment.report;

import java.util.List;
import java.util.Optional;

/**
 * A table of what a study measured besides accuracy and cost: all rows that have such numbers.
 *
 * @param heading above it
 * @param text says what the numbers mean
 * @param columns the numbers
 * @param cost number against which accuracies are drawn, if there is to be a chart
 */
public record MeasuredTable(
    String heading, String text, List<Quantity> columns, Optional<Quantity> cost) {
  /** Copies the list. */
  public MeasuredTable {
    columns = List.copyOf(columns);
  }

  /**
   * A column.
   *
   * @param name of the number in results
   * @param header of the column
   * @param unit what the number counts; empty if that is clear
   * @param decimals how many are shown
   */
  public record Quantity(String name, String header, String unit, int decimals) {}
}
