package dev.thumbnet.method.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.MaxPool2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Classifier.InnerConvolution;
import dev.thumbnet.testing.TinyPictures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What channels contribute to the outputs of the next convolution. */
final class SampledOutputsTest {
  private static final Device CPU = Device.cpu();
  private static final Device REFERENCE = Device.reference();

  private static double[] random(int count, long seed) {
    Rng rng = new Rng(seed);
    double[] values = new double[count];
    Arrays.setAll(values, _ -> rng.nextGaussian());
    return values;
  }

  static List<Conv2dOptions> slides() {
    return List.of(
        Conv2dOptions.of(1, 1),
        Conv2dOptions.DEFAULT,
        new Conv2dOptions(2, 1, 1, 2, 1, 1, 1),
        Conv2dOptions.of(2, 2).withDilation(2));
  }

  @ParameterizedTest
  @MethodSource("slides")
  void contributionsAddUpToTheOutput(Conv2dOptions options) {
    Tensor x = Tensor.of(REFERENCE, random(2 * 7 * 6 * 5, 1), 2, 7, 6, 5);
    Tensor weight = Tensor.of(REFERENCE, random(3 * 3 * 5 * 4, 2), 3, 3, 5, 4);
    Tensor y = Ops.conv2d(x, weight, null, options);
    double[] expected = y.toDoubleArray();
    double[] terms = new double[5];
    for (int i = 0; i < expected.length; i++) {
      int places = y.dim(1) * y.dim(2);
      SampledOutputs.contribute(
          options.problem(x.shape(), weight.shape()),
          x.toArray(),
          weight.toArray(),
          i / 4 / places,
          i / 4 % places,
          i % 4,
          terms);
      assertThat(Arrays.stream(terms).sum()).isCloseTo(expected[i], within(1e-5));
    }
    assertThat(terms).as("each channel its own").doesNotHaveDuplicates();
  }

  private static Module child(Module module, String name) {
    return Objects.requireNonNull(module.children().get(name));
  }

  private static SampledOutputs outputs(Classifier network, int number) {
    InnerConvolution convolution = network.innerConvolutions().get(number);
    return new SampledOutputs(network, convolution, CPU, new Rng(1));
  }

  @Test
  void theInputIsWhatTheNextConvolutionIsGivenInAResNet() {
    Classifier network = Scrambled.network(Architecture.of("resnet18", 3).withWidth(0.125), CPU);
    Tensor x = Tensor.of(CPU, Scrambled.pictures(2, 32), 2, 32, 32, 3);
    Tensor stem = child(network, "conv1").forward(x);
    stem = ((BatchNorm2d) child(network, "bn1")).forwardRelu(stem);
    stem = new MaxPool2d(3, 2, 1).forward(stem);
    Module block = child(child(network, "layer1"), "0");
    Tensor inner = child(block, "conv1").forward(stem);
    inner = ((BatchNorm2d) child(block, "bn1")).forwardRelu(inner);
    assertThat(outputs(network, 0).input(x).toArray()).isEqualTo(inner.toArray());
    assertThat(outputs(network, 5).input(x).shape().toArray()).containsExactly(2, 2, 2, 32);
  }

  @Test
  void theInputIsWhatTheNextConvolutionIsGivenInAVgg() {
    Classifier network =
        Scrambled.network(Architecture.of("vgg11_bn", 3).withWidth(1 / 32.0).withHidden(0), CPU);
    Tensor x = Tensor.of(CPU, Scrambled.pictures(2, 32), 2, 32, 32, 3);
    // The second convolution is behind a pool.
    Sequential before =
        new Sequential(((Sequential) child(network, "features")).layers().subList(0, 4));
    before.eval();
    Tensor pooled = before.forward(x);
    assertThat(pooled.shape().toArray()).containsExactly(2, 16, 16, 2);
    assertThat(outputs(network, 0).input(x).toArray()).isEqualTo(pooled.toArray());
  }

  /** Of four channels two are always silent: the others are found, and nothing is missed. */
  @Test
  void channelsThatSayNothingGo() {
    Classifier network = Scrambled.network(TinyPictures.architecture(), CPU);
    Scrambled.silence(network, 0, 2);
    Scrambled.raise(network, 1, 3);
    Choice choice = outputs(network, 0).equations(TinyPictures.data(), 5).choose(2);
    assertThat(choice.channels()).containsExactly(1, 3);
    assertThat(choice.scales()).allSatisfy(w -> assertThat(w).isCloseTo(1, within(1e-6)));

    List<Choice> choices = new ArrayList<>();
    network.innerConvolutions().forEach(c -> choices.add(Choice.all(c.channels())));
    choices.set(0, choice);
    Classifier thin = Slicing.slice(network, choices, CPU);
    thin.eval();
    Tensor x = Tensor.of(CPU, Scrambled.pictures(3, 16), 3, 16, 16, 3);
    double[] expected = network.forward(x).toDoubleArray();
    double[] actual = thin.forward(x).toDoubleArray();
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-4));
    }
  }

  /** Two channels are alike: one of them stays and stands in for the other. */
  @Test
  void theScalesMakeUpForWhatIsGone() {
    Classifier network = Scrambled.network(TinyPictures.architecture(), CPU);
    InnerConvolution convolution = network.innerConvolutions().getFirst();
    Scrambled.raise(network, 0, 1, 2);
    // Channel 3 becomes a copy of channel 1, in its filter and in its normalisation.
    for (String name :
        List.of("conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var")) {
      Tensor tensor = network.state().tensors().get("layer1.0." + name);
      double[] values = tensor.toDoubleArray();
      for (int i = 0; i < values.length; i += 4) {
        values[i + 3] = values[i + 1];
      }
      tensor.copyFrom(values);
    }
    // The next convolution weighs the copy three times as much as the original.
    Tensor next = network.state().tensors().get(convolution.next() + ".weight");
    double[] weights = next.toDoubleArray();
    for (int tap = 0; tap < 9; tap++) {
      for (int k = 0; k < 4; k++) {
        weights[(tap * 4 + 3) * 4 + k] = 3 * weights[(tap * 4 + 1) * 4 + k];
      }
    }
    next.copyFrom(weights);
    Choice choice = outputs(network, 0).equations(TinyPictures.data(), 24).choose(3);
    assertThat(choice.channels()).contains(0, 2);
    int kept = choice.channels().contains(1) ? 1 : 3;
    assertThat(choice.scales().get(choice.channels().indexOf(kept)))
        .isCloseTo(kept == 1 ? 4 : 4 / 3.0, within(1e-5));
  }

  @Test
  void theSamplesAreDecidedByTheSeed() {
    Classifier network = Scrambled.network(TinyPictures.architecture(), CPU);
    Choice choice = outputs(network, 2).equations(TinyPictures.data(), 7).choose(3);
    assertThat(outputs(network, 2).equations(TinyPictures.data(), 7).choose(3)).isEqualTo(choice);
    Choice other =
        new SampledOutputs(network, network.innerConvolutions().get(2), CPU, new Rng(2))
            .equations(TinyPictures.data(), 7)
            .choose(3);
    assertThat(other.scales()).isNotEqualTo(choice.scales());
  }
}
