package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Cells.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.report.Cells;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.ResultsFile;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.information.Information;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** Probes and decoders tell what thumbnails of each kind and size have left. */
final class InformationStudyTest {
  private static final Study STUDY = Studies.of("information");

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

  private static List<String> points(int size, DownscalerKind downscaler, Reduction... ratios) {
    Setting setting =
        new Setting(
            Architecture.of("resnet18", 3).withWidth(0.25),
            size,
            List.of(ratios),
            downscaler,
            Toys.SETTING.teacher(),
            Toys.SETTING.student());
    return STUDY.entries(setting).stream()
        .map(e -> e.method().key() + " " + e.training().points().getFirst().key())
        .toList();
  }

  @Test
  void aRatioThatPicturesCannotHaveIsRefused() {
    assertThatThrownBy(() -> points(70, DownscalerKind.PLAIN, Reduction.SIXTEEN_TO_ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "pictures of 70 pixels cannot be shrunk at 16:1: their side must be a multiple of 4");
  }

  private static Row probe(String point) {
    return results.row("fewer", "probe", point).orElseThrow();
  }

  private static double measured(String point, String name) {
    return probe(point).runs().getFirst().measured(name);
  }

  @Test
  void allKindsAreThereAtHalfAQuarterAndAnEighthOfTheSide() {
    assertThat(points(224, DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE, Reduction.SIXTEEN_TO_ONE))
        .containsExactly(
            "thumbnet 4to1",
            "probe plain-4to1",
            "probe bicubic-4to1",
            "probe area-4to1",
            "probe nearest-4to1",
            "thumbnet 16to1",
            "probe plain-16to1",
            "probe bicubic-16to1",
            "probe area-16to1",
            "probe nearest-16to1",
            "thumbnet 28px",
            "probe plain-28px",
            "probe bicubic-28px",
            "probe area-28px",
            "probe nearest-28px");
    assertThat(points(224, DownscalerKind.STEM, Reduction.FOUR_TO_ONE))
        .contains("probe stem-4to1", "probe area-28px")
        .doesNotContain("thumbnet 28px", "probe stem-28px");
  }

  @Test
  void learnedThumbnailsAreThoseOfThumbNet() {
    Run thumbnet = results.row("fewer", "thumbnet", "4to1").orElseThrow().runs().getFirst();
    TrainedModel source = load(thumbnet);
    TrainedModel model = load(probe("plain-4to1").runs().getFirst());
    assertThat(Provenance.fingerprint(model.downscaler()))
        .isEqualTo(Provenance.fingerprint(source.downscaler()));
    assertThat(Provenance.fingerprint(model.network()))
        .isNotEqualTo(Provenance.fingerprint(source.network()));
  }

  private static TrainedModel load(Run run) {
    return TrainedModel.load(temp.resolve("straight").resolve(run.model()), Device.cpu());
  }

  @Test
  void numbersAreMeasured() {
    double loss = probe("area-4to1").runs().getFirst().curve().getLast().loss();
    assertThat(loss).isPositive();
    for (String point : List.of("plain-4to1", "bicubic-4to1", "area-4to1", "nearest-4to1")) {
      assertThat(measured(point, Information.PSNR)).isBetween(5.0, 40.0);
      assertThat(measured(point, Information.PNG_BYTES)).isBetween(100.0, 400.0);
      assertThat(measured(point, Information.JPEG_BYTES)).isBetween(300.0, 1000.0);
    }
    assertThat(measured("nearest-4to1", "gain.grey.0.5")).isCloseTo(1, within(1e-4));
    assertThat(measured("nearest-4to1", "wrong.blue-yellow.1.5")).isCloseTo(1, within(1e-3));
    assertThat(measured("area-4to1", "gain.red-green.0.5"))
        .isCloseTo(Math.sin(Math.PI / 4) / (2 * Math.sin(Math.PI / 8)), within(1e-4));
    assertThat(ResultsFile.read(temp.resolve("straight/results.json"))).isEqualTo(results);
  }

  @Test
  void eachStandsBesideBicubicOfItsSize() {
    List<Comparison> pairs = STUDY.comparisons(results);
    assertThat(pairs)
        .isNotEmpty()
        .allSatisfy(
            pair -> {
              assertThat(pair.other().title()).endsWith("bicubic");
              assertThat(pair.other().point().inputSize())
                  .isEqualTo(pair.row().point().inputSize());
            });
  }

  @Test
  void thePageShowsTheNumbers() throws Exception {
    assertThat(texts(page, "h2")).contains("What is left in a thumbnail", "What becomes of waves");
    String table = Files.readString(temp.resolve("straight/table.md"));
    assertThat(
            Cells.row(
                Cells.ofMarkdown(table.substring(table.indexOf("What becomes of waves."))),
                "Probe 4:1 nearest"))
        .containsEntry("Gain, grey", "1.00")
        .containsEntry("Wrong, red–green", "1.00");
    assertThat(texts(page, "figcaption"))
        .anyMatch(text -> text.startsWith("Accuracy against PNG, bytes: higher is more accurate"));
    assertThat(texts(page, "p")).noneMatch(text -> text.contains("could not be drawn"));
    assertThat(texts(page, "li"))
        .anyMatch(
            text ->
                text.matches(
                    "8 pixels a side\\. plain: -?\\d\\.\\d\\d bits of the class, .* % right"
                        + " \\(beside bicubic .*\\), pictures guessed to .* dB, \\d+ bytes as"
                        + " PNG\\. .*"));
  }

  @Test
  void interruptionsChangeNothing() {
    Results resumed = Toys.runInSessions(design(), temp.resolve("interrupted"), 20);
    assertThat(resumed.origin().sessions()).isGreaterThan(2);
    assertThat(ExperimentTest.numbers(resumed)).isEqualTo(ExperimentTest.numbers(results));
  }
}
