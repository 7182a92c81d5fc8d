package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Cells.texts;
import static dev.thumbnet.method.format.FormatMethod.BYTES;
import static dev.thumbnet.method.format.FormatMethod.F32_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.report.Cells;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Interaction;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.measure.RightAnswers;
import dev.thumbnet.method.Setting;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pruned students in fewer bits: each is a real network, and drops are compared with their sum. */
final class CombineStudyTest {
  private static final Study STUDY = Studies.of("combine");

  private static final Map<String, Integer> RIGHT =
      Map.of("4to1-p0", 20, "4to1-p30", 17, "4to1-p0-int8", 15, "4to1-p30-int8", 8);

  @TempDir private static Path temp;

  private static Results results;

  private static Experiment.Design design() {
    Setting setting =
        new Setting(
            TinyPictures.architecture().withWidth(0.25),
            TinyPictures.SIDE,
            List.of(Reduction.FOUR_TO_ONE),
            DownscalerKind.PLAIN,
            Recipe.teacher(2).withBatchSize(6),
            Recipe.student(2).withBatchSize(6));
    return new Experiment.Design(STUDY, setting, List.of(Toys.FEWER), List.of(1L, 2L), Looks.ALL);
  }

  @BeforeAll
  static void runTheStudy() {
    results = Toys.run(design(), temp.resolve("straight"));
  }

  private static Row row(String method, String point) {
    return results.row("fewer", method, point).orElseThrow();
  }

  private static TrainedModel model(Row row) {
    Run run = row.runs().getFirst();
    return TrainedModel.load(temp.resolve("straight").resolve(run.model()), Device.cpu());
  }

  @Test
  void thereIsARowForEachCombination() {
    assertThat(results.rows())
        .extracting(row -> row.method() + " " + row.point().key())
        .containsExactly(
            "original full",
            "thumbnet 4to1",
            "pruned-student 4to1-p0",
            "pruned-student 4to1-p30",
            "pruned-student 4to1-p50",
            "weight-format 4to1-p0-bf16",
            "weight-format 4to1-p0-int8",
            "weight-format 4to1-p30-bf16",
            "weight-format 4to1-p30-int8",
            "weight-format 4to1-p50-bf16",
            "weight-format 4to1-p50-int8");
    assertThat(row("weight-format", "4to1-p30-int8").title())
        .isEqualTo("Fewer bits 4:1, 30 % of filters pruned, int8");
    assertThat(results.rows()).allMatch(row -> row.milliseconds() > 0);
  }

  @Test
  void prunedStudentsAreSmallerNetworks() {
    Row none = row("pruned-student", "4to1-p0");
    assertThat(none.macs()).isEqualTo(row("thumbnet", "4to1").macs());
    assertThat(row("pruned-student", "4to1-p30").macs()).isLessThan(0.9 * none.macs());
    assertThat(row("pruned-student", "4to1-p50").macs())
        .isLessThan(row("pruned-student", "4to1-p30").macs());
    // Of 16 channels of the first stage, in 2 blocks.
    assertThat(model(row("pruned-student", "4to1-p50")).network().architecture().own())
        .extractingByKey("innerChannels")
        .asString()
        .startsWith("8,8,16,16,");
    assertThat(none.runs().getFirst().curve()).hasSize(2);
  }

  @Test
  void fewerBitsAreMeasuredAndNotTrained() {
    Row pruned = row("pruned-student", "4to1-p30");
    Row fewer = row("weight-format", "4to1-p30-int8");
    for (long seed : results.seeds()) {
      Run of = pruned.run(seed).orElseThrow();
      Run run = fewer.run(seed).orElseThrow();
      assertThat(run.model()).isEqualTo(of.model());
      assertThat(run.cost()).isEqualTo(of.cost());
      assertThat(run.curve()).isEmpty();
      assertThat(run.compiled()).isEmpty();
      assertThat(run.right()).isPresent();
      assertThat(of.compiled()).isPresent();
      // Some layers have channels enough for eight bits on any processor.
      Run half = row("weight-format", "4to1-p0-bf16").run(seed).orElseThrow();
      Run quarter = row("weight-format", "4to1-p0-int8").run(seed).orElseThrow();
      assertThat(half.measured(BYTES)).isLessThan(half.measured(F32_BYTES));
      assertThat(quarter.measured(BYTES)).isLessThan(half.measured(BYTES));
      assertThat(quarter.measured(F32_BYTES)).isEqualTo(half.measured(F32_BYTES));
    }
    assertThat(temp.resolve("straight/models/weight-format-4to1-p30-int8-seed1.safetensors"))
        .doesNotExist();
  }

  @Test
  void dropsStandBesideTheRowWithAllFiltersAndBits() {
    List<Comparison> pairs = STUDY.comparisons(results);
    assertThat(pairs)
        .hasSize(8)
        .allSatisfy(pair -> assertThat(pair.other()).isSameAs(row("pruned-student", "4to1-p0")));
  }

  @Test
  void findingsTellWhetherDropsAddUp() throws Exception {
    List<String> items =
        texts(Cells.parse(Files.readString(temp.resolve("straight/report.html"))), "li");
    assertThat(items)
        .anyMatch(
            text ->
                text.matches(
                    "Do the drops add up\\?\\. Of 4 combinations of pruning and fewer bits, \\d"
                        + " cost more than the sum of both alone, \\d less, and for \\d the drops"
                        + " add up as far as can be seen\\."))
        .anyMatch(
            text ->
                text.matches(
                    "4:1, 50 % of filters pruned, int8\\. Pruning alone costs [+-].* points, fewer"
                        + " bits alone [+-].*, and both [+-].*\\. That is [+-].* points \\[.*\\]"
                        + " beyond the sum[,;] .*\\."));
  }

  /** The same results with so many right answers of each seed to the 21 pictures, at a point. */
  private static Results made(Map<String, Integer> right, Map<String, Double> measured) {
    return results.withRows(
        results.rows().stream()
            .filter(row -> right.containsKey(row.point().key()))
            .map(
                row ->
                    row.withRuns(
                        row.runs().stream()
                            .map(
                                run ->
                                    answering(
                                        run,
                                        Objects.requireNonNull(right.get(row.point().key())),
                                        row.method().equals("weight-format") ? measured : Map.of()))
                            .toList()))
            .toList());
  }

  private static Run answering(Run run, int right, Map<String, Double> measured) {
    RightAnswers answers = RightAnswers.of(21, picture -> picture < right);
    return new Run(
        run.seed(),
        answers.accuracy(),
        answers.accuracy(),
        answers.accuracy(),
        100,
        run.compiled(),
        run.trainingSeconds(),
        run.cost(),
        run.timing(),
        run.model(),
        Optional.of(answers),
        run.notes(),
        measured,
        run.curve());
  }

  /** Drops of 3, 5 and 12 pictures of 21: 4 more than the sum, a₁ + a₂ − a₀ − a₁₂. */
  @Test
  void anInteractionIsTheDropBeyondTheSum() {
    Results made = made(RIGHT, Map.of());
    Interaction found =
        Interaction.of(
                made.row("fewer", "pruned-student", "4to1-p0").orElseThrow(),
                made.row("fewer", "pruned-student", "4to1-p30").orElseThrow(),
                made.row("fewer", "weight-format", "4to1-p0-int8").orElseThrow(),
                made.row("fewer", "weight-format", "4to1-p30-int8").orElseThrow())
            .orElseThrow();
    assertThat(found.beyond().points()).isCloseTo(100 * 4 / 21.0, within(1e-9));
    List<Finding> findings = STUDY.findings(made, STUDY.comparisons(made));
    assertThat(findings).hasSize(2);
    assertThat(findings.getLast().text())
        .matches(
            "Pruning alone costs \\+14\\.3 \\[.*] points, fewer bits alone \\+23\\.8 \\[.*], and"
                + " both \\+57\\.1 \\[.*]\\. That is \\+19\\.0 points \\[.*] beyond the sum, so"
                + " .*");
  }

  @Test
  void dropsWithoutSpreadSayNothingOfOtherPictures() {
    Results made =
        made(
            Map.of("4to1-p0", 20, "4to1-p30", 20, "4to1-p0-int8", 20, "4to1-p30-int8", 20),
            Map.of());
    assertThat(STUDY.findings(made, STUDY.comparisons(made)).getLast().text())
        .endsWith(
            " beyond the sum; that is the same for each picture, so nothing can be said of"
                + " others.");
  }

  @Test
  void rowsThatHaveNoFewerBitsAreNamedAndNotCounted() {
    Results made = made(RIGHT, Map.of(BYTES, 1000.0, F32_BYTES, 1000.0));
    List<Finding> findings = STUDY.findings(made, STUDY.comparisons(made));
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().heading()).isEqualTo("No fewer bits");
    assertThat(findings.getFirst().text())
        .endsWith(
            " these rows keep all weights as f32, so that they say nothing of fewer bits: Fewer"
                + " bits 4:1, no filters pruned, int8; Fewer bits 4:1, 30 % of filters pruned,"
                + " int8.");
  }

  @Test
  void thePageShowsTheBytes() throws Exception {
    assertThat(texts(Cells.parse(Files.readString(temp.resolve("straight/report.html"))), "h2"))
        .contains("What fewer bits save");
    assertThat(STUDY.findings(results, STUDY.comparisons(results)))
        .noneMatch(finding -> finding.heading().equals("No fewer bits"));
  }

  @Test
  void interruptionsChangeNothing() {
    Results resumed = Toys.runInSessions(design(), temp.resolve("interrupted"), 12);
    assertThat(resumed.origin().sessions()).isGreaterThan(2);
    assertThat(ExperimentTest.numbers(resumed)).isEqualTo(ExperimentTest.numbers(results));
  }
}
