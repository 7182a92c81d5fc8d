package dev.thumbnet.experiment.report;

import dev.thumbnet.experiment.results.Comparison;
import java.util.List;

/**
 * What a study makes of its numbers, beside them.
 *
 * @param name of the study
 * @param introduction what was to be found out, for readers who know nothing of it
 * @param conditions what holds for all rows alike
 * @param findings what the numbers say
 * @param tables of what else was measured
 * @param comparisons which rows stand side by side, in the order of the data sets
 */
public record Story(
    String name,
    String introduction,
    String conditions,
    List<Finding> findings,
    List<MeasuredTable> tables,
    List<Comparison> comparisons) {
  /** Copies the lists. */
  public Story {
    findings = List.copyOf(findings);
    tables = List.copyOf(tables);
    comparisons = List.copyOf(comparisons);
  }

  /** Returns the comparisons of rows of a data set. */
  List<Comparison> comparisons(String data) {
    return comparisons.stream().filter(pair -> pair.row().data().equals(data)).toList();
  }
}
