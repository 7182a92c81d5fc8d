package dev.thumbnet.experiment.results;

import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.measure.PairedDifference;
import dev.thumbnet.measure.PairedDifference.Term;
import dev.thumbnet.measure.RightAnswers;
import java.util.List;
import java.util.Optional;

/**
 * Whether two measures, each of which costs some accuracy, cost together what they cost alone. With
 * the accuracies a of neither, the one, the other and both, the drops are a₀ − a₁, a₀ − a₂ and a₀ −
 * a₁₂, and
 *
 * <pre>interaction = (a₀ − a₁₂) − (a₀ − a₁) − (a₀ − a₂) = a₁ + a₂ − a₀ − a₁₂.</pre>
 *
 * Its interval is that of {@link PairedDifference} over pictures and seeds.
 *
 * @param one row with the first measure alone
 * @param other row with the second measure alone
 * @param both row with both
 * @param beyond by how many points both cost more than the sum
 */
public record Interaction(Row one, Row other, Row both, PairedDifference beyond) {

  /**
   * Compares four rows of a data set.
   *
   * @param neither row without both
   * @return none unless all have answers for the same seeds
   */
  public static Optional<Interaction> of(Row neither, Row one, Row other, Row both) {
    List<Long> seeds = neither.runs().stream().map(Run::seed).toList();
    boolean complete =
        List.of(neither, one, other, both).stream()
            .allMatch(
                row ->
                    row.runs().size() == seeds.size()
                        && answers(row, seeds).size() == seeds.size());
    return complete
        ? Optional.of(
            new Interaction(
                one,
                other,
                both,
                PairedDifference.of(
                    List.of(
                        new Term(1, answers(one, seeds)),
                        new Term(1, answers(other, seeds)),
                        new Term(-1, answers(neither, seeds)),
                        new Term(-1, answers(both, seeds))))))
        : Optional.empty();
  }

  private static List<RightAnswers> answers(Row row, List<Long> seeds) {
    return seeds.stream().flatMap(seed -> row.run(seed).flatMap(Run::right).stream()).toList();
  }
}
