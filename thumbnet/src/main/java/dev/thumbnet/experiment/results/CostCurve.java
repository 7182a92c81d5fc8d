package dev.thumbnet.experiment.results;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * What a method reaches for a cost c: the upper envelope of its rows, which are those that are more
 * accurate than all cheaper ones. Between neighbours it is a straight line over log c, and behind
 * the last it is level, for what is cheaper can be had for more, too.
 */
public final class CostCurve {
  private final ToDoubleFunction<Row> cost;
  private final List<Row> rows;
  private final double dearest;

  private CostCurve(ToDoubleFunction<Row> cost, List<Row> rows, double dearest) {
    this.cost = cost;
    this.rows = List.copyOf(rows);
    this.dearest = dearest;
  }

  /**
   * Returns that of some rows of a data set.
   *
   * @param rows at least one, in any order
   * @param cost above 0: multiply-adds or time
   */
  public static CostCurve of(List<Row> rows, ToDoubleFunction<Row> cost) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a curve has at least one row");
    }
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(
        Comparator.comparingDouble(cost)
            .thenComparing(Comparator.comparingDouble(CostCurve::accuracy).reversed()));
    List<Row> best = new ArrayList<>();
    for (Row row : sorted) {
      if (best.isEmpty() || accuracy(row) > accuracy(best.getLast())) {
        best.add(row);
      }
    }
    return new CostCurve(cost, best, cost.applyAsDouble(sorted.getLast()));
  }

  private static double accuracy(Row row) {
    return row.acc1().mean();
  }

  /** Returns the rows of the envelope, from the cheapest and least accurate. */
  public List<Row> rows() {
    return rows;
  }

  /** Tells whether no row that the curve was made of, on the envelope or below, costs as much. */
  public boolean endsBefore(double at) {
    return at > dearest;
  }

  /** Returns the accuracy for a cost, in percent; none if all rows cost more. */
  public OptionalDouble accuracyAt(double at) {
    Optional<Row> below = rows.reversed().stream().filter(row -> cost(row) <= at).findFirst();
    Optional<Row> above = rows.stream().filter(row -> cost(row) > at).findFirst();
    if (below.isEmpty()) {
      return OptionalDouble.empty();
    }
    Row low = below.get();
    if (above.isEmpty()) {
      return OptionalDouble.of(accuracy(low));
    }
    Row high = above.get();
    double share = Math.log(at / cost(low)) / Math.log(cost(high) / cost(low));
    return OptionalDouble.of(accuracy(low) + share * (accuracy(high) - accuracy(low)));
  }

  private double cost(Row row) {
    return cost.applyAsDouble(row);
  }

  /** Returns the row of the envelope whose cost is in the ratio nearest to 1 to another cost. */
  public Row nearest(double at) {
    return rows.stream()
        .min(Comparator.comparingDouble(row -> Math.abs(Math.log(cost(row) / at))))
        .orElseThrow();
  }
}
