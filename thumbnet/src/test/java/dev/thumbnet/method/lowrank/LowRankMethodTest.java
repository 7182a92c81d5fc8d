package dev.thumbnet.method.lowrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.plan.Cost;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Factors;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.MixedFactors;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks become as cheap as was promised, stay close to their teacher, and learn. */
final class LowRankMethodTest {
  private static final Device CPU = Device.cpu();
  private static final TrainedModel TEACHER = TinyPictures.teacher(CPU);

  @TempDir private Path folder;

  static Stream<LowRankMethod> methods() {
    return Stream.of(LowRankMethod.SVD, LowRankMethod.SPATIAL, LowRankMethod.TUCKER);
  }

  private static Setting setting(Architecture network, int size) {
    return new Setting(
        network,
        size,
        List.of(Reduction.FOUR_TO_ONE),
        DownscalerKind.PLAIN,
        Recipe.teacher(2),
        Recipe.student(2).withBatchSize(6));
  }

  private static Setting tiny() {
    return setting(TinyPictures.architecture(), TinyPictures.SIDE);
  }

  private static List<String> keys(Method method, Architecture network, int size) {
    return method.points(setting(network, size)).stream().map(OperatingPoint::key).toList();
  }

  private static long macs(Classifier network, int size) {
    network.eval();
    return Cost.of(network, Shape.of(1, size, size, 3)).macs();
  }

  // ---------------------------------------------------------------- points

  @ParameterizedTest
  @MethodSource("methods")
  void pointsThatCanBeReachedAreOffered(LowRankMethod method) {
    assertThat(keys(method, Architecture.of("resnet18", 10), 224))
        .containsExactly("2x", "3.5x", "12x");
    assertThat(keys(method, Architecture.of("vgg11_bn", 10).withHidden(0), 128))
        .containsExactly("2x", "3.5x", "12x");
    // Half of it are convolutions of 1 x 1.
    assertThat(keys(method, Architecture.of("resnet50", 10), 224)).isEmpty();
    assertThat(keys(method, Architecture.of("resnext50_32x4d", 10), 224)).isEmpty();
    // With ranks of 1 narrow networks are 6, 11 and 14 times cheaper.
    assertThat(keys(method, TinyPictures.architecture(), TinyPictures.SIDE))
        .startsWith("2x", "3.5x")
        .hasSize(method == LowRankMethod.TUCKER ? 3 : 2);
  }

  @Test
  void pointsSayWhatTheyAre() {
    OperatingPoint point = LowRankMethod.SPATIAL.points(tiny()).get(1);
    assertThat(point.label()).isEqualTo("3.5x");
    assertThat(point.inputSize()).isEqualTo(16);
    assertThat(point.settings())
        .isEqualTo(
            Map.of("kind", "spatial", "times", 3.5, "distillation", 0.9, "temperature", 4.0));
    assertThat(LowRankMethod.SPATIAL.fileName(point)).isEqualTo("lowrank-spatial-3.5x");
    assertThat(methods().map(LowRankMethod::key))
        .containsExactly("lowrank-svd", "lowrank-spatial", "lowrank-tucker");
  }

  // ---------------------------------------------------------------- networks

  /** Weights whose singular values fall, otherwise in each layer. */
  private static Classifier network(Architecture architecture) {
    Classifier network = Models.classifier(architecture, CPU, new Rng(3));
    Rng rng = new Rng(4);
    for (Module module : network.convolutions()) {
      Tensor weight = ((Conv2d) module).weight().tensor();
      double slope = 0.5 + rng.nextDouble();
      double[] values = weight.toDoubleArray();
      for (int i = 0; i < values.length; i++) {
        values[i] *= Math.pow(1 + i % weight.dim(3), -slope);
      }
      weight.copyFrom(values);
    }
    network.eval();
    return network;
  }

  @ParameterizedTest
  @MethodSource("methods")
  void networksAreAsCheapAsPromised(LowRankMethod method) {
    for (Architecture architecture :
        List.of(
            Architecture.of("resnet18", 3).withWidth(0.25),
            Architecture.of("vgg11", 3).withWidth(0.125).withHidden(0))) {
      Classifier teacher = network(architecture);
      String before = Provenance.fingerprint(teacher);
      for (double times : new double[] {2, 3.5, 12}) {
        Classifier student = method.factored(teacher, CPU, 64, times);
        long budget = (long) (macs(teacher, 64) / times);
        assertThat(macs(student, 64)).isBetween(budget / 2, budget);
      }
      assertThat(Provenance.fingerprint(teacher)).isEqualTo(before);
    }
  }

  /** A multiply-add less in the budget is a rank less. */
  @Test
  void theBudgetIsUsedUp() {
    Places places = Places.of(Architecture.of("resnet18", 3).withWidth(0.25), 64);
    DoubleFunction<List<Factors>> keeping = share -> svd(Math.max(1, (int) Math.ceil(16 * share)));
    for (int rank = 2; rank <= 14; rank++) {
      long macs = places.macs(svd(rank));
      assertThat(places.within(macs, keeping)).isEqualTo(svd(rank));
      assertThat(places.within(macs - 1, keeping)).isEqualTo(svd(rank - 1));
    }
    assertThat(places.canKeepTo(places.macs(svd(1)), new Factors.Svd(1))).isTrue();
    assertThat(places.canKeepTo(places.macs(svd(1)) - 1, new Factors.Svd(1))).isFalse();
  }

  private static List<Factors> svd(int rank) {
    return Collections.nCopies(17, new Factors.Svd(rank));
  }

  /** Each layer keeps more than one share of its energy, and one rank less would keep less. */
  @Test
  void oneShareHoldsForAllLayers() {
    Classifier teacher = network(Architecture.of("vgg11", 3).withWidth(0.25).withHidden(0));
    Classifier student = LowRankMethod.SVD.factored(teacher, CPU, 64, 3.5);
    double least = 1;
    double most = 0;
    for (int i = 0; i < 8; i++) {
      if (student.convolutions().get(i) instanceof Sequential chain) {
        Tensor weight = ((Conv2d) teacher.convolutions().get(i)).weight().tensor();
        int rank = ((Conv2d) chain.layers().getFirst()).weight().tensor().dim(3);
        double[] values = weight.toDoubleArray();
        int out = weight.dim(3);
        double[][] matrix = new double[values.length / out][];
        Arrays.setAll(matrix, r -> Arrays.copyOfRange(values, r * out, (r + 1) * out));
        double[] sigma = Svd.of(matrix).values();
        double energy = energy(sigma, sigma.length);
        least = Math.min(least, energy(sigma, rank) / energy);
        most = Math.max(most, energy(sigma, rank - 1) / energy);
      }
    }
    assertThat(least).isLessThan(1).isGreaterThan(most);
  }

  private static double energy(double[] sigma, int count) {
    return Arrays.stream(sigma, 0, count).map(s -> s * s).sum();
  }

  /** Factors that cost as much as a layer do not replace it. */
  @Test
  void layersAreLeftWholeWhereFactorsCostAsMuch() {
    Architecture architecture = Architecture.of("vgg11", 3).withWidth(1 / 16.0).withHidden(0);
    Places places = Places.of(architecture, 32);
    // From 3 to 4 channels: 4 · (27 + 4) multiply-adds for a pixel instead of 27 · 4.
    List<Factors> wanted = Collections.nCopies(8, new Factors.Svd(4));
    List<Factors> factors = places.within(places.budget(1), _ -> wanted);
    assertThat(factors).startsWith(new Factors.Whole(), new Factors.Svd(4));
    assertThat(factors.subList(1, 8)).isEqualTo(wanted.subList(1, 8));
    assertThat(places.macs(factors))
        .isEqualTo(macs(Models.classifier(architecture.withFactors(factors), CPU), 32));
  }

  /** Where weights are of low rank already, nothing is lost. */
  @ParameterizedTest
  @MethodSource("methods")
  void aTeacherOfLowRankIsCopied(LowRankMethod method) {
    Classifier teacher =
        Models.classifier(
            Architecture.of("vgg11_bn", 3).withWidth(0.25).withHidden(0), CPU, new Rng(5));
    Rng rng = new Rng(6);
    for (Module module : teacher.convolutions()) {
      Conv2d conv = (Conv2d) module;
      conv.bias().tensor().fill(rng::nextGaussian);
      Tensor weight = conv.weight().tensor();
      double[] rows = normal(rng, weight.dim(0));
      double[] columns = normal(rng, weight.dim(1));
      double[] in = normal(rng, weight.dim(2));
      double[] out = normal(rng, weight.dim(3));
      double[] values = new double[weight.size()];
      for (int i = 0; i < values.length; i++) {
        int row = i / out.length / in.length;
        values[i] =
            out[i % out.length]
                * in[i / out.length % in.length]
                * columns[row % columns.length]
                * rows[row / columns.length]
                / Math.sqrt(in.length);
      }
      weight.copyFrom(values);
    }
    teacher.namedBuffers().values().forEach(b -> b.fill(() -> 0.5 + rng.nextDouble()));
    teacher.eval();
    Classifier student = method.factored(teacher, CPU, 64, 3.5);
    student.eval();
    Tensor x = Tensor.zeros(CPU, 2, 64, 64, 3);
    x.fill(rng::nextGaussian);
    float[] expected = teacher.forward(x).toArray();
    float[] actual = student.forward(x).toArray();
    double size = 0;
    for (float value : expected) {
      size = Math.max(size, Math.abs(value));
    }
    assertThat(size).isPositive();
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-4 * size));
    }
  }

  private static double[] normal(Rng rng, int count) {
    double[] values = new double[count];
    Arrays.setAll(values, _ -> rng.nextGaussian());
    return values;
  }

  @Test
  void whatCannotBeReachedOrIsFactoredAlreadyIsRefused() {
    assertThatThrownBy(() -> LowRankMethod.SVD.factored(TEACHER.network(), CPU, 16, 12))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lowest ranks");
    Architecture factored = MixedFactors.of(TinyPictures.architecture());
    assertThatThrownBy(() -> LowRankMethod.SVD.trainings(setting(factored, 16)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("with factored convolutions");
  }

  // ---------------------------------------------------------------- training

  private static Trained run(LowRankMethod method, int point, RunOptions options) {
    Training training = method.trainings(tiny()).get(point);
    TrainingContext context =
        new TrainingContext(CPU, TinyPictures.data(), 7, Optional.of(TEACHER));
    return training.run(context, options);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void studentsTrainAreSavedAndCompiled(LowRankMethod method) {
    String teacher = Provenance.fingerprint(TEACHER.network());
    Trained trained = run(method, 1, RunOptions.plain());
    assertThat(trained.result().outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(trained.result().history().getLast().losses().keySet()).containsExactly("CL", "KD");
    assertThat(Provenance.fingerprint(TEACHER.network())).isEqualTo(teacher);
    TrainedModel model = trained.model();
    assertThat(model.macs()).isLessThanOrEqualTo((long) (TEACHER.macs() / 3.5));
    assertThat(model.inputSize()).isEqualTo(16);
    String factors = model.network().architecture().settings().get("factors").toString();
    assertThat(model.provenance().settings())
        .containsEntry("training", "low rank")
        .containsEntry("teacher", teacher)
        .containsEntry("network.factors", factors)
        .containsEntry("lowrank.kind", method.key().substring("lowrank-".length()))
        .containsEntry("lowrank.times", "3.5")
        .containsEntry("guided.distillation", "0.9")
        .containsEntry("recipe.seed", "7");

    Path file = folder.resolve("student.safetensors");
    model.save(file);
    TrainedModel loaded = TrainedModel.load(file, CPU);
    Tensor x = Tensor.zeros(CPU, 2, 16, 16, 3);
    x.fill(new Rng(8)::nextGaussian);
    float[] logits = model.logits(x).toArray();
    assertThat(loaded.logits(x).toArray()).isEqualTo(logits);
    float[] compiled = new float[logits.length];
    CompiledModel.of(loaded, 2, WeightFormat.F32).logits(2, x.toArray(), compiled);
    assertThat(compiled).containsExactly(logits, within(1e-4f));
  }

  @Test
  void interruptionsChangeNoBit() {
    String straight =
        Provenance.fingerprint(run(LowRankMethod.TUCKER, 0, RunOptions.plain()).model().network());
    Path file = folder.resolve("checkpoint");
    RunOptions options = RunOptions.plain().withCheckpoint(file, Duration.ofHours(1));
    AtomicInteger steps = new AtomicInteger();
    Trained stopped =
        run(LowRankMethod.TUCKER, 0, options.withStop(() -> steps.incrementAndGet() > 3));
    assertThat(stopped.result().outcome()).isEqualTo(Outcome.STOPPED);
    assertThat(file).exists();
    assertThatThrownBy(() -> run(LowRankMethod.TUCKER, 1, options))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lowrank.times");
    Trained resumed = run(LowRankMethod.TUCKER, 0, options);
    assertThat(resumed.result().outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(Provenance.fingerprint(resumed.model().network())).isEqualTo(straight);
  }
}
