package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Cells.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.experiment.Study.Entry;
import dev.thumbnet.experiment.report.Cells;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.thumbnet.VariantMethod;
import dev.thumbnet.method.thumbnet.VariantMethod.Variant;
import dev.thumbnet.model.Reduction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each variant is trained beside ThumbNet as it is, and stands beside it. */
final class AblationStudyTest {
  private static final Study STUDY = Studies.of("ablation");

  @TempDir private static Path temp;

  private static final List<String> TASKS = new ArrayList<>();
  private static Results results;

  private static Experiment.Design design() {
    return Toys.design(STUDY, List.of(Toys.FEWER), List.of(1L), Looks.ALL);
  }

  @BeforeAll
  static void runTheStudy() {
    results =
        Toys.run(
            design(),
            temp.resolve("straight"),
            false,
            () -> false,
            new ExperimentListener() {
              @Override
              public void onTask(String name) {
                TASKS.add(name);
              }
            });
  }

  private static List<Variant> variants() {
    return VariantMethod.ablation(Toys.SETTING.downscaler(), Reduction.FOUR_TO_ONE);
  }

  @Test
  void thereIsARowForEachVariantAtEachRatio() {
    assertThat(results.rows())
        .extracting(row -> row.point().key())
        .startsWith("full", "4to1")
        .hasSize(2 + variants().size())
        .containsAll(variants().stream().map(variant -> "4to1-" + variant.key()).toList());
    List<Entry> both =
        STUDY.entries(
            new Setting(
                Toys.SETTING.network(),
                Toys.SETTING.size(),
                Reduction.CLASSIC,
                Toys.SETTING.downscaler(),
                Toys.SETTING.teacher(),
                Toys.SETTING.student()));
    assertThat(both).hasSize(2 * (1 + variants().size()));
  }

  @Test
  void trainingsRunSideBySide() {
    assertThat(TASKS)
        .anySatisfy(
            task ->
                assertThat(task)
                    .startsWith("ThumbNet at 4:1; ThumbNet variant at 4:1 without CL; ")
                    .contains("; ThumbNet variant at 4:1 without FM; "));
  }

  @Test
  void eachVariantStandsBesideThumbNet() {
    List<Comparison> pairs = STUDY.comparisons(results);
    assertThat(pairs).hasSameSizeAs(variants());
    assertThat(pairs)
        .allSatisfy(
            pair -> {
              assertThat(pair.row().method()).isEqualTo("thumbnet-variant");
              assertThat(pair.other().title()).isEqualTo("ThumbNet 4:1");
              assertThat(pair.paired()).isPresent();
            });
  }

  @Test
  void findingsNameBothSides() throws Exception {
    List<Finding> findings = STUDY.findings(results, STUDY.comparisons(results));
    assertThat(findings).hasSize(1 + variants().size());
    assertThat(findings.getFirst().text())
        .matches(
            "Of "
                + variants().size()
                + " variants, each beside ThumbNet at the same ratio, \\d+ are behind it, \\d+"
                + " level with it and \\d+ ahead\\.");
    assertThat(texts(Cells.parse(Files.readString(temp.resolve("straight/report.html"))), "li"))
        .anyMatch(
            text ->
                text.matches(
                    "ThumbNet without KD. ThumbNet variant 4:1 without KD names the right class for"
                        + " .* %.*; beside ThumbNet 4:1, with .* %, it is"
                        + " (ahead by|behind by|level,) .*"));
  }

  @Test
  void interruptionsChangeNothing() {
    Results resumed = Toys.runInSessions(design(), temp.resolve("interrupted"), 20);
    assertThat(resumed.origin().sessions()).isGreaterThan(2);
    assertThat(ExperimentTest.numbers(resumed)).isEqualTo(ExperimentTest.numbers(results));
  }
}
