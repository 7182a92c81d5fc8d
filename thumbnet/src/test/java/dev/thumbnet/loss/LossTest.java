package dev.thumbnet.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.op.Ops;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each loss has the properties that its formula implies, and the gradient. */
final class LossTest {
  private static final Device REFERENCE = Device.reference();

  private static Tensor normal(double mean, double deviation, long seed, int... dims) {
    Rng rng = new Rng(seed);
    double[] values = new double[Arrays.stream(dims).reduce(1, (a, b) -> a * b)];
    Arrays.setAll(values, _ -> mean + deviation * rng.nextGaussian());
    return Tensor.of(REFERENCE, values, dims);
  }

  /** Compares the gradient of a loss for one operand with central differences. */
  private static void checkGradient(UnaryOperator<Tensor> loss, Tensor at) {
    at.requiresGrad(true);
    loss.apply(at).backward();
    double[] gradient = at.grad().toDoubleArray();
    double[] values = at.toDoubleArray();
    double step = 1e-5;
    try (var _ = Autograd.noGrad()) {
      for (int i = 0; i < values.length; i++) {
        double middle = values[i];
        values[i] = middle + step;
        double above = loss.apply(Tensor.of(REFERENCE, values, at.shape().toArray())).item();
        values[i] = middle - step;
        double below = loss.apply(Tensor.of(REFERENCE, values, at.shape().toArray())).item();
        values[i] = middle;
        assertThat(gradient[i])
            .as("element %d", i)
            .isCloseTo((above - below) / (2 * step), within(1e-8));
      }
    }
  }

  // ---------------------------------------------------------------- moment matching

  private static double momentMatching(Tensor x, Filter filter) {
    return MomentMatching.of(x, Ops.resize(x, x.dim(1) / 2, x.dim(2) / 2, filter)).item();
  }

  @Test
  void nearestThumbnailsKeepMoments() {
    Tensor x = normal(.3, 1.2, 1, 2, 64, 64, 3);
    assertThat(momentMatching(x, Filter.NEAREST)).isLessThan(.005);
    Tensor blocks = Ops.resize(normal(.3, 1.2, 2, 2, 8, 8, 3), 16, 16, Filter.NEAREST);
    assertThat(momentMatching(blocks, Filter.NEAREST)).isLessThan(1e-20);
  }

  @Test
  void bicubicThumbnailsLoseContrast() {
    Tensor x = normal(.3, 1.2, 1, 2, 64, 64, 3);
    Tensor z = Ops.resize(x, 32, 32, Filter.BICUBIC_ANTIALIAS);
    assertThat(MomentMatching.of(x, z).item()).isGreaterThan(.1);
    assertThat(Ops.variance(z, false).item()).isLessThan(Ops.variance(x, false).item());
  }

  @Test
  void constantsDifferInMeanOnly() {
    Tensor x = Tensor.of(REFERENCE, new double[] {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3}, 1, 2, 2, 3);
    Tensor z = Tensor.of(REFERENCE, new double[] {1.5, 2, 1}, 1, 1, 1, 3);
    assertThat(MomentMatching.of(x, z).item()).isCloseTo((.25 + 0 + 4) / 3, within(1e-12));
    assertThat(MomentMatching.of(x, Ops.resize(x, 1, 1, Filter.BILINEAR)).item()).isZero();
  }

  @Test
  void momentsAreThoseOfEachPictureAndChannel() {
    // Means 0 and deviations 1 and 2 in the first picture; the second agrees with its thumbnail.
    Tensor x = Tensor.of(REFERENCE, new double[] {1, 2, -1, -2, 5, 5, 5, 5}, 2, 1, 2, 2);
    Tensor z = Tensor.of(REFERENCE, new double[] {.5, 0, -.5, 0, 5, 5, 5, 5}, 2, 2, 1, 2);
    double expected = ((1 - .5) * (1 - .5) + 2 * 2) / 2 / 2;
    assertThat(MomentMatching.of(x, z).item()).isCloseTo(expected, within(1e-5));
  }

  @Test
  void gradientOfMomentMatching() {
    Tensor x = normal(.2, 1, 3, 2, 6, 4, 3);
    checkGradient(z -> MomentMatching.of(x, z), normal(-.1, .7, 4, 2, 3, 2, 3));
    Tensor plain = Tensor.full(REFERENCE, .4, 2, 3, 2, 3).requiresGrad(true);
    MomentMatching.of(x, plain).backward();
    assertThat(Arrays.stream(plain.grad().toDoubleArray())).allMatch(Double::isFinite);
  }

  @Test
  void momentMatchingNeedsPairs() {
    assertThatThrownBy(
            () ->
                MomentMatching.of(
                    Tensor.zeros(REFERENCE, 2, 4, 4, 3), Tensor.zeros(REFERENCE, 1, 2, 2, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(2, 4, 4, 3)")
        .hasMessageContaining("(1, 2, 2, 3)");
  }

  // ---------------------------------------------------------------- feature mapping

  @Test
  void featureMappingHasNoScale() {
    Tensor target = normal(2, 3, 5, 2, 4, 4, 8);
    double mean = Ops.mean(target).item();
    Tensor constant = Tensor.full(REFERENCE, mean, 2, 4, 4, 8);
    for (double scale : new double[] {1, 1000}) {
      FeatureMapping loss = new FeatureMapping(Tensor.scalar(REFERENCE, 0));
      assertThat(loss.of(Ops.mul(constant, scale), Ops.mul(target, scale)).item())
          .isCloseTo(1, within(1e-12));
      assertThat(loss.of(target, target).item()).isZero();
    }
  }

  @Test
  void featureMappingRunsItsVariance() {
    Tensor state = Tensor.scalar(REFERENCE, 0);
    FeatureMapping loss = new FeatureMapping(state);
    Tensor one = Tensor.of(REFERENCE, new double[] {-1, 1}, 1, 1, 1, 2);
    Tensor two = Ops.mul(one, 2);
    loss.of(one, one);
    assertThat(state.item()).isEqualTo(1);
    Tensor shifted = Ops.add(two, 1);
    assertThat(loss.of(shifted, two).item()).isCloseTo(1 / 1.3, within(1e-12));
    assertThat(state.item()).isCloseTo(.9 + .1 * 4, within(1e-12));
  }

  @Test
  void gradientOfFeatureMapping() {
    Tensor target = normal(0, 1, 6, 2, 2, 2, 3).requiresGrad(true);
    checkGradient(u -> FeatureMapping.of(u, target, 1.7), normal(0, 1, 7, 2, 2, 2, 3));
    assertThat(target.grad()).isNull();
  }

  @Test
  void featuresMustVary() {
    Tensor zeros = Tensor.zeros(REFERENCE, 1, 2, 2, 3);
    FeatureMapping loss = new FeatureMapping(Tensor.scalar(REFERENCE, 0));
    assertThatThrownBy(() -> loss.of(zeros, zeros))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("variance");
    assertThatThrownBy(() -> loss.of(zeros, Tensor.full(REFERENCE, Double.NaN, 1, 2, 2, 3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("NaN");
  }

  // ---------------------------------------------------------------- auto-encoder

  @Test
  void reconstructionIsTheMeanSquareOfWhatIsWrong() {
    Tensor x = Tensor.of(REFERENCE, new double[] {1, 2, 3, 4, 5, 6}, 1, 2, 1, 3);
    Tensor rebuilt = Tensor.of(REFERENCE, new double[] {1, 2, 2, 4, 8, 6}, 1, 2, 1, 3);
    assertThat(Reconstruction.of(x, rebuilt).item()).isCloseTo(10 / 6.0, within(1e-12));
    assertThat(Reconstruction.of(x, x).item()).isZero();
    assertThatThrownBy(() -> Reconstruction.of(x, Tensor.zeros(REFERENCE, 1, 1, 2, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(1, 2, 1, 3)");
  }

  /** As large for a larger picture that is made of the same values. */
  @Test
  void energyIsTheMeanSquare() {
    Tensor high = Tensor.of(REFERENCE, new double[] {1, -2, 0, 3, 0, -1}, 1, 1, 2, 3);
    assertThat(Energy.of(high).item()).isCloseTo(15 / 6.0, within(1e-12));
    assertThat(Energy.of(Ops.resize(high, 4, 8, Filter.NEAREST)).item())
        .isCloseTo(15 / 6.0, within(1e-12));
    assertThat(Energy.of(Ops.mul(high, -3)).item()).isCloseTo(9 * 15 / 6.0, within(1e-12));
  }

  @Test
  void gradientsOfReconstructionAndEnergy() {
    Tensor x = normal(0, 1, 20, 2, 4, 2, 3);
    checkGradient(rebuilt -> Reconstruction.of(x, rebuilt), normal(.2, 1, 21, 2, 4, 2, 3));
    checkGradient(Energy::of, normal(.2, 1, 22, 2, 2, 1, 3));
  }

  // ---------------------------------------------------------------- distillation

  @Test
  void distillationIsZeroForEqualLogitsOnly() {
    Tensor t = normal(0, 3, 8, 4, 10);
    Distillation loss = new Distillation(4);
    assertThat(loss.of(Ops.add(t, 5), t).item()).isCloseTo(0, within(1e-12));
    assertThat(loss.of(normal(0, 3, 9, 4, 10), t).item()).isGreaterThan(.1);
  }

  @Test
  void distillationDiffersFromSoftCrossEntropyByTheTeachersEntropy() {
    Tensor t = normal(0, 2, 10, 3, 6);
    Tensor s = normal(0, 2, 11, 3, 6);
    double tau = 2.5;
    Tensor p = Ops.softmax(Ops.mul(t, 1 / tau));
    Tensor log = Ops.logSoftmax(Ops.mul(s, 1 / tau));
    double cross = -Ops.sum(Ops.mul(p, log)).item() / 3;
    double entropy = -Ops.sum(Ops.mul(p, Ops.log(p))).item() / 3;
    assertThat(new Distillation(tau).of(s, t).item())
        .isCloseTo(tau * tau * (cross - entropy), within(1e-12));
  }

  @Test
  void gradientOfDistillationIsTheDifferenceOfProbabilities() {
    int n = 3;
    Tensor t = normal(0, 2, 12, n, 6);
    for (double tau : new double[] {1, 4}) {
      Tensor s = normal(0, 2, 13, n, 6);
      checkGradient(v -> new Distillation(tau).of(v, t), s);
      double[] ps = Ops.softmax(Ops.mul(s.detach(), 1 / tau)).toDoubleArray();
      double[] pt = Ops.softmax(Ops.mul(t, 1 / tau)).toDoubleArray();
      double[] gradient = s.grad().toDoubleArray();
      for (int i = 0; i < ps.length; i++) {
        assertThat(gradient[i]).isCloseTo(tau * (ps[i] - pt[i]) / n, within(1e-12));
      }
    }
  }

  @Test
  void hotDistillationComparesLogits() {
    int classes = 8;
    Tensor t = centred(normal(0, 2, 14, 5, classes));
    Tensor s = centred(normal(0, 2, 15, 5, classes));
    double expected = Ops.sum(Ops.square(Ops.sub(s, t))).item() / (2 * classes) / 5;
    double error1 = Math.abs(new Distillation(100).of(s, t).item() - expected);
    double error2 = Math.abs(new Distillation(1000).of(s, t).item() - expected);
    assertThat(error1).isLessThan(.05 * expected);
    assertThat(error2).isLessThan(.2 * error1);
  }

  private static Tensor centred(Tensor logits) {
    Tensor means = Ops.reshape(Ops.mean(logits, 1), logits.dim(0), 1);
    return Ops.sub(logits, means);
  }

  @Test
  void distillationTakesNoGradientToTheTeacher() {
    Tensor t = normal(0, 1, 16, 2, 3).requiresGrad(true);
    Tensor s = normal(0, 1, 17, 2, 3).requiresGrad(true);
    new Distillation(2).of(s, t).backward();
    assertThat(t.grad()).isNull();
    assertThat(s.grad()).isNotNull();
    assertThatThrownBy(() -> new Distillation(0)).hasMessageContaining("temperature");
  }

  // ---------------------------------------------------------------- classification

  @Test
  void classificationIsTheLogarithmOfTheAnswer() {
    Tensor s = Tensor.of(REFERENCE, new double[] {2, 0, -1, 0, 0, 0}, 2, 3);
    int[] labels = {0, 2};
    double first = Math.log(Math.exp(2) + 1 + Math.exp(-1)) - 2;
    assertThat(new CrossEntropy(0).of(s, labels).item())
        .isCloseTo((first + Math.log(3)) / 2, within(1e-12));
    double uniform = Math.log(Math.exp(2) + 1 + Math.exp(-1)) - 1 / 3.0;
    assertThat(new CrossEntropy(.1).of(s, labels).item())
        .isCloseTo((.9 * first + .1 * uniform + Math.log(3)) / 2, within(1e-12));
  }

  @Test
  void gradientOfClassification() {
    int[] labels = {1, 4, 0};
    checkGradient(s -> new CrossEntropy(.1).of(s, labels), normal(0, 2, 18, 3, 5));
    assertThatThrownBy(() -> new CrossEntropy(1)).hasMessageContaining("smoothing");
  }
}
