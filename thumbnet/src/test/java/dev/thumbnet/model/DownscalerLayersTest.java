package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.plan.Cost;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the layers of downscalers compute, by formulas of its own. */
final class DownscalerLayersTest {
  private static final Device REFERENCE = Device.reference();

  /** Nothing is cut off. */
  private static final ColorRange WIDE =
      new ColorRange(new float[] {-1e6f, -1e6f, -1e6f}, new float[] {1e6f, 1e6f, 1e6f});

  private static DownscalerNet make(DownscalerKind kind, Reduction reduction) {
    return Models.downscaler(kind, reduction, WIDE, REFERENCE, new Rng(4));
  }

  private static Tensor noise(int height, int width) {
    Rng rng = new Rng(height);
    double[] values = new double[height * width * 3];
    Arrays.setAll(values, _ -> rng.nextGaussian());
    return Tensor.of(REFERENCE, values, 1, height, width, 3);
  }

  // ---------------------------------------------------------------- bicubic

  /** Row i has the weights of all old samples in the new sample i, as Pillow defines them. */
  private static double[][] bicubic(int in, int out) {
    double[][] matrix = new double[out][in];
    double scale = (double) in / out;
    for (int i = 0; i < out; i++) {
      double centre = (i + 0.5) * scale;
      int from = (int) Math.max(0, Math.floor(centre - 2 * scale + 0.5));
      int to = (int) Math.min(in, Math.floor(centre + 2 * scale + 0.5));
      double sum = 0;
      for (int j = from; j < to; j++) {
        matrix[i][j] = keys((j + 0.5 - centre) / scale);
        sum += matrix[i][j];
      }
      for (int j = from; j < to; j++) {
        matrix[i][j] /= sum;
      }
    }
    return matrix;
  }

  private static double keys(double distance) {
    double x = Math.abs(distance);
    return x < 1
        ? 1.5 * x * x * x - 2.5 * x * x + 1
        : x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
  }

  /** Pictures are [row][column][colour] here. */
  private static double[][][] resize(double[][][] x, int height, int width) {
    double[][] rows = bicubic(x.length, height);
    double[][] columns = bicubic(x[0].length, width);
    double[][][] y = new double[height][width][3];
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        for (int k = 0; k < x.length; k++) {
          for (int l = 0; l < x[0].length; l++) {
            for (int c = 0; c < 3; c++) {
              y[i][j][c] += rows[i][k] * columns[j][l] * x[k][l][c];
            }
          }
        }
      }
    }
    return y;
  }

  private static double[][][] picture(Tensor x) {
    double[] values = x.toDoubleArray();
    double[][][] picture = new double[x.dim(1)][x.dim(2)][];
    for (int i = 0; i < x.dim(1); i++) {
      for (int j = 0; j < x.dim(2); j++) {
        int at = (i * x.dim(2) + j) * 3;
        picture[i][j] = Arrays.copyOfRange(values, at, at + 3);
      }
    }
    return picture;
  }

  private static double[] flat(double[][][] picture) {
    return Arrays.stream(picture).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "224, 72, 28, 56",
    "224, 96, 14, 7",
    "224, 160, 14, 7",
    "64, 23, 64, 64",
    "3, 1, 9, 6"
  })
  void bicubicThumbnailsHaveAnySize(int from, int to, int height, int width) {
    Reduction reduction = new Reduction(from, to);
    Tensor x = noise(height, width);
    Tensor z = make(DownscalerKind.BICUBIC, reduction).forward(x);
    assertThat(z.shape())
        .isEqualTo(Shape.of(1, reduction.reduce(height), reduction.reduce(width), 3));
    assertThat(z.toDoubleArray())
        .containsExactly(flat(resize(picture(x), z.dim(1), z.dim(2))), within(1e-12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> make(DownscalerKind.BICUBIC, reduction).forward(noise(height + 1, width)))
        .withMessageContaining("multiples of " + reduction.from());
  }

  // ---------------------------------------------------------------- MULLER

  private static double[][][] blur(double[][][] x) {
    double[][][] y = new double[x.length][x[0].length][3];
    double total = 0;
    for (int a = -2; a <= 2; a++) {
      for (int b = -2; b <= 2; b++) {
        double tap = Math.exp(-(a * a + b * b) / 2.0);
        total += tap;
        for (int i = Math.max(0, -a); i < Math.min(x.length, x.length - a); i++) {
          for (int j = Math.max(0, -b); j < Math.min(x[0].length, x[0].length - b); j++) {
            for (int c = 0; c < 3; c++) {
              y[i][j][c] += tap * x[i + a][j + b][c];
            }
          }
        }
      }
    }
    for (double[][] row : y) {
      for (double[] pixel : row) {
        for (int c = 0; c < 3; c++) {
          pixel[c] /= total;
        }
      }
    }
    return y;
  }

  @ParameterizedTest
  @CsvSource({"2", "4"})
  void mullerAddsTwoBandsOfDetails(int side) {
    DownscalerNet e = make(DownscalerKind.MULLER, Reduction.ofSide(side));
    double[] w = {1.7, -2.3};
    double[] b = {0.2, -0.1};
    for (int k = 0; k < 2; k++) {
      set(e, "layers.level" + (k + 1) + ".weight", w[k]);
      set(e, "layers.level" + (k + 1) + ".bias", b[k]);
    }
    Tensor x = noise(12, 16);
    double[][][] sharp = picture(x);
    double[][][] expected = resize(sharp, 12 / side, 16 / side);
    for (int k = 0; k < 2; k++) {
      double[][][] blurred = blur(sharp);
      double[][][] small = resize(blurred, 12 / side, 16 / side);
      double[][][] before = resize(sharp, 12 / side, 16 / side);
      for (int i = 0; i < small.length; i++) {
        for (int j = 0; j < small[0].length; j++) {
          for (int c = 0; c < 3; c++) {
            expected[i][j][c] += Math.tanh(w[k] * (small[i][j][c] - before[i][j][c]) + b[k]);
          }
        }
      }
      sharp = blurred;
    }
    assertThat(e.forward(x).toDoubleArray()).containsExactly(flat(expected), within(1e-12));
  }

  private static void set(Module network, String name, double value) {
    Tensor tensor = Objects.requireNonNull(network.state().tensors().get(name), name);
    tensor.fill(() -> value);
  }

  // ---------------------------------------------------------------- Talebi and Milanfar

  @Test
  void mostOfTalebiAndMilanfarsCostIsAtFullSize() {
    Module e = make(DownscalerKind.TALEBI_MILANFAR, Reduction.SIXTEEN_TO_ONE);
    e.eval();
    Module before = e.children().get("layers").children().get("before");
    assertThat(Cost.of(before, Shape.of(1, 224, 224, 3)).macs())
        .isEqualTo((7 * 7 * 3 * 16 + 16 * 16) * 224L * 224);
  }

  // ---------------------------------------------------------------- first layers

  private static Classifier teacher(double width) {
    Classifier t =
        Models.classifier(Architecture.of("resnet18", 3).withWidth(width), REFERENCE, new Rng(8));
    Rng rng = new Rng(9);
    for (Module m : t.modules()) {
      if (m instanceof BatchNorm2d norm) {
        norm.weight().tensor().fill(() -> 0.7 + 0.6 * rng.nextDouble());
        norm.bias().tensor().fill(() -> 0.3 * rng.nextGaussian());
        norm.runningMean().fill(() -> 0.3 * rng.nextGaussian());
        norm.runningVariance().fill(() -> 0.5 + rng.nextDouble());
      }
    }
    t.eval();
    return t;
  }

  private static Module child(Module parent, String name) {
    return Objects.requireNonNull(parent.children().get(name), name);
  }

  /** The first 16 channels of what the teacher's first layers make of a picture. */
  private static Tensor features(Classifier t, Tensor x, boolean pools, boolean hasLayer1) {
    Tensor y = Ops.relu(child(t, "bn1").forward(child(t, "conv1").forward(x)));
    y = pools ? Ops.maxPool2d(y, 3, 2, 1) : y;
    y = hasLayer1 ? child(t, "layer1").forward(y) : y;
    return Ops.slice(y, 3, 0, 16);
  }

  @ParameterizedTest
  @CsvSource({
    "STEM, 0.25, 4",
    "STEM, 0.5, 4",
    "STEM_TUNED, 0.5, 4",
    "STEM, 0.25, 2",
    "LAYER1, 0.25, 4",
    "LAYER1_TUNED, 0.25, 4"
  })
  void seesWhatTheTeacherSees(DownscalerKind kind, double width, int side) {
    Classifier t = teacher(width);
    DownscalerNet e = make(kind, Reduction.ofSide(side));
    e.takeFrom(t);
    e.eval();
    Tensor x = noise(16, 24);
    Module first = child(child(e, "layers"), "0");
    assertThat(first.forward(x).toDoubleArray())
        .containsExactly(
            features(t, x, side == 4, kind.hasLayer1()).toDoubleArray(), within(1e-12));
  }

  /** What layer1 sees is pooled as in the teacher, and enlarged behind it. */
  @Test
  void layer1IsEnlargedForLargerThumbnails() {
    DownscalerNet e = make(DownscalerKind.LAYER1, Reduction.FOUR_TO_ONE);
    Classifier t = teacher(0.25);
    e.takeFrom(t);
    Tensor features = child(child(e, "layers"), "0").forward(noise(16, 24));
    assertThat(features.shape()).isEqualTo(Shape.of(1, 8, 12, 16));
    // Two of each four pixels in a row are a quarter of the way from one old pixel to the next.
    double[] old = features(t, noise(16, 24), true, true).toDoubleArray();
    double[] enlarged = Ops.slice(Ops.slice(features, 1, 0, 1), 2, 1, 3).toDoubleArray();
    for (int c = 0; c < 16; c++) {
      assertThat(enlarged[c]).isCloseTo(0.75 * old[c] + 0.25 * old[16 + c], within(1e-12));
      assertThat(enlarged[16 + c]).isCloseTo(0.25 * old[c] + 0.75 * old[16 + c], within(1e-12));
    }
  }

  @ParameterizedTest
  @EnumSource(DownscalerKind.class)
  void onlyTheFrozenKindsKeepLayersOutOfTraining(DownscalerKind kind) {
    DownscalerNet e = make(kind, Reduction.SIXTEEN_TO_ONE);
    e.train();
    if (!kind.learned()) {
      return;
    }
    Ops.sum(e.forward(ClassifierTest.noise(2, 16, 3))).backward();
    boolean frozen = kind == DownscalerKind.STEM || kind == DownscalerKind.LAYER1;
    e.namedParameters()
        .forEach(
            (name, p) ->
                assertThat(p.tensor().grad() == null)
                    .as(name)
                    .isEqualTo(frozen && name.startsWith("layers.0.")));
    e.state()
        .counters()
        .forEach(
            (name, count) ->
                assertThat(count)
                    .as(name)
                    .isEqualTo(frozen && name.startsWith("layers.0.") ? 0 : 1));
  }

  @Test
  void teachersWithoutSuchLayersAreRefused() {
    Architecture usual = Architecture.of("resnet18", 3).withWidth(0.25);
    List<Architecture> none =
        List.of(
            Architecture.of("vgg11_bn", 3).withHidden(0),
            usual.withSmallInput(),
            usual.withWidth(0.125),
            usual.withFront("patch4"));
    List<Architecture> other =
        List.of(usual.withWidth(0.5), Architecture.of("resnet34", 3).withWidth(0.25));
    for (DownscalerKind kind : DownscalerKind.values()) {
      kind.checkTeacher(usual);
      for (Architecture teacher : none) {
        checkRefused(kind, teacher, kind.usesTeacher());
      }
      for (Architecture teacher : other) {
        checkRefused(kind, teacher, kind.hasLayer1());
      }
    }
    DownscalerKind.STEM.checkTeacher(Architecture.of("resnet50", 3));
  }

  private static void checkRefused(DownscalerKind kind, Architecture teacher, boolean refused) {
    if (refused) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> kind.checkTeacher(teacher))
          .withMessageContaining(kind.label())
          .withMessageContaining(teacher.label())
          .withMessageContaining("take narrow-stem");
    } else {
      kind.checkTeacher(teacher);
    }
  }

  // ---------------------------------------------------------------- gradients

  static Stream<DownscalerKind> learned() {
    return Arrays.stream(DownscalerKind.values()).filter(DownscalerKind::learned);
  }

  /** Some elements of each parameter against central differences, for weights of any size. */
  @ParameterizedTest
  @MethodSource("learned")
  void gradientsAreThoseOfDifferences(DownscalerKind kind) {
    for (Reduction reduction : Reduction.CLASSIC) {
      DownscalerNet e = make(kind, reduction);
      e.eval();
      Rng rng = new Rng(6);
      for (Parameter p : e.parameters()) {
        double[] values = p.tensor().toDoubleArray();
        p.tensor().copyFrom(Arrays.stream(values).map(v -> v + 0.2 * rng.nextGaussian()).toArray());
      }
      Tensor x = noise(8, 8);
      loss(e, x).backward();
      for (Parameter p : e.parameters()) {
        if (p.tensor().requiresGrad()) {
          double[] gradient = Objects.requireNonNull(p.tensor().grad()).toDoubleArray();
          int at = rng.nextInt(gradient.length);
          assertThat(gradient[at])
              .isCloseTo(difference(e, p.tensor(), at, x), within(1e-5 * largest(gradient)));
        }
      }
    }
  }

  private static Tensor loss(DownscalerNet e, Tensor x) {
    return Ops.mean(Ops.square(e.forward(x)));
  }

  private static double difference(DownscalerNet e, Tensor weight, int at, Tensor x) {
    double step = 1e-6;
    double[] values = weight.toDoubleArray();
    double middle = values[at];
    double[] results = new double[2];
    try (Autograd.NoGrad _ = Autograd.noGrad()) {
      for (int side = 0; side < 2; side++) {
        values[at] = middle + (side == 0 ? -step : step);
        weight.copyFrom(values);
        results[side] = loss(e, x).item();
      }
    }
    values[at] = middle;
    weight.copyFrom(values);
    return (results[1] - results[0]) / (2 * step);
  }

  private static double largest(double[] values) {
    return Math.max(1e-3, Arrays.stream(values).map(Math::abs).max().orElseThrow());
  }

  /** Where thumbnails are cut off the numbers are the same, but there is a gradient. */
  @Test
  void theStraightThroughClampPassesGradients() {
    ColorRange narrow = new ColorRange(new float[] {-.1f, -.1f, -.1f}, new float[] {.2f, .2f, .2f});
    DownscalerNet e =
        Models.downscaler(
            DownscalerKind.RESIDUAL, Reduction.FOUR_TO_ONE, narrow, REFERENCE, new Rng(4));
    Tensor x = noise(8, 8);
    double[] cut = e.forward(x).toDoubleArray();
    Tensor through = e.forwardStraightThrough(x);
    assertThat(through.toDoubleArray()).isEqualTo(cut);
    long outside = Arrays.stream(cut).filter(v -> v == -.1f || v == .2f).count();
    assertThat(outside).isBetween(10L, 47L);

    // The bias of the last layer is added to each pixel, so its gradient counts them.
    Tensor bias =
        e.modules().stream()
            .filter(Conv2d.class::isInstance)
            .map(m -> ((Conv2d) m).bias())
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow()
            .tensor();
    Ops.sum(through).backward();
    assertThat(bias.grad().toDoubleArray()).containsOnly(16);
    e.zeroGrad();
    Ops.sum(e.forward(x)).backward();
    assertThat(Arrays.stream(bias.grad().toDoubleArray()).sum())
        .isCloseTo(48 - outside, within(1e-9));
  }
}
