package dev.thumbnet.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.Init.Fan;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.op.PoolOptions;
import dev.thumbnet.engine.plan.Cost;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The single layers: shapes, costs, starting values and modes. */
final class LayersTest {
  private static final Device DEVICE = Device.reference();

  private static Tensor random(long seed, int... dims) {
    Rng rng = new Rng(seed);
    double[] values = new double[Shape.of(dims).size()];
    Arrays.setAll(values, _ -> rng.nextGaussian());
    return Tensor.of(DEVICE, values, dims);
  }

  static Stream<Arguments> layers() {
    Rng rng = new Rng(1);
    int[] image = {2, 7, 6, 4};
    Conv2dOptions odd = new Conv2dOptions(2, 1, 0, 2, 1, 2, 2);
    return Stream.of(
        arguments(new Conv2d(DEVICE, 4, 6, 3, 2, 1, true, rng), image, 2L * 4 * 3 * 6 * 9 * 4),
        arguments(new Conv2d(DEVICE, 4, 6, 4, 2, odd, false, rng), image, 2L * 2 * 8 * 6 * 8 * 2),
        arguments(new BatchNorm2d(DEVICE, 4), image, 0L),
        arguments(new BatchNorm2d(DEVICE, 4, 1e-5, 0.1, false), image, 0L),
        arguments(new Linear(DEVICE, 4, 5, true, rng), image, 2L * 42 * 4 * 5),
        arguments(new Linear(DEVICE, 4, 5, false, rng), new int[] {3, 4}, 3L * 4 * 5),
        arguments(new ReLU(), image, 0L),
        arguments(new LeakyReLU(0.1), image, 0L),
        arguments(Activation.relu6(), image, 0L),
        arguments(Activation.hardSwish(), image, 0L),
        arguments(Activation.silu(), image, 0L),
        arguments(
            new SqueezeExcitation(DEVICE, 4, 3, new ReLU(), Activation.hardSigmoid(), rng),
            image,
            2L * 2 * 4 * 3),
        arguments(new Identity(), image, 0L),
        arguments(new Flatten(), image, 0L),
        arguments(new Dropout(0.5, rng), image, 0L),
        arguments(new MaxPool2d(3, 2, 1), image, 0L),
        arguments(new AvgPool2d(2, 2, 0), image, 0L),
        arguments(new MaxPool2d(PoolOptions.of(2, 2, 0).withCeil()), image, 0L),
        arguments(new AvgPool2d(PoolOptions.of(2, 2, 1).withCeil(), false), image, 0L),
        arguments(
            new ConvTranspose2d(DEVICE, 4, 6, 3, 2, odd, 1, 0, true, rng),
            image,
            2L * 42 * 4 * 3 * 6),
        arguments(new AdaptiveAvgPool2d(3, 1), image, 0L),
        arguments(new Upsample(2, Filter.NEAREST), image, 0L),
        arguments(new Sequential(new MaxPool2d(2, 2, 0), new Flatten()), image, 0L));
  }

  /** With weights that are zero the gate is 1 / 2 everywhere. */
  @Test
  void squeezeAndExcitationWeighsChannels() {
    SqueezeExcitation layer =
        new SqueezeExcitation(DEVICE, 3, 2, Activation.silu(), Activation.sigmoid(), null);
    assertThat(layer.stateNames())
        .containsExactlyInAnyOrder("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias");
    Tensor x = random(3, 2, 4, 5, 3);
    double[] half = Arrays.stream(x.toDoubleArray()).map(v -> v / 2).toArray();
    assertThat(layer.forward(x).toDoubleArray()).isEqualTo(half);
    layer.namedParameters().get("fc2.bias").tensor().copyFrom(new float[] {100, -100, 0});
    double[] weighed = layer.forward(x).toDoubleArray();
    double[] values = x.toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      double gate = new double[] {1, 0, 0.5}[i % 3];
      assertThat(weighed[i]).isCloseTo(gate * values[i], within(1e-12));
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void countedShapesAndCostsAreTheRealOnes(Module layer, int[] input, long macs) {
    Shape shape = Shape.of(input);
    layer.eval();
    Cost cost = Cost.of(layer, shape);
    assertThat(cost.output()).isEqualTo(layer.forward(random(1, input)).shape());
    assertThat(cost.macs()).isEqualTo(macs);
  }

  /** The first layer of ResNet: PAPER's largest activation, and 118 million multiply-adds. */
  @Test
  void theFirstLayerOfResnet() {
    Module conv = new Conv2d(DEVICE, 3, 64, 7, 2, 3, false, new Rng(1));
    Cost cost = Cost.of(conv, Shape.of(1, 224, 224, 3));
    assertThat(cost).isEqualTo(new Cost(Shape.of(1, 112, 112, 64), 118_013_952, 802_816));
  }

  @Test
  void inputsThatDoNotFitAreRefusedWithoutRunning() {
    Shape image = Shape.of(1, 8, 8, 3);
    List<Module> layers =
        List.of(
            new Conv2d(DEVICE, 4, 6, 3, 1, 1, true, new Rng(1)),
            new BatchNorm2d(DEVICE, 4),
            new Linear(DEVICE, 4, 5, true, new Rng(1)));
    for (Module layer : layers) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Cost.of(layer, image))
          .withMessageContaining(image.toString());
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cost.of(new MaxPool2d(2, 2, 0), Shape.of(4, 4)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Upsample(0, Filter.NEAREST));
    assertThatIllegalArgumentException().isThrownBy(() -> new Dropout(1, new Rng(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Conv2d(
                    DEVICE, 4, 6, 3, 3, Conv2dOptions.DEFAULT.withGroups(4), true, new Rng(1)))
        .withMessageContaining("groups 4");
  }

  // ---------------------------------------------------------------- starting values

  @Test
  void startingValuesHaveTheStatedSpread() {
    Tensor w = Tensor.zeros(DEVICE, 3, 3, 16, 64);
    Init.kaimingNormal(w, Fan.OUT, new Rng(1));
    assertSpread(w, Math.sqrt(2.0 / (64 * 9)));
    Init.kaimingNormal(w, Fan.IN, new Rng(1));
    assertSpread(w, Math.sqrt(2.0 / (16 * 9)));
    Init.kaimingUniform(w, Fan.IN, new Rng(1));
    assertSpread(w, Math.sqrt(2.0 / (16 * 9)));
    Init.normal(w, 0.01, new Rng(1));
    assertSpread(w, 0.01);
    Init.pytorchDefault(w, null, new Rng(1));
    assertSpread(w, 1 / Math.sqrt(3 * 16 * 9));
    double largest = Arrays.stream(w.toDoubleArray()).map(Math::abs).max().orElseThrow();
    assertThat(largest).isBetween(0.99 / 12, 1.0 / 12);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Init.kaimingNormal(Tensor.zeros(DEVICE, 3), Fan.IN, new Rng(1)));
  }

  private static void assertSpread(Tensor w, double deviation) {
    assertThat(Ops.mean(w).item()).isCloseTo(0, within(0.05 * deviation));
    assertThat(Ops.std(w, true).item()).isCloseTo(deviation, within(0.03 * deviation));
  }

  @Test
  void layersStartLikePytorchAndRepeatably() {
    Linear a = new Linear(DEVICE, 100, 20, true, new Rng(3));
    Linear b = new Linear(DEVICE, 100, 20, true, new Rng(3));
    assertThat(a.weight().tensor().toDoubleArray()).isEqualTo(b.weight().tensor().toDoubleArray());
    for (Parameter p : a.parameters()) {
      double[] values = p.tensor().toDoubleArray();
      assertThat(Arrays.stream(values)).allMatch(v -> Math.abs(v) <= 0.1 && v != 0);
    }
  }

  // ---------------------------------------------------------------- modes

  @Test
  void dropoutWorksInTrainingOnly() {
    Dropout layer = new Dropout(0.5, new Rng(1));
    Tensor x = random(1, 100);
    assertThat(layer.forward(x).toDoubleArray()).isNotEqualTo(x.toDoubleArray());
    layer.eval();
    assertThat(layer.forward(x)).isSameAs(x);
  }

  @Test
  void batchNormCountsBatchesAndUsesItsStatisticsInEvaluation() {
    BatchNorm2d layer = new BatchNorm2d(DEVICE, 1, 0, 0.5);
    layer.forward(Tensor.of(DEVICE, new double[] {0, 2}, 2, 1)); // mean 1, unbiased variance 2
    assertThat(layer.runningMean().item()).isEqualTo(0.5);
    assertThat(layer.runningVariance().item()).isEqualTo(1.5);
    assertThat(layer.state().counters()).containsEntry("num_batches_tracked", 1L);
    layer.eval();
    Tensor y = layer.forward(Tensor.of(DEVICE, new double[] {2}, 1, 1));
    assertThat(y.item()).isCloseTo(1.5 / Math.sqrt(1.5), within(1e-12));
    assertThat(layer.state().counters()).containsEntry("num_batches_tracked", 1L);
    assertThat(layer.runningMean().item()).isEqualTo(0.5);
  }

  /** It computes what an affine layer computes with scale 1 and shift 0, and learns nothing. */
  @Test
  void batchNormThatIsNotAffineHasNoScaleAndShift() {
    BatchNorm2d plain = new BatchNorm2d(DEVICE, 3, 1e-5, 0.1, false);
    BatchNorm2d affine = new BatchNorm2d(DEVICE, 3);
    assertThat(plain.affine()).isFalse();
    assertThat(affine.affine()).isTrue();
    assertThat(plain.parameters()).isEmpty();
    assertThat(plain.stateNames())
        .containsExactly("running_mean", "running_var", "num_batches_tracked");
    assertThatIllegalStateException().isThrownBy(plain::weight).withMessageContaining("affine");
    assertThatIllegalStateException().isThrownBy(plain::bias).withMessageContaining("affine");
    for (int mode = 0; mode < 2; mode++) {
      Tensor x = random(1, 4, 2, 2, 3).requiresGrad(true);
      Tensor same = x.copy().requiresGrad(true);
      Tensor y = mode == 0 ? plain.forward(x) : plain.forwardRelu(x);
      Tensor expected = mode == 0 ? affine.forward(same) : affine.forwardRelu(same);
      assertThat(y.toDoubleArray()).isEqualTo(expected.toDoubleArray());
      y.backward(random(2, 4, 2, 2, 3));
      expected.backward(random(2, 4, 2, 2, 3));
      assertThat(x.grad().toDoubleArray()).isEqualTo(same.grad().toDoubleArray());
      assertThat(plain.runningMean().toDoubleArray())
          .isEqualTo(affine.runningMean().toDoubleArray());
      plain.eval();
      affine.eval();
    }
  }

  @Test
  void sequentialFusesNormalisationAndReluWithoutChangingTheResult() {
    BatchNorm2d norm = new BatchNorm2d(DEVICE, 3);
    Sequential chain = new Sequential(norm, new ReLU(), new Identity(), new ReLU());
    Tensor x = random(1, 4, 2, 2, 3);
    for (int mode = 0; mode < 2; mode++) {
      Tensor fused = x.copy().requiresGrad(true);
      Tensor plain = x.copy().requiresGrad(true);
      Tensor weights = random(2, 4, 2, 2, 3);
      Tensor y = chain.forward(fused);
      Tensor expected = Ops.relu(norm.forward(plain));
      assertThat(y.toDoubleArray()).containsExactly(expected.toDoubleArray(), within(1e-12));
      y.backward(weights);
      expected.backward(weights);
      assertThat(fused.grad().toDoubleArray())
          .containsExactly(plain.grad().toDoubleArray(), within(1e-12));
      chain.eval();
    }
  }

  @Test
  void statisticsAreEstimatedAnewAsThePlainAverage() {
    BatchNorm2d norm = new BatchNorm2d(DEVICE, 1);
    BatchNorm2d frozen = new BatchNorm2d(DEVICE, 1);
    BatchNorm2d forGood = new BatchNorm2d(DEVICE, 1);
    Module net = new Sequential(new Dropout(0.9, new Rng(1)), norm, frozen, forGood);
    norm.forward(random(5, 10, 1)); // statistics that must be forgotten
    frozen.eval();
    forGood.freeze();
    List<Tensor> batches =
        List.of(
            Tensor.of(DEVICE, new double[] {0, 2}, 2, 1), // mean 1, variance 2
            Tensor.of(DEVICE, new double[] {3, 3}, 2, 1), // mean 3, variance 0
            Tensor.of(DEVICE, new double[] {4, 6}, 2, 1)); // mean 5, variance 2
    BatchNormStatistics.reestimate(net, batches);
    assertThat(norm.runningMean().item()).isCloseTo(3, within(1e-12));
    assertThat(norm.runningVariance().item()).isCloseTo(4.0 / 3, within(1e-12));
    assertThat(forGood.runningVariance().item()).isEqualTo(1);
    assertThat(frozen.runningMean().item()).isCloseTo(0, within(1e-12));
    assertThat(net.training()).isTrue();
    assertThat(norm.training()).isTrue();
    assertThat(frozen.training()).isFalse();
    assertThat(forGood.training()).isFalse();
    norm.forward(Tensor.full(DEVICE, 13, 2, 1));
    assertThat(norm.runningMean().item()).isCloseTo(0.9 * 3 + 0.1 * 13, within(1e-12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BatchNormStatistics.reestimate(net, List.of()))
        .withMessageContaining("no batches");
  }
}
