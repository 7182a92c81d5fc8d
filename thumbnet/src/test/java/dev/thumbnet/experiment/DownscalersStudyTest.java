package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Cells.texts;
import static dev.thumbnet.experiment.report.Texts.one;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.experiment.Study.Entry;
import dev.thumbnet.experiment.report.Cells;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.CostCurve;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.method.Setting;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** Every downscaler with its student is held against bicubic students of the same cost. */
final class DownscalersStudyTest {
  private static final Study STUDY = Studies.of("downscalers");

  @TempDir private static Path temp;

  private static Results results;
  private static Document page;

  private static Experiment.Design design() {
    return Toys.design(STUDY, List.of(Toys.FEWER), List.of(1L), Looks.ALL);
  }

  @BeforeAll
  static void runTheStudy() throws Exception {
    results = Toys.run(design(), temp.resolve("straight"));
    page = Cells.parse(Files.readString(temp.resolve("straight/report.html")));
  }

  private static Setting setting(String network, double width, int size, Reduction... ratios) {
    return new Setting(
        Architecture.of(network, 3).withWidth(width),
        size,
        List.of(ratios),
        DownscalerKind.RESIDUAL,
        Toys.SETTING.teacher(),
        Toys.SETTING.student());
  }

  private static List<String> points(Setting setting) {
    return STUDY.entries(setting).stream()
        .map(entry -> entry.method().key() + " " + point(entry))
        .toList();
  }

  private static String point(Entry entry) {
    return entry.training().points().getFirst().key();
  }

  private static List<Row> rows(String method) {
    return results.rows().stream().filter(row -> row.method().equals(method)).toList();
  }

  @Test
  void allKindsAndTheWholeCurveAreThereForPicturesOfThePapersSize() {
    List<String> points = points(setting("resnet18", 0.25, 224, Reduction.SIXTEEN_TO_ONE));
    long learned = Arrays.stream(DownscalerKind.values()).filter(DownscalerKind::learned).count();
    assertThat(points)
        .doesNotHaveDuplicates()
        .contains("bicubic-distill 16to1", "bicubic-distill 16to1-w0.5", "bicubic-distill 160px")
        .contains("supervised-distill 16to1", "downscaler muller-16to1", "downscaler layer1-16to1")
        .contains("downscaler layer1-mm-16to1", "patch-front 16to1", "dct-front 16to1")
        .doesNotContain("downscaler residual-16to1", "downscaler bicubic-16to1");
    assertThat(points).filteredOn(point -> point.startsWith("bicubic-distill")).hasSize(21);
    assertThat(points)
        .filteredOn(point -> point.startsWith("downscaler"))
        .hasSize((int) learned); // without the setting's own, and one twice, for its MM
  }

  @Test
  void whatDecidesIsRunFirstAndTheTableStaysAsItIs() {
    Setting setting =
        setting("resnet18", 0.25, 224, Reduction.FOUR_TO_ONE, Reduction.SIXTEEN_TO_ONE);
    List<Entry> table = STUDY.entries(setting);
    List<Entry> order = STUDY.inRunningOrder(setting, table);
    assertThat(order).containsExactlyInAnyOrderElementsOf(table);
    assertThat(order.subList(0, CellRunner.SIDE_BY_SIDE))
        .extracting(entry -> entry.method().key() + " " + point(entry))
        .startsWith(
            "bicubic-distill 16to1",
            "supervised-distill 16to1",
            "downscaler patch-16to1",
            "downscaler stem-16to1",
            "downscaler narrow-stem-16to1")
        .filteredOn(name -> name.startsWith("bicubic-distill"))
        .hasSize(4);
    assertThat(point(table.getFirst())).isEqualTo("16to1-w0.5");
    Setting other = setting("resnet18", 0.25, 224, Reduction.FOUR_TO_ONE);
    assertThat(STUDY.inRunningOrder(other, STUDY.entries(other))).isEqualTo(STUDY.entries(other));
  }

  @Test
  void whatANetworkCannotTakeIsLeftOut() {
    assertThat(points(setting("resnet34", 0.5, 224, Reduction.FOUR_TO_ONE)))
        .contains("downscaler stem-4to1", "downscaler stem-mm-4to1")
        .doesNotContain("downscaler layer1-4to1");
    assertThat(points(setting("vgg11", 0.25, 128, Reduction.FOUR_TO_ONE)))
        .contains("downscaler patch-mm-4to1", "bicubic-distill 4to1")
        .doesNotContain("downscaler stem-4to1", "patch-front 4to1", "bicubic-distill 4to1-w0.5");
  }

  @Test
  void eachRowStandsBesideTheNearestOnTheCurve() {
    List<Comparison> pairs = STUDY.comparisons(results);
    CostCurve curve = CostCurve.of(rows("bicubic-distill"), Row::milliseconds);
    assertThat(pairs)
        .extracting(pair -> pair.row().method())
        .contains("supervised-distill", "downscaler", "patch-front", "dct-front")
        .doesNotContain("bicubic-distill", "original");
    assertThat(pairs)
        .allSatisfy(
            pair -> {
              assertThat(pair.other()).isEqualTo(curve.nearest(pair.row().milliseconds()));
              assertThat(pair.paired()).isPresent();
            });
  }

  @Test
  void findingsSayHowFarItIsToTheCurve() {
    Row subject = rows("supervised-distill").getFirst();
    CostCurve curve = CostCurve.of(rows("bicubic-distill"), Row::macs);
    assertThat(texts(page, "li"))
        .anyMatch(
            text -> text.matches("Learned thumbnails at equal cost\\. Of \\d+ rows with a .*"))
        .anySatisfy(
            text ->
                assertThat(text)
                    .startsWith(
                        "Supervised + Distill (plain). Supervised + Distill 4:1 names the right"
                            + " class for ")
                    .contains(
                        " multiply-adds the curve of Bicubic + Distill has "
                            + one(curve.accuracyAt(subject.macs()).orElseThrow())
                            + " %")
                    .contains(" ms the curve of Bicubic + Distill ")
                    .contains(" Beside Bicubic + Distill "))
        .anyMatch(text -> text.startsWith("muller. Downscaler 4:1 muller names the right class "))
        .anyMatch(
            text -> text.startsWith("Patch front. Patch front 4:1 names the right class for "))
        .anyMatch(
            text ->
                text.startsWith("Moment matching. Downscaler 4:1 patch with MM, with ")
                    && text.contains(" beside Downscaler 4:1 patch without it, with "));
  }

  @Test
  void thePageSaysWhatIsLeftOut() {
    List<Finding> findings = STUDY.findings(results, STUDY.comparisons(results));
    assertThat(findings.getLast().heading()).isEqualTo("Left out");
    assertThat(findings.getLast().text())
        .isEqualTo(
            "resnet18 of width 0.125 has no first layers of which these downscalers could be made:"
                + " stem, stem-tuned, layer1, layer1-tuned. The curve has no narrower students, for"
                + " pictures have less than 224 pixels a side.");
  }

  @Test
  void theCurveIsDrawn() {
    assertThat(texts(page, "figcaption"))
        .anyMatch(text -> text.contains("A line joins the points of one method, but for those"));
    assertThat(texts(page, "p")).noneMatch(text -> text.contains("could not be drawn"));
  }

  @Test
  void interruptionsChangeNothing() {
    Results resumed = Toys.runInSessions(design(), temp.resolve("interrupted"), 30);
    assertThat(resumed.origin().sessions()).isGreaterThan(2);
    assertThat(ExperimentTest.numbers(resumed)).isEqualTo(ExperimentTest.numbers(results));
  }
}
