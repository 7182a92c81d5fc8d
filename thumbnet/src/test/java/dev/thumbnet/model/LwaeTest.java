package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.engine.nn.Init;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.plan.Cost;
import dev.thumbnet.model.Lwae.Encoder;
import dev.thumbnet.model.Lwae.Subbands;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network of the wavelet-like auto-encoder: what it costs, computes and is made of. */
final class LwaeTest {
  private static final Device REFERENCE = Device.reference();
  private static final Architecture SMALL = Architecture.of("resnet18", 5).withWidth(1 / 32.0);

  @TempDir private Path folder;

  private static Lwae meta(Architecture whole) {
    Lwae network = (Lwae) Models.classifier(Lwae.around(whole), Device.meta());
    network.eval();
    return network;
  }

  private static Cost cost(Module module, int side) {
    return Cost.of(module, Shape.of(1, side, side, 3));
  }

  private static double mega(Module module, int side) {
    return cost(module, side).macs() / 1e6;
  }

  // ---------------------------------------------------------------- costs

  /** Encoder 264, CA 3,837 and CH 244 million multiply-adds without their heads. */
  @Test
  void vgg16CostsWhatThePaperCosts() {
    Lwae network = meta(Architecture.of("vgg16", 1000).withHidden(0));
    assertThat(mega(network.encoder(), 224)).isCloseTo(264, within(0.5));
    assertThat(mega(network.low().children().get("features"), 112)).isCloseTo(3837, within(0.5));
    assertThat(mega(network.high(), 112)).isCloseTo(244, within(0.5));
    double heads = (512 + 512 + 128) * 1000 / 1e6;
    assertThat(mega(network, 224))
        .isCloseTo(263.725056 + 3836.657664 + 243.85536 + heads, within(1e-9));
  }

  /**
   * The paper's heads, 1024 and 2048 units. They cost 38 million multiply-adds on maps of 4x4,
   * which Caffe's pools leave because they round up; here, as in torchvision, maps are of 7x7.
   */
  @Test
  void headsOfVgg16HaveThePapersUnits() {
    Lwae network = meta(Architecture.of("vgg16", 1000).withHidden(1024));
    assertThat(network.high().children()).containsOnlyKeys("features");
    List<Shape> shapes =
        network.fusion().parameters().stream().map(p -> p.tensor().shape()).toList();
    assertThat(shapes)
        .containsExactly(
            Shape.of(49 * (512 + 128), 2048),
            Shape.of(2048),
            Shape.of(2048, 2048),
            Shape.of(2048),
            Shape.of(2048, 1000),
            Shape.of(1000));
    double heads = 27.762688 + 70.467584;
    assertThat(mega(network, 224))
        .isCloseTo(263.725056 + 3836.657664 + 243.85536 + heads, within(1e-9));
  }

  /** 264 + 485 + 36 = 785, and 0.64 of the fusion. */
  @Test
  void resNet18CostsWhatItsPartsCost() {
    Lwae network = meta(Architecture.of("resnet18", 1000));
    assertThat(mega(network.encoder(), 224)).isCloseTo(264, within(0.5));
    assertThat(mega(network.low(), 112)).isCloseTo(485, within(0.5));
    assertThat(mega(network.high(), 112)).isCloseTo(36, within(0.5));
    assertThat(network.fusion().parameterCount()).isEqualTo(640 * 1000 + 1000);
    assertThat(mega(network, 224)).isCloseTo(785.559552, within(1e-9));
    assertThat(cost(network, 224).output()).isEqualTo(Shape.of(1, 1000));
    assertThat(network.high().children()).doesNotContainKey("fc");
  }

  // ---------------------------------------------------------------- what it computes

  @Test
  void theEncoderHalvesSidesAndNormalises() {
    Lwae network = Models.lwae(SMALL, REFERENCE, new Rng(1));
    Encoder encoder = network.encoder();
    Subbands raw = encoder.split(ClassifierTest.noise(2, 9, 3));
    assertThat(raw.low().shape()).isEqualTo(Shape.of(2, 5, 5, 3));
    assertThat(raw.high().shape()).isEqualTo(Shape.of(2, 5, 5, 3));
    Subbands normal = encoder.normalise(raw);
    for (Tensor half : List.of(normal.low(), normal.high())) {
      assertThat(Ops.mean(half, 0, 1, 2).toDoubleArray())
          .containsExactly(new double[3], within(1e-12));
      assertThat(Ops.variance(half, false, 0, 1, 2).toDoubleArray())
          .containsExactly(new double[] {1, 1, 1}, within(1e-3));
    }
    assertThat(encoder.stateNames())
        .noneMatch(name -> name.endsWith("norm.weight") || name.endsWith("norm.bias"))
        .contains("low_norm.running_var", "high_norm.running_mean");
    assertThat(encoder.parameterCount())
        .isEqualTo((27 + 1) * 16 + 2 * (144 + 1) * 16 + 2 * (144 + 1) * 3);
    encoder.eval();
    Tensor both = encoder.forward(ClassifierTest.noise(1, 8, 3));
    assertThat(both.shape()).isEqualTo(Shape.of(1, 4, 4, 6));
  }

  /** Without the fusion it is the network on CA, to which the fusion adds what it makes of both. */
  @Test
  void logitsAreTheSumOfBoth() {
    Lwae network = Models.lwae(SMALL, REFERENCE, new Rng(1));
    network.eval();
    Tensor x = ClassifierTest.noise(2, 32, 4);
    try (var _ = Autograd.noGrad()) {
      Subbands subbands = network.encoder().normalise(network.encoder().split(x));
      double[] all = network.forward(x).toDoubleArray();
      assertThat(network.classify(subbands).toDoubleArray()).isEqualTo(all);
      double[] low = network.low().forward(subbands.low()).toDoubleArray();
      Tensor lowMaps = maps(network.low(), subbands.low());
      Tensor maps = Ops.concat(3, lowMaps, network.high().forward(subbands.high()));
      double[] fusion = network.fusion().forward(Ops.flatten(maps)).toDoubleArray();
      for (int i = 0; i < all.length; i++) {
        assertThat(all[i]).isCloseTo(low[i] + fusion[i], within(1e-12));
        assertThat(fusion[i]).isNotZero();
      }
      network.fusion().parameters().forEach(p -> Init.constant(p.tensor(), 0));
      assertThat(network.forward(x).toDoubleArray()).isEqualTo(low);
    }
  }

  /** Runs a ResNet without its linear layer. */
  private static Tensor maps(Classifier network, Tensor x) {
    Tensor y = network.left().forward(x);
    List<Module> layers = List.copyOf(network.right().children().values());
    for (Module layer : layers.subList(0, layers.size() - 2)) {
      y = layer.forward(y);
    }
    return y;
  }

  // ---------------------------------------------------------------- names and files

  @Test
  void namesAreThoseOfTheNetworksItIsMadeOf() {
    Lwae network = meta(SMALL);
    assertThat(network.children()).containsOnlyKeys("encoder", "low", "high", "fusion");
    assertThat(network.low().stateNames())
        .isEqualTo(Models.classifier(SMALL, Device.meta()).stateNames());
    assertThat(network.stateNames())
        .contains("encoder.layers.4.weight", "low.fc.weight", "high.layer4.1.bn2.running_var")
        .contains("fusion.weight")
        .noneMatch(name -> name.startsWith("high.fc"));
    assertThat(Lwae.around(SMALL))
        .isEqualTo(Architecture.of("lwae-resnet18", 5).withWidth(1 / 32.0))
        .hasToString("lwae-resnet18 of width 0.03125, 5 classes");
    Architecture hidden = Architecture.of("vgg13_bn", 3).withHidden(64);
    assertThat(Lwae.around(hidden).settings()).containsEntry("hidden", 64);
    assertThat(Lwae.around(hidden).label()).isEqualTo("lwae-vgg13_bn with 64 hidden units");
    assertThatThrownBy(() -> Lwae.around(Lwae.around(SMALL)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("there is no network \"lwae-lwae-resnet18\"");
    assertThatThrownBy(() -> Architecture.of("lwae-vgg11", 3).withSmallInput())
        .hasMessageContaining("small");
    // What a pruned network has between its convolutions is more than the narrow one has at all.
    assertThatThrownBy(() -> Lwae.around(SMALL).withInnerChannels(List.of(1, 1, 2, 2, 4, 4, 8, 8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("innerChannels");
  }

  /** Input (h, w, c) of the first linear layers is c · 49 + h · 7 + w in PyTorch. */
  @Test
  void filesHavePyTorchsOrderOfFlattenedMaps() {
    Architecture whole = Architecture.of("vgg11", 2).withWidth(1 / 32.0).withHidden(96);
    Lwae network = Models.lwae(whole, REFERENCE, new Rng(1));
    Path file = folder.resolve("lwae.safetensors");
    SafeTensorsWriter writer = new SafeTensorsWriter();
    Models.stateDict(network).putInto(writer);
    writer.write(file);
    try (SafeTensors read = SafeTensors.open(file)) {
      checkOrder(network, read, "low.classifier.0.weight", 16);
      checkOrder(network, read, "fusion.0.weight", 16 + 4);
    }
  }

  private static void checkOrder(Lwae network, SafeTensors file, String name, int channels) {
    Tensor weight = network.state().tensors().get(name);
    int inputs = 49 * channels;
    int outputs = weight.dim(1);
    assertThat(weight.dim(0)).isEqualTo(inputs);
    assertThat(file.tensor(name).shape()).containsExactly(outputs, inputs);
    double[] ours = weight.toDoubleArray();
    double[] theirs = file.tensor(name).doubles();
    int h = 2;
    int w = 5;
    int c = channels - 1;
    int output = 1;
    double expected = ours[((h * 7 + w) * channels + c) * outputs + output];
    assertThat(theirs[output * inputs + c * 49 + h * 7 + w])
        .isCloseTo(expected, within(1e-6 * Math.abs(expected)));
    assertThat(expected).isNotZero();
  }
}
