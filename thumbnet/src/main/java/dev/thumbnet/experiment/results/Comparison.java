package dev.thumbnet.experiment.results;

import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.measure.PairedDifference;
import dev.thumbnet.measure.PairedDifference.Verdict;
import dev.thumbnet.measure.RightAnswers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two rows of a data set side by side, by the rule that all reports share: one is ahead of the
 * other if the interval of their difference does not hold 0. The interval is that of {@link
 * PairedDifference} if it is known which pictures both were right about. Otherwise, with results
 * that older versions wrote, it is the difference plus or minus {@link Noise}, as if each row had
 * been measured on pictures of its own; it is wider.
 *
 * @param row what is compared
 * @param other what it is compared with
 * @param points how many points more accurate it is, in the mean over the seeds
 * @param low lower end of the interval, in points
 * @param high upper end
 * @param paired the comparison picture by picture, where answers are known
 */
public record Comparison(
    Row row, Row other, double points, double low, double high, Optional<PairedDifference> paired) {

  /**
   * Compares two rows.
   *
   * @param set the data set of both
   */
  public static Comparison of(Row row, Row other, DataFacts set) {
    Optional<PairedDifference> paired = paired(row, other);
    if (paired.isPresent()) {
      PairedDifference found = paired.get();
      return new Comparison(row, other, found.points(), found.low(), found.high(), paired);
    }
    double acc = row.acc1().mean();
    double otherAcc = other.acc1().mean();
    double points = acc - otherAcc;
    double noise =
        Math.max(Noise.of(acc, set.valPictures()), Noise.of(otherAcc, set.valPictures()));
    return new Comparison(row, other, points, points - noise, points + noise, paired);
  }

  /** None unless both rows have answers for the same seeds. */
  private static Optional<PairedDifference> paired(Row row, Row other) {
    List<RightAnswers> answers = new ArrayList<>();
    List<RightAnswers> others = new ArrayList<>();
    for (Run run : row.runs()) {
      run.right().ifPresent(answers::add);
      other.run(run.seed()).flatMap(Run::right).ifPresent(others::add);
    }
    int seeds = row.runs().size();
    return answers.size() == seeds && others.size() == seeds && other.runs().size() == seeds
        ? Optional.of(PairedDifference.of(answers, others))
        : Optional.empty();
  }

  /** Tells whether the row is ahead of the other. */
  public Verdict verdict() {
    return Verdict.of(low, high);
  }
}
