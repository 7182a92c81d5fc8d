package dev.thumbnet.method.slimmable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.thumbnet.data.Loader;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.onnx.Onnx;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.teacher.TeacherTraining;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.OnnxRun;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.InterruptingPictures;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.StepReport;
import dev.thumbnet.train.TrainingData;
import dev.thumbnet.train.TrainingListener;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The trainings of several widths at once, on pictures that are easy to tell apart. */
final class SlimmableTrainingTest {
  private static final Device CPU = Device.cpu();
  private static final TrainedModel TEACHER = TinyPictures.teacher(CPU);
  private static final Recipe RECIPE = Recipe.student(3).withBatchSize(6).withSeed(2);

  @TempDir private Path folder;

  /** Both methods, for a training with some pictures and a recipe. */
  private enum Form {
    SLIMMABLE(
        (data, recipe) ->
            new SlimmableTraining(context(TEACHER, data, recipe), recipe, Widths.POINTS)),
    US_NET((data, recipe) -> new UsNetTraining(context(TEACHER, data, recipe), recipe));

    private final BiFunction<TrainingData, Recipe, JointTraining> maker;

    Form(BiFunction<TrainingData, Recipe, JointTraining> maker) {
      this.maker = maker;
    }

    JointTraining of(TrainingData data, Recipe recipe) {
      return maker.apply(data, recipe);
    }

    JointTraining of(Recipe recipe) {
      return of(TinyPictures.data(), recipe);
    }
  }

  private static TrainingContext context(TrainedModel teacher, TrainingData data, Recipe recipe) {
    return new TrainingContext(CPU, data, recipe.seed(), Optional.of(teacher));
  }

  // ---------------------------------------------------------------- what comes out

  @ParameterizedTest
  @EnumSource(Form.class)
  void eachPointIsAnOrdinaryNetwork(Form form) throws Exception {
    String teacher = Provenance.fingerprint(TEACHER.network());
    Trained trained = form.of(RECIPE).prepare(RunOptions.plain()).run();
    assertThat(trained.result().outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(Provenance.fingerprint(TEACHER.network())).isEqualTo(teacher);
    assertThat(trained.models()).hasSize(4);
    long macs = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      TrainedModel model = trained.models().get(i);
      double width = Widths.POINTS.get(i);
      assertThat(model.network().architecture())
          .isEqualTo(TinyPictures.architecture().withWidth(width / 16));
      assertThat(model.usesThumbnails()).isFalse();
      assertThat(model.macs()).isLessThan(macs);
      macs = model.macs();
      assertThat(model.network().modules()).noneMatch(Module::training);
      assertThat(model.provenance().settings())
          .containsEntry("training", key(form))
          .containsEntry(key(form) + ".width", Double.toString(width))
          .containsEntry(key(form) + ".widths", "1 0.75 0.5 0.25")
          .containsEntry("network.width", Double.toString(width / 16))
          .containsEntry("teacher", teacher)
          .containsEntry("recipe.seed", "2");
      agree(model);
    }
  }

  private static String key(Form form) {
    return form == Form.SLIMMABLE ? "slimmable" : "us-net";
  }

  /** Saved and loaded, compiled, and exported it answers as before. */
  private void agree(TrainedModel model) throws OrtException {
    int side = TinyPictures.SIDE;
    Tensor x = Tensor.of(CPU, Channels.pictures(3, side), 3, side, side, 3);
    float[] expected = model.logits(x).toArray();
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    TrainedModel loaded = TrainedModel.load(file, CPU);
    assertThat(loaded.logits(x).toArray()).isEqualTo(expected);
    assertThat(loaded.network().state().counters()).isEqualTo(model.network().state().counters());
    float[] compiled = new float[expected.length];
    CompiledModel.of(loaded, 3, WeightFormat.F32).logits(3, x.toArray(), compiled);
    close(compiled, expected);
    ByteArrayOutputStream exported = new ByteArrayOutputStream();
    Onnx.write(loaded.network(), Tensor.zeros(CPU, 1, side, side, 3), exported);
    try (OrtSession session =
        OrtEnvironment.getEnvironment().createSession(exported.toByteArray())) {
      close(OnnxRun.logits(session, x.toArray(), 3, side, side), expected);
    }
  }

  private static void close(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i])
          .isCloseTo(expected[i], within(1e-4 * Math.max(1, Math.abs(expected[i]))));
    }
  }

  /** Each width has scores of its own, and all together their mean. */
  @Test
  void eachPointHasItsOwnHistory() {
    Trained trained = Form.SLIMMABLE.of(RECIPE).prepare(RunOptions.plain()).run();
    List<EpochRecord> all = trained.result().history();
    assertThat(trained.histories()).hasSize(4).allMatch(history -> history.size() == 3);
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      EpochRecord last = trained.histories().get(i).getLast();
      double now =
          TinyPictures.data().evaluator(6, CPU).evaluate(trained.models().get(i)).metrics().top1();
      assertThat(last.score().value(Metrics.ACC_1)).isEqualTo(now);
      assertThat(last.trainingScore()).isNaN();
      assertThat(last.seconds()).isEqualTo(all.getLast().seconds());
      sum += now;
    }
    assertThat(all.getLast().score().name()).isEqualTo("mean Acc@1");
    assertThat(all.getLast().score().value()).isCloseTo(sum / 4, within(1e-12));
    assertThat(all.getLast().trainingScore()).isBetween(0.0, 100.0);
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void allWidthsLearn(Form form) {
    TrainingData data = TinyPictures.data(48);
    TrainedModel teacher =
        new TeacherTraining(
                TinyPictures.architecture().withWidth(1 / 8.0).withSmallInput(),
                data,
                Recipe.teacher(7).withBatchSize(12).withLearningRate(.03).withSeed(4),
                CPU)
            .run(RunOptions.plain())
            .model();
    double rate = form == Form.SLIMMABLE ? .01 : .01 / UsNetTraining.RATE;
    Recipe recipe = Recipe.student(10).withBatchSize(12).withLearningRate(rate).withSeed(4);
    JointTraining training =
        form == Form.SLIMMABLE
            ? new SlimmableTraining(context(teacher, data, recipe), recipe, Widths.POINTS)
            : new UsNetTraining(context(teacher, data, recipe), recipe);
    Trained trained = training.prepare(RunOptions.plain()).run();
    List<EpochRecord> history = trained.result().history();
    assertThat(history.getLast().losses().get("KD w0.25"))
        .isLessThan(.6 * history.getFirst().losses().get("KD w0.25"));
    for (TrainedModel model : trained.models()) {
      assertThat(data.evaluator(6, CPU).evaluate(model).metrics().top1())
          .as("%s", model)
          .isGreaterThan(60);
    }
  }

  // ---------------------------------------------------------------- what is minimised

  @Test
  void slimmableSumsTheSameLessonOverAllWidths() {
    EpochRecord epoch =
        Form.SLIMMABLE.of(RECIPE).prepare(RunOptions.plain()).run().result().history().getFirst();
    assertThat(epoch.losses().keySet())
        .containsExactly(
            "CL w1", "KD w1", "CL w0.75", "KD w0.75", "CL w0.5", "KD w0.5", "CL w0.25", "KD w0.25");
    double sum = 0;
    for (Map.Entry<String, Double> loss : epoch.losses().entrySet()) {
      sum += (loss.getKey().startsWith("CL") ? 0.1 : 0.9) * loss.getValue();
    }
    assertThat(epoch.loss()).isCloseTo(sum, within(1e-5));
  }

  @Test
  void onlyTheWidestOfAUsNetSeesLabelsAndTeacher() {
    EpochRecord epoch =
        Form.US_NET.of(RECIPE).prepare(RunOptions.plain()).run().result().history().getFirst();
    Map<String, Double> losses = epoch.losses();
    assertThat(losses.keySet())
        .containsExactly("CL w1", "KD w1", "KD w0.25", "KD random 1", "KD random 2");
    double sum =
        0.1 * losses.get("CL w1")
            + 0.9 * losses.get("KD w1")
            + losses.get("KD w0.25")
            + losses.get("KD random 1")
            + losses.get("KD random 2");
    assertThat(epoch.loss()).isCloseTo(sum, within(1e-5));
  }

  private static Classifier copyOfTeacher() {
    Classifier copy = Models.classifier(TEACHER.network().architecture(), CPU);
    copy.load(TEACHER.network().state());
    return copy;
  }

  private static Trained alone(Recipe recipe) {
    GuidedTraining lesson =
        new GuidedTraining(context(TEACHER, TinyPictures.data(), recipe), recipe);
    Classifier copy = copyOfTeacher();
    return lesson.prepare(copy, lesson.provenance("alone", copy), RunOptions.plain()).run();
  }

  @Test
  void oneWidthAloneIsOrdinaryTraining() {
    Trained alone = alone(RECIPE);
    Trained only =
        new SlimmableTraining(context(TEACHER, TinyPictures.data(), RECIPE), RECIPE, List.of(1.0))
            .prepare(RunOptions.plain())
            .run();
    assertThat(fingerprints(only)).isEqualTo(fingerprints(alone));
    List<Double> losses = alone.result().history().stream().map(EpochRecord::loss).toList();
    assertThat(only.result().history()).extracting(EpochRecord::loss).isEqualTo(losses);
  }

  /**
   * After one step the channels that only the widest has are where it would have brought them
   * alone: narrower networks use none of them, and what they imitate does not move towards them.
   */
  @ParameterizedTest
  @EnumSource(Form.class)
  void theOtherChannelsLearnAsIfTheWidestWereAlone(Form form) {
    Recipe oneStep = Recipe.teacher(1).withBatchSize(24).withSeed(3);
    TrainingData data = TinyPictures.data();
    List<Double> widths = List.of(1.0, 0.5);
    JointTraining training =
        form == Form.SLIMMABLE
            ? new SlimmableTraining(context(TEACHER, data, oneStep), oneStep, widths)
            : new UsNetTraining(context(TEACHER, data, oneStep), oneStep, widths, widths);
    training.prepare(RunOptions.plain()).run();
    Map<String, Tensor> joint = training.network().widest().state().tensors();
    Classifier narrow = training.network().plain(0.5);
    Recipe widest =
        form == Form.SLIMMABLE
            ? oneStep
            : oneStep.withLearningRate(oneStep.learningRate() * UsNetTraining.RATE);
    Trained alone = alone(widest);
    int moved = 0;
    for (Map.Entry<String, Tensor> one : alone.model().network().state().tensors().entrySet()) {
      String name = one.getKey();
      if (name.contains("running_") && form == Form.US_NET) {
        continue; // measured again at the end
      }
      float[] expected = one.getValue().toArray();
      float[] found = joint.get(name).toArray();
      boolean shared = !name.contains("running_") && !(form == Form.SLIMMABLE && affine(name));
      if (shared) {
        Tensor part = narrow.state().tensors().get(name);
        for (int i : Channels.positions(name, one.getValue(), part)) {
          moved += found[i] != expected[i] ? 1 : 0;
          found[i] = expected[i];
        }
      }
      assertThat(found).as(name).isEqualTo(expected);
    }
    assertThat(moved).isGreaterThan(1000);
  }

  private static boolean affine(String name) {
    return name.matches(".*(bn\\d|downsample\\.1)\\.(weight|bias)");
  }

  // ---------------------------------------------------------------- chance and interruptions

  private static List<String> fingerprints(Trained trained) {
    return trained.models().stream()
        .map(model -> Provenance.fingerprint(model.network()) + model.network().state().counters())
        .toList();
  }

  private static TrainingListener afterStep(int wanted, Runnable action) {
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

  @ParameterizedTest
  @EnumSource(Form.class)
  void resumesWithTheSameBits(Form form) {
    Recipe recipe = RECIPE.withEma(.9);
    Trained straight = form.of(recipe).prepare(RunOptions.plain()).run();
    for (int step : new int[] {1, 4, 7}) {
      Path file = folder.resolve("at" + step);
      AtomicInteger steps = new AtomicInteger();
      RunOptions run = RunOptions.plain().withCheckpoint(file, Duration.ofHours(1));
      Trained stopped =
          form.of(recipe).prepare(run.withStop(() -> steps.incrementAndGet() > step)).run();
      assertThat(stopped.result().outcome()).isEqualTo(Outcome.STOPPED);
      Trained resumed = form.of(recipe).prepare(run).run();
      assertThat(fingerprints(resumed)).isEqualTo(fingerprints(straight));
      assertThat(scores(resumed)).isEqualTo(scores(straight));
      Form other = form == Form.SLIMMABLE ? Form.US_NET : Form.SLIMMABLE;
      assertThatThrownBy(() -> other.of(recipe).prepare(run).run())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("training is " + key(form) + " there and " + key(other) + " now");
    }
  }

  private static List<Object> scores(Trained trained) {
    List<Object> scores = new ArrayList<>();
    for (EpochRecord epoch : trained.result().history()) {
      scores.addAll(List.of(epoch.loss(), epoch.losses(), epoch.trainingScore(), epoch.score()));
    }
    return scores;
  }

  /** What the widths did before the interrupt, such as moving statistics, is taken back. */
  @ParameterizedTest
  @EnumSource(Form.class)
  void aStepThatIsInterruptedHalfwayChangesNothing(Form form) {
    Trained straight = form.of(RECIPE).prepare(RunOptions.plain()).run();
    InterruptingPictures pictures = new InterruptingPictures(new TinyPictures(24, 1));
    TrainingData data = TrainingData.unscaled(pictures, new TinyPictures(21, 2), TinyPictures.SIDE);
    Path file = folder.resolve("interrupted");
    RunOptions run = RunOptions.plain().withCheckpoint(file, Duration.ofHours(1));
    Thread trainer = Thread.currentThread();
    Trained stopped =
        form.of(data, RECIPE)
            .prepare(run.withListener(afterStep(5, () -> pictures.interruptAtNextLabel(trainer))))
            .run();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped.result().outcome()).isEqualTo(Outcome.STOPPED);
    assertThat(stopped.result().history()).hasSize(1);
    Trained resumed = form.of(RECIPE).prepare(run).run();
    assertThat(fingerprints(resumed)).isEqualTo(fingerprints(straight));
  }

  @Test
  void seedDecides() {
    for (Form form : Form.values()) {
      Recipe recipe = Recipe.student(1).withBatchSize(6);
      List<String> one =
          fingerprints(form.of(recipe.withSeed(1)).prepare(RunOptions.plain()).run());
      assertThat(fingerprints(form.of(recipe.withSeed(1)).prepare(RunOptions.plain()).run()))
          .isEqualTo(one);
      assertThat(fingerprints(form.of(recipe.withSeed(2)).prepare(RunOptions.plain()).run()))
          .isNotEqualTo(one);
    }
  }

  /** A teacher of 32 channels has five widths between the widest and the narrowest. */
  @Test
  void twoDifferentWidthsBetweenAreDrawnByTheSeedOfTheStep() {
    Classifier wide =
        Models.classifier(TinyPictures.architecture().withWidth(0.5), CPU, new Rng(1));
    TrainedModel teacher =
        new TrainedModel(
            CPU, wide, null, TEACHER.classes(), TEACHER.preprocessing(), TEACHER.provenance());
    UsNetTraining training =
        new UsNetTraining(context(teacher, TinyPictures.data(), RECIPE), RECIPE);
    List<List<Double>> first = draws(training, 5);
    assertThat(draws(training, 5)).isEqualTo(first);
    assertThat(draws(training, 6)).isNotEqualTo(first);
    assertThat(first).allMatch(step -> step.size() == 2 && !step.get(0).equals(step.get(1)));
    Map<Double, Integer> counts = new LinkedHashMap<>();
    first.forEach(step -> step.forEach(width -> counts.merge(width, 1, Integer::sum)));
    assertThat(new TreeSet<>(counts.keySet())).containsExactly(.375, .5, .625, .75, .875);
    // 400 draws of five: 80 each, with a deviation of 7.
    assertThat(counts.values()).allMatch(count -> count > 50 && count < 110);
  }

  private static List<List<Double>> draws(UsNetTraining training, long seed) {
    List<List<Double>> draws = new ArrayList<>();
    for (int step = 0; step < 200; step++) {
      training.network().reseed(new Rng(seed).split(step));
      draws.add(training.draw().stream().map(NarrowNetwork::width).toList());
    }
    return draws;
  }

  // ---------------------------------------------------------------- statistics

  /** The running statistics of a finished model are the plain means over the batches. */
  @Test
  void statisticsOfAUsNetAreMeansOverBatches() {
    Trained trained = Form.US_NET.of(RECIPE).prepare(RunOptions.plain()).run();
    TrainedModel model = trained.models().get(2);
    Map<String, double[]> sums = new LinkedHashMap<>();
    int batches = 0;
    try (Loader loader = TinyPictures.data().loader(RECIPE.batchSize(), RECIPE.seed())) {
      loader.startEpoch(RECIPE.epochs(), 0);
      while (loader.hasNext()) {
        addStatistics(model.network(), loader.next().on(CPU), sums);
        batches++;
      }
    }
    assertThat(batches).isEqualTo(4);
    Map<String, Tensor> found = model.network().state().tensors();
    assertThat(sums).hasSize(40);
    for (Map.Entry<String, double[]> sum : sums.entrySet()) {
      double[] mean = Arrays.stream(sum.getValue()).map(v -> v / 4).toArray();
      double[] values = found.get(sum.getKey()).toDoubleArray();
      for (int i = 0; i < mean.length; i++) {
        assertThat(values[i])
            .as(sum.getKey())
            .isCloseTo(mean[i], within(2e-5 * Math.max(1, mean[i])));
      }
    }
    assertThat(model.network().state().counters().values()).allMatch(count -> count == 4);
  }

  /** Adds mean and variance of one batch: after it they are a tenth of the running ones. */
  private static void addStatistics(Classifier network, Tensor x, Map<String, double[]> sums) {
    Classifier copy = Models.classifier(network.architecture(), CPU);
    copy.load(network.state());
    for (Module m : copy.modules()) {
      if (m instanceof BatchNorm2d norm) {
        norm.resetStatistics();
      }
    }
    copy.train();
    copy.forward(x);
    copy.namedBuffers()
        .forEach(
            (name, buffer) -> {
              double start = name.endsWith("running_var") ? 1 : 0;
              double[] running = buffer.toDoubleArray();
              double[] sum = sums.computeIfAbsent(name, _ -> new double[running.length]);
              for (int i = 0; i < sum.length; i++) {
                sum[i] += (running[i] - 0.9 * start) / 0.1;
              }
            });
  }

  /** A model that is not finished keeps what it has, and its checkpoint goes on. */
  @Test
  void aStoppedUsNetIsNotMeasured() throws IOException {
    Path file = folder.resolve("stopped");
    Trained stopped =
        Form.US_NET
            .of(RECIPE)
            .prepare(RunOptions.plain().withCheckpoint(file).withStop(() -> true))
            .run();
    assertThat(stopped.result().outcome()).isEqualTo(Outcome.STOPPED);
    assertThat(stopped.models()).hasSize(4);
    assertThat(Files.size(file)).isPositive();
    Map<String, Long> counters = TEACHER.network().state().counters();
    assertThat(stopped.models())
        .allSatisfy(model -> assertThat(model.network().state().counters()).isEqualTo(counters));
  }
}
