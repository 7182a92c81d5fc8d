package dev.thumbnet.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.thumbnet.StudentOptions;
import dev.thumbnet.method.thumbnet.ThumbNetTraining;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downscalers of finished ThumbNets, of each set, make the thumbnails of fresh students. */
final class TransferStudyTest {
  private static final Study STUDY = Studies.of("transfer");

  /** Its name makes no key as it is. */
  private static final ExperimentData LARGE =
      new ExperimentData("Large stripes", "", Toys.STRIPES.pictures());

  @TempDir private static Path temp;

  private static Results results;

  private static Experiment.Design design() {
    return Toys.design(STUDY, List.of(Toys.FEWER, LARGE), List.of(1L), Looks.ALL);
  }

  @BeforeAll
  static void runTheStudy() {
    results = Toys.run(design(), temp.resolve("straight"));
  }

  private static TrainedModel model(String set, String method, String point) {
    Run run = results.row(set, method, point).orElseThrow().runs().getFirst();
    return TrainedModel.load(temp.resolve("straight").resolve(run.model()), Device.cpu());
  }

  private static String downscaler(String set, String method, String point) {
    return Provenance.fingerprint(model(set, method, point).downscaler());
  }

  private static String network(String set, String method, String point) {
    return Provenance.fingerprint(model(set, method, point).network());
  }

  @Test
  void eachDownscalerIsThatOfItsSourceAndEachStudentIsNew() {
    String ofFewer = downscaler("fewer", "thumbnet", "4to1");
    String ofLarge = downscaler("Large stripes", "thumbnet", "4to1");
    assertThat(ofFewer).isNotEqualTo(ofLarge);
    assertThat(downscaler("fewer", "transfer", "4to1-own")).isEqualTo(ofFewer);
    assertThat(downscaler("fewer", "transfer", "4to1-from-large.stripes")).isEqualTo(ofLarge);
    assertThat(downscaler("Large stripes", "transfer", "4to1-own")).isEqualTo(ofLarge);
    assertThat(downscaler("Large stripes", "transfer", "4to1-from-fewer")).isEqualTo(ofFewer);
    assertThat(network("fewer", "transfer", "4to1-own"))
        .isNotEqualTo(network("fewer", "thumbnet", "4to1"))
        .isNotEqualTo(network("fewer", "transfer", "4to1-from-large.stripes"))
        .isNotEqualTo(network("fewer", "original", "full"));
  }

  @Test
  void pointsSayWhoseDownscalerItIs() {
    Row row = results.row("fewer", "transfer", "4to1-from-large.stripes").orElseThrow();
    assertThat(row.title()).isEqualTo("Transferred E 4:1, E from Large stripes");
    assertThat(row.point().settings())
        .containsEntry("frozenDownscalerOf", "thumbnet 4to1")
        .containsEntry("frozenDownscalerData", "Large stripes")
        .containsEntry("downscaler", "PLAIN");
  }

  @Test
  void namesThatMakeTheSameKeyAreKeptApart() {
    assertThat(STUDY.entries(Toys.SETTING, List.of("a b", "a-b", "A b")))
        .extracting(entry -> entry.training().points().getFirst().key())
        .containsExactly(
            "4to1", "4to1", "4to1-own", "4to1-from-a.b", "4to1-from-a.b.2", "4to1-from-a.b.2.2");
  }

  @Test
  void eachStandsBesideBicubicAndBesideWhatLearntTogether() {
    List<Comparison> pairs = STUDY.comparisons(results);
    assertThat(pairs)
        .hasSize(8)
        .allSatisfy(pair -> assertThat(pair.row().method()).isEqualTo("transfer"))
        .allSatisfy(pair -> assertThat(pair.other().data()).isEqualTo(pair.row().data()));
    assertThat(pairs)
        .extracting(pair -> pair.other().method())
        .startsWith("bicubic-distill", "thumbnet", "bicubic-distill", "thumbnet");
  }

  @Test
  void findingsNameBothSides() {
    List<Finding> findings = STUDY.findings(results, STUDY.comparisons(results));
    assertThat(findings).hasSize(5);
    assertThat(findings.getFirst().text())
        .matches(
            "Of 2 rows with the E of another set, each beside Bicubic \\+ Distill, \\d are behind"
                + " it, \\d level with it and \\d ahead\\.");
    assertThat(findings)
        .anySatisfy(
            finding -> {
              assertThat(finding.heading())
                  .isEqualTo("Transferred E 4:1, E from Large stripes, on fewer");
              assertThat(finding.text())
                  .contains("; beside Bicubic + Distill 4:1, with ")
                  .contains(" Beside ThumbNet 4:1, whose E learnt with its student ");
            });
  }

  @Test
  void withOneSetNothingIsTransferredAndThatIsSaid() {
    Results one =
        Toys.run(
            Toys.design(STUDY, List.of(Toys.FEWER), List.of(1L), Looks.ALL), temp.resolve("one"));
    assertThat(one.rows())
        .extracting(Row::method)
        .containsExactly("original", "bicubic-distill", "thumbnet", "transfer");
    assertThat(STUDY.findings(one, STUDY.comparisons(one)))
        .hasSize(2)
        .first()
        .satisfies(finding -> assertThat(finding.text()).contains("there is one set only"));
  }

  @Test
  void interruptionsChangeNothing() {
    Path folder = temp.resolve("interrupted");
    Results resumed = Toys.runInSessions(design(), folder, 7);
    assertThat(resumed.origin().sessions()).isGreaterThan(4);
    assertThat(ExperimentTest.numbers(resumed)).isEqualTo(ExperimentTest.numbers(results));
    for (Row row : resumed.rows()) {
      for (Run run : row.runs()) {
        assertThat(folder.resolve(run.model()))
            .hasSameBinaryContentAs(temp.resolve("straight").resolve(run.model()));
      }
    }
  }

  @Test
  void anotherDownscalerThanTheOneGivenIsRefused() {
    TrainedModel thumbNet = model("fewer", "thumbnet", "4to1");
    TrainingContext context =
        new TrainingContext(
            Device.cpu(),
            Toys.FEWER.pictures(),
            1,
            Optional.of(model("fewer", "original", "full")));
    StudentOptions other =
        StudentOptions.supervisedDistill(DownscalerKind.RESIDUAL, Reduction.FOUR_TO_ONE);
    assertThatThrownBy(() -> new ThumbNetTraining(context, other, Toys.SETTING.student(), thumbNet))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a downscaler residual for 4:1 is wanted, not plain for 4:1");
  }
}
