package dev.thumbnet.method.wavelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.teacher.TeacherTraining;
import dev.thumbnet.method.wavelet.WaveletTraining.Stages;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Lwae;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingData;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The three stages, on pictures that are easy to tell apart. */
final class WaveletTrainingTest {
  private static final Device CPU = Device.cpu();
  private static final TrainedModel TEACHER = TinyPictures.teacher(CPU);

  /** Four steps in an epoch: one epoch, two and one in the stages. */
  private static final Recipe RECIPE = Recipe.student(4).withBatchSize(6).withSeed(2);

  @TempDir private Path folder;

  private static WaveletTraining training(Recipe recipe) {
    return training(TEACHER, TinyPictures.data(), recipe);
  }

  private static WaveletTraining training(TrainedModel teacher, TrainingData data, Recipe recipe) {
    TrainingContext context =
        new TrainingContext(teacher.device(), data, recipe.seed(), Optional.of(teacher));
    return new WaveletTraining(context, recipe);
  }

  private static Trained stoppedAfter(int steps, RunOptions options, Recipe recipe) {
    AtomicInteger done = new AtomicInteger();
    Trained stopped =
        training(recipe).prepare(options.withStop(() -> done.incrementAndGet() > steps)).run();
    assertThat(stopped.result().outcome()).isEqualTo(Outcome.STOPPED);
    return stopped;
  }

  private static Map<String, Object> state(Trained trained) {
    return state(trained.model());
  }

  private static Map<String, Object> state(TrainedModel model) {
    Map<String, Object> state = new LinkedHashMap<>();
    var now = model.network().state();
    now.tensors().forEach((name, tensor) -> state.put(name, Arrays.toString(tensor.toArray())));
    state.putAll(now.counters());
    return state;
  }

  private static Map<String, Object> part(Map<String, Object> state, String prefix) {
    Map<String, Object> part = new LinkedHashMap<>();
    state.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), value);
          }
        });
    assertThat(part).isNotEmpty();
    return part;
  }

  /** Returns what is learnt of a part: neither statistics nor counters. */
  private static Map<String, Object> weights(Map<String, Object> state, String prefix) {
    Map<String, Object> weights = part(state, prefix);
    weights.keySet().removeIf(name -> name.contains("running_") || name.contains("num_batches"));
    return weights;
  }

  @Test
  void eachStageLearnsWhatItShallAndNothingElse() {
    Map<String, Object> begun = state(stoppedAfter(1, RunOptions.plain(), RECIPE));
    Map<String, Object> split = state(stoppedAfter(4, RunOptions.plain(), RECIPE));
    Map<String, Object> halfway = state(stoppedAfter(7, RunOptions.plain(), RECIPE));
    Map<String, Object> classified = state(stoppedAfter(12, RunOptions.plain(), RECIPE));
    Map<String, Object> finished = state(training(RECIPE).prepare(RunOptions.plain()).run());

    // The auto-encoder: weights and statistics of the encoder, and nothing of the classifiers.
    assertThat(part(split, "encoder.")).isNotEqualTo(part(begun, "encoder."));
    assertThat(part(split, "encoder.").get("high_norm.num_batches_tracked")).isEqualTo(4L);
    assertThat(part(split, "low.")).isEqualTo(state(TEACHER));
    assertThat(part(split, "high.")).isEqualTo(part(begun, "high."));
    assertThat(part(split, "fusion.")).isEqualTo(part(begun, "fusion."));

    // The classifiers: not a bit of the encoder, neither weights nor statistics nor counters.
    for (Map<String, Object> later : List.of(halfway, classified)) {
      assertThat(part(later, "encoder.")).isEqualTo(part(split, "encoder."));
      for (String part : List.of("low.", "high.", "fusion.")) {
        assertThat(weights(later, part)).as(part).isNotEqualTo(weights(split, part));
      }
    }

    // All of it.
    for (String part : List.of("encoder.", "low.", "high.", "fusion.")) {
      assertThat(weights(finished, part)).as(part).isNotEqualTo(weights(classified, part));
    }
    assertThat(part(finished, "encoder.").get("low_norm.num_batches_tracked")).isEqualTo(8L);
  }

  @Test
  void lossesAndScoresAreThoseOfTheStages() {
    Trained trained = training(RECIPE).prepare(RunOptions.plain()).run();
    assertThat(trained.result().outcome()).isEqualTo(Outcome.FINISHED);
    List<EpochRecord> history = trained.result().history();
    assertThat(history)
        .extracting(EpochRecord::phase)
        .containsExactly("auto-encoder", "classifiers", "classifiers", "joint");
    assertThat(history.get(0).losses()).containsOnlyKeys("REC", "EN");
    assertThat(history.get(0).score().value()).isNaN();
    assertThat(history.get(1).losses()).containsOnlyKeys("CL", "KD");
    assertThat(history.get(3).losses()).containsOnlyKeys("CL", "KD", "REC", "EN");
    assertThat(history.get(3).score().value()).isBetween(0.0, 100.0);
    assertThat(trained.model().provenance().settings())
        .containsEntry("training", "lwae")
        .containsEntry("teacher", Provenance.fingerprint(TEACHER.network()))
        .containsEntry("network.name", "lwae-resnet18")
        .containsEntry("lwae.energy", "0.1")
        .containsEntry("lwae.jointShare", "0.3")
        .containsEntry("guided.distillation", "0.9");
    assertThat(TinyPictures.data().evaluator(5, CPU).evaluate(trained.model()).metrics().top1())
        .isEqualTo(history.getLast().score().value());
  }

  /** The decoder is no part of the file, which comes back as it was and can be compiled. */
  @Test
  void theModelIsANetworkLikeOthers() {
    TrainedModel model = training(RECIPE).prepare(RunOptions.plain()).run().model();
    Path file = folder.resolve("lwae.safetensors");
    model.save(file);
    try (SafeTensors read = SafeTensors.open(file)) {
      assertThat(read.tensors().keySet())
          .containsExactlyInAnyOrderElementsOf(model.network().stateNames())
          .allMatch(name -> name.matches("(encoder|low|high|fusion)\\..*"));
      assertThat(read.metadata())
          .containsEntry("network", "lwae-resnet18")
          .containsEntry("downscaler", "none");
    }
    TrainedModel read = TrainedModel.load(file, CPU);
    assertThat(read.network()).isInstanceOf(Lwae.class);
    assertThat(Provenance.fingerprint(read.network()))
        .isEqualTo(Provenance.fingerprint(model.network()));
    assertThat(read.inputSize()).isEqualTo(TinyPictures.SIDE);
    assertThat(read.usesThumbnails()).isFalse();
    assertThat(CompiledModel.of(read, 1, WeightFormat.F32).classes()).isEqualTo(3);
  }

  @Test
  void resumesInEachStage() {
    Recipe recipe = RECIPE.withEma(.9);
    Map<String, Object> straight = state(training(recipe).prepare(RunOptions.plain()).run());
    for (int step : new int[] {2, 4, 7, 14}) {
      RunOptions run =
          RunOptions.plain().withCheckpoint(folder.resolve("at" + step), Duration.ofHours(1));
      stoppedAfter(step, run, recipe);
      assertThat(state(training(recipe).prepare(run).run())).isEqualTo(straight);
    }
  }

  @Test
  void theNumberOfThreadsChangesNoBit() {
    Map<String, Object> many = state(training(RECIPE).prepare(RunOptions.plain()).run());
    try (Device one = Device.cpu(1)) {
      Trained trained =
          training(TinyPictures.teacher(one), TinyPictures.data(), RECIPE)
              .prepare(RunOptions.plain())
              .run();
      assertThat(state(trained)).isEqualTo(many);
    }
  }

  @Test
  void besideAnotherItEndsWithTheSameBits() {
    TrainingContext context =
        new TrainingContext(CPU, TinyPictures.data(), RECIPE.seed(), Optional.of(TEACHER));
    Recipe slow = RECIPE.withLearningRate(.001);
    List<Trained> both =
        PreparedTraining.run(
                List.of(
                    new WaveletTraining(context, RECIPE).prepare(RunOptions.plain()),
                    new WaveletTraining(context, slow).prepare(RunOptions.plain())))
            .stream()
            .map(Supplier::get)
            .toList();
    assertThat(state(both.getFirst()))
        .isEqualTo(state(training(RECIPE).prepare(RunOptions.plain()).run()));
    assertThat(state(both.getLast()))
        .isEqualTo(state(training(slow).prepare(RunOptions.plain()).run()));
  }

  @Test
  void itLearns() {
    TrainingData data = TinyPictures.data(96);
    TrainedModel teacher =
        new TeacherTraining(
                TinyPictures.architecture().withWidth(1 / 8.0).withSmallInput(),
                data,
                Recipe.teacher(7).withBatchSize(12).withLearningRate(.03).withSeed(4),
                CPU)
            .run(RunOptions.plain())
            .model();
    Recipe recipe = Recipe.student(14).withBatchSize(12).withLearningRate(.003).withSeed(4);
    List<EpochRecord> history =
        training(teacher, data, recipe).prepare(RunOptions.plain()).run().result().history();
    assertThat(history.get(2).losses().get("REC"))
        .isLessThan(.7 * history.getFirst().losses().get("REC"));
    assertThat(history.getLast().losses().get("KD"))
        .isLessThan(.5 * history.get(3).losses().get("KD"));
    // By chance it were a third.
    assertThat(history.getLast().score().value()).isGreaterThan(80);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, 1",
    "2, 1, 0, 1",
    "3, 1, 1, 1",
    "4, 1, 2, 1",
    "10, 2, 5, 3",
    "60, 12, 30, 18"
  })
  void epochsAreShared(int epochs, int autoEncoder, int classifiers, int joint) {
    assertThat(Stages.of(epochs)).isEqualTo(new Stages(autoEncoder, classifiers, joint));
  }

  @Test
  void fewEpochsLeaveOutStages() {
    for (int epochs : new int[] {1, 2}) {
      Recipe recipe = Recipe.student(epochs).withBatchSize(6);
      List<EpochRecord> history =
          training(recipe).prepare(RunOptions.plain()).run().result().history();
      assertThat(history).hasSize(epochs);
      assertThat(history.getLast().phase()).isEqualTo("joint");
    }
  }

  @Test
  void theMethodOffersOnePointOnFullPictures() {
    Setting setting =
        new Setting(
            TinyPictures.architecture(),
            TinyPictures.SIDE,
            List.of(Reduction.FOUR_TO_ONE, Reduction.SIXTEEN_TO_ONE),
            DownscalerKind.PLAIN,
            Recipe.teacher(1),
            Recipe.student(1).withBatchSize(6));
    List<Training> trainings = WaveletMethod.LWAE.trainings(setting);
    assertThat(trainings).hasSize(1);
    OperatingPoint point = trainings.getFirst().points().getFirst();
    assertThat(point.key()).isEqualTo("half");
    assertThat(point.inputSize()).isEqualTo(TinyPictures.SIDE);
    assertThat(point.settings())
        .containsEntry("energy", 0.1)
        .containsEntry("autoEncoderShare", 0.2)
        .containsEntry("distillation", 0.9);
    assertThat(WaveletMethod.LWAE.fileName(point)).isEqualTo("lwae-half");
    assertThat(WaveletMethod.LWAE.explanation()).contains("no training code");
    TrainingContext context =
        new TrainingContext(CPU, TinyPictures.data(), 5, Optional.of(TEACHER));
    Trained trained = trainings.getFirst().run(context, RunOptions.plain());
    assertThat(trained.models()).hasSize(1);
    assertThat(trained.model().provenance().settings()).containsEntry("recipe.seed", "5");
  }

  @Test
  void refusesWhatDoesNotFit() {
    TrainedModel lwae =
        training(Recipe.student(1).withBatchSize(6)).prepare(RunOptions.plain()).run().model();
    assertThatThrownBy(() -> training(lwae, TinyPictures.data(), RECIPE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lwae-lwae-resnet18");
    assertThatThrownBy(() -> training(RECIPE.withBatchSize(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batches of 2");
    WaveletTraining once = training(Recipe.student(1).withBatchSize(6));
    once.prepare(RunOptions.plain());
    assertThatThrownBy(() -> once.prepare(RunOptions.plain())).hasMessageContaining("new one");
  }
}
