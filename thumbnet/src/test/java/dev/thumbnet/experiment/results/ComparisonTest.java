package dev.thumbnet.experiment.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.experiment.report.Texts;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.measure.PairedDifference;
import dev.thumbnet.measure.PairedDifference.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows are compared picture by picture where that can be done, and otherwise by accuracies. */
final class ComparisonTest {
  private static final Results OLD = MadeUpResults.complete(List.of(1L, 2L));
  private static final Results NEW = MadeUpResults.withAnswers(OLD);
  private static final DataFacts SET = OLD.data().getFirst();

  private static Row row(Results results, String method) {
    return results.row(MadeUpResults.DATA, method, "4to1").orElseThrow();
  }

  private static Comparison compare(Results some, Results others) {
    return Comparison.of(row(some, "thumbnet"), row(others, "bicubic"), SET);
  }

  @Test
  void answersOfTheSameSeedsArePaired() {
    Comparison pair = compare(NEW, NEW);
    PairedDifference paired = pair.paired().orElseThrow();
    assertThat(paired.seeds()).isEqualTo(2);
    assertThat(paired.pictures()).isEqualTo(480);
    double difference = row(NEW, "thumbnet").acc1().mean() - row(NEW, "bicubic").acc1().mean();
    assertThat(pair.points()).isCloseTo(difference, within(1e-9)).isEqualTo(paired.points());
    assertThat(List.of(pair.low(), pair.high())).containsExactly(paired.low(), paired.high());
    assertThat(pair.verdict()).isEqualTo(Verdict.AHEAD);
  }

  @Test
  void withoutAnswersAccuraciesAreComparedAsIfOfOtherPictures() {
    Comparison pair = compare(OLD, OLD);
    double noise = Noise.of(row(OLD, "bicubic").acc1().mean(), 480);
    assertThat(pair.paired()).isEmpty();
    assertThat(noise).isGreaterThan(Noise.of(row(OLD, "thumbnet").acc1().mean(), 480));
    assertThat(pair.points()).isCloseTo(6, within(1e-9));
    assertThat(pair.low()).isCloseTo(6 - noise, within(1e-9));
    assertThat(pair.high()).isCloseTo(6 + noise, within(1e-9));
    assertThat(pair.high() - pair.low())
        .isGreaterThan(compare(NEW, NEW).high() - compare(NEW, NEW).low());
  }

  @Test
  void answersThatAreMissingSomewhereAreNoAnswers() {
    assertThat(compare(NEW, OLD).paired()).isEmpty();
    assertThat(compare(OLD, NEW).paired()).isEmpty();
    Results one = MadeUpResults.withAnswers(MadeUpResults.complete(List.of(1L)));
    assertThat(compare(NEW, one).paired()).isEmpty();
    assertThat(compare(one, NEW).paired()).isEmpty();
    assertThat(compare(one, one).paired().orElseThrow().seeds()).isEqualTo(1);
  }

  private static String words(double points, double low, double high) {
    Row row = row(OLD, "bicubic");
    return Texts.words(new Comparison(row, row, points, low, high, Optional.empty()));
  }

  @Test
  void wordsSayWhoIsAhead() {
    assertThat(words(2.1, 0.8, 3.4)).isEqualTo("ahead by 2.1 points [0.8, 3.4]");
    assertThat(words(-2.1, -3.4, -0.8)).isEqualTo("behind by 2.1 points [0.8, 3.4]");
    assertThat(words(0.3, -0.9, 1.5)).isEqualTo("level, +0.3 points [-0.9, +1.5]");
    assertThat(words(-0.04, -0.9, 0)).isEqualTo("level, +0.0 points [-0.9, +0.0]");
  }
}
