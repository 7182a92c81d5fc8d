package dev.thumbnet.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Values of operations against numbers and plain loops, and what they say about bad input. */
final class OpsTest {
  private static final Device DEVICE = Device.reference();

  private static Tensor tensor(double[] values, int... dims) {
    return Tensor.of(DEVICE, values, dims);
  }

  private static Tensor random(long seed, int... dims) {
    Rng rng = new Rng(seed);
    double[] values = new double[Shape.of(dims).size()];
    Arrays.setAll(values, _ -> rng.nextGaussian());
    return tensor(values, dims);
  }

  private static Tensor zeros(int... dims) {
    return Tensor.zeros(DEVICE, dims);
  }

  private static void assertClose(Tensor actual, double... expected) {
    assertThat(actual.toDoubleArray()).containsExactly(expected, within(1e-12));
  }

  // ---------------------------------------------------------------- elementwise

  @Test
  void derivativesAtKinksAreZero() {
    Tensor zero = zeros(1).requiresGrad(true);
    Ops.relu(zero).backward();
    Ops.abs(zero).backward();
    Ops.l1(zero, zeros(1)).backward();
    Ops.addRelu(zero, zeros(1)).backward();
    assertThat(zero.grad().toDoubleArray()).containsExactly(0);
  }

  @Test
  void wholePowersOfZeroAndNegativeNumbers() {
    double[] x = {-3, -1, -0.5, 0, 0.5, 2};
    for (int exponent : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 12, 31, -1, -4, -5}) {
      Tensor in = tensor(x, x.length).requiresGrad(true);
      Tensor y = Ops.pow(in, exponent);
      Ops.sum(y).backward();
      for (int i = 0; i < x.length; i++) {
        double expected = Math.pow(x[i], exponent);
        double most = 1e-13 * Math.abs(expected);
        if (x[i] != 0 || exponent >= 0) {
          assertThat(y.toDoubleArray()[i]).isCloseTo(expected, within(most));
          double slope = exponent == 0 ? 0 : exponent * Math.pow(x[i], exponent - 1);
          double mostSlope = 1e-13 * Math.abs(slope);
          assertThat(in.grad().toDoubleArray()[i]).isCloseTo(slope, within(mostSlope));
        } else {
          assertThat(y.toDoubleArray()[i]).isEqualTo(Double.POSITIVE_INFINITY);
        }
      }
    }
  }

  @Test
  void largeAndOddExponents() {
    Tensor x = tensor(new double[] {0, 0.5, 2}, 3);
    double inf = Double.POSITIVE_INFINITY;
    assertClose(Ops.pow(x, 1.5), 0, Math.pow(0.5, 1.5), Math.pow(2, 1.5));
    assertThat(Ops.pow(x, 1e300).toDoubleArray()).containsExactly(0, 0, inf);
    assertThat(Ops.pow(x, inf).toDoubleArray()).containsExactly(0, 0, inf);
    assertThat(Ops.pow(x, Double.NaN).toDoubleArray()).containsOnly(Double.NaN);
  }

  @Test
  void broadcastingEqualsPlainLoops() {
    Tensor big = random(1, 2, 3, 4, 5);
    Tensor small = random(2, 3, 1, 5);
    double[] a = big.toDoubleArray();
    double[] b = small.toDoubleArray();
    double[] sum = new double[a.length];
    double[] difference = new double[a.length];
    double[] product = new double[a.length];
    double[] quotient = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      int c = i % 5;
      int h = i / 20 % 3;
      double other = b[h * 5 + c];
      sum[i] = a[i] + other;
      difference[i] = other - a[i];
      product[i] = a[i] * other;
      quotient[i] = other / a[i];
    }
    assertClose(Ops.add(big, small), sum);
    assertClose(Ops.sub(small, big), difference);
    assertClose(Ops.mul(small, big), product);
    assertClose(Ops.div(small, big), quotient);
    assertThat(Ops.mul(small, big).shape()).isEqualTo(Shape.of(2, 3, 4, 5));
  }

  @Test
  void bothOperandsMayBeRepeated() {
    Tensor column = tensor(new double[] {1, 2}, 2, 1);
    Tensor row = tensor(new double[] {10, 20, 30}, 3);
    Tensor table = Ops.add(column, row);
    assertThat(table.shape()).isEqualTo(Shape.of(2, 3));
    assertClose(table, 11, 21, 31, 12, 22, 32);
  }

  @Test
  void shapesThatDoNotBroadcastAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.sub(zeros(2, 3), zeros(2)))
        .withMessageContaining("sub")
        .withMessageContaining("(2, 3)")
        .withMessageContaining("(2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.addRelu(zeros(2, 3), zeros(3)))
        .withMessageContaining("addRelu");
  }

  @Test
  void devicesDoNotMix() {
    try (Device cpu = Device.cpu(1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Ops.add(zeros(2), Tensor.zeros(cpu, 2)))
          .withMessageContaining("different devices");
    }
  }

  // ---------------------------------------------------------------- layers

  @Test
  void convolutionIsCrossCorrelation() {
    Tensor x = tensor(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 3, 3, 1);
    Tensor w = tensor(new double[] {1, 10, 100, 1000}, 2, 2, 1, 1);
    Tensor bias = tensor(new double[] {0.5}, 1);
    Tensor y = Ops.conv2d(x, w, bias, Conv2dOptions.DEFAULT);
    assertThat(y.shape()).isEqualTo(Shape.of(1, 2, 2, 1));
    assertClose(y, 5421.5, 6532.5, 8754.5, 9865.5);
  }

  @Test
  void aLinearLayerIsAOneByOneConvolution() {
    Tensor x = random(1, 2, 3, 3, 4);
    Tensor w = random(2, 4, 5);
    Tensor b = random(3, 5);
    Tensor conv = Ops.conv2d(x, Ops.reshape(w, 1, 1, 4, 5), b, Conv2dOptions.DEFAULT);
    assertThat(Ops.linear(x, w, b).shape()).isEqualTo(conv.shape());
    assertClose(Ops.linear(x, w, b), conv.toDoubleArray());
  }

  /** A 2x2 kernel of ones with stride 2 repeats each pixel; one row more gets the bias alone. */
  @Test
  void transposedConvolutionByHand() {
    Tensor x = tensor(new double[] {1, 2, 3, 4}, 1, 2, 2, 1);
    Tensor ones = Tensor.full(DEVICE, 1, 2, 2, 1, 1);
    Conv2dOptions twice = Conv2dOptions.of(2, 0);
    Tensor y = Ops.convTranspose2d(x, ones, null, twice, 0, 0);
    assertThat(y.shape()).isEqualTo(Shape.of(1, 4, 4, 1));
    assertClose(y, 1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4);
    Tensor bias = tensor(new double[] {10}, 1);
    Tensor cut =
        Ops.convTranspose2d(x, ones, bias, twice.withPadding(new Padding(3, 1, 0, 1)), 1, 0);
    assertClose(cut, 13, 14, 10, 10);
  }

  @Test
  void badTransposedConvolutionsAreExplained() {
    Tensor weight = zeros(3, 3, 4, 8);
    Conv2dOptions twice = Conv2dOptions.of(2, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.convTranspose2d(zeros(1, 8, 8, 3), weight, null, twice, 0, 0))
        .withMessageContaining("convTranspose2d: x (1, 8, 8, 3) has 3 channels")
        .withMessageContaining("needs 8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.convTranspose2d(zeros(1, 8, 8, 8), weight, null, twice, 0, 2))
        .withMessageContaining("2 more columns")
        .withMessageContaining("below the stride");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.convTranspose2d(zeros(1, 8, 8, 8), weight, zeros(8), twice, 0, 0))
        .withMessageContaining("bias must have shape (4)");
    Conv2dOptions padded = Conv2dOptions.of(1, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.convTranspose2d(zeros(1, 2, 8, 8), weight, null, padded, 0, 0))
        .withMessageContaining("an extent of 2 would become -2");
  }

  @Test
  void badConvolutionsAreExplained() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Ops.conv2d(zeros(1, 8, 8, 3), zeros(3, 3, 4, 8), null, Conv2dOptions.DEFAULT))
        .withMessageContaining("conv2d")
        .withMessageContaining("(1, 8, 8, 3) has 3 channels")
        .withMessageContaining("needs 4");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Ops.conv2d(zeros(8, 8, 3), zeros(3, 3, 3, 8), null, Conv2dOptions.DEFAULT))
        .withMessageContaining("(n, h, w, cin)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Ops.conv2d(zeros(1, 8, 8, 3), zeros(3, 3, 3, 8), zeros(3), Conv2dOptions.DEFAULT))
        .withMessageContaining("bias must have shape (8)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Ops.conv2d(zeros(1, 2, 2, 3), zeros(3, 3, 3, 8), null, Conv2dOptions.DEFAULT))
        .withMessageContaining("larger than the padded input");
  }

  @Test
  void aTransposedLinearWeightIsExplained() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.linear(zeros(4, 5), zeros(3, 5), null))
        .withMessageContaining("linear")
        .withMessageContaining("(in, out)");
  }

  @Test
  void runningStatisticsAreUnbiasedAndMomentumWeighsTheBatch() {
    Tensor x = tensor(new double[] {1, 2, 3, 4}, 4, 1);
    Tensor mean = zeros(1);
    Tensor variance = Tensor.full(DEVICE, 1, 1);
    Tensor y = Ops.batchNormTrain(x, Tensor.full(DEVICE, 2, 1), zeros(1), mean, variance, 0.1, 0);
    assertClose(mean, 0.25);
    assertClose(variance, 0.9 + 0.1 * 5 / 3);
    double deviation = Math.sqrt(1.25); // the biased variance normalises
    assertClose(y, -3 / deviation, -1 / deviation, 1 / deviation, 3 / deviation);
  }

  @Test
  void evaluationUsesTheGivenStatistics() {
    Tensor x = tensor(new double[] {1, 5}, 1, 2);
    Tensor y =
        Ops.batchNormEval(
            x,
            tensor(new double[] {2, 3}, 2),
            tensor(new double[] {10, 20}, 2),
            tensor(new double[] {0, 1}, 2),
            tensor(new double[] {4, 16}, 2),
            0);
    assertClose(y, 11, 23);
  }

  @Test
  void theGradientOfEvaluationDoesNotSeeLaterTraining() {
    Tensor x = random(1, 4, 2).requiresGrad(true);
    Tensor one = Tensor.full(DEVICE, 1, 2);
    Tensor mean = zeros(2);
    Tensor variance = Tensor.full(DEVICE, 1, 2);
    Tensor y = Ops.batchNormEval(x, one, zeros(2), mean, variance, 0);
    Ops.batchNormTrain(random(2, 4, 2), one, zeros(2), mean, variance, 0.5, 0);
    y.backward(Tensor.full(DEVICE, 1, 4, 2));
    assertThat(x.grad().toDoubleArray()).containsOnly(1);
  }

  @Test
  void oneValuePerChannelCannotBeNormalised() {
    Tensor one = Tensor.full(DEVICE, 1, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.batchNormTrain(zeros(1, 1, 1, 2), one, one, one, one, 0.1, 1e-5))
        .withMessageContaining("more than one value per channel")
        .withMessageContaining("(1, 1, 1, 2)");
  }

  @Test
  void dropoutKeepsTheMeanAndDependsOnTheGenerator() {
    Tensor x = Tensor.full(DEVICE, 1, 100, 100);
    Tensor y = Ops.dropout(x, 0.3, new Rng(1));
    assertThat(Arrays.stream(y.toDoubleArray()).distinct().toArray())
        .containsExactlyInAnyOrder(0, 1 / 0.7);
    assertThat(Ops.mean(y).item()).isCloseTo(1, within(0.03)); // 4.6 standard errors
    assertThat(Ops.dropout(x, 0.3, new Rng(1)).toDoubleArray()).isEqualTo(y.toDoubleArray());
    assertThat(Ops.dropout(x, 0.3, new Rng(2)).toDoubleArray()).isNotEqualTo(y.toDoubleArray());
    assertThatIllegalArgumentException().isThrownBy(() -> Ops.dropout(x, 1, new Rng(1)));
  }

  // ---------------------------------------------------------------- pooling and shape

  @Test
  void pooling() {
    Tensor x = tensor(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 3, 3, 1);
    assertClose(Ops.maxPool2d(x, 2, 1, 0), 5, 6, 8, 9);
    assertClose(Ops.avgPool2d(x, 2, 1, 0, true), 3, 4, 6, 7);
    assertClose(Ops.avgPool2d(x, 2, 2, 1, true), 0.25, 1.25, 2.75, 7);
    assertClose(Ops.avgPool2d(x, 2, 2, 1, false), 1, 2.5, 5.5, 7);
    assertClose(Ops.adaptiveAvgPool2d(x, 2, 2), 3, 4, 6, 7);
    assertClose(Ops.globalAvgPool2d(x), 5);
    assertThat(Ops.globalAvgPool2d(x).shape()).isEqualTo(Shape.of(1, 1));
    assertClose(Ops.maxPool2d(x, PoolOptions.of(2, 2, 0).withCeil()), 5, 6, 8, 9);
    assertClose(Ops.avgPool2d(x, PoolOptions.of(2, 2, 0).withCeil(), true), 3, 4.5, 7.5, 9);
    assertClose(Ops.maxPool2d(x, PoolOptions.of(2, 1, 0).withDilation(2)), 9);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.avgPool2d(x, PoolOptions.of(2, 1, 0).withDilation(2), true))
        .withMessageContaining("windows of a mean have no dilation");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.maxPool2d(x, 2, 1, 2))
        .withMessageContaining("nothing but padding")
        .withMessageContaining("n1 h3 w3 c1 r2 s2 st1 p2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.maxPool2d(zeros(3, 3), 2, 2, 0))
        .withMessageContaining("maxPool2d")
        .withMessageContaining("(n, h, w, c)");
  }

  @Test
  void resizeAgreesWithPillow() {
    double[] ramp = new double[16];
    Arrays.setAll(ramp, i -> i);
    Tensor x = tensor(ramp, 1, 4, 4, 1);
    Tensor cubic = Ops.resize(x, 2, 2, Filter.BICUBIC_ANTIALIAS);
    assertThat(cubic.toDoubleArray())
        .containsExactly(new double[] {2.933884, 4.760331, 10.239669, 12.066116}, within(1e-6));
    Tensor linear = Ops.resize(x, 2, 2, Filter.BILINEAR_ANTIALIAS);
    assertThat(linear.toDoubleArray())
        .containsExactly(new double[] {3.571429, 5.142857, 9.857143, 11.428571}, within(1e-6));
    assertClose(Ops.resize(x, 2, 2, Filter.BILINEAR), 2.5, 4.5, 10.5, 12.5);
  }

  @Test
  void slicesOfAConcatenationAreTheParts() {
    Tensor a = random(1, 2, 3, 4);
    Tensor b = random(2, 2, 5, 4);
    Tensor both = Ops.concat(1, a, b);
    assertThat(both.shape()).isEqualTo(Shape.of(2, 8, 4));
    assertClose(Ops.slice(both, 1, 0, 3), a.toDoubleArray());
    assertClose(Ops.slice(both, -2, 3, 8), b.toDoubleArray());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.concat(0, a, b))
        .withMessageContaining("(2, 3, 4)")
        .withMessageContaining("(2, 5, 4)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.slice(a, 1, 2, 4))
        .withMessageContaining("[2, 4)");
    assertThatIllegalArgumentException().isThrownBy(() -> Ops.concat(0));
  }

  @Test
  void reshapeKeepsTheOrder() {
    Tensor x = random(1, 2, 3, 4);
    Tensor y = Ops.reshape(x, 6, -1);
    assertThat(y.shape()).isEqualTo(Shape.of(6, 4));
    assertClose(y, x.toDoubleArray());
    assertThat(Ops.flatten(x).shape()).isEqualTo(Shape.of(2, 12));
    for (int[] dims : new int[][] {{5, -1}, {2, 3}, {-1, -1}, {-1, 0}}) {
      assertThatThrownBy(() -> Ops.reshape(x, dims))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("(2, 3, 4)");
    }
  }

  // ---------------------------------------------------------------- reductions

  @Test
  void reductionsEqualPlainLoops() {
    Tensor x = random(1, 2, 3, 4, 5);
    double[] v = x.toDoubleArray();
    double[] sums = new double[12]; // over axes 0 and 3, which are no neighbours
    double[] squares = new double[12];
    for (int i = 0; i < v.length; i++) {
      sums[i / 5 % 12] += v[i];
      squares[i / 5 % 12] += v[i] * v[i];
    }
    assertThat(Ops.sum(x, 0, 3).shape()).isEqualTo(Shape.of(3, 4));
    assertClose(Ops.sum(x, 3, 0), sums);
    double[] mean = Arrays.stream(sums).map(s -> s / 10).toArray();
    assertClose(Ops.mean(x, 0, -1), mean);
    double[] variance = new double[12];
    Arrays.setAll(variance, i -> squares[i] / 10 - mean[i] * mean[i]);
    assertClose(Ops.variance(x, false, 0, 3), variance);
    double[] deviation = Arrays.stream(variance).map(s -> Math.sqrt(s * 10 / 9)).toArray();
    assertClose(Ops.std(x, true, 0, 3), deviation);
    assertThat(Ops.mean(x).shape()).isEqualTo(Shape.of());
    assertThat(Ops.mean(x).item())
        .isCloseTo(Arrays.stream(v).average().orElseThrow(), within(1e-12));
  }

  @Test
  void varianceIsAccurateFarFromZero() {
    Tensor x = tensor(new double[] {1e9 + 1, 1e9 + 2, 1e9 + 3}, 3);
    assertThat(Ops.variance(x, true).item()).isEqualTo(1);
  }

  @Test
  void badAxesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.sum(zeros(2, 3), 0, -2))
        .withMessageContaining("twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.mean(zeros(2, 3), 2))
        .withMessageContaining("no axis 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.variance(zeros(1, 3), true, 0))
        .withMessageContaining("two values or more");
  }

  // ---------------------------------------------------------------- losses

  @Test
  void crossEntropyEqualsItsDefinition() {
    Tensor logits = random(1, 3, 4);
    int[] labels = {3, 0, 2};
    double[] logP = Ops.logSoftmax(logits).toDoubleArray();
    double plain = -(logP[3] + logP[4] + logP[10]) / 3;
    double uniform = -Arrays.stream(logP).sum() / 12;
    assertThat(Ops.crossEntropy(logits, labels, 0).item()).isCloseTo(plain, within(1e-12));
    assertThat(Ops.crossEntropy(logits, labels, 0.1).item())
        .isCloseTo(0.9 * plain + 0.1 * uniform, within(1e-12));
  }

  @Test
  void crossEntropyOfEqualLogitsIsTheLogarithmOfTheClasses() {
    assertThat(Ops.crossEntropy(zeros(5, 10), new int[5], 0.1).item())
        .isCloseTo(Math.log(10), within(1e-12));
  }

  @Test
  void crossEntropyDoesNotSeeLaterChangesOfTheLabels() {
    Tensor logits = zeros(1, 2).requiresGrad(true);
    int[] labels = {0};
    Tensor loss = Ops.crossEntropy(logits, labels, 0);
    labels[0] = 1;
    loss.backward();
    assertClose(logits.grad(), -0.5, 0.5);
  }

  @Test
  void badLabelsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.crossEntropy(zeros(2, 3), new int[] {0, 3}, 0))
        .withMessageContaining("3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.crossEntropy(zeros(2, 3), new int[] {0, -1}, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.crossEntropy(zeros(2, 3), new int[3], 0))
        .withMessageContaining("3 labels");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.crossEntropy(zeros(2, 3), new int[2], 1));
  }

  @Test
  void klDivergenceOfZeroProbabilitiesIsFinite() {
    Tensor p = tensor(new double[] {1, 0, 0.5, 0.5}, 2, 2);
    Tensor logQ =
        tensor(new double[] {Math.log(0.25), Math.log(0.75), Math.log(0.5), Math.log(0.5)}, 2, 2);
    assertThat(Ops.klDiv(logQ, p).item()).isCloseTo(Math.log(4) / 2, within(1e-12));
  }

  @Test
  void klDivergenceOfEqualDistributionsIsZero() {
    Tensor logits = random(1, 4, 6);
    assertThat(Ops.klDiv(Ops.logSoftmax(logits), Ops.softmax(logits)).item())
        .isCloseTo(0, within(1e-14));
  }

  /** PAPER: the gradient of τ² KL(softmax(t/τ), softmax(s/τ)) for s is τ (p_s − p_t) / n. */
  @Test
  void theGradientOfDistillationIsTheDifferenceOfProbabilities() {
    double tau = 4;
    Tensor s = random(1, 3, 5).requiresGrad(true);
    Tensor t = random(2, 3, 5);
    Tensor student = Ops.mul(s, 1 / tau);
    Tensor teacher = Ops.softmax(Ops.mul(t, 1 / tau));
    Ops.mul(Ops.klDiv(Ops.logSoftmax(student), teacher), tau * tau).backward();
    Tensor difference = Ops.sub(Ops.softmax(student), teacher);
    assertClose(s.grad(), Ops.mul(difference, tau / 3).toDoubleArray());
  }

  @Test
  void softmaxDoesNotOverflow() {
    Tensor x = tensor(new double[] {1000, 1000, -1000}, 1, 3);
    assertClose(Ops.softmax(x), 0.5, 0.5, 0);
    assertClose(Ops.logSoftmax(x), -Math.log(2), -Math.log(2), -2000 - Math.log(2));
  }

  @Test
  void meanLosses() {
    Tensor a = tensor(new double[] {1, 2, 3}, 3);
    Tensor b = tensor(new double[] {2, 2, 1}, 3);
    assertClose(Ops.mse(a, b), 5.0 / 3);
    assertClose(Ops.l1(a, b), 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ops.mse(a, zeros(3, 1)))
        .withMessageContaining("mse");
  }
}
