package dev.thumbnet.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.model.Reduction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultsFileTest {
  @TempDir Path folder;

  private static Results madeUp() {
    return MadeUpResults.of(List.of(1L, 2L))
        .with(
            MadeUpResults.timings(),
            MadeUpResults.paperCosts(),
            List.of(MadeUpResults.galleryEntry()));
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Path file = folder.resolve("results.json");
    ResultsFile.write(madeUp(), file);
    assertThat(ResultsFile.read(file)).isEqualTo(madeUp());
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
        .hasMessageContaining(file.toString())
        .hasMessageContaining("acc1");
  }

  @Test
  void otherFilesAreRefusedWithTheirName() throws IOException {
    Path file = folder.resolve("results.json");
    assertThatThrownBy(() -> ResultsFile.read(file)).hasMessage(file + ": there is no such file");
    Files.writeString(file, "{\"format\": ");
    assertThatThrownBy(() -> ResultsFile.read(file)).hasMessageContaining("is no results file");
    Files.writeString(file, "{\"format\": 99}");
    assertThatThrownBy(() -> ResultsFile.read(file)).hasMessageContaining("layout version 99");
  }

  @Test
  void aSecondSeedJoinsItsRow() {
    Results one = MadeUpResults.of(List.of(1L));
    Results two = MadeUpResults.of(List.of(1L, 2L));
    assertThat(one.rows()).hasSize(15);
    assertThat(two.rows()).hasSize(15).allMatch(row -> row.runs().size() == 2);
    assertThat(two.run("thumbnet", Reduction.SIXTEEN_TO_ONE, 2)).isPresent();
    assertThat(one.run("thumbnet", Reduction.SIXTEEN_TO_ONE, 2)).isEmpty();
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
