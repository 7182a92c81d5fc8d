package dev.thumbnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.Batch;
import dev.thumbnet.data.Loader;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Dropout;
import dev.thumbnet.engine.nn.Flatten;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.optim.Ema;
import dev.thumbnet.engine.optim.LrSchedule;
import dev.thumbnet.engine.optim.Optimizer;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.engine.optim.Sgd;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.measure.Score;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Trainer.Course;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop of training: it repeats, resumes, stops and complains as promised. */
final class TrainerTest {
  private static final Device CPU = Device.cpu();
  private static final int BATCH = 6;
  private static final int STEPS = 4;

  @TempDir private Path folder;

  /** A small network with everything that has state: normalisation, dropout. */
  private static Sequential network(Device device) {
    Rng rng = new Rng(3);
    return new Sequential(
        new Conv2d(device, 3, 4, 3, 4, 1, false, rng),
        new BatchNorm2d(device, 4),
        new ReLU(),
        new Flatten(),
        new Dropout(.3, rng),
        new Linear(device, 64, 3, true, rng));
  }

  /** One training, set up anew for each run. */
  private final class Setup {
    final Sequential network;
    final Device device;
    RunOptions options = RunOptions.plain();
    Provenance provenance;
    double ema;
    int patience;
    Supplier<Score> evaluation;
    double rate = .05;
    double clip;
    Runnable amidst = () -> {};

    Setup(Device device) {
      this.device = device;
      this.network = network(device);
      this.provenance = Provenance.on(device).with("recipe.epochs", 2).with("seed", 5);
    }

    Phase phase(String name, int epochs) {
      return new Phase(
          name,
          epochs,
          (x, batch) -> {
            Tensor logits = network.forward(x);
            amidst.run();
            int[] labels = batch.labels();
            return new Losses()
                .add("CL", 1, Ops.crossEntropy(logits, labels, 0))
                .scoring(() -> Metrics.sumOfTop1(logits.toDoubleArray(), labels));
          },
          () -> new Sgd(List.of(ParamGroup.all("", network, 1e-3)), .9, true),
          steps -> LrSchedule.cosine(rate, 0, steps),
          clip,
          ema,
          patience,
          evaluation);
    }

    TrainingResult train() {
      return train(phase("one", 1), phase("two", 2));
    }

    Course course(Phase... phases) {
      return new Course(network, device, 5, provenance, List.of(phases), options);
    }

    TrainingResult train(Phase... phases) {
      try (Loader loader = TinyPictures.data().loader(BATCH, 7)) {
        assertThat(loader.batches()).isEqualTo(STEPS);
        return Trainer.train(loader, course(phases));
      }
    }

    Map<String, List<Float>> weights() {
      Map<String, List<Float>> all = new TreeMap<>();
      network
          .state()
          .tensors()
          .forEach(
              (name, t) -> {
                List<Float> values = new ArrayList<>();
                for (float v : t.toArray()) {
                  values.add(v);
                }
                all.put(name, values);
              });
      network.state().counters().forEach((name, v) -> all.put(name, List.of((float) v)));
      return all;
    }
  }

  private static TrainingListener atStep(int wanted, Runnable action) {
    AtomicInteger steps = new AtomicInteger();
    return new TrainingListener() {
      @Override
      public void onStep(StepReport report) {
        if (steps.incrementAndGet() == wanted) {
          action.run();
        }
      }
    };
  }

  private static Score measured(double top1) {
    return Metrics.score(1, top1, 100);
  }

  // ---------------------------------------------------------------- the loop itself

  @Test
  void doesWhatALoopByHandDoes() {
    Setup trained = new Setup(CPU);
    trained.ema = .8;
    TrainingResult result = trained.train(trained.phase("only", 2));
    assertThat(result.outcome()).isEqualTo(Outcome.FINISHED);

    Setup byHand = new Setup(CPU);
    Optimizer optimizer = new Sgd(List.of(ParamGroup.all("", byHand.network, 1e-3)), .9, true);
    LrSchedule schedule = LrSchedule.cosine(.05, 0, 2 * STEPS);
    Ema ema = new Ema(byHand.network, .8);
    double lossSum = 0;
    try (Loader loader = TinyPictures.data().loader(BATCH, 7)) {
      for (int step = 0; step < 2 * STEPS; step++) {
        if (step % STEPS == 0) {
          loader.startEpoch(step / STEPS, 0);
        }
        Batch batch = loader.next();
        byHand.network.reseed(new Rng(5).split(step));
        optimizer.zeroGrad();
        Tensor x = Tensor.of(CPU, batch.pixels(), BATCH, 16, 16, 3);
        Tensor loss = Ops.crossEntropy(byHand.network.forward(x), batch.labels(), 0);
        lossSum += step < STEPS ? loss.item() : 0;
        loss.backward();
        optimizer.step(schedule.at(step));
        ema.update();
      }
    }
    ema.apply();
    assertThat(trained.weights()).isEqualTo(byHand.weights());
    assertThat(result.history()).hasSize(2);
    assertThat(result.history().getFirst().loss()).isEqualTo(lossSum / STEPS);
    assertThat(result.history().getFirst().losses()).containsEntry("CL", lossSum / STEPS);
    assertThat(result.history().getFirst().trainingScore()).isBetween(0.0, 100.0);
    assertThat(result.history().getFirst().score()).isEqualTo(Score.NONE);
  }

  /**
   * Another task: to tell the mean brightness of pictures. Its targets are found by what the batch
   * says of its pictures, and its score is below 0.
   */
  @Test
  void aTaskWithoutClassesFits() {
    Setup setup = new Setup(CPU);
    Sequential network =
        new Sequential(new Flatten(), new Linear(CPU, 16 * 16 * 3, 1, true, new Rng(3)));
    List<Integer> seen = new ArrayList<>();
    Iterator<Double> errors = List.of(5.0, 2.0, 3.0).iterator();
    Phase regression =
        new Phase(
            "regression",
            3,
            (x, batch) -> {
              for (int index : batch.indices()) {
                seen.add(index);
              }
              Tensor wanted = Ops.reshape(Ops.mean(x, 1, 2, 3), batch.size(), 1);
              Tensor error = Ops.mse(network.forward(x), wanted);
              return new Losses()
                  .add("L2", 1, error)
                  .scoring(() -> -batch.size() * Math.sqrt(error.item()));
            },
            () -> new Sgd(List.of(ParamGroup.all("", network, 0)), 0, false),
            _ -> LrSchedule.constant(1e-4),
            0,
            0,
            2,
            () -> new Score("-RMSE", -errors.next(), Map.of("R2", .5)));
    Path file = folder.resolve("run.checkpoint");
    TrainingResult result;
    try (Loader loader = TinyPictures.data().loader(BATCH, 7)) {
      RunOptions options = setup.options.withCheckpoint(file);
      Course course = new Course(network, CPU, 5, setup.provenance, List.of(regression), options);
      result = Trainer.train(loader, course);
      // Read back from its checkpoint, the training is found to be over.
      assertThat(Trainer.train(loader, course)).isEqualTo(result);
    }
    assertThat(seen).hasSize(3 * STEPS * BATCH).contains(0, 23);
    EpochRecord best = result.best().orElseThrow();
    assertThat(best.epoch()).isEqualTo(2);
    assertThat(best.score()).isEqualTo(new Score("-RMSE", -2, Map.of("R2", .5)));
    assertThat(best.trainingScore()).isNegative();
    assertThat(best.losses()).isEqualTo(Map.of("L2", best.loss()));
  }

  @Test
  void clippedGradientsMoveLess() {
    Setup free = new Setup(CPU);
    free.train();
    Setup loose = new Setup(CPU);
    loose.clip = 1e6;
    loose.train();
    assertThat(loose.weights()).isEqualTo(free.weights());
    Setup tight = new Setup(CPU);
    tight.clip = 1e-9;
    tight.train();
    for (String name : List.of("5.weight", "0.weight")) {
      List<Float> start = new Setup(CPU).weights().get(name);
      assertThat(distance(tight.weights().get(name), start))
          .isLessThan(.01 * distance(free.weights().get(name), start));
    }
  }

  private static double distance(List<Float> a, List<Float> b) {
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      sum += Math.pow(a.get(i) - b.get(i), 2);
    }
    return Math.sqrt(sum);
  }

  @Test
  void averagedWeightsDiffer() {
    Setup plain = new Setup(CPU);
    plain.train();
    Setup averaged = new Setup(CPU);
    averaged.ema = .8;
    averaged.train();
    assertThat(averaged.weights()).isNotEqualTo(plain.weights());
  }

  @Test
  void leavesTheModelReadyForUse() {
    Setup setup = new Setup(CPU);
    setup.train();
    assertThat(setup.network.training()).isFalse();
    assertThat(setup.network.parameters()).allMatch(p -> p.tensor().grad() == null);
  }

  @Test
  void tellsListenersWhatHappens() {
    Setup setup = new Setup(CPU);
    setup.evaluation = () -> measured(40);
    List<String> events = new ArrayList<>();
    setup.options =
        setup.options.withListener(
            new TrainingListener() {
              @Override
              public void onStart(long stepsDone, long steps) {
                events.add("start " + stepsDone + " of " + steps);
              }

              @Override
              public void onStep(StepReport r) {
                assertThat(r.remaining()).isGreaterThanOrEqualTo(Duration.ZERO);
                assertThat(r.picturesPerSecond()).isPositive();
                assertThat(r.losses()).containsEntry("CL", r.loss());
                events.add(
                    r.phase()
                        + " "
                        + r.epoch()
                        + "/"
                        + r.epochs()
                        + " "
                        + r.step()
                        + "/"
                        + r.steps());
              }

              @Override
              public void onEpoch(EpochRecord e) {
                events.add("epoch " + e.epoch() + " " + e.score().value());
              }

              @Override
              public void onEnd(TrainingResult result) {
                events.add(result.outcome() + " " + result.best().orElseThrow().epoch());
              }
            });
    setup.train(setup.phase("a", 1), setup.phase("b", 1));
    assertThat(events)
        .containsExactly(
            "start 0 of 8",
            "a 1/2 1/4",
            "a 1/2 2/4",
            "a 1/2 3/4",
            "a 1/2 4/4",
            "epoch 1 40.0",
            "b 2/2 1/4",
            "b 2/2 2/4",
            "b 2/2 3/4",
            "b 2/2 4/4",
            "epoch 2 40.0",
            "FINISHED 1");
  }

  // ---------------------------------------------------------------- repeating and resuming

  @Test
  void anyNumberOfThreadsGivesTheSameBits() {
    Setup one;
    Setup two;
    try (Device single = Device.cpu(1);
        Device pair = Device.cpu(2)) {
      one = new Setup(single);
      one.train();
      two = new Setup(pair);
      two.train();
      assertThat(two.weights()).isEqualTo(one.weights());
    }
  }

  private Setup resumable(Device device) {
    Setup setup = new Setup(device);
    setup.ema = .8;
    setup.patience = 2;
    Iterator<Double> accuracies = List.of(30.0, 50.0, 45.0).iterator();
    setup.evaluation = () -> measured(accuracies.next());
    return setup;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 8, 10, 12})
  void stoppedTrainingIsResumedExactly(int step) {
    Setup straight = resumable(CPU);
    TrainingResult expected = straight.train();

    Path file = folder.resolve("run.checkpoint");
    AtomicInteger steps = new AtomicInteger();
    Setup stopped = new Setup(CPU);
    stopped.ema = .8;
    stopped.patience = 2;
    List<Double> accuracies = new ArrayList<>(List.of(30.0, 50.0, 45.0));
    stopped.evaluation = () -> measured(accuracies.removeFirst());
    stopped.options =
        stopped
            .options
            .withCheckpoint(file)
            .withListener(atStep(step, () -> steps.set(step)))
            .withStop(() -> steps.get() > 0);
    TrainingResult first = stopped.train();
    // Nothing asks for a stop any more after the last step of all.
    assertThat(first.outcome()).isEqualTo(step == 3 * STEPS ? Outcome.FINISHED : Outcome.STOPPED);

    Setup resumed = new Setup(CPU);
    resumed.ema = .8;
    resumed.patience = 2;
    resumed.evaluation = stopped.evaluation;
    resumed.options = resumed.options.withCheckpoint(file);
    TrainingResult second = resumed.train();
    assertThat(resumed.weights()).isEqualTo(straight.weights());
    assertThat(second.outcome()).isEqualTo(expected.outcome());
    assertThat(withoutTimes(second.history())).isEqualTo(withoutTimes(expected.history()));
  }

  private static List<EpochRecord> withoutTimes(List<EpochRecord> history) {
    return history.stream()
        .map(
            e ->
                new EpochRecord(
                    e.phase(), e.epoch(), e.loss(), e.losses(), e.trainingScore(), e.score(), 0))
        .toList();
  }

  /** The checkpoint is the one of the step before; the next session has other threads. */
  @ParameterizedTest
  @ValueSource(ints = {2, 6, 11})
  void killedTrainingIsResumedExactly(int step) {
    Setup straight = new Setup(CPU);
    straight.train();

    Path file = folder.resolve("run.checkpoint");
    try (Device single = Device.cpu(1);
        Device pair = Device.cpu(2)) {
      Setup killed = new Setup(single);
      killed.options =
          killed
              .options
              .withCheckpoint(file, Duration.ZERO)
              .withListener(
                  atStep(
                      step,
                      () -> {
                        throw new OutOfMemoryError("made up");
                      }));
      assertThatThrownBy(killed::train).isInstanceOf(OutOfMemoryError.class);

      Setup resumed = new Setup(pair);
      List<Long> starts = new ArrayList<>();
      resumed.options =
          resumed
              .options
              .withCheckpoint(file)
              .withListener(
                  new TrainingListener() {
                    @Override
                    public void onStart(long stepsDone, long steps) {
                      starts.add(stepsDone);
                    }
                  });
      assertThat(resumed.train().outcome()).isEqualTo(Outcome.FINISHED);
      assertThat(starts).containsExactly((long) step - 1);
      assertThat(resumed.weights()).isEqualTo(straight.weights());
    }
  }

  @Test
  void referenceDeviceIsResumedInDoublePrecision() {
    Setup straight = new Setup(Device.reference());
    straight.train(straight.phase("only", 1));
    Path file = folder.resolve("run.checkpoint");
    AtomicInteger steps = new AtomicInteger();
    Setup stopped = new Setup(Device.reference());
    stopped.options =
        stopped.options.withCheckpoint(file).withStop(() -> steps.incrementAndGet() > 2);
    assertThat(stopped.train(stopped.phase("only", 1)).outcome()).isEqualTo(Outcome.STOPPED);
    Setup resumed = new Setup(Device.reference());
    resumed.options = resumed.options.withCheckpoint(file);
    resumed.train(resumed.phase("only", 1));
    resumed
        .network
        .state()
        .tensors()
        .forEach(
            (name, t) ->
                assertThat(t.toDoubleArray())
                    .as(name)
                    .isEqualTo(straight.network.state().tensors().get(name).toDoubleArray()));
  }

  @Test
  void finishedTrainingIsNotRepeated() {
    Path file = folder.resolve("run.checkpoint");
    Setup first = new Setup(CPU);
    first.options = first.options.withCheckpoint(file);
    first.train();
    Setup second = new Setup(CPU);
    second.options =
        second
            .options
            .withCheckpoint(file)
            .withListener(
                atStep(
                    1,
                    () -> {
                      throw new AssertionError("a step was done");
                    }));
    TrainingResult result = second.train();
    assertThat(result.outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(result.history()).hasSize(3);
    assertThat(second.weights()).isEqualTo(first.weights());
  }

  @Test
  void anInterruptTakesBackTheStepThatWasBegun() {
    Path file = folder.resolve("run.checkpoint");
    Setup straight = new Setup(CPU);
    straight.train();
    Setup stopped = new Setup(CPU);
    AtomicInteger steps = new AtomicInteger();
    List<Map<String, List<Float>>> before = new ArrayList<>();
    stopped.options =
        stopped
            .options
            .withCheckpoint(file)
            .withListener(atStep(6, () -> before.add(stopped.weights())));
    stopped.amidst =
        () -> {
          if (steps.incrementAndGet() == 7) {
            // Batch normalisation has updated its averages by now.
            assertThat(stopped.weights()).isNotEqualTo(before.getFirst());
            Thread.currentThread().interrupt();
          }
        };
    try {
      assertThat(stopped.train().outcome()).isEqualTo(Outcome.STOPPED);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(stopped.weights()).isEqualTo(before.getFirst());
    Setup resumed = new Setup(CPU);
    resumed.options = resumed.options.withCheckpoint(file);
    resumed.train();
    assertThat(resumed.weights()).isEqualTo(straight.weights());
  }

  @Test
  void aCheckpointThatCannotBeWrittenIsWarnedOfOnce() {
    Path file = folder.resolve("none/run.checkpoint");
    Setup straight = new Setup(CPU);
    straight.train();
    Setup setup = new Setup(CPU);
    setup.options = setup.options.withCheckpoint(file, Duration.ZERO);
    Logger logger = Logger.getLogger(Trainer.class.getName());
    List<String> warnings = new ArrayList<>();
    Filter before = logger.getFilter();
    logger.setFilter(record -> !warnings.add(record.getMessage()));
    try {
      assertThat(setup.train().outcome()).isEqualTo(Outcome.FINISHED);
    } finally {
      logger.setFilter(before);
    }
    assertThat(setup.weights()).isEqualTo(straight.weights());
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains(file.toString(), "there is no folder", "goes on");
  }

  private static void fails(String reason) {
    new SafeTensorsWriter()
        .write(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException(reason);
              }
            });
  }

  @Test
  void aCheckpointMakesRoomForTheResult() throws IOException {
    Path file = folder.resolve("run.checkpoint");
    Path model = folder.resolve("model");
    RunOptions options = RunOptions.plain().withCheckpoint(file);
    Consumer<Path> fullDisk =
        _ -> {
          if (Files.exists(file)) {
            fails("No space left on device");
          }
        };
    options.saveResult(model, fullDisk);
    Files.writeString(file, "all that was learnt");
    options.saveResult(model, fullDisk);
    assertThat(file).doesNotExist();
    Files.writeString(file, "all that was learnt");
    assertThatThrownBy(() -> options.saveResult(model, _ -> fails("Disk quota exceeded")))
        .hasMessageContaining("cannot be written")
        .hasMessageContaining("the training is done and kept in " + file);
    assertThat(file).hasContent("all that was learnt");
  }

  @Test
  void aCheckpointMakesNoRoomWhereThatDoesNotHelp() throws IOException {
    Path file = folder.resolve("run.checkpoint");
    Files.writeString(file, "all that was learnt");
    RunOptions options = RunOptions.plain().withCheckpoint(file);
    Path none = folder.resolve("none/model");
    for (String reason : List.of("Permission denied", "Input/output error")) {
      assertThatThrownBy(
              () ->
                  options.saveResult(
                      folder.resolve("model"),
                      _ -> {
                        assertThat(file).exists();
                        fails(reason);
                      }))
          .isInstanceOf(SafeTensorsException.class);
    }
    assertThatThrownBy(
            () ->
                options.saveResult(
                    none,
                    path -> {
                      assertThat(file).exists();
                      new SafeTensorsWriter().write(path);
                    }))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageContaining("there is no folder");
    assertThat(file).hasContent("all that was learnt");
  }

  @Test
  void aCheckpointIsPutBackWhateverHappens() throws IOException {
    Path file = Files.createDirectory(folder.resolve("run")).resolve("run.checkpoint");
    RunOptions options = RunOptions.plain().withCheckpoint(file);
    Files.writeString(file, "all that was learnt");
    assertThatThrownBy(() -> saveWithout(options, file, new OutOfMemoryError("as if")))
        .hasMessageContaining("as if")
        .hasMessageContaining("kept in " + file);
    assertThat(file).hasContent("all that was learnt");
    assertThatThrownBy(
            () ->
                options.saveResult(
                    folder.resolve("model"),
                    _ -> {
                      if (!Files.exists(file)) {
                        deleteFolderOf(file);
                      }
                      fails("No space left on device");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("cannot be put back (" + file)
        .hasMessageContaining("the training is lost");
  }

  private void saveWithout(RunOptions options, Path checkpoint, Error error) {
    options.saveResult(
        folder.resolve("model"),
        _ -> {
          if (Files.exists(checkpoint)) {
            fails("No space left on device");
          }
          throw error;
        });
  }

  private static void deleteFolderOf(Path file) {
    try {
      Files.delete(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void interruptStopsAndStays() throws InterruptedException {
    Path file = folder.resolve("run.checkpoint");
    Setup straight = new Setup(CPU);
    straight.train();
    Setup setup = new Setup(CPU);
    setup.options =
        setup
            .options
            .withCheckpoint(file)
            .withListener(atStep(5, () -> Thread.currentThread().interrupt()));
    List<Object> seen = new ArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              seen.add(setup.train().outcome());
              seen.add(Thread.currentThread().isInterrupted());
            });
    thread.start();
    thread.join();
    assertThat(seen).containsExactly(Outcome.STOPPED, true);
    Setup resumed = new Setup(CPU);
    resumed.options = resumed.options.withCheckpoint(file);
    resumed.train();
    assertThat(resumed.weights()).isEqualTo(straight.weights());
  }

  // ---------------------------------------------------------------- what goes wrong

  @Test
  void checkpointOfAnotherTrainingIsRefused() {
    Path file = folder.resolve("run.checkpoint");
    Setup first = new Setup(CPU);
    first.options = first.options.withCheckpoint(file);
    first.train();
    Setup other = new Setup(CPU);
    other.options = first.options;
    other.provenance = Provenance.on(CPU).with("recipe.epochs", 3).with("seed", 5).with("x", 1);
    assertThatThrownBy(other::train)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("recipe.epochs is 2 there and 3 now")
        .hasMessageContaining("x is missing there and 1 now")
        .hasMessageNotContaining("seed is");
  }

  @Test
  void otherFilesAreRefused() throws Exception {
    Path file = folder.resolve("run.checkpoint");
    Setup setup = new Setup(CPU);
    setup.options = setup.options.withCheckpoint(file);
    Files.writeString(file, "this is no checkpoint at all");
    assertThatThrownBy(setup::train).hasMessageContaining(file.toString());
    new dev.thumbnet.engine.io.SafeTensorsWriter()
        .put("a", new long[] {1}, new float[1])
        .write(file);
    assertThatThrownBy(setup::train)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no checkpoint");
    assertThat(file).exists();
  }

  @Test
  void divergenceIsNoticedAndTheOldCheckpointKept() throws Exception {
    Path file = folder.resolve("run.checkpoint");
    Setup setup = new Setup(CPU);
    setup.rate = 1e30;
    setup.options = setup.options.withCheckpoint(file, Duration.ZERO);
    assertThatThrownBy(setup::train)
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("diverged")
        .hasMessageContaining("lower");
    assertThatThrownBy(() -> nothingLearnt(Double.NaN))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("NaN")
        .hasMessageContaining("step 1 of epoch 1")
        .hasMessageContaining("learning rate of 0.05");
  }

  /** What is found at the end of a step comes too late for its statistics, but not for weights. */
  @Test
  void aStepWithoutALossChangesNoWeight() {
    Setup setup = new Setup(CPU);
    Map<String, List<Float>> before = setup.weights();
    Phase phase = setup.phase("only", 1);
    assertThatThrownBy(
            () ->
                setup.train(
                    new Phase(
                        "only",
                        1,
                        (x, _) ->
                            new Losses().add("NaN", Double.NaN, Ops.sum(setup.network.forward(x))),
                        phase.optimizer(),
                        phase.schedule(),
                        1,
                        .5,
                        0,
                        null)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("NaN");
    Map<String, List<Float>> after = setup.weights();
    for (String name : setup.network.namedParameters().keySet()) {
      assertThat(after.get(name)).as(name).isEqualTo(before.get(name));
    }
  }

  private void nothingLearnt(double loss) {
    Setup setup = new Setup(CPU);
    Phase phase = setup.phase("only", 1);
    Tensor scalar = Tensor.scalar(CPU, loss).requiresGrad(true);
    setup.train(
        new Phase(
            "only",
            1,
            (_, _) -> new Losses().add("CL", 1, Ops.mul(scalar, 1)),
            phase.optimizer(),
            phase.schedule(),
            0,
            0,
            0,
            null));
  }

  @Test
  void zeroLossIsNoError() {
    nothingLearnt(0);
  }

  @Test
  void patienceEndsWithTheBestWeights() {
    Setup best = new Setup(CPU);
    best.train(best.phase("only", 2));

    Setup early = new Setup(CPU);
    early.patience = 2;
    Iterator<Double> accuracies = List.of(30.0, 50.0, 50.0, 40.0, 99.0).iterator();
    early.evaluation = () -> measured(accuracies.next());
    early.rate = .05;
    // The rate of the first epochs must be that of the shorter training.
    Phase phase = early.phase("only", 5);
    TrainingResult result =
        early.train(
            new Phase(
                "only",
                5,
                phase.objective(),
                phase.optimizer(),
                _ -> LrSchedule.cosine(.05, 0, 2 * STEPS),
                0,
                0,
                2,
                early.evaluation));
    assertThat(result.outcome()).isEqualTo(Outcome.STOPPED_EARLY);
    assertThat(result.history()).hasSize(4);
    assertThat(result.best().orElseThrow().epoch()).isEqualTo(2);
    assertThat(early.weights()).isEqualTo(best.weights());
  }

  @Test
  void phasesMustMakeSense() {
    Setup setup = new Setup(CPU);
    assertThatThrownBy(() -> setup.phase("none", 0)).hasMessageContaining("epoch");
    setup.patience = 1;
    assertThatThrownBy(() -> setup.phase("blind", 1)).hasMessageContaining("evaluation");
    assertThatThrownBy(() -> setup.train(new Phase[0])).hasMessageContaining("phase");
  }
}
