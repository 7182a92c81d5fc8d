package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.plan.Cost;
import dev.thumbnet.testing.MixedFactors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sizes inside the networks, the cut, the start. */
final class ClassifierTest {
  private static final Device REFERENCE = Device.reference();

  static Tensor noise(int n, int size, long seed) {
    Rng rng = new Rng(seed);
    double[] values = new double[n * size * size * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = rng.nextGaussian();
    }
    return Tensor.of(REFERENCE, values, n, size, size, 3);
  }

  static List<Architecture> narrow() {
    List<Architecture> all = new ArrayList<>();
    for (String name : Architecture.NAMES) {
      // Encoders are always of full width, which takes its time here: a few of those are enough.
      if (!name.startsWith("lwae-") || name.matches("lwae-(resnet18|resnet50|vgg11|vgg16_bn)")) {
        all.add(Architecture.of(name, 5).withWidth(1 / 32.0));
      }
    }
    all.add(Architecture.of("lwae-vgg11_bn", 5).withWidth(1 / 32.0).withHidden(0));
    all.add(Architecture.of("lwae-resnet18", 5).withWidth(1 / 32.0).withSmallInput());
    all.add(Architecture.of("vgg11_bn", 5).withWidth(1 / 32.0).withHidden(0));
    all.add(Architecture.of("resnet18", 5).withWidth(1 / 32.0).withSmallInput());
    all.add(MixedFactors.of(Architecture.of("resnet50", 5).withWidth(1 / 32.0)));
    all.add(MixedFactors.of(Architecture.of("vgg11_bn", 5).withWidth(1 / 32.0).withHidden(0)));
    return all;
  }

  @ParameterizedTest
  @MethodSource("narrow")
  void runsAtEverySize(Architecture architecture) {
    Classifier network = Models.classifier(architecture, REFERENCE, new Rng(1));
    network.eval();
    for (int size : new int[] {32, 56, 64}) {
      if (!architecture.takes(size)) {
        continue;
      }
      Tensor x = noise(2, size, size);
      Tensor logits = network.forward(x);
      assertThat(logits.shape()).isEqualTo(Shape.of(2, 5));
      assertThat(Cost.of(network, x.shape()).output()).isEqualTo(logits.shape());
      assertThat(logits.toDoubleArray()).doesNotContain(Double.NaN).isNotEqualTo(new double[10]);
      Tensor features = network.left().forward(x);
      assertThat(features.shape()).isEqualTo(Cost.of(network.left(), x.shape()).output());
      assertThat(features.dim(3)).isEqualTo(network.featureChannels());
      assertThat(network.right().forward(features).toDoubleArray())
          .isEqualTo(logits.toDoubleArray());
    }
    for (int size : new int[] {112, 128, 160, 224}) {
      assertThat(Cost.of(network, Shape.of(3, size, size, 3)).output()).isEqualTo(Shape.of(3, 5));
    }
  }

  @ParameterizedTest
  @MethodSource("narrow")
  void segmentsShareAllParameters(Architecture architecture) {
    Classifier network = Models.classifier(architecture, REFERENCE, new Rng(1));
    List<Parameter> both = new ArrayList<>(network.left().parameters());
    both.addAll(network.right().parameters());
    assertThat(both).containsExactlyInAnyOrderElementsOf(network.parameters());
  }

  @ParameterizedTest
  @CsvSource({
    "resnet18, 224, 28, 128",
    "resnet18, 112, 14, 128",
    "resnet18, 56, 7, 128",
    "resnet50, 224, 28, 512",
    "vgg11, 224, 28, 256",
    "vgg11_bn, 112, 14, 256",
    "vgg16_bn, 56, 7, 256",
    "lwae-resnet18, 224, 14, 160",
    "lwae-vgg11_bn, 112, 7, 320"
  })
  void featuresAtTheCut(String name, int size, int side, int channels) {
    Architecture architecture = Architecture.of(name, 10);
    Classifier network = Models.classifier(architecture.withHidden(0), Device.cpu());
    network.eval();
    assertThat(Cost.of(network.left(), Shape.of(1, size, size, 3)).output())
        .isEqualTo(Shape.of(1, side, side, channels));
  }

  @ParameterizedTest
  @CsvSource({
    "224, 56, 56, 28, 14, 7",
    "112, 28, 28, 14, 7, 4",
    "56, 14, 14, 7, 4, 2",
    "128, 32, 32, 16, 8, 4",
    "64, 16, 16, 8, 4, 2"
  })
  void mapsOfResNet18(int size, int pool, int l1, int l2, int l3, int l4) {
    Classifier network = Models.classifier(Architecture.of("resnet18", 10), Device.cpu());
    network.eval();
    Shape shape = Shape.of(1, size, size, 3);
    List<Integer> sides = new ArrayList<>();
    List<Module> stages = new ArrayList<>(network.left().children().values());
    stages.addAll(List.copyOf(network.right().children().values()).subList(0, 2));
    for (Module stage : stages) {
      shape = Cost.of(stage, shape).output();
      sides.add(shape.dim(1));
    }
    assertThat(sides.subList(3, 8)).containsExactly(pool, l1, l2, l3, l4);
  }

  @ParameterizedTest
  @CsvSource({"224, 112, 56, 28, 14, 7", "112, 56, 28, 14, 7, 3", "56, 28, 14, 7, 3, 1"})
  void mapsOfVgg11(int size, int p1, int p2, int p3, int p4, int p5) {
    Classifier network =
        Models.classifier(Architecture.of("vgg11", 10).withHidden(0), Device.cpu());
    Shape shape = Shape.of(1, size, size, 3);
    List<Integer> sides = new ArrayList<>();
    for (Module layer : network.children().get("features").children().values()) {
      shape = Cost.of(layer, shape).output();
      if (sides.isEmpty() || shape.dim(1) != sides.getLast()) {
        sides.add(shape.dim(1));
      }
    }
    assertThat(sides).containsExactly(size, p1, p2, p3, p4, p5);
  }

  @Test
  void startsAsTorchvisionDoes() {
    Classifier resnet =
        Models.classifier(Architecture.of("resnet18", 10).withWidth(.25), REFERENCE, new Rng(3));
    double conv = deviation(resnet, "layer3.0.conv1.weight");
    assertThat(conv).isBetween(.98 * Math.sqrt(2.0 / (64 * 9)), 1.02 * Math.sqrt(2.0 / (64 * 9)));
    double bound = 1 / Math.sqrt(128);
    assertThat(Arrays.stream(resnet.state().tensors().get("fc.weight").toDoubleArray()))
        .allMatch(v -> Math.abs(v) <= bound)
        .anyMatch(v -> Math.abs(v) > .9 * bound);

    Classifier vgg =
        Models.classifier(
            Architecture.of("vgg11", 10).withWidth(.125).withHidden(512), REFERENCE, new Rng(3));
    assertThat(deviation(vgg, "classifier.0.weight")).isBetween(.0098, .0102);
    assertThat(vgg.state().tensors().get("classifier.0.bias").toDoubleArray()).containsOnly(0);
    assertThat(vgg.state().tensors().get("features.0.bias").toDoubleArray()).containsOnly(0);
  }

  private static double deviation(Module network, String name) {
    double[] values = network.state().tensors().get(name).toDoubleArray();
    double sum = 0;
    for (double v : values) {
      sum += v * v;
    }
    return Math.sqrt(sum / values.length);
  }

  @Test
  void theSeedDecidesTheStart() {
    Architecture architecture = Architecture.of("resnet18", 3).withWidth(1 / 16.0);
    double[] one = start(architecture, 1);
    assertThat(start(architecture, 1)).isEqualTo(one);
    assertThat(start(architecture, 2)).isNotEqualTo(one);
  }

  private static double[] start(Architecture architecture, long seed) {
    Classifier network = Models.classifier(architecture, REFERENCE, new Rng(seed));
    network.eval();
    try (var _ = Autograd.noGrad()) {
      return network.forward(noise(1, 32, 5)).toDoubleArray();
    }
  }

  @Test
  void everyParameterLearns() {
    for (Architecture architecture : narrow()) {
      Classifier network = Models.classifier(architecture, REFERENCE, new Rng(1));
      int size = architecture.takes(32) ? 32 : 64;
      network.forward(noise(2, size, 9)).backward(Tensor.full(REFERENCE, 1, 2, 5));
      network
          .namedParameters()
          .forEach((name, p) -> assertThat(p.tensor().grad()).as(name).isNotNull());
    }
  }

  @Test
  void refusesWhatDoesNotExist() {
    assertThatThrownBy(() -> Architecture.of("resnet19", 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("resnet19")
        .hasMessageContaining("resnet18");
    assertThatThrownBy(() -> Architecture.of("resnet18", 0)).hasMessageContaining("0");
    assertThatThrownBy(() -> Architecture.of("resnet18", 2).withWidth(0)).hasMessageContaining("0");
    assertThatThrownBy(() -> Architecture.of("resnet18", 2).withHidden(9))
        .hasMessageContaining("9");
    assertThatThrownBy(() -> Architecture.of("vgg11", 2).withSmallInput())
        .hasMessageContaining("small");
  }
}
