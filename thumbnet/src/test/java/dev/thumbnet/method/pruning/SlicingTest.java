package dev.thumbnet.method.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.onnx.Onnx;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Classifier.InnerConvolution;
import dev.thumbnet.model.OnnxRun;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A pruned network is a real small one: it is saved, loaded, compiled and exported as any other.
 */
final class SlicingTest {
  private static final Device CPU = Device.cpu();
  private static final int SIZE = 32;
  private static final int PICTURES = 3;

  @TempDir private Path folder;

  static List<Architecture> architectures() {
    Architecture vgg = Architecture.of("vgg11_bn", 3).withWidth(0.125);
    return List.of(
        Architecture.of("resnet18", 3).withWidth(0.125),
        Architecture.of("resnet34", 3).withWidth(0.125).withSmallInput(),
        vgg.withHidden(0),
        vgg.withHidden(32),
        Architecture.of("vgg13", 3).withWidth(0.125).withHidden(0));
  }

  private static List<Choice> all(Classifier network) {
    return network.innerConvolutions().stream().map(c -> Choice.all(c.channels())).toList();
  }

  /** Keeps half of the channels or more, others in each convolution. */
  private static List<Choice> some(Classifier network) {
    List<Choice> choices = new ArrayList<>();
    for (InnerConvolution convolution : network.innerConvolutions()) {
      Rng rng = new Rng(9).split(choices.size());
      int count = convolution.channels() - rng.nextInt(1 + convolution.channels() / 2);
      List<Integer> channels =
          Arrays.stream(rng.permutation(convolution.channels()))
              .limit(count)
              .sorted()
              .boxed()
              .toList();
      choices.add(
          new Choice(channels, channels.stream().map(_ -> 0.5 + rng.nextDouble()).toList()));
    }
    return choices;
  }

  private static Tensor pictures(Device device) {
    return Tensor.of(device, Scrambled.pictures(PICTURES, SIZE), PICTURES, SIZE, SIZE, 3);
  }

  private static double[] logits(Classifier network, Device device) {
    network.eval();
    return network.forward(pictures(device)).toDoubleArray();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void ifAllIsKeptNothingChanges(Architecture architecture) {
    Classifier network = Scrambled.network(architecture, CPU);
    Classifier same = Slicing.slice(network, all(network), CPU);
    assertThat(same.stateNames()).isEqualTo(network.stateNames());
    assertThat(same.parameterCount()).isEqualTo(network.parameterCount());
    assertThat(logits(same, CPU)).isEqualTo(logits(network, CPU));
  }

  /** In double precision and plain loops zeros that are left out change no bit. */
  @Test
  void zerosCanBeLeftOut() {
    Device reference = Device.reference();
    Classifier network =
        Scrambled.network(Architecture.of("resnet18", 3).withWidth(0.125), reference);
    Scrambled.silence(network, 1, 2, 7);
    List<Choice> choices = new ArrayList<>(all(network));
    choices.set(0, Choice.of(List.of(0, 3, 4, 5, 6)));
    Classifier thin = Slicing.slice(network, choices, reference);
    assertThat(thin.parameterCount()).isEqualTo(network.parameterCount() - 3 * (2 * 9 * 8 + 2));
    assertThat(logits(thin, reference)).isEqualTo(logits(network, reference));
    choices.set(0, Choice.of(List.of(0, 1, 3, 4, 5)));
    assertThat(logits(Slicing.slice(network, choices, reference), reference))
        .isNotEqualTo(logits(network, reference));
  }

  /** A channel whose output is zero is as good as gone; so the others must be where they were. */
  @ParameterizedTest
  @MethodSource("architectures")
  void whatIsCutOutIsWhatIsNotChosen(Architecture architecture) {
    Classifier network = Scrambled.network(architecture, CPU);
    List<Choice> choices = some(network);
    Classifier thin = Slicing.slice(network, choices, CPU);
    Map<String, Tensor> masked = network.state().tensors();
    for (int i = 0; i < choices.size(); i++) {
      // The network's own next convolution does what it does to the kept channels, scaled.
      Choice choice = choices.get(i);
      Tensor next = masked.get(network.innerConvolutions().get(i).next() + ".weight");
      double[] w = next.toDoubleArray();
      int out = next.dim(3);
      for (int j = 0; j < w.length; j++) {
        int kept = choice.channels().indexOf(j / out % next.dim(2));
        w[j] *= kept < 0 ? 0 : choice.scales().get(kept);
      }
      next.copyFrom(w);
    }
    double[] expected = logits(network, CPU);
    double[] actual = logits(thin, CPU);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(largest).isPositive();
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-4 * largest));
    }
    assertThat(thin.innerConvolutions())
        .extracting(InnerConvolution::channels)
        .isEqualTo(choices.stream().map(c -> c.channels().size()).toList());
    assertThat(thin.featureChannels()).isEqualTo(thin.left().forward(pictures(CPU)).dim(3));
  }

  @Test
  void normalisationIsCutWithItsStatistics() {
    Classifier network = Scrambled.network(Architecture.of("resnet18", 3).withWidth(0.125), CPU);
    List<Choice> choices = new ArrayList<>(all(network));
    choices.set(1, Choice.of(List.of(2, 5)));
    Classifier thin = Slicing.slice(network, choices, CPU);
    for (String name : List.of("weight", "bias", "running_mean", "running_var")) {
      float[] old = network.state().tensors().get("layer1.1.bn1." + name).toArray();
      assertThat(thin.state().tensors().get("layer1.1.bn1." + name).toArray())
          .as(name)
          .containsExactly(old[2], old[5]);
    }
    assertThatThrownBy(() -> Slicing.slice(network, choices.subList(1, 8), CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("7 choices for 8 convolutions");
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void itIsSavedLoadedCompiledAndExported(Architecture architecture) throws Exception {
    Classifier whole = Scrambled.network(architecture, CPU);
    Classifier network = Slicing.slice(whole, some(whole), CPU);
    TrainedModel model =
        new TrainedModel(
            CPU,
            network,
            null,
            List.of("a", "b", "c"),
            Preprocessing.unscaled(SIZE),
            Provenance.on(CPU));
    Path file = folder.resolve("thin.safetensors");
    model.save(file);
    TrainedModel loaded = TrainedModel.load(file, CPU);
    assertThat(loaded.network().architecture()).isEqualTo(network.architecture());
    assertThat(loaded.parameterCount()).isEqualTo(network.parameterCount());
    assertThat(loaded.macs()).isEqualTo(model.macs());
    double[] expected = logits(network, CPU);
    assertThat(logits(loaded.network(), CPU)).isEqualTo(expected);

    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    float[] pictures = Scrambled.pictures(PICTURES, SIZE);
    float[] compiled = new float[PICTURES * 3];
    CompiledModel.of(loaded, PICTURES, WeightFormat.F32).logits(PICTURES, pictures, compiled);
    ByteArrayOutputStream onnx = new ByteArrayOutputStream();
    Onnx.write(loaded.network(), Tensor.zeros(CPU, 1, SIZE, SIZE, 3), onnx);
    float[] exported;
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx.toByteArray())) {
      exported = OnnxRun.logits(session, pictures, PICTURES, SIZE, SIZE);
    }
    assertThat(IntStream.range(0, expected.length))
        .allSatisfy(
            i -> {
              assertThat((double) compiled[i]).isCloseTo(expected[i], within(1e-4 * largest));
              assertThat((double) exported[i]).isCloseTo(expected[i], within(1e-4 * largest));
            });
  }
}
