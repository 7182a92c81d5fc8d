package dev.thumbnet.method.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.RateChoice;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.pruning.PrunedByStages.EpochShares;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.StepReport;
import dev.thumbnet.train.TrainingListener;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The trainings of thin networks, on pictures that are easy to tell apart. */
final class PruningMethodTest {
  private static final Device CPU = Device.cpu();
  private static final TrainedModel TEACHER = TinyPictures.teacher(CPU);
  private static final int EPOCHS = 5;
  private static final int STEPS = 4;
  private static final Setting SETTING =
      new Setting(
          TinyPictures.architecture(),
          TinyPictures.SIDE,
          List.of(Reduction.FOUR_TO_ONE),
          DownscalerKind.PLAIN,
          Recipe.teacher(2).withBatchSize(6),
          Recipe.student(EPOCHS).withBatchSize(6));

  @TempDir private Path folder;

  static Stream<Method> methods() {
    return Stream.of(
        PruningMethod.THINET, PruningMethod.L1, PruningMethod.RANDOM, PruningMethod.SCRATCH);
  }

  private static TrainingContext context(Device device, TrainedModel teacher, long seed) {
    return new TrainingContext(device, TinyPictures.data(), seed, Optional.of(teacher));
  }

  private static Trained run(Method method, long seed, RunOptions options) {
    return method.trainings(SETTING).getFirst().run(context(CPU, TEACHER, seed), options);
  }

  private static String weights(Trained trained) {
    return Provenance.fingerprint(trained.model().network());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodTrainsANetworkOfHalfTheCost(Method method) {
    String teacher = Provenance.fingerprint(TEACHER.network());
    Training training = method.trainings(SETTING).getFirst();
    Trained trained = training.run(context(CPU, TEACHER, 3), RunOptions.plain());
    assertThat(trained.result().outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(Provenance.fingerprint(TEACHER.network())).isEqualTo(teacher);

    TrainedModel model = trained.model();
    assertThat(model.usesThumbnails()).isFalse();
    assertThat(model.inputSize()).isEqualTo(TinyPictures.SIDE);
    assertThat(model.macs()).isLessThanOrEqualTo(TEACHER.macs() / 2);
    assertThat(model.network().training()).isFalse();
    assertThat(model.network().architecture().settings())
        .containsEntry(
            "innerChannels", training.points().getFirst().settings().get("innerChannels"));
    assertThat(model.provenance().settings())
        .containsEntry("training", method.key())
        .containsEntry("teacher", teacher)
        .containsEntry("pruning.times", "2.0")
        .containsEntry("guided.distillation", "0.9");

    List<EpochRecord> history = trained.result().history();
    assertThat(history)
        .extracting(EpochRecord::epoch)
        .as("the budget is that of every student")
        .containsExactly(1, 2, 3, 4, 5);
    assertThat(history)
        .allSatisfy(e -> assertThat(e.losses().keySet()).containsExactly("CL", "KD"));
    double again = TinyPictures.data().evaluator(5, CPU).evaluate(model).metrics().top1();
    assertThat(again).isEqualTo(history.getLast().score().value());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void theSeedDecidesAndTheNumberOfThreadsDoesNot(Method method) {
    String one = weights(run(method, 1, RunOptions.plain()));
    assertThat(weights(run(method, 2, RunOptions.plain()))).isNotEqualTo(one);
    try (Device single = Device.cpu(1)) {
      Trained again =
          method
              .trainings(SETTING)
              .getFirst()
              .run(context(single, TinyPictures.teacher(single), 1), RunOptions.plain());
      assertThat(weights(again)).isEqualTo(one);
    }
  }

  /** ThiNet is stopped in its first stage, at the end of it, in the second and in the last. */
  @ParameterizedTest
  @MethodSource("methods")
  void aTrainingThatWasInterruptedEndsWithTheSameBits(Method method) {
    Trained straight = run(method, 4, RunOptions.plain());
    for (int step : new int[] {1, STEPS, STEPS + 2, 3 * STEPS + 1}) {
      RunOptions options =
          RunOptions.plain()
              .withCheckpoint(folder.resolve(method.key() + step), Duration.ofHours(1));
      AtomicInteger steps = new AtomicInteger();
      Trained stopped = run(method, 4, options.withStop(() -> steps.incrementAndGet() > step));
      assertThat(stopped.result().outcome()).isEqualTo(Outcome.STOPPED);
      assertThat(options.checkpoints()).isNotEmpty();
      Trained resumed = run(method, 4, options);
      assertThat(weights(resumed)).isEqualTo(weights(straight));
      assertThat(numbers(resumed)).isEqualTo(numbers(straight));
      assertThatThrownBy(() -> run(method, 5, options))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another training");
      options.removeCheckpoint();
      assertThat(options.checkpoints()).isEmpty();
      assertThat(folder).isEmptyDirectory();
    }
  }

  /** All that is known of epochs but their time. */
  private static List<String> numbers(Trained trained) {
    return trained.result().history().stream()
        .map(e -> e.phase() + e.epoch() + " " + e.loss() + e.losses() + e.score())
        .toList();
  }

  @Test
  void epochsAreDividedBetweenStagesAndTheEnd() {
    assertThat(EpochShares.of(40, 8)).isEqualTo(new EpochShares(8, 8, 2, 24));
    assertThat(EpochShares.of(20, 8)).isEqualTo(new EpochShares(8, 8, 1, 12));
    assertThat(EpochShares.of(10, 8)).isEqualTo(new EpochShares(8, 5, 1, 5));
    assertThat(EpochShares.of(3, 8)).isEqualTo(new EpochShares(8, 1, 1, 2));
    assertThat(EpochShares.of(1, 8)).isEqualTo(new EpochShares(8, 0, 0, 1));
    EpochShares five = EpochShares.of(10, 8);
    List<Integer> firsts = new ArrayList<>();
    for (int stage = 0; stage <= five.stages(); stage++) {
      firsts.add(five.first(stage));
    }
    assertThat(firsts).containsExactly(0, 1, 3, 4, 6, 8);
  }

  @Test
  void stagesAreToldAsPartsOfOneTraining() {
    List<String> told = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            if (report.step() == STEPS) {
              told.add(report.phase() + ", " + report.epoch() + " of " + report.epochs());
            }
          }

          @Override
          public void onEpoch(EpochRecord epoch) {
            told.add(epoch.phase() + ", " + epoch.epoch());
          }
        };
    Trained trained = run(PruningMethod.THINET, 1, RunOptions.plain().withListener(listener));
    assertThat(told)
        .containsExactly(
            "stage 1 of 2, 1 of 5",
            "stage 1 of 2, 1",
            "stage 2 of 2, 2 of 5",
            "stage 2 of 2, 2",
            "last stage, 3 of 5",
            "last stage, 3",
            "last stage, 4 of 5",
            "last stage, 4",
            "last stage, 5 of 5",
            "last stage, 5");
    assertThat(trained.result().history())
        .extracting(EpochRecord::phase)
        .containsExactly("stage 1 of 2", "stage 2 of 2", "last stage", "last stage", "last stage");
  }

  @Test
  void oneEpochIsEnough() {
    Setting brief =
        new Setting(
            SETTING.network(),
            SETTING.size(),
            SETTING.reductions(),
            SETTING.downscaler(),
            SETTING.teacher(),
            SETTING.student().withEpochs(1));
    Training training = PruningMethod.THINET.trainings(brief).getFirst();
    Trained trained = training.run(context(CPU, TEACHER, 1), RunOptions.plain());
    assertThat(trained.result().history()).hasSize(1);
    assertThat(trained.model().macs()).isLessThanOrEqualTo(TEACHER.macs() / 2);
  }

  /** From chance a network learns at the rate of teachers, which started by chance, too. */
  @Test
  void fromScratchIsTrainedAtTheTeachersRate() {
    assertThat(rate(run(PruningMethod.SCRATCH, 1, RunOptions.plain())))
        .isCloseTo(0.1 * 6 / 128, within(1e-12));
    assertThat(rate(run(PruningMethod.L1, 1, RunOptions.plain())))
        .isCloseTo(0.02 * 6 / 64, within(1e-12));
  }

  private static double rate(Trained trained) {
    return Double.parseDouble(trained.model().provenance().settings().get("recipe.learningRate"));
  }

  /** Trainings of several stages are run as stages of another, and from scratch as others are. */
  @ParameterizedTest
  @MethodSource("methods")
  void theRateCanBeChosenByTrials(Method method) {
    Need trialTeacher = new Need("trial-teacher", "full");
    TrainingContext context =
        new TrainingContext(
            CPU, TinyPictures.data(), 1, Optional.of(TEACHER), Map.of(trialTeacher, TEACHER));
    RateChoice choice = new RateChoice(method, SETTING, "2x", trialTeacher);
    RunOptions options = RunOptions.plain().withCheckpoint(folder.resolve("rate"));
    Trained trained = choice.run(context, options);
    assertThat(trained.result().history()).hasSize(EPOCHS);
    double peak = (Double) trained.notes().get(RateChoice.CHOSEN);
    assertThat(rate(trained)).isCloseTo(peak * 6 / 256, within(1e-12));
    assertThat(weights(choice.run(context, options))).isEqualTo(weights(trained));
    options.removeCheckpoint();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anotherTeacherIsRefused() {
    Setting wider =
        new Setting(
            SETTING.network().withWidth(0.25),
            SETTING.size(),
            SETTING.reductions(),
            SETTING.downscaler(),
            SETTING.teacher(),
            SETTING.student());
    for (Method method : methods().toList()) {
      Training training = method.trainings(wider).getFirst();
      assertThatThrownBy(() -> training.run(context(CPU, TEACHER, 1), RunOptions.plain()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("width 0.0625")
          .hasMessageContaining("width 0.25");
    }
  }
}
