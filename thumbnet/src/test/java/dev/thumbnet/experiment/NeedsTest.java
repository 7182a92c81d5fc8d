package dev.thumbnet.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.Study.Entry;
import dev.thumbnet.experiment.report.Look;
import dev.thumbnet.experiment.report.Look.Shape;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingResult;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training may build on the models of others, of its own set of pictures or of another one. */
final class NeedsTest {
  private static final Looks LOOKS =
      Looks.ALL.with("borrowed", new Look(Optional.of(new Color(0xAA3377)), Shape.WEDGE, false));

  private static final Need SUPERVISED = new Need("supervised", "4to1");

  @TempDir private Path temp;

  /**
   * The teacher behind the downscaler of another model.
   *
   * @param key of its point
   * @param need the other model
   */
  private record Borrowed(String key, Need need) implements Training {
    @Override
    public List<OperatingPoint> points() {
      return List.of(
          new OperatingPoint(
              key, key, Toys.SETTING.size() / 2, Map.of("downscalerOf", need.toString())));
    }

    @Override
    public Trained run(TrainingContext context, RunOptions options) {
      TrainedModel copy = context.teacher().onThumbnails(Reduction.FOUR_TO_ONE);
      TrainedModel model =
          new TrainedModel(
              context.device(),
              copy.network(),
              context.model(need).downscaler(),
              copy.classes(),
              copy.preprocessing(),
              copy.provenance());
      return new Trained(model, new TrainingResult(Outcome.FINISHED, List.of()));
    }
  }

  private static final class Borrowing implements Method {
    @Override
    public String key() {
      return "borrowed";
    }

    @Override
    public String name() {
      return "Borrowed E";
    }

    @Override
    public String explanation() {
      return "The teacher sees thumbnails of a downscaler that learnt with another network.";
    }

    @Override
    public boolean trainsStudent() {
      return false;
    }

    @Override
    public List<Training> trainings(Setting setting) {
      throw new AssertionError("the study makes them");
    }
  }

  private static Entry borrowed(String key, Need need) {
    return new Entry(new Borrowing(), new Borrowed(key, need), List.of(need));
  }

  private static List<Entry> supervised(Setting setting) {
    return Entry.all(StudentMethod.SUPERVISED, setting);
  }

  private static Experiment.Design design(
      List<ExperimentData> data, Function<Setting, List<Entry>> entries) {
    return Toys.design(new Toys.Listing(entries), data, List.of(1L, 2L), LOOKS);
  }

  /** Each borrowing entry stands before the one it borrows of, and that before another set. */
  private static Experiment.Design borrowing() {
    return design(
        List.of(Toys.FEWER, Toys.STRIPES),
        setting -> {
          List<Entry> entries = new ArrayList<>();
          entries.add(borrowed("own", SUPERVISED));
          entries.add(borrowed("other", SUPERVISED.on("stripes")));
          entries.addAll(supervised(setting));
          return entries;
        });
  }

  private static String downscaler(
      Path folder, Results results, String set, String method, String point, long seed) {
    Run run = results.row(set, method, point).flatMap(row -> row.run(seed)).orElseThrow();
    TrainedModel model = TrainedModel.load(folder.resolve(run.model()), Device.cpu());
    return Provenance.fingerprint(model.downscaler());
  }

  @Test
  void modelsAreHandedOnAndTheirMakersComeFirst() {
    List<String> tasks = new ArrayList<>();
    Results results =
        Toys.run(
            borrowing(),
            temp,
            false,
            () -> false,
            new ExperimentListener() {
              @Override
              public void onTask(String name) {
                tasks.add(name);
              }
            });
    assertThat(tasks)
        .containsSubsequence(
            "Original at full size on fewer, seed 1",
            "Supervised at 4:1 on fewer, seed 1",
            "Borrowed E at own on fewer, seed 1",
            "Original at full size on stripes, seed 1",
            "Supervised at 4:1 on stripes, seed 1",
            "Borrowed E at other on fewer, seed 1",
            "Original at full size on fewer, seed 2",
            "Borrowed E at other on stripes, seed 2");
    assertThat(results.rows()).hasSize(8).allMatch(row -> row.runs().size() == 2);
    for (long seed : results.seeds()) {
      String fewer = downscaler(temp, results, "fewer", "supervised", "4to1", seed);
      String stripes = downscaler(temp, results, "stripes", "supervised", "4to1", seed);
      assertThat(fewer).isNotEqualTo(stripes);
      assertThat(downscaler(temp, results, "fewer", "borrowed", "own", seed)).isEqualTo(fewer);
      assertThat(downscaler(temp, results, "fewer", "borrowed", "other", seed)).isEqualTo(stripes);
      assertThat(downscaler(temp, results, "stripes", "borrowed", "own", seed)).isEqualTo(stripes);
    }
  }

  @Test
  void interruptionsChangeNothing() {
    Results straight = Toys.run(borrowing(), temp.resolve("straight"));
    Path folder = temp.resolve("interrupted");
    Results resumed = Toys.runInSessions(borrowing(), folder, 7);
    assertThat(resumed.origin().sessions()).isGreaterThan(4);
    assertThat(ExperimentTest.numbers(resumed)).isEqualTo(ExperimentTest.numbers(straight));
    for (Row row : resumed.rows()) {
      for (Run run : row.runs()) {
        assertThat(folder.resolve(run.model()))
            .hasSameBinaryContentAs(temp.resolve("straight").resolve(run.model()));
      }
    }
  }

  private void assertRefused(Experiment.Design design, String message) {
    Path folder = temp.resolve("none");
    assertThatThrownBy(() -> Toys.run(design, folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(folder).doesNotExist();
  }

  @Test
  void whatNobodyMakesIsNamedBeforeAnythingIsComputed() {
    assertRefused(
        design(List.of(Toys.STRIPES), _ -> List.of(borrowed("own", SUPERVISED))),
        "borrowed own on stripes needs the model of supervised 4to1 on stripes, which is not among"
            + " what the study runs");
    assertRefused(
        design(
            List.of(Toys.STRIPES),
            setting -> {
              List<Entry> entries = new ArrayList<>(supervised(setting));
              entries.add(borrowed("other", SUPERVISED.on("dots")));
              return entries;
            }),
        "borrowed other on stripes needs the model of supervised 4to1 on dots, which is not among"
            + " what the study runs");
  }

  @Test
  void modelsThatNeedEachOtherAreNamed() {
    assertRefused(
        design(
            List.of(Toys.STRIPES),
            _ ->
                List.of(
                    borrowed("a", new Need("borrowed", "b")),
                    borrowed("b", new Need("borrowed", "c")),
                    borrowed("c", new Need("borrowed", "b")))),
        "these models need each other: borrowed b on stripes → borrowed c on stripes → borrowed b"
            + " on stripes");
    assertRefused(
        design(List.of(Toys.STRIPES), _ -> List.of(borrowed("a", new Need("borrowed", "a")))),
        "these models need each other: borrowed a on stripes → borrowed a on stripes");
  }

  @Test
  void anEntryIsListedOnce() {
    Experiment.Design twice =
        design(
            List.of(Toys.STRIPES),
            setting -> {
              List<Entry> entries = new ArrayList<>(supervised(setting));
              entries.addAll(supervised(setting));
              return entries;
            });
    assertThatThrownBy(() -> Toys.run(twice, temp))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the study lists supervised 4to1 on stripes twice");
  }

  @Test
  void aModelThatNobodyAskedForIsNotThere() {
    TrainingContext context =
        new TrainingContext(Device.cpu(), Toys.STRIPES.pictures(), 1, Optional.empty(), Map.of());
    assertThatThrownBy(() -> context.model(SUPERVISED))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("builds on the model of supervised 4to1");
  }
}
