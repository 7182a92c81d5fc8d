package dev.thumbnet.method.thumbnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.measure.Evaluation;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.teacher.TeacherTraining;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Students with every kind of downscaler, of every size and width, and variants of their training.
 */
final class DownscalerTrainingTest {
  private static final Device CPU = Device.cpu();

  /** Has the 16 channels that downscalers of first layers take. */
  private static final TrainedModel TEACHER =
      new TeacherTraining(
              TinyPictures.architecture().withWidth(0.25),
              TinyPictures.data(),
              Recipe.teacher(1).withBatchSize(6).withLearningRate(.05).withSeed(11),
              CPU)
          .run(RunOptions.plain())
          .model();

  /** Averages weights, which must leave alone what is frozen. */
  private static final Recipe RECIPE = Recipe.student(2).withBatchSize(6).withEma(.9).withSeed(2);

  @TempDir private Path folder;

  private static Trained train(StudentOptions options, RunOptions run) {
    return new ThumbNetTraining(context(TEACHER), options, RECIPE).prepare(run).run();
  }

  private static TrainingContext context(TrainedModel teacher) {
    return new TrainingContext(CPU, TinyPictures.data(), RECIPE.seed(), Optional.of(teacher));
  }

  private static String weights(TrainedModel model) {
    return Provenance.fingerprint(model.network()) + Provenance.fingerprint(model.downscaler());
  }

  /** Trains, trains again with an interruption, and returns the model of both. */
  private TrainedModel trainAndResume(StudentOptions options) {
    String teacher = Provenance.fingerprint(TEACHER.network());
    TrainedModel straight = train(options, RunOptions.plain()).model();
    RunOptions run = RunOptions.plain().withCheckpoint(folder.resolve("at"), Duration.ofHours(1));
    AtomicInteger steps = new AtomicInteger();
    Trained stopped = train(options, run.withStop(() -> steps.incrementAndGet() > 3));
    assertThat(stopped.result().outcome()).isEqualTo(Outcome.STOPPED);
    assertThat(weights(train(options, run).model())).isEqualTo(weights(straight));
    // Once more from the checkpoint of the end, as if the model could not be saved.
    assertThat(weights(train(options, run).model())).isEqualTo(weights(straight));
    run.removeCheckpoint();
    assertThat(Provenance.fingerprint(TEACHER.network())).isEqualTo(teacher);
    return straight;
  }

  /** Only probes look at thumbnails of the two others. */
  @ParameterizedTest
  @EnumSource(
      value = DownscalerKind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"AREA", "NEAREST"})
  void aStudentWithEachKindTrainsAndResumes(DownscalerKind kind) {
    StudentOptions options =
        kind.learned()
            ? StudentOptions.thumbNet(kind, Reduction.SIXTEEN_TO_ONE)
            : StudentOptions.bicubicDistill(Reduction.SIXTEEN_TO_ONE);
    TrainedModel model = trainAndResume(options);
    assertThat(model.inputSize()).isEqualTo(4);

    Path file = folder.resolve("student.safetensors");
    model.save(file);
    TrainedModel read = TrainedModel.load(file, CPU);
    assertThat(weights(read)).isEqualTo(weights(model));
    assertThat(read.downscaler().kind()).isEqualTo(kind);
    Evaluation eightBit = TinyPictures.data().evaluator(6, CPU).evaluateEightBit(read);
    assertThat(eightBit.metrics().pictures()).isEqualTo(21);
    if (kind.usesTeacher() || kind == DownscalerKind.NARROW_STEM) {
      boolean frozen = kind == DownscalerKind.STEM || kind == DownscalerKind.LAYER1;
      Module first = first(model.downscaler());
      assertThat(agree(first, Arrays::equals)).isEqualTo(frozen);
      // What starts as the teacher's is still near after a few steps, what starts from chance not.
      assertThat(agree(first, DownscalerTrainingTest::near)).isEqualTo(kind.usesTeacher());
    }
  }

  private static Module first(DownscalerNet e) {
    return e.children().get("layers").children().get("0");
  }

  /** Tells whether all tensors are like those of the teacher with the same names. */
  private static boolean agree(Module first, BiPredicate<float[], float[]> alike) {
    Map<String, Tensor> teacher = TEACHER.network().state().tensors();
    assertThat(teacher.keySet()).containsAll(first.state().tensors().keySet());
    return first.state().tensors().entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(".weight"))
        .allMatch(e -> alike.test(e.getValue().toArray(), teacher.get(e.getKey()).toArray()));
  }

  private static boolean near(float[] a, float[] b) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < a.length; i++) {
      difference += (a[i] - b[i]) * (a[i] - b[i]);
      size += b[i] * b[i];
    }
    return difference < 0.25 * size;
  }

  @Test
  void layersOfATeacherThatHasNoneAreRefused() {
    TrainedModel narrow = TinyPictures.teacher(CPU);
    StudentOptions options =
        StudentOptions.supervised(DownscalerKind.STEM, Reduction.SIXTEEN_TO_ONE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ThumbNetTraining(context(narrow), options, RECIPE))
        .withMessageContaining("take narrow-stem");
  }

  @Test
  void studentsAreAsLargeAndWideAsWanted() {
    Reduction reduction = new Reduction(16, 9);
    TrainedModel slim = trainAndResume(StudentOptions.bicubicDistill(reduction).withWidth(0.5));
    assertThat(slim.inputSize()).isEqualTo(9);
    assertThat(slim.network().architecture().width()).isEqualTo(0.125);
    assertThat(slim.provenance().settings())
        .containsEntry("network.width", "0.125")
        .containsEntry("student.factor", "16/9")
        .containsEntry("student.width", "0.5")
        .containsEntry("student.start", "first channels of the teacher");
    Path file = folder.resolve("slim.safetensors");
    slim.save(file);
    TrainedModel read = TrainedModel.load(file, CPU);
    assertThat(read.downscaler().reduction()).isEqualTo(reduction);
    assertThat(weights(read)).isEqualTo(weights(slim));

    StudentOptions scratch = StudentOptions.bicubicDistill(reduction).withWidth(0.5).fromScratch();
    TrainedModel other = train(scratch, RunOptions.plain()).model();
    assertThat(other.provenance().settings()).containsEntry("student.start", "scratch");
    assertThat(weights(other)).isNotEqualTo(weights(slim));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                StudentOptions.thumbNet(DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE).withWidth(0.5))
        .withMessageContaining("feature mapping");
    assertThatIllegalArgumentException().isThrownBy(() -> scratch.withWidth(1.5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StudentOptions.supervised(DownscalerKind.PATCH, reduction))
        .withMessageContaining("patch");
  }

  /** The weights are the same, and statistics of E are those of all pictures. */
  @Test
  void statisticsOfTheDownscalerAreEstimatedInTheEnd() {
    StudentOptions usual =
        StudentOptions.supervisedDistill(DownscalerKind.STEM, Reduction.SIXTEEN_TO_ONE);
    TrainedModel before = train(usual, RunOptions.plain()).model();
    TrainedModel after = trainAndResume(usual.withReestimatedStatistics());
    assertThat(Provenance.fingerprint(after.network()))
        .isEqualTo(Provenance.fingerprint(before.network()));
    Map<String, Tensor> old = before.downscaler().state().tensors();
    after
        .downscaler()
        .state()
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(Arrays.equals(tensor.toArray(), old.get(name).toArray()))
                    .as(name)
                    .isEqualTo(!name.matches("layers\\.2\\.running_.*")));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                StudentOptions.supervised(DownscalerKind.MULLER, Reduction.FOUR_TO_ONE)
                    .withReestimatedStatistics())
        .withMessageContaining("muller");
  }

  @Test
  void gradientsWhereThumbnailsAreCutOffChangeWhatIsLearnt() {
    StudentOptions usual =
        StudentOptions.supervisedDistill(DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE);
    TrainedModel through = trainAndResume(usual.withStraightThrough());
    assertThat(weights(through)).isNotEqualTo(weights(train(usual, RunOptions.plain()).model()));
    assertThat(through.provenance().settings()).containsEntry("student.straightThrough", "true");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> StudentOptions.bicubicDistill(Reduction.FOUR_TO_ONE).withStraightThrough());
  }
}
