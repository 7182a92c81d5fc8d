package dev.thumbnet.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.Results.Row;
import dev.thumbnet.experiment.Results.SeedRun;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExperimentTest {
  @TempDir Path temp;

  private final ExperimentData data = ExperimentData.synthetic(32, 2, 1, 1);

  private static Settings settings(List<Reduction> reductions, List<Long> seeds) {
    return new Settings(
        Architecture.of("resnet18", 12).withWidth(0.0625),
        32,
        reductions,
        DownscalerKind.PLAIN,
        Recipe.teacher(2).withBatchSize(8),
        Recipe.student(2).withBatchSize(8),
        seeds);
  }

  private Results run(Settings settings, Path folder, boolean resume, BooleanSupplier stop) {
    return new Experiment(
            settings,
            data,
            Device.cpu(),
            2,
            folder,
            new Experiment.Invocation("test", "0"),
            stop,
            new ExperimentListener() {})
        .run(resume);
  }

  /** All numbers that do not depend on the clock. */
  private static List<Row> numbers(Results results) {
    List<Row> rows = new ArrayList<>();
    for (Row row : results.rows()) {
      List<SeedRun> runs = new ArrayList<>();
      for (SeedRun r : row.runs()) {
        runs.add(
            new SeedRun(
                r.seed(),
                r.acc1(),
                r.acc5(),
                r.eightBitAcc1(),
                r.eightBitAgreement(),
                0,
                r.model(),
                r.curve()));
      }
      rows.add(
          new Row(row.method(), row.reduction(), row.inputSize(), row.student(), row.cost(), runs));
    }
    return rows;
  }

  @Test
  void interruptionsChangeNoNumber() throws IOException {
    Settings settings = settings(List.of(Reduction.FOUR_TO_ONE), List.of(1L, 2L));
    Results straight = run(settings, temp.resolve("straight"), false, () -> false);
    Path folder = temp.resolve("interrupted");
    int sessions = 0;
    Results resumed = null;
    while (resumed == null) {
      sessions++;
      int[] questions = {0};
      int patience = 20 + 9 * sessions;
      try {
        resumed = run(settings, folder, true, () -> ++questions[0] > patience);
      } catch (CancellationException e) {
        assertThat(e).hasMessageContaining("--resume");
        assertThat(folder.resolve("report.html")).doesNotExist();
      }
    }
    assertThat(sessions).isGreaterThan(3);
    assertThat(numbers(resumed)).isEqualTo(numbers(straight));
    assertThat(resumed.origin().sessions()).isGreaterThan(1);
    assertThat(resumed.rows()).hasSize(8).allMatch(row -> row.runs().size() == 2);
    for (Row row : resumed.rows()) {
      for (SeedRun run : row.runs()) {
        assertThat(folder.resolve(run.model()))
            .hasSameBinaryContentAs(temp.resolve("straight").resolve(run.model()));
      }
    }
    try (var left = Files.list(folder.resolve("checkpoints"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void theTableIsThePapersTable() {
    Results results =
        run(settings(List.of(Reduction.SIXTEEN_TO_ONE), List.of(3L)), temp, false, () -> false);
    assertThat(results.rows())
        .extracting(Row::method)
        .containsExactly(
            "original",
            "direct",
            "direct-bn",
            "bicubic",
            "supervised",
            "bicubic-distill",
            "supervised-distill",
            "thumbnet");
    Row original = results.row("original", null).orElseThrow();
    Row bicubic = results.row("bicubic", Reduction.SIXTEEN_TO_ONE).orElseThrow();
    Row thumbnet = results.row("thumbnet", Reduction.SIXTEEN_TO_ONE).orElseThrow();
    assertThat(bicubic.inputSize()).isEqualTo(8);
    assertThat(bicubic.cost().downscalerMacs()).isZero();
    // E at 16:1: two 5x5 convolutions, 3 to 16 channels at half and 16 to 3 at a quarter the side.
    assertThat(thumbnet.cost().downscalerMacs())
        .isEqualTo(16 * 16 * 25 * 3 * 16 + 8 * 8 * 25 * 16 * 3);
    assertThat(thumbnet.cost().macs())
        .isEqualTo(bicubic.cost().macs() + thumbnet.cost().downscalerMacs());
    assertThat(thumbnet.cost().parameters())
        .isEqualTo(original.cost().parameters() + thumbnet.cost().downscalerParameters());
    assertThat(thumbnet.student().weights().featureMapping()).isPositive();
    assertThat(thumbnet.runs().getFirst().curve()).hasSize(2);
    assertThat(thumbnet.runs().getFirst().curve().getFirst().valAcc1()).isNull();
    assertThat(ResultsFile.read(temp.resolve("results.json"))).isEqualTo(results);
  }

  @Test
  void otherPicturesAreNoticed() {
    Settings settings = settings(List.of(Reduction.FOUR_TO_ONE), List.of(1L));
    int[] questions = {0};
    assertThatThrownBy(() -> run(settings, temp, false, () -> ++questions[0] > 40))
        .isInstanceOf(CancellationException.class);
    Experiment other =
        new Experiment(
            settings,
            ExperimentData.synthetic(32, 2, 1, 2),
            Device.cpu(),
            2,
            temp,
            new Experiment.Invocation("test", "0"),
            () -> false,
            new ExperimentListener() {});
    assertThatThrownBy(() -> other.run(true)).hasMessageContaining("other pictures");
  }
}
