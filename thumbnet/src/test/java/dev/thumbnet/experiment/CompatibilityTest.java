package dev.thumbnet.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.data.synthetic.SyntheticPictures;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.method.Trained;
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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What earlier versions wrote is read by this one, and written back with the same names. The files
 * are of version 0.1.0 as it was before the packages were divided: a teacher, the checkpoint of a
 * ThumbNet training that was stopped after 4 of its 6 steps, the student that training ended with,
 * and the results of {@code reproduce} with a tiny network.
 */
final class CompatibilityTest {
  private static final Path FILES = Path.of("src", "test", "resources", "compat");
  private static final Device CPU = Device.cpu();

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
        TrainedModel.load(FILES.resolve("teacher.safetensors"), CPU),
        StudentOptions.thumbNet(DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE),
        data,
        Recipe.student(2).withBatchSize(8).withSeed(5));
  }

  @Test
  void aTrainingGoesOnFromItsCheckpoint() throws IOException {
    Path old = FILES.resolve("checkpoint.safetensors");
    Path checkpoint = Files.copy(old, folder.resolve("checkpoint.safetensors"));
    Trained trained = training().run(RunOptions.plain().withCheckpoint(checkpoint));
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
        "results/places36.json",
        "results/synthetic.json"
      })
  void resultsAreReadAndWrittenBackByteForByte(String name) {
    Path copy = folder.resolve("copy.json");
    ResultsFile.write(ResultsFile.read(Path.of(name)), copy);
    assertThat(copy).hasSameTextualContentAs(Path.of(name));
  }

  @Test
  void aReportIsMadeOfResults() throws IOException {
    Results old = ResultsFile.read(FILES.resolve("results.json"));
    Results results = old.with(old.timings(), old.paperCosts(), List.of());
    Path report = folder.resolve("report.html");
    HtmlReport.write(results, folder, report);
    assertThat(report).content().contains("Supervised + Distill", "16:1: the network sees 32");
    assertThat(MarkdownTable.of(results)).contains("ThumbNet 16:1");
  }
}
