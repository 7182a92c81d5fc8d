package dev.thumbnet.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.measure.PairedDifference.Term;
import dev.thumbnet.measure.PairedDifference.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Paired comparisons against values worked out from the definitions, and against simulations. */
final class PairedDifferenceTest {
  /** Which pictures two methods were right about, for one seed. */
  private record Pair(RightAnswers first, RightAnswers second) {

    /** From so many pictures that only the first, only the second, and both were right about. */
    static Pair of(int pictures, int first, int second, int both) {
      return new Pair(
          RightAnswers.of(pictures, i -> i < first || i >= pictures - both),
          RightAnswers.of(pictures, i -> i >= first && i < first + second || i >= pictures - both));
    }
  }

  private static PairedDifference compare(List<Pair> pairs) {
    return PairedDifference.of(
        pairs.stream().map(Pair::first).toList(), pairs.stream().map(Pair::second).toList());
  }

  @Test
  void oneSeedHasMcNemarsError() {
    PairedDifference found = compare(List.of(Pair.of(200, 30, 12, 100)));
    assertThat(found.points()).isCloseTo(9, within(1e-12));
    double variance = (30 + 12 - 18 * 18 / 200.0) / (200 * 200);
    assertThat(found.standardError()).isCloseTo(100 * Math.sqrt(variance), within(1e-12));
    assertThat(found.detectable().orElseThrow())
        .isCloseTo(280 * Math.sqrt(variance), within(1e-12));
    // Resamples of 200 pictures are half a point apart.
    assertThat(found.low()).isCloseTo(9 - 196 * Math.sqrt(variance), within(0.51));
    assertThat(found.high()).isCloseTo(9 + 196 * Math.sqrt(variance), within(0.51));
    assertThat(found.verdict()).isEqualTo(Verdict.AHEAD);
    assertThat(found.seeds()).isEqualTo(1);
    assertThat(found.pictures()).isEqualTo(200);
  }

  @Test
  void pairingLeavesOutWhatBothKnow() {
    // As accurate as before, but now the two are right about other pictures.
    PairedDifference alike = compare(List.of(Pair.of(1000, 40, 10, 600)));
    PairedDifference apart = compare(List.of(Pair.of(1000, 340, 310, 300)));
    assertThat(alike.points()).isCloseTo(3, within(1e-12));
    assertThat(apart.points()).isCloseTo(3, within(1e-12));
    assertThat(alike.verdict()).isEqualTo(Verdict.AHEAD);
    assertThat(apart.verdict()).isEqualTo(Verdict.LEVEL);
  }

  @Test
  void equalAnswersAreLevelWithoutAnyWidth() {
    RightAnswers some = RightAnswers.of(50, i -> i % 3 == 0);
    RightAnswers others = RightAnswers.of(50, i -> i % 4 == 0);
    for (List<RightAnswers> answers : List.of(List.of(some), List.of(some, others))) {
      PairedDifference found = PairedDifference.of(answers, answers);
      assertThat(found)
          .isEqualTo(new PairedDifference(answers.size(), 50, 0, 0, 0, 0))
          .extracting(PairedDifference::verdict)
          .isEqualTo(Verdict.LEVEL);
    }
  }

  @Test
  void exchangedMethodsMirrorTheInterval() {
    Rng rng = new Rng(7);
    for (int seeds : new int[] {1, 4}) {
      List<Pair> pairs = world(rng, seeds, 90, 0.05, 0.1);
      PairedDifference there = compare(pairs);
      PairedDifference back =
          compare(pairs.stream().map(pair -> new Pair(pair.second(), pair.first())).toList());
      assertThat(back.points()).isCloseTo(-there.points(), within(1e-12));
      assertThat(back.low()).isCloseTo(-there.high(), within(1e-12));
      assertThat(back.high()).isCloseTo(-there.low(), within(1e-12));
      assertThat(back.standardError()).isEqualTo(there.standardError());
      assertThat(compare(pairs)).isEqualTo(there);
    }
  }

  @Test
  void severalSeedsHaveTheErrorOfTheFormula() {
    Rng rng = new Rng(3);
    for (int trial = 0; trial < 20; trial++) {
      int seeds = 2 + rng.nextInt(4);
      int pictures = 20 + rng.nextInt(50);
      List<Pair> pairs = world(rng, seeds, pictures, 0.02, trial % 2 == 0 ? 0 : 0.2);
      double[][] d = new double[seeds][pictures];
      for (int s = 0; s < seeds; s++) {
        for (int i = 0; i < pictures; i++) {
          boolean first = pairs.get(s).first().isRight(i);
          boolean second = pairs.get(s).second().isRight(i);
          d[s][i] = first == second ? 0 : first ? 1 : -1;
        }
      }
      PairedDifference found = compare(pairs);
      assertThat(found.standardError()).isCloseTo(100 * error(d), within(1e-9));
      // The resamples have it, too. Of two seeds far apart there are only three means, in the ratio
      // 1:2:1, so that the interval is 2 · √2 instead of 2 · 1.96 errors wide.
      double ofInterval = (found.high() - found.low()) / (2 * 1.96);
      assertThat(ofInterval).isBetween(0.7 * found.standardError(), 1.1 * found.standardError());
    }
  }

  /** As the Javadoc has it, term by term. */
  private static double error(double[][] d) {
    int seeds = d.length;
    int pictures = d[0].length;
    double[] ofPicture = new double[pictures];
    double[] ofSeed = new double[seeds];
    double mean = 0;
    for (int s = 0; s < seeds; s++) {
      for (int i = 0; i < pictures; i++) {
        ofPicture[i] += d[s][i] / seeds;
        ofSeed[s] += d[s][i] / pictures;
        mean += d[s][i] / seeds / pictures;
      }
    }
    double vp = 0;
    double vs = 0;
    double ve = 0;
    for (int s = 0; s < seeds; s++) {
      vs += Math.pow(ofSeed[s] - mean, 2) / seeds / (seeds - 1);
      for (int i = 0; i < pictures; i++) {
        vp += Math.pow(ofPicture[i] - mean, 2) / seeds / pictures / pictures;
        ve +=
            Math.pow(d[s][i] - ofPicture[i] - ofSeed[s] + mean, 2)
                / pictures
                / seeds
                / (pictures - 1)
                / (seeds - 1);
      }
    }
    return Math.sqrt(vp + Math.max(0, vs - ve));
  }

  /**
   * Two methods, the first better by a true difference: pictures are easy or hard for both, a
   * training is lucky or not, and so is each answer.
   */
  private static List<Pair> world(
      Rng rng, int seeds, int pictures, double difference, double luckOfTraining) {
    double[] easy = new double[pictures];
    double[] gain = new double[pictures];
    for (int i = 0; i < pictures; i++) {
      easy[i] = 0.2 + 0.6 * rng.nextDouble();
      gain[i] = 2 * difference * rng.nextDouble();
    }
    List<Pair> pairs = new ArrayList<>();
    for (int s = 0; s < seeds; s++) {
      double luck = luckOfTraining * rng.nextGaussian();
      boolean[] first = new boolean[pictures];
      boolean[] second = new boolean[pictures];
      for (int i = 0; i < pictures; i++) {
        first[i] = rng.nextDouble() < easy[i] + gain[i] + luck;
        second[i] = rng.nextDouble() < easy[i];
      }
      pairs.add(
          new Pair(
              RightAnswers.of(pictures, i -> first[i]), RightAnswers.of(pictures, i -> second[i])));
    }
    return pairs;
  }

  /** Share of repetitions, with other pictures and seeds, whose interval holds the truth. */
  private static double coverage(int seeds, double luckOfTraining) {
    Rng rng = new Rng(100 + seeds);
    int held = 0;
    for (int k = 0; k < 200; k++) {
      PairedDifference found = compare(world(rng, seeds, 120, 0.05, luckOfTraining));
      held += found.low() <= 5 && found.high() >= 5 ? 1 : 0;
    }
    return held / 200.0;
  }

  @Test
  void intervalsHoldTheTruthNineteenTimesInTwenty() {
    assertThat(coverage(1, 0)).as("one seed").isBetween(0.90, 0.99);
    assertThat(coverage(3, 0)).as("three seeds").isBetween(0.90, 0.99);
    assertThat(coverage(5, 0.03)).as("five seeds, lucky or not").isBetween(0.90, 0.99);
  }

  /** What the Javadoc admits. */
  @Test
  void fewSeedsCannotTellHowMuchTrainingsDiffer() {
    assertThat(coverage(5, 0.1)).isBetween(0.82, 0.94);
  }

  @Test
  void theSmallestVisibleDifferenceIsSeenFourTimesInFive() {
    // 20.35 % of the pictures for the first alone, 9.65 % for the second alone: 10.7 points are 2.8
    // standard errors of 200 pictures.
    Rng rng = new Rng(5);
    int seen = 0;
    double detectable = 0;
    for (int k = 0; k < 200; k++) {
      double[] draws = new double[200];
      for (int i = 0; i < draws.length; i++) {
        draws[i] = rng.nextDouble();
      }
      PairedDifference found =
          compare(
              List.of(
                  new Pair(
                      RightAnswers.of(200, i -> draws[i] < 0.2035 || draws[i] > 0.5),
                      RightAnswers.of(200, i -> draws[i] > 0.4035))));
      seen += found.verdict() == Verdict.AHEAD ? 1 : 0;
      detectable += found.detectable().orElseThrow() / 200;
    }
    assertThat(detectable).isCloseTo(10.7, within(0.2));
    assertThat(seen / 200.0).isBetween(0.72, 0.88);
  }

  /** By hand: d of the four pictures is 1 + 0 − 1 − 0, 1 + 1 − 1 − 0, 0, and 0 + 1 − 1 − 0. */
  @Test
  void anInteractionIsASumOfFour() {
    PairedDifference found =
        PairedDifference.of(
            List.of(
                new Term(1, List.of(right(1, 1, 0, 0))),
                new Term(1, List.of(right(0, 1, 0, 1))),
                new Term(-1, List.of(right(1, 1, 0, 1))),
                new Term(-1, List.of(right(0, 0, 0, 0)))));
    assertThat(found.points()).isEqualTo(25);
    assertThat(found.standardError()).isCloseTo(100 * Math.sqrt(0.75 / 16), within(1e-12));
    assertThat(found.pictures()).isEqualTo(4);
    assertThat(found.high()).isBetween(50.0, 100.0);
  }

  private static RightAnswers right(int... answers) {
    return RightAnswers.of(answers.length, i -> answers[i] == 1);
  }

  /** A difference is the same as the sum with 1 and −1, and twice the sum twice as far. */
  @Test
  void differencesAreSums() {
    Pair pair = Pair.of(200, 30, 12, 100);
    PairedDifference difference = compare(List.of(pair));
    List<RightAnswers> first = List.of(pair.first());
    List<RightAnswers> second = List.of(pair.second());
    assertThat(PairedDifference.of(List.of(new Term(1, first), new Term(-1, second))))
        .isEqualTo(difference);
    PairedDifference twice = PairedDifference.of(List.of(new Term(2, first), new Term(-2, second)));
    assertThat(twice.low()).isCloseTo(2 * difference.low(), within(1e-9));
    assertThat(twice.standardError()).isCloseTo(2 * difference.standardError(), within(1e-9));
  }

  @Test
  void whatCannotBeComparedIsRefused() {
    RightAnswers ten = RightAnswers.of(10, _ -> true);
    RightAnswers nine = RightAnswers.of(9, _ -> true);
    assertThatThrownBy(() -> PairedDifference.of(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PairedDifference.of(List.of(ten, ten), List.of(ten)))
        .hasMessageContaining("2 and 1");
    assertThatThrownBy(() -> PairedDifference.of(List.of(ten), List.of(nine)))
        .hasMessageContaining("10 and 9 pictures");
  }
}
