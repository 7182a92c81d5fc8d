package dev.thumbnet.experiment.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.model.Reduction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultsFileTest {
  private static final String REMEDY =
      "; take back an older copy, or run the experiment again into another folder";

  @TempDir Path folder;

  private static Results madeUp() {
    return MadeUpResults.complete(List.of(1L, 2L));
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Path file = folder.resolve("results.json");
    ResultsFile.write(madeUp(), file);
    assertThat(ResultsFile.read(file)).isEqualTo(madeUp());
  }

  @Test
  void whatIsNotMeasuredIsReadBackAsThat() {
    Path file = folder.resolve("results.json");
    Results untimed = MadeUpResults.of(false, List.of(1L));
    ResultsFile.write(untimed, file);
    assertThat(ResultsFile.read(file)).isEqualTo(untimed);
  }

  /** Ratios of areas if they are classic, of sides if not. */
  @Test
  void settingsMayHaveThumbnailsOfAnySize() throws IOException {
    Path file = folder.resolve("results.json");
    Results results = MadeUpResults.empty(false, List.of(1L));
    Setting classic = results.setting();
    Setting any =
        new Setting(
            classic.network(),
            224,
            List.of(Reduction.FOUR_TO_ONE, new Reduction(224, 72)),
            classic.downscaler(),
            classic.teacher(),
            classic.student());
    Results other =
        new Results(
            results.study(),
            results.origin(),
            any,
            results.seeds(),
            results.data(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    ResultsFile.write(other, file);
    assertThat(ResultsFile.read(file)).isEqualTo(other);
    assertThat(Files.readString(file)).containsPattern("\"ratios\" : \\[\\s*4,\\s*\"28/9\"\\s*]");
    ResultsFile.write(results, file);
    assertThat(Files.readString(file)).containsPattern("\"ratios\" : \\[\\s*4,\\s*16\\s*]");
  }

  @Test
  void answersAndNotesAreReadBack() {
    Path file = folder.resolve("results.json");
    Results answered = MadeUpResults.withAnswers(madeUp());
    ResultsFile.write(answered, file);
    assertThat(ResultsFile.read(file)).isEqualTo(answered);
    assertThat(file).content().contains("\"right\" : {", "\"pictures\" : 480,", "\"notes\" : {");
  }

  @Test
  void whatIsNotThereIsNotWritten() {
    Path file = folder.resolve("results.json");
    ResultsFile.write(madeUp(), file);
    assertThat(file).content().doesNotContain("\"right\"", "\"notes\"");
  }

  @Test
  void anAccuracyIsThatOfItsAnswers() throws IOException {
    Path file = folder.resolve("results.json");
    ResultsFile.write(MadeUpResults.withAnswers(madeUp()), file);
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("\"acc1\" : 90.0,", "\"acc1\" : 89.0,"));
    assertThatThrownBy(() -> ResultsFile.read(file))
        .hasMessage(file + ": acc1 of Original on made-up data should not be 89.0" + REMEDY);
    Files.writeString(file, text.replace("\"valPictures\" : 480", "\"valPictures\" : 481"));
    assertThatThrownBy(() -> ResultsFile.read(file))
        .hasMessage(
            file + ": right.pictures of Original on made-up data should not be 480" + REMEDY);
    Files.writeString(file, text.replaceFirst("\"pictures\" : 480", "\"pictures\" : 500"));
    assertThatThrownBy(() -> ResultsFile.read(file))
        .hasMessageContaining("rows[0].runs[0].right: these are no answers to 500 pictures: ");
  }

  @Test
  void leavesNoTemporaryFile() throws IOException {
    ResultsFile.write(madeUp(), folder.resolve("results.json"));
    ResultsFile.write(madeUp(), folder.resolve("results.json"));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("results.json"));
    }
  }

  @Test
  void aMissingNumberIsAnErrorAndNotZero() throws IOException {
    Path file = folder.resolve("results.json");
    ResultsFile.write(madeUp(), file);
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("\"acc1\" : [0-9.]+,", ""));
    assertThatThrownBy(() -> ResultsFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(file + ": rows[0].runs[0].acc1 is missing" + REMEDY);
    Files.writeString(file, text.replaceFirst("\"seed\" : 1", "\"seed\" : \"one\""));
    assertThatThrownBy(() -> ResultsFile.read(file))
        .hasMessage(file + ": rows[0].runs[0].seed should not be one" + REMEDY);
  }

  @Test
  void otherFilesAreRefusedWithTheirName() throws IOException {
    Path file = folder.resolve("results.json");
    assertThatThrownBy(() -> ResultsFile.read(file)).hasMessage(file + ": there is no such file");
    Files.writeString(file, "{\"format\": ");
    assertThatThrownBy(() -> ResultsFile.read(file)).hasMessageContaining("is no results file");
    Files.writeString(file, "{\"format\": 99}");
    assertThatThrownBy(() -> ResultsFile.read(file))
        .hasMessageContaining("layout version 99")
        .hasMessageContaining("versions 1 to 2");
  }

  @Test
  void aSecondSeedJoinsItsRow() {
    Results one = MadeUpResults.of(true, List.of(1L));
    Results two = MadeUpResults.of(true, List.of(1L, 2L));
    assertThat(one.rows()).hasSize(15);
    assertThat(two.rows()).hasSize(15).allMatch(row -> row.runs().size() == 2);
    Row row = two.row(MadeUpResults.DATA, "thumbnet", "16to1").orElseThrow();
    assertThat(row.run(2)).isPresent();
    assertThat(one.row(MadeUpResults.DATA, "thumbnet", "16to1").orElseThrow().run(2)).isEmpty();
  }

  @Test
  void aRowIsNotMixedOfTwoSettings() {
    Results results = MadeUpResults.of(true, List.of(1L));
    Row row = results.row(MadeUpResults.DATA, "bicubic", "4to1").orElseThrow();
    OperatingPoint other =
        new OperatingPoint("4to1", "4:1", row.point().inputSize(), Map.of("temperature", 1.0));
    Row changed =
        new Row(row.data(), row.method(), row.name(), other, row.thumbnails(), row.runs());
    assertThatThrownBy(() -> results.plus(results.methods().getFirst(), changed))
        .hasMessageContaining("Bicubic 4:1 on " + MadeUpResults.DATA)
        .hasMessageContaining("other settings before")
        .hasMessageContaining("temperature 4.0, now 1.0");
  }

  @Test
  void summariesAreMeanAndSampleDeviation() {
    Summary summary = Summary.of(List.of(1.0, 2.0, 6.0), Double::doubleValue);
    assertThat(summary.mean()).isEqualTo(3.0);
    assertThat(summary.std()).isEqualTo(Math.sqrt(7));
    assertThat(summary).hasToString("3.0 ± 2.6");
    assertThat(Summary.of(List.of(84.25), Double::doubleValue)).hasToString("84.3");
  }
}
