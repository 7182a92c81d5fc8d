package dev.thumbnet.method.thumbnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.teacher.TeacherTraining;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Lwae;
import dev.thumbnet.model.Reduction;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The trainings of teacher and students, on pictures that are easy to tell apart. */
final class ThumbNetTrainingTest {
  private static final Device CPU = Device.cpu();
  private static final TrainedModel TEACHER = TinyPictures.teacher(CPU);
  private static final Recipe RECIPE = Recipe.student(3).withBatchSize(6).withSeed(2);

  @TempDir private Path folder;

  private static ThumbNetTraining training(StudentOptions options, Recipe recipe) {
    return new ThumbNetTraining(context(TEACHER, TinyPictures.data(), recipe), options, recipe);
  }

  private static TrainingContext context(TrainedModel teacher, TrainingData data, Recipe recipe) {
    return new TrainingContext(teacher.device(), data, recipe.seed(), Optional.of(teacher));
  }

  private static ThumbNetTraining training(StudentOptions options) {
    return training(options, RECIPE);
  }

  private static String weights(Trained trained) {
    TrainedModel model = trained.model();
    return Provenance.fingerprint(model.network()) + Provenance.fingerprint(model.downscaler());
  }

  static Stream<StudentOptions> methods() {
    return Stream.of(
        StudentOptions.bicubic(Reduction.FOUR_TO_ONE),
        StudentOptions.bicubicDistill(Reduction.SIXTEEN_TO_ONE),
        StudentOptions.supervised(DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE),
        StudentOptions.supervisedDistill(DownscalerKind.PLAIN_WIDE, Reduction.SIXTEEN_TO_ONE),
        StudentOptions.thumbNet(DownscalerKind.RESIDUAL, Reduction.FOUR_TO_ONE),
        StudentOptions.thumbNet(DownscalerKind.PLAIN_NEAR_BICUBIC, Reduction.SIXTEEN_TO_ONE),
        StudentOptions.thumbNet(DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE).fromScratch());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodTrains(StudentOptions options) {
    String teacher = Provenance.fingerprint(TEACHER.network());
    Trained trained = training(options).prepare(RunOptions.plain()).run();
    assertThat(trained.result().outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(Provenance.fingerprint(TEACHER.network())).isEqualTo(teacher);
    assertThat(Provenance.fingerprint(trained.model().network())).isNotEqualTo(teacher);

    List<EpochRecord> history = trained.result().history();
    assertThat(history).hasSize(3);
    List<String> losses = new ArrayList<>();
    LossWeights w = options.weights();
    if (w.classification() > 0) {
      losses.add("CL");
    }
    if (w.distillation() > 0) {
      losses.add("KD");
    }
    if (w.featureMapping() > 0) {
      losses.add("FM");
    }
    if (w.momentMatching() > 0) {
      losses.add("MM");
    }
    assertThat(history.getLast().losses().keySet()).containsExactlyElementsOf(losses);
    assertThat(history.getLast().score().value()).isBetween(0.0, 100.0);
    if (options.pretraining() > 0) {
      assertThat(history.getFirst().phase()).isEqualTo("feature mapping");
      assertThat(history.getFirst().losses().keySet()).containsExactly("MM", "FM");
      assertThat(history.getFirst().score().value()).isNaN();
      assertThat(history.getFirst().trainingScore()).isNaN();
    }

    TrainedModel model = trained.model();
    assertThat(model.inputSize()).isEqualTo(options.reduction().reduce(TinyPictures.SIDE));
    assertThat(model.network().training()).isFalse();
    assertThat(model.provenance().settings())
        .containsEntry("training", "student")
        .containsEntry("student.factor", Integer.toString(options.reduction().side()))
        .containsEntry("recipe.seed", "2")
        .containsEntry("teacher", teacher);
    Metrics again = TinyPictures.data().evaluator(5, CPU).evaluate(model).metrics();
    assertThat(again.top1()).isEqualTo(history.getLast().score().value());
  }

  @Test
  void teacherAndThumbNetLearn() {
    TrainingData data = TinyPictures.data(48);
    Trained teacher =
        new TeacherTraining(
                TinyPictures.architecture().withWidth(1 / 8.0).withSmallInput(),
                data,
                Recipe.teacher(7).withBatchSize(12).withLearningRate(.03).withSeed(4),
                CPU)
            .run(RunOptions.plain());
    List<EpochRecord> history = teacher.result().history();
    assertThat(history.getLast().losses().keySet()).containsExactly("CL");
    assertThat(history.getLast().loss()).isLessThan(.6 * history.getFirst().loss());
    assertThat(history.getLast().score().value()).isGreaterThan(75);
    assertThat(teacher.model().usesThumbnails()).isFalse();
    assertThat(teacher.model().provenance().settings()).containsEntry("training", "teacher");

    Recipe recipe = Recipe.student(8).withBatchSize(12).withLearningRate(.003).withSeed(4);
    List<EpochRecord> students =
        new ThumbNetTraining(
                context(teacher.model(), data, recipe),
                StudentOptions.thumbNet(DownscalerKind.RESIDUAL, Reduction.FOUR_TO_ONE),
                recipe)
            .prepare(RunOptions.plain())
            .run()
            .result()
            .history();
    assertThat(students.getLast().losses().get("KD"))
        .isLessThan(.6 * students.get(1).losses().get("KD"));
    assertThat(students.getLast().score().value()).isGreaterThan(75);
  }

  /** In phase 1 nothing beyond the cut changes, labels are not seen, and E, S-left and U learn. */
  @Test
  void firstPhaseLearnsWithoutLabelsAndLeavesTheRightSegmentAlone() {
    StudentOptions options = StudentOptions.thumbNet(DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE);
    AtomicInteger steps = new AtomicInteger();
    Trained stopped =
        training(options)
            .prepare(RunOptions.plain().withStop(() -> steps.incrementAndGet() > 4))
            .run();
    assertThat(stopped.result().outcome()).isEqualTo(Outcome.STOPPED);
    Map<String, float[]> before = values(TEACHER);
    Map<String, float[]> after = values(stopped.model());
    for (String name : before.keySet()) {
      boolean right = name.matches("(layer[34]|fc)\\..*");
      if (right || name.endsWith("conv1.weight") || name.endsWith("running_mean")) {
        assertThat(java.util.Arrays.equals(after.get(name), before.get(name)))
            .as(name)
            .isEqualTo(right);
      }
    }
  }

  private static Map<String, float[]> values(TrainedModel model) {
    Map<String, float[]> values = new HashMap<>();
    model.network().state().tensors().forEach((name, t) -> values.put(name, t.toArray()));
    return values;
  }

  @Test
  void resumesInEitherPhase() {
    StudentOptions options =
        StudentOptions.thumbNet(DownscalerKind.RESIDUAL, Reduction.FOUR_TO_ONE);
    Recipe recipe = RECIPE.withEma(.9);
    Trained straight = training(options, recipe).prepare(RunOptions.plain()).run();
    for (int step : new int[] {2, 4, 7}) {
      Path file = folder.resolve("at" + step);
      AtomicInteger steps = new AtomicInteger();
      RunOptions run = RunOptions.plain().withCheckpoint(file, Duration.ofHours(1));
      Trained stopped =
          training(options, recipe)
              .prepare(run.withStop(() -> steps.incrementAndGet() > step))
              .run();
      assertThat(stopped.result().outcome()).isEqualTo(Outcome.STOPPED);
      Trained resumed = training(options, recipe).prepare(run).run();
      assertThat(weights(resumed)).isEqualTo(weights(straight));
      assertThatThrownBy(
              () ->
                  training(StudentOptions.bicubic(Reduction.FOUR_TO_ONE), recipe)
                      .prepare(run)
                      .run())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("student.downscaler is RESIDUAL there and BICUBIC now");
    }
  }

  /** A network whose features are those of two others, at a sixteenth of the side. */
  @Test
  void aWaveletLikeNetworkTeachesAsOthersDo() {
    Recipe recipe = Recipe.teacher(1).withBatchSize(6).withLearningRate(.01).withSeed(3);
    TrainedModel teacher =
        new TeacherTraining(
                Lwae.around(TinyPictures.architecture()), TinyPictures.data(), recipe, CPU)
            .run(RunOptions.plain())
            .model();
    StudentOptions options =
        StudentOptions.thumbNet(DownscalerKind.RESIDUAL, Reduction.FOUR_TO_ONE);
    Trained trained =
        new ThumbNetTraining(context(teacher, TinyPictures.data(), RECIPE), options, RECIPE)
            .prepare(RunOptions.plain())
            .run();
    assertThat(trained.result().outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(trained.result().history().getFirst().losses().get("FM")).isPositive();
    assertThat(trained.model().network().architecture())
        .isEqualTo(teacher.network().architecture());
    assertThat(trained.model().inputSize()).isEqualTo(TinyPictures.SIDE / 2);
  }

  @Test
  void seedDecides() {
    StudentOptions options =
        StudentOptions.supervised(DownscalerKind.PLAIN, Reduction.SIXTEEN_TO_ONE);
    Recipe recipe = Recipe.student(1).withBatchSize(6);
    String one = weights(training(options, recipe.withSeed(1)).prepare(RunOptions.plain()).run());
    assertThat(weights(training(options, recipe.withSeed(1)).prepare(RunOptions.plain()).run()))
        .isEqualTo(one);
    assertThat(weights(training(options, recipe.withSeed(2)).prepare(RunOptions.plain()).run()))
        .isNotEqualTo(one);
  }

  @Test
  void epochsOfPretrainingAreAShare() {
    StudentOptions options = StudentOptions.thumbNet(DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE);
    assertThat(options.pretrainingEpochs(40)).isEqualTo(6);
    assertThat(options.pretrainingEpochs(3)).isEqualTo(1);
    assertThat(options.pretrainingEpochs(1)).isZero();
    assertThat(
            StudentOptions.supervised(DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE)
                .pretrainingEpochs(40))
        .isZero();
  }

  @Test
  void refusesWhatDoesNotFit() {
    StudentOptions options = StudentOptions.bicubic(Reduction.FOUR_TO_ONE);
    TrainingData larger =
        TrainingData.photographs(new TinyPictures(21, 1), new TinyPictures(21, 2), 32);
    assertThatThrownBy(
            () -> new ThumbNetTraining(context(TEACHER, larger, RECIPE), options, RECIPE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32")
        .hasMessageContaining("16");
    assertThatThrownBy(
            () ->
                new ThumbNetTraining(
                    context(
                        TEACHER.onThumbnails(Reduction.FOUR_TO_ONE), TinyPictures.data(), RECIPE),
                    options,
                    RECIPE))
        .hasMessageContaining("full pictures");
    assertThatThrownBy(() -> options.withWeights(new LossWeights(1, 0, 1, 0)))
        .hasMessageContaining("not learned");
    assertThatThrownBy(() -> new LossWeights(0, 0, 0, 0)).hasMessageContaining("not all 0");
    assertThatThrownBy(() -> RECIPE.withLearningRate(0)).hasMessageContaining("learning rate");
    ThumbNetTraining once = training(options, Recipe.student(1).withBatchSize(6));
    once.prepare(RunOptions.plain());
    assertThatThrownBy(() -> once.prepare(RunOptions.plain())).hasMessageContaining("new one");
  }
}
