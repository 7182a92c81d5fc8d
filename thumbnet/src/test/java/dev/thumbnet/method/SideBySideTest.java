package dev.thumbnet.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.method.thumbnet.StudentOptions;
import dev.thumbnet.method.thumbnet.ThumbNetTraining;
import dev.thumbnet.model.DownscalerKind;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Students that learn side by side end with the bits that each has alone, also if they were stopped
 * at different steps, have other phases, or end early; their teacher is asked once for each batch.
 */
class SideBySideTest {
  private static final Device CPU = Device.cpu(2);
  private static final TrainedModel TEACHER = TinyPictures.teacher(CPU);
  private static final TrainingData DATA = TinyPictures.data();
  private static final Recipe RECIPE =
      Recipe.student(3).withBatchSize(6).withLearningRate(.01).withSeed(4);

  /** One phase, two phases, averaged weights with an early end. */
  private record Student(StudentOptions options, Recipe recipe) {
    PreparedTraining prepare(TrainingContext context, RunOptions run) {
      return new ThumbNetTraining(context, options, recipe).prepare(run);
    }
  }

  private static final List<Student> STUDENTS =
      List.of(
          new Student(StudentOptions.bicubicDistill(Reduction.FOUR_TO_ONE), RECIPE),
          new Student(StudentOptions.thumbNet(DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE), RECIPE),
          new Student(
              StudentOptions.bicubic(Reduction.FOUR_TO_ONE), RECIPE.withEma(.9).withPatience(1)));

  @TempDir private Path folder;

  private static TrainingContext context() {
    return new TrainingContext(CPU, DATA, RECIPE.seed(), Optional.of(TEACHER));
  }

  private static String weights(Trained trained) {
    TrainedModel model = trained.model();
    return Provenance.fingerprint(model.network()) + Provenance.fingerprint(model.downscaler());
  }

  private static List<Double> losses(Trained trained) {
    return trained.result().history().stream().map(EpochRecord::loss).toList();
  }

  private static List<Trained> together(List<RunOptions> runs) {
    TrainingContext context = context();
    List<PreparedTraining> prepared = new ArrayList<>();
    for (int i = 0; i < STUDENTS.size(); i++) {
      prepared.add(STUDENTS.get(i).prepare(context, runs.get(i)));
    }
    return PreparedTraining.run(prepared).stream().map(Supplier::get).toList();
  }

  private static List<Trained> alone() {
    return STUDENTS.stream().map(s -> s.prepare(context(), RunOptions.plain()).run()).toList();
  }

  private static void assertSame(List<Trained> some, List<Trained> others) {
    assertThat(some.stream().map(SideBySideTest::weights))
        .containsExactlyElementsOf(others.stream().map(SideBySideTest::weights).toList());
    assertThat(some.stream().map(SideBySideTest::losses))
        .containsExactlyElementsOf(others.stream().map(SideBySideTest::losses).toList());
    assertThat(some.stream().map(t -> t.result().outcome()))
        .containsExactlyElementsOf(others.stream().map(t -> t.result().outcome()).toList());
  }

  @Test
  void eachEndsAsAlone() {
    RunOptions plain = RunOptions.plain();
    assertSame(together(List.of(plain, plain, plain)), alone());
  }

  /** One is ahead of the others, as after a kill between two checkpoints; then all are stopped. */
  @Test
  void thoseBehindCatchUp() {
    List<RunOptions> runs = new ArrayList<>();
    for (int i = 0; i < STUDENTS.size(); i++) {
      runs.add(
          RunOptions.plain().withCheckpoint(folder.resolve("student" + i), Duration.ofDays(1)));
    }
    AtomicInteger steps = new AtomicInteger();
    STUDENTS
        .get(1)
        .prepare(context(), runs.get(1).withStop(() -> steps.incrementAndGet() > 6))
        .run();
    AtomicInteger more = new AtomicInteger();
    List<RunOptions> stopping = new ArrayList<>(runs);
    stopping.set(2, runs.get(2).withStop(() -> more.incrementAndGet() > 3));
    assertThat(together(stopping).stream().map(t -> t.result().outcome()))
        .containsOnly(Outcome.STOPPED);
    assertSame(together(runs), alone());
  }

  /** One diverges, the others do not care. */
  @Test
  void theOthersGoOn() {
    TrainingContext context = context();
    List<PreparedTraining> prepared = new ArrayList<>();
    for (int i = 0; i < STUDENTS.size(); i++) {
      Student student = STUDENTS.get(i);
      Recipe recipe = i == 1 ? RECIPE.withLearningRate(1e30) : student.recipe();
      prepared.add(new Student(student.options(), recipe).prepare(context, RunOptions.plain()));
    }
    List<Supplier<Trained>> ended = PreparedTraining.run(prepared);
    assertThatThrownBy(() -> ended.get(1).get())
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("diverged");
    List<Trained> alone = alone();
    assertSame(
        List.of(ended.get(0).get(), ended.get(2).get()), List.of(alone.get(0), alone.get(2)));
  }

  @Test
  void theTeacherIsAskedOnceForABatch() {
    TeacherAnswers answers = new TeacherAnswers(TEACHER);
    float[] pixels = new float[4 * 16 * 16 * 3];
    Rng rng = new Rng(1);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) rng.nextGaussian();
    }
    Tensor x = Tensor.of(CPU, pixels, 4, 16, 16, 3);
    Tensor logits;
    try (TensorScope _ = new TensorScope()) {
      logits = answers.logits(x);
    }
    // Still there when the scope of the one who asked first is closed.
    assertThat(answers.logits(x)).isSameAs(logits);
    float[] got = logits.toArray();
    assertThat(got).containsExactly(TEACHER.network().forward(x).toArray(), within(1e-4f));
    Tensor features = answers.features(x);
    assertThat(features.shape()).isEqualTo(TEACHER.network().left().forward(x).shape());
    Tensor other = Tensor.of(CPU, pixels, 4, 16, 16, 3);
    assertThat(answers.logits(other).toArray()).isEqualTo(got);
    assertThatThrownBy(logits::toArray).hasMessageContaining("released");
  }

  @Test
  void theTimeOfAnswersIsTakenOnce() {
    TeacherAnswers answers = new TeacherAnswers(TEACHER);
    assertThat(answers.takeSeconds()).isZero();
    Tensor x = Tensor.zeros(CPU, 4, 16, 16, 3);
    answers.logits(x);
    assertThat(answers.takeSeconds()).isPositive();
    answers.logits(x);
    answers.features(x);
    assertThat(answers.takeSeconds()).isZero();
  }

  @Test
  void othersBatchesAreRefused() {
    PreparedTraining one = STUDENTS.getFirst().prepare(context(), RunOptions.plain());
    PreparedTraining larger =
        new Student(STUDENTS.getFirst().options(), RECIPE.withBatchSize(12))
            .prepare(context(), RunOptions.plain());
    assertThatThrownBy(() -> PreparedTraining.run(List.of(one, larger)))
        .hasMessageContaining("same batches");
  }
}
