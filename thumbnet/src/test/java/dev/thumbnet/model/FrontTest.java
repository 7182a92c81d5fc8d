package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.plan.Cost;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks behind fronts, and networks that start from a wider one. */
final class FrontTest {
  private static final Device REFERENCE = Device.reference();
  private static final Architecture NARROW = Architecture.of("resnet18", 5).withWidth(1 / 16.0);

  private static Classifier make(Architecture architecture, long seed) {
    return Models.classifier(architecture, REFERENCE, new Rng(seed));
  }

  /** A teacher whose statistics are not those of the beginning. */
  private static Classifier teacher(Architecture architecture) {
    Classifier t = make(architecture, 1);
    t.forward(ClassifierTest.noise(2, 32, 3));
    t.eval();
    return t;
  }

  /** The definition of the coefficient (u, v) of one colour in the patch of 4 x 4 at (0, 0). */
  private static double coefficient(Tensor x, int side, int colour, int u, int v) {
    double[] values = x.toDoubleArray();
    double sum = 0;
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        sum +=
            values[(i * x.dim(2) + j) * 3 + colour]
                * Math.cos((i + 0.5) * u * Math.PI / side)
                * Math.cos((j + 0.5) * v * Math.PI / side);
      }
    }
    return sum * (u == 0 ? Math.sqrt(0.5) : 1) * (v == 0 ? Math.sqrt(0.5) : 1) * 2 / side;
  }

  @ParameterizedTest
  @CsvSource({"dct2, 2, '0 0, 0 1, 1 0, 1 1'", "dct4, 4, '0 0, 0 1, 1 0, 1 1, 0 2, 2 0, 1 2, 2 1'"})
  void theDctFrontHasTheLowestCoefficients(String name, int side, String frequencies) {
    Module front = make(NARROW.withFront(name), 1).children().get("front");
    Tensor x = ClassifierTest.noise(1, 8, 7);
    Tensor y = front.forward(x);
    String[] pairs = frequencies.split(", ");
    assertThat(y.shape()).isEqualTo(Shape.of(1, 8 / side, 8 / side, 3 * pairs.length));
    double[] actual = y.toDoubleArray();
    for (int colour = 0; colour < 3; colour++) {
      for (int j = 0; j < pairs.length; j++) {
        int u = Integer.parseInt(pairs[j].substring(0, 1));
        int v = Integer.parseInt(pairs[j].substring(2));
        assertThat(actual[colour * pairs.length + j])
            .as("%d of %s", colour, pairs[j])
            .isCloseTo(coefficient(x, side, colour, u, v), within(1e-12));
      }
    }
    assertThat(front.parameters()).isEmpty();
  }

  /** All four coefficients of a patch have all there is: the DCT is orthonormal. */
  @Test
  void theSmallDctFrontLosesNothing() {
    Module front = make(NARROW.withFront("dct2"), 1).children().get("front");
    Tensor x = ClassifierTest.noise(1, 8, 7);
    assertThat(Ops.sum(Ops.square(front.forward(x))).item())
        .isCloseTo(Ops.sum(Ops.square(x)).item(), within(1e-10));
  }

  @ParameterizedTest
  @CsvSource({"patch2, 2", "patch4, 4", "dct2, 2", "dct4, 4"})
  void startsAsTheTeacherOnMeansOfPatches(String name, int side) {
    Classifier t = teacher(NARROW);
    Classifier s = make(NARROW.withFront(name), 2);
    Models.inherit(s, t);
    s.eval();
    Tensor x = ClassifierTest.noise(2, 64, 4);
    Tensor means = Ops.avgPool2d(x, side, side, 0, true);
    assertThat(s.forward(x).toDoubleArray())
        .containsExactly(t.forward(means).toDoubleArray(), within(1e-9));
    s.forward(x).backward(Tensor.full(REFERENCE, 1, 2, 5));
    double[] gradient = s.state().tensors().get("conv1.weight").grad().toDoubleArray();
    assertThat(gradient).doesNotContain(0);
  }

  /** What a network costs on thumbnails, the front, and the further channels of the first layer. */
  @ParameterizedTest
  @CsvSource({"patch4, 24, 3", "dct4, 24, 1", "patch2, 24, 3", "dct2, 12, 1"})
  void costsAreThoseOfThumbnails(String name, int channels, int coloursRead) {
    int side = Integer.parseInt(name.substring(name.length() - 1));
    int small = 224 / side;
    Architecture usual = Architecture.of("resnet18", 10);
    long thumbnail = macs(usual, small);
    long front = (long) small * small * side * side * coloursRead * channels;
    long first = (long) (small / 2) * (small / 2) * 49 * 64 * (channels - 3);
    assertThat(macs(usual.withFront(name), 224)).isEqualTo(thumbnail + front + first);
  }

  private static long macs(Architecture architecture, int size) {
    Classifier network = Models.classifier(architecture, Device.meta());
    network.eval();
    return Cost.of(network, Shape.of(1, size, size, 3)).macs();
  }

  @Test
  void theSettingIsSaidOnlyWhereThereIsAFront() {
    assertThat(NARROW.settings()).doesNotContainKey("front");
    Architecture with = NARROW.withFront("dct4");
    assertThat(with.settings()).containsEntry("front", "dct4");
    assertThat(with.said().keySet()).containsExactly("smallInput", "hidden", "front");
    assertThat(with).hasToString("resnet18 of width 0.0625 behind dct4, 5 classes");
    assertThat(Architecture.of(new LinkedHashMap<>(with.settings()))).isEqualTo(with);
    assertThat(with.withFront("")).isEqualTo(NARROW);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NARROW.withFront("dct8"))
        .withMessageContaining("dct8")
        .withMessageContaining("patch2, patch4, dct2, dct4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Architecture.of("vgg11", 5).withFront("dct4"))
        .withMessageContaining("front");
    assertThat(with.takes(4)).isTrue();
    assertThat(with.takes(3)).isFalse();
    with.checkTraining(64 * 4, 1);
    assertThatIllegalArgumentException().isThrownBy(() -> with.checkTraining(32 * 4, 1));
  }

  // ---------------------------------------------------------------- narrower students

  @Test
  void aNarrowerStudentTakesTheFirstChannelsOfEachLayer() {
    for (Architecture wide :
        new Architecture[] {
          NARROW.withWidth(0.125), Architecture.of("vgg11_bn", 5).withWidth(0.125).withHidden(0)
        }) {
      Classifier t = teacher(wide);
      Classifier s = make(wide.withWidth(0.0625), 2);
      Models.inherit(s, t);
      Map<String, Tensor> source = t.state().tensors();
      s.state()
          .tensors()
          .forEach(
              (name, tensor) -> {
                double[] own = tensor.toDoubleArray();
                Tensor from = source.get(name);
                double[] theirs = from.toDoubleArray();
                assertThat(own[0]).as(name).isEqualTo(theirs[0]);
                // The last channel of the last input: a linear layer has as many outputs.
                Shape shape = tensor.shape();
                int last = shape.dim(-1) - 1;
                int at = shape.rank() == 1 ? last : (shape.dim(-2) - 1) * from.dim(-1) + last;
                int ownAt = shape.rank() == 1 ? last : shape.dim(-2) * shape.dim(-1) - 1;
                assertThat(own[ownAt]).as(name).isEqualTo(theirs[at]);
              });
    }
  }

  @Test
  void whatIsNoPartOfTheTeacherIsRefused() {
    Classifier t = teacher(NARROW);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Models.inherit(make(Architecture.of("resnet34", 5).withWidth(1 / 32.0), 1), t))
        .withMessageContaining("resnet34")
        .withMessageContaining("has no layer1.2.conv1.weight");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Models.inherit(make(NARROW.withWidth(0.125), 1), t));
    Architecture head = Architecture.of("vgg11", 5).withWidth(1 / 32.0).withHidden(64);
    Classifier vgg = make(head, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Models.inherit(make(head.withWidth(1 / 64.0), 1), vgg))
        .withMessageContaining("scratch");
  }
}
