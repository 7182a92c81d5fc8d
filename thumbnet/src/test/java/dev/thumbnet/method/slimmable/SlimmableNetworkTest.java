package dev.thumbnet.method.slimmable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.plan.Cost;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Narrow networks are the plain ones of a wide network's first channels, and learn there. */
final class SlimmableNetworkTest {
  private static final Device CPU = Device.cpu();
  private static final Device DOUBLE = Device.reference();
  private static final int CLASSES = 3;
  private static final int[] LABELS = {0, 1, 2, 0};

  private static Classifier wide(Architecture architecture, Device device) {
    Classifier network = Models.classifier(architecture, device, new Rng(1));
    Channels.scramble(network, new Rng(2));
    return network;
  }

  private static Architecture tiny() {
    return Architecture.of("resnet18", CLASSES).withWidth(1 / 16.0).withSmallInput();
  }

  private static Tensor pictures(Device device, int side) {
    return Tensor.of(device, Channels.pictures(LABELS.length, side), LABELS.length, side, side, 3);
  }

  /** Returns the network of a width, its weights copied one by one. */
  private static Classifier copied(Classifier wide, double width) {
    Architecture of = wide.architecture();
    Device device = wide.parameters().getFirst().tensor().device();
    Classifier narrow = Models.classifier(of.withWidth(of.width() * width), device);
    Channels.copy(wide, narrow);
    return narrow;
  }

  // ---------------------------------------------------------------- what they compute

  static Stream<Architecture> architectures() {
    return Stream.of(
        Architecture.of("resnet18", CLASSES).withWidth(0.25),
        Architecture.of("resnet50", CLASSES).withWidth(0.125).withSmallInput(),
        Architecture.of("vgg11_bn", CLASSES).withWidth(0.125).withHidden(0),
        Architecture.of("vgg11_bn", CLASSES).withWidth(0.25).withHidden(32),
        Architecture.of("vgg11", CLASSES).withWidth(0.0625).withHidden(64));
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void aNarrowNetworkIsThePlainOneOfTheFirstChannels(Architecture architecture) {
    for (boolean ownAffine : new boolean[] {true, false}) {
      Classifier wide = wide(architecture, CPU);
      SlimmableNetwork network = new SlimmableNetwork(wide, Widths.POINTS, ownAffine);
      Tensor x = pictures(CPU, 32);
      for (NarrowNetwork narrow : network.narrower()) {
        Classifier expected = copied(wide, narrow.width());
        narrow.train();
        expected.train();
        narrow.restart(new Rng(5));
        expected.reseed(new Rng(5));
        assertThat(narrow.forward(x).toArray()).isEqualTo(expected.forward(x).toArray());
        // Now statistics differ from those at the start.
        narrow.eval();
        expected.eval();
        float[] logits = expected.forward(x).toArray();
        assertThat(narrow.forward(x).toArray()).isEqualTo(logits);
        Classifier plain = network.plain(narrow.width());
        assertThat(plain.forward(x).toArray()).isEqualTo(logits);
        assertThat(plain.architecture()).isEqualTo(expected.architecture());
        assertThat(plain.modules()).noneMatch(Module::training);
        assertThat(wide.forward(x).toArray()).isNotEqualTo(logits);
      }
    }
  }

  @Test
  void aPlainNetworkKeepsItsNumbersUntilItIsBroughtUpToDate() {
    Classifier wide = wide(tiny(), CPU);
    SlimmableNetwork network = new SlimmableNetwork(wide, List.of(1.0, 0.5), true);
    Tensor x = pictures(CPU, 8);
    Classifier plain = network.plain(0.5);
    float[] before = plain.forward(x).toArray();
    wide.parameters().forEach(p -> p.tensor().copyFrom(Ops.mul(p.tensor(), 2).detach()));
    assertThat(plain.forward(x).toArray()).isEqualTo(before);
    assertThat(network.plain(0.5)).isSameAs(plain);
    assertThat(plain.forward(x).toArray()).isNotEqualTo(before);
    assertThat(network.plain(1)).isSameAs(wide);
    assertThatThrownBy(() -> network.plain(0.3)).hasMessageContaining("0.3");
  }

  // ---------------------------------------------------------------- what they learn

  private static Tensor loss(List<Module> networks, Tensor x) {
    Tensor sum = Tensor.scalar(DOUBLE, 0);
    for (Module network : networks) {
      sum = Ops.add(sum, Ops.crossEntropy(network.forward(x), LABELS, 0));
    }
    return sum;
  }

  private static List<Module> all(SlimmableNetwork network) {
    return Stream.concat(Stream.of(network.widest()), network.narrower().stream()).toList();
  }

  /** The gradient of Σ_w L_w is the sum of the plain networks' gradients in the first channels. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void gradientsAddUpInTheFirstChannels(boolean ownAffine) {
    Classifier wide = wide(tiny(), DOUBLE);
    SlimmableNetwork network = new SlimmableNetwork(wide, List.of(1.0, 0.75, 0.25), ownAffine);
    Tensor x = pictures(DOUBLE, 8);
    Map<String, double[]> expected = new LinkedHashMap<>();
    for (double width : List.of(1.0, 0.75, 0.25)) {
      Classifier alone = copied(wide, width);
      loss(List.of(alone), x).backward();
      alone
          .namedParameters()
          .forEach(
              (name, p) -> {
                Tensor whole = wide.namedParameters().get(name).tensor();
                double[] sum = expected.computeIfAbsent(name, _ -> new double[whole.size()]);
                boolean affine = name.matches(".*(bn\\d|downsample\\.1)\\.(weight|bias)");
                double[] gradient = p.tensor().grad().toDoubleArray();
                int[] positions = Channels.positions(name, whole, p.tensor());
                for (int i = 0; i < gradient.length; i++) {
                  sum[positions[i]] += ownAffine && affine && width < 1 ? 0 : gradient[i];
                }
              });
    }
    loss(all(network), x).backward();
    assertThat(wide.namedParameters().keySet()).isEqualTo(expected.keySet());
    wide.namedParameters()
        .forEach((name, p) -> close(p.tensor().grad(), expected.get(name), 1e-12));
  }

  /**
   * (L(w + h) − L(w − h)) / 2h for weights that all widths use and for some of the widest alone.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void gradientsAreDifferences(boolean ownAffine) {
    Classifier wide = wide(tiny(), DOUBLE);
    SlimmableNetwork network = new SlimmableNetwork(wide, List.of(1.0, 0.5), ownAffine);
    Tensor x = pictures(DOUBLE, 8);
    loss(all(network), x).backward();
    network
        .namedParameters()
        .forEach(
            (name, p) -> {
              double[] gradient = p.tensor().grad().toDoubleArray();
              for (int i : new int[] {0, gradient.length - 1}) {
                assertThat(difference(network, x, p.tensor(), i))
                    .as("%s, element %d", name, i)
                    .isCloseTo(gradient[i], within(1e-6));
              }
            });
    double largest =
        wide.parameters().stream()
            .flatMapToDouble(p -> Arrays.stream(p.tensor().grad().toDoubleArray()))
            .map(Math::abs)
            .max()
            .orElseThrow();
    assertThat(largest).isGreaterThan(0.1);
  }

  private static double difference(SlimmableNetwork network, Tensor x, Tensor weight, int i) {
    double h = 1e-7;
    double[] values = weight.toDoubleArray();
    double[] losses = new double[2];
    try (Autograd.NoGrad _ = Autograd.noGrad()) {
      for (int side = 0; side < 2; side++) {
        double[] moved = values.clone();
        moved[i] += side == 0 ? h : -h;
        weight.copyFrom(moved);
        losses[side] = loss(all(network), x).item();
      }
    }
    weight.copyFrom(values);
    return (losses[0] - losses[1]) / (2 * h);
  }

  private static void close(Tensor actual, double[] expected, double tolerance) {
    double[] values = actual.toDoubleArray();
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isCloseTo(expected[i], within(tolerance * Math.max(1, largest)));
    }
  }

  // ---------------------------------------------------------------- what is private

  private static Map<String, double[]> values(Map<String, Tensor> tensors) {
    Map<String, double[]> values = new HashMap<>();
    tensors.forEach((name, t) -> values.put(name, t.toDoubleArray()));
    return values;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void statisticsArePrivateAndScaleAndShiftIfWanted(boolean ownAffine) {
    SlimmableNetwork network =
        new SlimmableNetwork(wide(tiny(), DOUBLE), List.of(1.0, 0.5, 0.25), ownAffine);
    Map<String, double[]> before = values(network.state().tensors());
    Ops.sum(Ops.square(network.narrower().getFirst().forward(pictures(DOUBLE, 8)))).backward();
    Map<String, double[]> after = values(network.state().tensors());
    assertThat(after.keySet())
        .isEqualTo(before.keySet())
        .contains("narrower0.bn1_running_mean", "narrower1.layer4_1_bn2_running_var");
    after.forEach(
        (name, now) ->
            assertThat(!Arrays.equals(now, before.get(name)))
                .as(name)
                .isEqualTo(name.startsWith("narrower0") && name.contains("running_")));
    network
        .namedParameters()
        .forEach(
            (name, p) -> {
              boolean affine = name.matches(".*(bn\\d|downsample[._]1)[._](weight|bias)");
              boolean used =
                  name.startsWith("widest") && !(ownAffine && affine)
                      || name.startsWith("narrower0");
              assertThat(p.tensor().grad() != null).as(name).isEqualTo(used);
            });
    assertThat(network.namedParameters().keySet().stream().anyMatch(n -> n.startsWith("narrower")))
        .isEqualTo(ownAffine);
  }

  /** All that decides how training goes on is in one tree. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stateIsComplete(boolean ownAffine) {
    List<Double> widths = List.of(1.0, 0.5);
    SlimmableNetwork network = new SlimmableNetwork(wide(tiny(), CPU), widths, ownAffine);
    Tensor x = pictures(CPU, 8);
    for (Module each : all(network)) {
      each.forward(x);
      each.forward(x);
    }
    network.parameters().forEach(p -> p.tensor().copyFrom(Ops.mul(p.tensor(), 1.5).detach()));
    SlimmableNetwork other =
        new SlimmableNetwork(Models.classifier(tiny(), CPU, new Rng(7)), widths, ownAffine);
    other.load(network.state());
    for (double width : widths) {
      Classifier expected = network.plain(width);
      Classifier found = other.plain(width);
      assertThat(found.forward(x).toArray()).isEqualTo(expected.forward(x).toArray());
      assertThat(found.state().counters())
          .isEqualTo(expected.state().counters())
          .containsEntry("bn1.num_batches_tracked", 2L);
    }
  }

  // ---------------------------------------------------------------- widths

  @ParameterizedTest
  @CsvSource({
    "resnet18, 1, 8, 8",
    "resnet50, 1, 8, 8",
    "vgg11_bn, 1, 8, 8",
    "resnet18, 0.5, 8, 4",
    "vgg11_bn, 0.5, 8, 4",
    "resnet18, 0.75, 4, 12",
    "resnet18, 0.25, 4, 4",
    "resnet18, 0.0625, 4, 1"
  })
  void widthsHaveRoundNumbersOfChannels(String name, double width, int parts, int grain) {
    Architecture whole = Architecture.of(name, 10).withWidth(width);
    List<Double> widths = Widths.between(Models.classifier(whole, Device.meta()));
    assertThat(widths.getFirst()).isEqualTo(1);
    assertThat(widths.getLast()).isEqualTo(0.25);
    assertThat(widths).hasSize(parts * 3 / 4 + 1).containsAll(Widths.POINTS);
    for (double part : widths) {
      Architecture narrow = whole.withWidth(width * part);
      for (Module m : Models.classifier(narrow, Device.meta()).modules()) {
        if (m instanceof Conv2d conv) {
          assertThat(conv.weight().tensor().dim(3) % grain).as("at %s", part).isZero();
        }
      }
    }
  }

  /** The multiply-adds of PAPER, section 7.1. */
  @ParameterizedTest
  @CsvSource({"1, 1813.6", "0.75, 1042.3", "0.5, 482.9", "0.25, 135.5"})
  void costsAreThoseOfTheWidth(double width, double millions) {
    Classifier whole = Models.classifier(Architecture.of("resnet18", 10), CPU);
    Classifier plain =
        new SlimmableNetwork(whole, width == 1 ? List.of(1.0) : List.of(1.0, width), true)
            .plain(width);
    long macs = Cost.of(plain, Shape.of(1, 224, 224, 3)).macs();
    assertThat(Math.rint(macs / 1e5) / 10).isEqualTo(millions);
  }

  @Test
  void theWholeComesFirst() {
    assertThatThrownBy(() -> new SlimmableNetwork(wide(tiny(), CPU), List.of(0.5, 0.25), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.5");
  }
}
