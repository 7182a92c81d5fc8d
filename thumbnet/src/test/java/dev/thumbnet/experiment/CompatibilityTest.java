package dev.thumbnet.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.data.synthetic.SyntheticPictures;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.experiment.report.HtmlReport;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.report.Story;
import dev.thumbnet.experiment.report.TextReport;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.ResultsFile;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.measure.RightAnswers;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.thumbnet.StudentOptions;
import dev.thumbnet.method.thumbnet.ThumbNetTraining;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingData;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * What earlier versions wrote is read by this one; models and results of the second format are
 * written back with the same names. The files are of version 0.1.0 as it was before methods and
 * studies were there: a teacher, the checkpoint of a ThumbNet training that was stopped after 4 of
 * its 6 steps, the student that training ended with, the results of {@code reproduce} with a tiny
 * network, and the folder of such a run that was interrupted. {@code results2.json} is of the first
 * version that wrote the second format, {@code results2-answers.json} of the first that kept
 * answers to single pictures and notes.
 */
final class CompatibilityTest {
  private static final Path FILES = Path.of("src", "test", "resources", "compat");
  private static final Device CPU = Device.cpu();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  private static Map<String, String> metadata(Path file) {
    try (SafeTensors opened = SafeTensors.open(file)) {
      return opened.metadata();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"teacher", "student"})
  void modelsAreReadAndWrittenBackByteForByte(String name) throws IOException {
    Path old = FILES.resolve(name + ".safetensors");
    Path copy = folder.resolve("copy.safetensors");
    TrainedModel.load(old, CPU).save(copy);
    assertThat(copy).hasSameBinaryContentAs(old);
  }

  private static ThumbNetTraining training() {
    int side = 64;
    TrainingData data =
        TrainingData.unscaled(
            SyntheticPictures.train(side, 2, 1), SyntheticPictures.val(side, 1, 1), side);
    return new ThumbNetTraining(
        new TrainingContext(
            CPU,
            data,
            5,
            Optional.of(TrainedModel.load(FILES.resolve("teacher.safetensors"), CPU))),
        StudentOptions.thumbNet(DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE),
        Recipe.student(2).withBatchSize(8));
  }

  @Test
  void aTrainingGoesOnFromItsCheckpoint() throws IOException {
    Path old = FILES.resolve("checkpoint.safetensors");
    Path checkpoint = Files.copy(old, folder.resolve("checkpoint.safetensors"));
    Trained trained = training().prepare(RunOptions.plain().withCheckpoint(checkpoint)).run();
    assertThat(trained.result().outcome()).isEqualTo(Outcome.FINISHED);
    EpochRecord first = trained.result().history().getFirst();
    assertThat(first.losses()).isEqualTo(Map.of("MM", 1.640794277191162, "FM", 6.5587158203125));
    assertThat(metadata(checkpoint).keySet()).containsExactlyElementsOf(metadata(old).keySet());

    // What it ends with is what the earlier version ended with, but for the last bits of another
    // number of lanes.
    TrainedModel expected = TrainedModel.load(FILES.resolve("student.safetensors"), CPU);
    assertThat(List.copyOf(trained.model().provenance().settings().entrySet()))
        .isEqualTo(List.copyOf(expected.provenance().settings().entrySet()));
    expected
        .network()
        .state()
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(trained.model().network().state().tensors().get(name).toArray())
                    .as(name)
                    .containsExactly(tensor.toArray(), within(1e-5f)));
    expected
        .downscaler()
        .state()
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(trained.model().downscaler().state().tensors().get(name).toArray())
                    .as(name)
                    .containsExactly(tensor.toArray(), within(1e-5f)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/test/resources/compat/results.json",
        "results/dogs.json",
        "results/places36.json"
      })
  void resultsOfTheFirstFormatAreReadWithEveryNumber(String name) throws IOException {
    Results results = ResultsFile.read(Path.of(name));
    Map<?, ?> old = JSON.readValue(Files.readString(Path.of(name)), Map.class);
    List<?> rows = (List<?>) old.get("rows");
    assertThat(results.rows()).hasSameSizeAs(rows);
    for (int i = 0; i < rows.size(); i++) {
      Map<?, ?> expected = (Map<?, ?>) rows.get(i);
      Row row = results.rows().get(i);
      assertThat(row.method()).isEqualTo(expected.get("method"));
      assertThat(row.point().inputSize()).isEqualTo(expected.get("inputSize"));
      assertThat(row.thumbnails()).isEqualTo(!expected.get("ratio").equals(1));
      Map<?, ?> run = (Map<?, ?>) ((List<?>) expected.get("runs")).getFirst();
      assertThat(row.runs().getFirst().acc1()).isEqualTo(run.get("acc1"));
      assertThat(row.runs().getFirst().eightBitAgreement()).isEqualTo(run.get("eightBitAgreement"));
      assertThat(row.runs().getFirst().curve()).hasSameSizeAs((List<?>) run.get("curve"));
      Number macs = (Number) ((Map<?, ?>) expected.get("cost")).get("macs");
      assertThat(row.runs().getFirst().cost().macs()).isEqualTo(macs.longValue());
      assertThat(row.milliseconds()).isEqualTo(oldTiming(old, row));
      assertThat(row.point().settings().isEmpty()).isEqualTo(row.method().equals("original"));
    }
    Path copy = folder.resolve("copy.json");
    ResultsFile.write(results, copy);
    assertThat(ResultsFile.read(copy)).isEqualTo(results);
  }

  /** The first format had one timing for each kind of thumbnail and ratio. */
  private static Object oldTiming(Map<?, ?> old, Row row) {
    String kind =
        switch (row.method()) {
          case "original" -> "full";
          case "direct", "direct-bn", "bicubic", "bicubic-distill" -> "bicubic";
          default -> "learned";
        };
    String ratio = row.thumbnails() ? "-" + row.point().label().replace(":1", "") : "";
    return ((List<?>) old.get("timings"))
        .stream()
            .map(Map.class::cast)
            .filter(timing -> timing.get("pipeline").equals(kind + ratio))
            .findFirst()
            .orElseThrow()
            .get("medianMs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"results2.json", "results2-answers.json"})
  void resultsOfTheSecondFormatAreWrittenBackByteForByte(String name) throws IOException {
    Path file = FILES.resolve(name);
    Path copy = folder.resolve("copy.json");
    ResultsFile.write(ResultsFile.read(file), copy);
    // Later versions say which network costs at the paper's size are of.
    String added = " *\"network\" : \"resnet18, 1000 classes\",\n";
    assertThat(Files.readString(copy).replaceAll(added, "")).isEqualTo(Files.readString(file));
  }

  @Test
  void answersAndNotesAreReadAsTheyWereWritten() {
    Results results = ResultsFile.read(FILES.resolve("results2-answers.json"));
    Row bicubic = results.row("stripes", "bicubic", "4to1").orElseThrow();
    Row original = results.reference(results.data().getFirst());
    assertThat(original.runs().getFirst().right().orElseThrow())
        // The bytes 59, 96 and 04 of "WZYE", lowest bits first.
        .isEqualTo(RightAnswers.of(21, Set.of(0, 3, 4, 6, 9, 10, 12, 15, 18)::contains));
    assertThat(original.runs().getFirst().notes()).isEmpty();
    assertThat(bicubic.runs().getFirst().notes())
        .containsOnlyKeys(
            "peakRatePer256", "heldOutAcc1At0.1", "heldOutAcc1At0.01", "heldOutAcc1At0.001");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/test/resources/compat/results.json",
        "src/test/resources/compat/results2.json",
        "results/dogs.json",
        "results/places36.json"
      })
  void aReportIsMadeOfResults(String name) throws IOException {
    Results old = ResultsFile.read(Path.of(name));
    Results results = old.with(old.paperCosts(), List.of());
    Path report = folder.resolve("report.html");
    Story story = Studies.of(results.study().key()).story(results, List.of());
    HtmlReport.write(results, story, Looks.ALL, folder, report);
    assertThat(report)
        .content()
        .contains("Supervised + Distill", "16:1: the network sees ", "may well be equal");
    assertThat(TextReport.markdown(results, story))
        .contains("| ThumbNet 16:1 |", "may well be equal");
    assertThat(TextReport.console(results)).contains("ThumbNet 16:1 ");
  }

  /** The folder was left by the version before, in the middle of its sixth training. */
  @Test
  void anExperimentThatTheVersionBeforeBeganGoesOn() throws IOException {
    Path begun = FILES.resolve("begun");
    try (Stream<Path> files = Files.walk(begun)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(begun.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    List<String> notes = new ArrayList<>();
    List<Long> starts = new ArrayList<>();
    ExperimentListener listener =
        new ExperimentListener() {
          @Override
          public void onTask(String name) {
            notes.add(name);
          }

          @Override
          public void onStart(long done, long steps) {
            starts.add(done);
          }
        };
    Results old = ResultsFile.read(begun.resolve("results.json"));
    Setting setting = old.setting();
    Experiment.Design design =
        new Experiment.Design(
            Studies.of("paper"),
            setting,
            List.of(ExperimentData.synthetic(setting.size(), 2, 1, 1)),
            old.seeds(),
            Looks.ALL);
    Results results =
        new Experiment(
                design,
                CPU,
                2,
                folder,
                new Experiment.Invocation("test", "0"),
                () -> false,
                listener)
            .run(true);
    assertThat(notes)
        .containsExactly(
            "Bicubic + Distill at 4:1; Supervised + Distill at 4:1; ThumbNet at 4:1",
            "Measuring times",
            "Writing the report");
    assertThat(starts.getFirst()).isPositive();
    assertThat(results.rows()).hasSize(8);
    assertThat(results.origin().sessions()).isEqualTo(2);
    assertThat(ExperimentTest.numbers(results).subList(0, 5))
        .usingRecursiveComparison()
        .ignoringFields("runs.trainingSeconds")
        .isEqualTo(ExperimentTest.numbers(old));
    for (Row row : old.rows()) {
      String model = row.runs().getFirst().model();
      assertThat(folder.resolve(model)).hasSameBinaryContentAs(begun.resolve(model));
    }
  }
}
