package dev.thumbnet.experiment.report;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A column of a table.
 *
 * @param header its name
 * @param unit what its numbers count; empty if that is clear
 * @param brief whether it is shown where there is little room
 * @param cell makes the cell of a row
 * @param share percentage that is shown as a bar behind the cell, where that is possible
 */
record Column<R>(
    String header,
    String unit,
    boolean brief,
    Function<R, String> cell,
    Optional<ToDoubleFunction<R>> share) {

  /** A column that is shown everywhere. */
  static <R> Column<R> brief(String header, String unit, Function<R, String> cell) {
    return new Column<>(header, unit, true, cell, Optional.empty());
  }

  /** A column that is left out where there is little room. */
  static <R> Column<R> full(String header, String unit, Function<R, String> cell) {
    return new Column<>(header, unit, false, cell, Optional.empty());
  }

  /** The same with a bar. */
  Column<R> withBar(ToDoubleFunction<R> percentage) {
    return new Column<>(header, unit, brief, cell, Optional.of(percentage));
  }

  /** Returns what stands above the column where it is one line. */
  String title() {
    return unit.isEmpty() ? header : header + ", " + unit;
  }
}
