package dev.thumbnet.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.ResultsFile;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Compiled;
import dev.thumbnet.experiment.results.Row.Cost;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.method.Setting;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The paper's study is run as the paper has it, and interruptions change no number. */
final class ExperimentTest {
  @TempDir Path temp;

  private final ExperimentData data = ExperimentData.synthetic(32, 2, 1, 1);

  private static Setting setting(Reduction... reductions) {
    return new Setting(
        Architecture.of("resnet18", 12).withWidth(0.0625),
        32,
        List.of(reductions),
        DownscalerKind.PLAIN,
        Recipe.teacher(2).withBatchSize(8),
        Recipe.student(2).withBatchSize(8));
  }

  private Experiment.Design design(Setting setting, List<Long> seeds) {
    return new Experiment.Design(Studies.of("paper"), setting, List.of(data), seeds, Looks.ALL);
  }

  private static Results run(
      Experiment.Design design, Path folder, boolean resume, BooleanSupplier stop) {
    return new Experiment(
            design,
            Device.cpu(),
            2,
            folder,
            new Experiment.Invocation("test", "0"),
            stop,
            new ExperimentListener() {})
        .run(resume);
  }

  /** All numbers that do not depend on the clock. */
  static List<Row> numbers(Results results) {
    List<Row> rows = new ArrayList<>();
    for (Row row : results.rows()) {
      rows.add(
          row.withRuns(
              row.runs().stream()
                  .map(
                      r ->
                          new Run(
                              r.seed(),
                              r.acc1(),
                              r.acc5(),
                              r.eightBitAcc1(),
                              r.eightBitAgreement(),
                              r.compiled(),
                              0,
                              r.cost(),
                              Optional.empty(),
                              r.model(),
                              r.right(),
                              r.notes(),
                              r.measured(),
                              r.curve()))
                  .toList()));
    }
    return rows;
  }

  @Test
  void interruptionsChangeNoNumber() throws IOException {
    Experiment.Design design = design(setting(Reduction.FOUR_TO_ONE), List.of(1L, 2L));
    Results straight = run(design, temp.resolve("straight"), false, () -> false);
    Path folder = temp.resolve("interrupted");
    int sessions = 0;
    Results resumed = null;
    while (resumed == null) {
      sessions++;
      int[] questions = {0};
      int patience = 20 + 9 * sessions;
      try {
        resumed = run(design, folder, true, () -> ++questions[0] > patience);
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
      for (Run run : row.runs()) {
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
        run(design(setting(Reduction.SIXTEEN_TO_ONE), List.of(3L)), temp, false, () -> false);
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
    Row original = results.reference(results.data().getFirst());
    Row bicubic = results.row(data.name(), "bicubic", "16to1").orElseThrow();
    Row thumbnet = results.row(data.name(), "thumbnet", "16to1").orElseThrow();
    Cost cost = thumbnet.runs().getFirst().cost();
    assertThat(original.thumbnails()).isFalse();
    assertThat(bicubic.thumbnails()).isTrue();
    assertThat(bicubic.point().inputSize()).isEqualTo(8);
    assertThat(bicubic.runs().getFirst().cost().downscalerMacs()).isZero();
    // E at 16:1: two 5x5 convolutions, 3 to 16 channels at half and 16 to 3 at a quarter the side.
    assertThat(cost.downscalerMacs()).isEqualTo(16 * 16 * 25 * 3 * 16 + 8 * 8 * 25 * 16 * 3);
    assertThat(cost.macs())
        .isEqualTo(bicubic.runs().getFirst().cost().macs() + cost.downscalerMacs());
    assertThat(cost.parameters())
        .isEqualTo(original.runs().getFirst().cost().parameters() + cost.downscalerParameters());
    assertThat(thumbnet.point().settings())
        .containsEntry("weights.featureMapping", 0.1)
        .containsEntry("factor", 4)
        .containsEntry("downscaler", "PLAIN");
    assertThat(results.rows())
        .allSatisfy(row -> assertThat(row.runs().getFirst().timing()).isPresent());
    assertThat(results.rows())
        .flatExtracting(Row::runs)
        .allSatisfy(run -> assertThat(run.compiled()).contains(new Compiled(run.acc1(), 100)));
    assertThat(thumbnet.runs().getFirst().curve()).hasSize(2);
    assertThat(thumbnet.runs().getFirst().curve().getFirst().valAcc1()).isEmpty();
    assertThat(ResultsFile.read(temp.resolve("results.json"))).isEqualTo(results);
  }

  /** Stops a run after its first two rows, and lets its file be edited. */
  private Experiment.Design begun(UnaryOperator<String> edit) throws IOException {
    Experiment.Design design = design(setting(Reduction.FOUR_TO_ONE), List.of(1L));
    Path file = temp.resolve("results.json");
    assertThatThrownBy(() -> run(design, temp, false, () -> hasRow(file, "Direct")))
        .isInstanceOf(CancellationException.class);
    String text = Files.readString(file);
    String edited = edit.apply(text);
    assertThat(edited).isNotEqualTo(text);
    Files.writeString(file, edited);
    return design;
  }

  private static boolean hasRow(Path results, String method) {
    try {
      return Files.exists(results) && Files.readString(results).contains("\"" + method + "\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void resultsOfOtherSettingsAreNotMixedWithNewOnes() throws IOException {
    Experiment.Design design = begun(text -> text.replace("\"factor\" : 2", "\"factor\" : 3"));
    assertThatThrownBy(() -> run(design, temp, true, () -> false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Direct 4:1")
        .hasMessageContaining("factor 3, now 2");
  }

  @Test
  void wordsMayHaveChanged() throws IOException {
    Experiment.Design design =
        begun(
            text ->
                text.replace("\"Original\"", "\"Teacher\"")
                    .replace("by design: this shows", "on purpose: it shows"));
    Results results = run(design, temp, true, () -> false);
    assertThat(results.rows()).hasSize(8);
  }

  @Test
  void otherPicturesAreNoticed() {
    Experiment.Design design = design(setting(Reduction.FOUR_TO_ONE), List.of(1L));
    int[] questions = {0};
    assertThatThrownBy(() -> run(design, temp, false, () -> ++questions[0] > 40))
        .isInstanceOf(CancellationException.class);
    Experiment.Design other =
        new Experiment.Design(
            design.study(),
            design.setting(),
            List.of(ExperimentData.synthetic(32, 2, 1, 2)),
            design.seeds(),
            Looks.ALL);
    assertThatThrownBy(() -> run(other, temp, true, () -> false))
        .hasMessageContaining("other pictures");
  }
}
