package dev.thumbnet.experiment.report;

import static dev.thumbnet.experiment.report.Texts.format;
import static dev.thumbnet.experiment.report.Texts.millions;
import static dev.thumbnet.experiment.report.Texts.one;
import static dev.thumbnet.experiment.report.Texts.signed;
import static dev.thumbnet.experiment.report.Texts.words;

import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.CostCurve;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Row;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * Rows of a data set beside what one method, the control, reaches for the same cost, with networks
 * of many sizes. Choosing the control's rows by their accuracy makes the control look better rather
 * than worse than it is.
 */
public final class EqualCost {
  private final DataFacts set;
  private final boolean timed;
  private final List<Row> control;

  /**
   * Finds the control's rows.
   *
   * @param control key of the method
   */
  public EqualCost(Results results, DataFacts set, String control) {
    this.set = set;
    this.timed = results.study().timed();
    this.control = results.rows(set).stream().filter(row -> row.method().equals(control)).toList();
  }

  /** Tells whether the control has no rows, so that there is nothing to compare with. */
  public boolean isEmpty() {
    return control.isEmpty();
  }

  /**
   * Returns a row beside that of the control's {@linkplain CostCurve curve} whose time, or without
   * times whose number of multiply-adds, is the most similar.
   */
  public Comparison nearest(Row row) {
    ToDoubleFunction<Row> cost = timed ? Row::milliseconds : Row::macs;
    Row other = CostCurve.of(control, cost).nearest(cost.applyAsDouble(row));
    return Comparison.of(row, other, set);
  }

  /**
   * Says how far a row is from the curve, and whether it is ahead of the nearest row on it.
   *
   * @param pair the row, as {@link #nearest} gives it
   */
  public String sentences(Comparison pair) {
    Row row = pair.row();
    return format(
        "%s names the right class for %s %% of the pictures. %s%s Beside %s, which of the curve"
            + " needs the most similar %s, with %s %%, it is %s.",
        row.title(),
        row.acc1(),
        toCurve(row, Row::macs, millions(row.macs()) + " million multiply-adds"),
        timed ? " " + toCurve(row, Row::milliseconds, format("%.2f ms", row.milliseconds())) : "",
        pair.other().title(),
        timed ? "time" : "number of multiply-adds",
        pair.other().acc1(),
        words(pair));
  }

  private String toCurve(Row row, ToDoubleFunction<Row> cost, String costs) {
    CostCurve curve = CostCurve.of(control, cost);
    double at = cost.applyAsDouble(row);
    OptionalDouble accuracy = curve.accuracyAt(at);
    String name = control.getFirst().name();
    if (accuracy.isEmpty()) {
      return format("The curve of %s has nothing for as little as its %s.", name, costs);
    }
    return format(
        "For its %s the curve of %s has %s %%%s: a difference of %s points.",
        costs,
        name,
        one(accuracy.getAsDouble()),
        curve.endsBefore(at) ? ", for it ends before and is taken as level from there" : "",
        signed(row.acc1().mean() - accuracy.getAsDouble()));
  }
}
