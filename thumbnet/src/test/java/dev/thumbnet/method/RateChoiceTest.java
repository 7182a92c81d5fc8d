package dev.thumbnet.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.StepReport;
import dev.thumbnet.train.TrainingData;
import dev.thumbnet.train.TrainingListener;
import dev.thumbnet.train.TrainingResult;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The learning rate is chosen by pictures that nobody who is on trial has seen. */
final class RateChoiceTest {
  private static final Device CPU = Device.cpu();
  private static final Need TRIAL_TEACHER = new Need("trial-teacher", "full");
  private static final int EPOCHS = 8;

  private static final Setting SETTING =
      new Setting(
          TinyPictures.architecture(),
          TinyPictures.SIDE,
          List.of(Reduction.FOUR_TO_ONE),
          DownscalerKind.PLAIN,
          Recipe.teacher(EPOCHS).withBatchSize(8),
          Recipe.student(EPOCHS).withBatchSize(16));

  @TempDir private Path temp;

  /** Twenty pictures of the first class, ten of each other: a fifth of them are 4, 2 and 2. */
  private record Uneven(DataSet pictures) implements DataSet {
    Uneven() {
      this(new TinyPictures(40, 1));
    }

    @Override
    public int size() {
      return 40;
    }

    @Override
    public List<String> classes() {
      return pictures.classes();
    }

    @Override
    public int label(int index) {
      return Math.max(0, index / 10 - 1);
    }

    @Override
    public String name(int index) {
      return pictures.name(index);
    }

    @Override
    public RgbImage get(int index) {
      return pictures.get(index);
    }
  }

  private static TrainingData data() {
    return TrainingData.unscaled(new Uneven(), new TinyPictures(21, 2), TinyPictures.SIDE);
  }

  /** A network that always names the same class. */
  private static TrainedModel naming(int label) {
    Classifier network = Models.classifier(TinyPictures.architecture(), CPU, new Rng(1));
    Map<String, Tensor> tensors = new LinkedHashMap<>(network.state().tensors());
    float[] bias = new float[3];
    bias[label] = 1000;
    tensors.put("fc.bias", Tensor.of(CPU, bias, 3));
    network.load(new State(tensors, network.state().counters()));
    return new TrainedModel(
        CPU,
        network,
        null,
        new TinyPictures(1, 1).classes(),
        Preprocessing.unscaled(TinyPictures.SIDE),
        Provenance.on(CPU));
  }

  /** How the method was run. */
  private record Call(
      double rate,
      double teacherRate,
      int epochs,
      int pictures,
      int validation,
      TrainedModel teacher,
      Optional<String> checkpoint) {}

  /** What a training gives at a learning rate. */
  @FunctionalInterface
  private interface Gives {
    Trained at(double peak);
  }

  private static Trained finished(TrainedModel model) {
    return new Trained(model, new TrainingResult(Outcome.FINISHED, List.of()));
  }

  /** A method that trains nothing and notes how it was run. */
  private record Fake(Gives gives, List<Call> calls) implements Method {
    @Override
    public String key() {
      return "fake";
    }

    @Override
    public String name() {
      return "Fake";
    }

    @Override
    public String explanation() {
      return "Trains nothing.";
    }

    @Override
    public boolean trainsStudent() {
      return true;
    }

    @Override
    public List<Training> trainings(Setting setting) {
      return List.of(training(setting, "other"), training(setting, "one"));
    }

    private Training training(Setting setting, String key) {
      return new Training() {
        @Override
        public List<OperatingPoint> points() {
          double rate = setting.student().learningRate();
          return List.of(new OperatingPoint(key, "at " + key, 16, Map.of("rate", rate)));
        }

        @Override
        public Trained run(TrainingContext context, RunOptions options) {
          Recipe student = setting.student();
          calls.add(
              new Call(
                  student.learningRate(),
                  setting.teacher().learningRate(),
                  student.epochs(),
                  context.data().train().size(),
                  context.data().validation().size(),
                  context.teacher(),
                  Optional.ofNullable(options.checkpoint()).map(p -> p.getFileName().toString())));
          return gives.at(student.learningRate() * 256 / student.batchSize());
        }
      };
    }
  }

  private static final TrainedModel TEACHER = naming(0);
  private static final TrainedModel OF_TRIALS = naming(0);

  private static TrainingContext context() {
    return new TrainingContext(
        CPU, data(), 1, Optional.of(TEACHER), Map.of(TRIAL_TEACHER, OF_TRIALS));
  }

  private static Trained run(Fake fake, RunOptions options) {
    return new RateChoice(fake, SETTING, "one", TRIAL_TEACHER).run(context(), options);
  }

  private static Fake fake(Gives gives) {
    return new Fake(gives, new ArrayList<>());
  }

  @Test
  void theBestOnPicturesHeldOutWins() {
    Fake fake = fake(peak -> finished(naming(peak < 0.05 && peak > 0.005 ? 0 : 1)));
    Trained trained = run(fake, RunOptions.plain().withCheckpoint(temp.resolve("c")));
    // The class named at 0.01 has four of the eight pictures held out, the other has two.
    Map<String, Object> notes = new LinkedHashMap<>();
    notes.put("peakRatePer256", 0.01);
    notes.put("heldOutAcc1At0.1", 25.0);
    notes.put("heldOutAcc1At0.01", 50.0);
    notes.put("heldOutAcc1At0.001", 25.0);
    assertThat(trained.notes()).isEqualTo(notes);
    assertThat(fake.calls())
        .containsExactly(
            new Call(0.1 / 16, 0.1 / 32, 2, 32, 8, OF_TRIALS, Optional.of("c~rate-0.1")),
            new Call(0.01 / 16, 0.01 / 32, 2, 32, 8, OF_TRIALS, Optional.of("c~rate-0.01")),
            new Call(0.001 / 16, 0.001 / 32, 2, 32, 8, OF_TRIALS, Optional.of("c~rate-0.001")),
            new Call(0.01 / 16, 0.01 / 32, EPOCHS, 40, 21, TEACHER, Optional.of("c")));
  }

  @Test
  void amongEqualsTheLargestIsTaken() {
    Trained trained = run(fake(_ -> finished(naming(2))), RunOptions.plain());
    assertThat(trained.notes()).containsEntry(RateChoice.CHOSEN, 0.1);
  }

  @Test
  void severalModelsCountByTheirMean() {
    // 25 and 50 % at the largest rate, 50 and 50 % at the next.
    Fake fake =
        fake(
            peak ->
                new Trained(
                    List.of(naming(peak > 0.05 ? 1 : 0), naming(0)),
                    new TrainingResult(Outcome.FINISHED, List.of())));
    assertThat(run(fake, RunOptions.plain()).notes())
        .containsEntry("heldOutAcc1At0.1", 37.5)
        .containsEntry("heldOutAcc1At0.01", 50.0)
        .containsEntry(RateChoice.CHOSEN, 0.01);
  }

  @Test
  void whatDivergesCountsAsChanceAndNeverWins() {
    Fake fake =
        fake(
            peak -> {
              if (peak > 0.05) {
                throw new ArithmeticException("training has diverged");
              }
              return finished(naming(1));
            });
    // One of three classes is guessed more often than the one that is named has pictures.
    assertThat(run(fake, RunOptions.plain()).notes())
        .containsEntry("heldOutAcc1At0.1", 100 / 3.0)
        .containsEntry("divergedAt0.1", true)
        .containsEntry("heldOutAcc1At0.01", 25.0)
        .doesNotContainKey("divergedAt0.01")
        .containsEntry(RateChoice.CHOSEN, 0.01);
    Fake hopeless =
        fake(
            _ -> {
              throw new ArithmeticException("training has diverged");
            });
    assertThatThrownBy(() -> run(hopeless, RunOptions.plain()))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("fake one diverges at every learning rate that was tried: [0.1, 0.01, 0.001]");
    assertThat(hopeless.calls()).hasSize(3);
  }

  /** Only its whole training, which alone sees all 40 pictures, diverges at the best rates. */
  @Test
  void whatDivergesInTheEndLeavesItToTheNextBest() {
    List<Call> calls = new ArrayList<>();
    Fake fake =
        new Fake(
            peak -> {
              if (peak > 0.005 && calls.getLast().pictures() == 40) {
                throw new ArithmeticException("training has diverged");
              }
              return finished(naming(peak > 0.05 ? 1 : peak > 0.005 ? 0 : 2));
            },
            calls);
    Trained trained = run(fake, RunOptions.plain().withCheckpoint(temp.resolve("c")));
    assertThat(trained.notes())
        .containsEntry(RateChoice.CHOSEN, 0.001)
        .containsEntry("heldOutAcc1At0.01", 50.0)
        .containsEntry("divergedInTheEndAt0.01", true)
        .containsEntry("divergedInTheEndAt0.1", true)
        .doesNotContainKey("divergedAt0.1");
    assertThat(calls.subList(3, 6))
        .extracting(call -> call.checkpoint().orElseThrow())
        .containsExactly("c", "c~instead-of-0.01", "c~instead-of-0.1");
    assertThat(calls.getLast().rate()).isEqualTo(0.001 / 16);
  }

  @Test
  void aTrialThatIsStoppedStopsAll() {
    Fake fake = fake(_ -> new Trained(naming(0), new TrainingResult(Outcome.STOPPED, List.of())));
    Trained trained = run(fake, RunOptions.plain());
    assertThat(trained.result().outcome()).isEqualTo(Outcome.STOPPED);
    assertThat(fake.calls()).hasSize(1);
  }

  @Test
  void pointsSayHowTheRateIsChosen() {
    Fake fake = fake(_ -> finished(naming(0)));
    List<Training> all = RateChoice.all(fake, SETTING, TRIAL_TEACHER);
    assertThat(all)
        .flatExtracting(Training::points)
        .extracting(OperatingPoint::key)
        .containsExactly("other", "one");
    assertThat(all.getLast().points())
        .singleElement()
        .satisfies(
            point -> {
              assertThat(point.label()).isEqualTo("at one");
              assertThat(point.inputSize()).isEqualTo(16);
              assertThat(point.settings())
                  .containsEntry("rate", 0.02 * 16 / 64)
                  .containsEntry("rateChoice.peaksPer256", "0.1, 0.01, 0.001")
                  .containsEntry("rateChoice.heldOut", 0.2)
                  .containsEntry("rateChoice.epochs", 0.25)
                  .containsEntry("rateChoice.teacher", "trial-teacher full");
            });
    assertThatThrownBy(() -> new RateChoice(fake, SETTING, "none", TRIAL_TEACHER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fake does not offer a point none");
  }

  @Test
  void theTeacherOfTrialsHasNotSeenThePicturesHeldOut() {
    TrainingContext context =
        new TrainingContext(CPU, TinyPictures.data(), 1, Optional.of(TEACHER));
    Training training = TeacherMethod.FOR_TRIALS.trainings(SETTING).getFirst();
    TrainedModel model = training.run(context, RunOptions.plain()).model();
    TrainingData trial = RateChoice.trialData(TinyPictures.data());
    assertThat(model.provenance().settings())
        .containsEntry("data.train", Provenance.fingerprint(trial.train()))
        .containsEntry("data.validation", Provenance.fingerprint(trial.validation()));
    assertThat(trial.train().size()).isEqualTo(18);
    assertThat(trial.validation().size()).isEqualTo(6);
  }

  /** Counts steps, whichever training they are of. */
  private static final class Steps implements TrainingListener {
    private int count;

    @Override
    public void onStep(StepReport report) {
      count++;
    }
  }

  @Test
  void interruptionsChangeNoBitAndRepeatNoStep() throws IOException {
    Setting setting =
        SETTING.with(Recipe.teacher(2).withBatchSize(6), Recipe.student(2).withBatchSize(6));
    TrainingContext context =
        new TrainingContext(
            CPU,
            TinyPictures.data(),
            4,
            Optional.of(TinyPictures.teacher(CPU)),
            Map.of(TRIAL_TEACHER, naming(1)));
    RateChoice choice = new RateChoice(StudentMethod.BICUBIC, setting, "4to1", TRIAL_TEACHER);
    Steps straight = new Steps();
    Trained expected = choice.run(context, RunOptions.plain().withListener(straight));
    // Three trials of one epoch of 18 pictures and two epochs of 24, in batches of 6.
    assertThat(straight.count).isEqualTo(3 * 3 + 2 * 4);

    Steps steps = new Steps();
    RunOptions options =
        RunOptions.plain().withCheckpoint(temp.resolve("run.safetensors")).withListener(steps);
    Trained trained;
    int sessions = 0;
    do {
      sessions++;
      int[] questions = {0};
      trained = choice.run(context, options.withStop(() -> ++questions[0] > 4));
    } while (trained.result().outcome() == Outcome.STOPPED);
    assertThat(sessions).isGreaterThan(3);
    assertThat(steps.count).isEqualTo(straight.count);
    assertThat(trained.notes()).isEqualTo(expected.notes()).hasSize(4);
    assertThat(Provenance.fingerprint(trained.model().network()))
        .isEqualTo(Provenance.fingerprint(expected.model().network()));
    options.removeCheckpoint();
    try (var left = Files.list(temp)) {
      assertThat(left).isEmpty();
    }
  }
}
