package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.plan.Cost;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The downscaler E and the feature mapper U. */
final class DownscalerTest {
  private static final Device REFERENCE = Device.reference();

  static final ColorRange COLORS =
      new ColorRange(new float[] {-2.1f, -2, -1.8f}, new float[] {2.2f, 2.4f, 2.6f});

  private static Module make(DownscalerKind kind, int factor) {
    return Models.downscaler(kind, new Reduction(factor, 1), COLORS, REFERENCE, new Rng(4));
  }

  @ParameterizedTest
  @EnumSource(DownscalerKind.class)
  void shrinksAnyMultiple(DownscalerKind kind) {
    for (int factor : new int[] {2, 4}) {
      Module e = make(kind, factor);
      Tensor z = e.forward(ClassifierTest.noise(2, 24, 1));
      assertThat(z.shape()).isEqualTo(Shape.of(2, 24 / factor, 24 / factor, 3));
      Tensor wide = Tensor.zeros(REFERENCE, 1, 8, 20, 3);
      assertThat(e.forward(wide).shape()).isEqualTo(Shape.of(1, 8 / factor, 20 / factor, 3));
      e.eval();
      assertThat(Cost.of(e, Shape.of(2, 24, 24, 3)).output()).isEqualTo(z.shape());
    }
  }

  /** The mean of each square of pixels, and its first pixel; 8 to one side, too. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void areasAreMeansAndNearestIsTheFirst(int factor) {
    Tensor x = Ops.mul(ClassifierTest.noise(1, 16, 5), 0.3);
    double[] pictures = x.toDoubleArray();
    double[] area = make(DownscalerKind.AREA, factor).forward(x).toDoubleArray();
    double[] nearest = make(DownscalerKind.NEAREST, factor).forward(x).toDoubleArray();
    int side = 16 / factor;
    for (int i = 0; i < area.length; i++) {
      int top = i / 3 / side * factor;
      int left = i / 3 % side * factor;
      double sum = 0;
      for (int pixel = 0; pixel < factor * factor; pixel++) {
        int y = top + pixel / factor;
        int z = left + pixel % factor;
        sum += pictures[(y * 16 + z) * 3 + i % 3];
      }
      assertThat(area[i]).isCloseTo(sum / (factor * factor), within(1e-6));
      assertThat(nearest[i]).isEqualTo(pictures[(top * 16 + left) * 3 + i % 3]);
    }
  }

  /** Kinds whose last stride is what is left halve sides three times. */
  @Test
  void someDownscalersMakeAnEighth() {
    Reduction eighth = Reduction.EIGHTH;
    List<DownscalerKind> some =
        Arrays.stream(DownscalerKind.values())
            .filter(DownscalerKind::learned)
            .filter(kind -> kind.makes(eighth))
            .toList();
    assertThat(some).contains(DownscalerKind.PLAIN, DownscalerKind.PATCH);
    for (DownscalerKind kind : some) {
      Tensor z = make(kind, 8).forward(ClassifierTest.noise(2, 24, 1));
      assertThat(z.shape()).as(kind.label()).isEqualTo(Shape.of(2, 3, 3, 3));
    }
    assertThat(DownscalerKind.STEM.makes(eighth)).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> DownscalerKind.STEM.check(eighth));
  }

  static Stream<DownscalerKind> additive() {
    return Arrays.stream(DownscalerKind.values())
        .filter(kind -> kind.learned() && !kind.label().startsWith("plain"));
  }

  @ParameterizedTest
  @MethodSource("additive")
  void whatIsAddedToBicubicStartsAtZero(DownscalerKind kind) {
    for (int factor : new int[] {2, 4}) {
      Tensor x = ClassifierTest.noise(2, 16, 2);
      double[] bicubic = make(DownscalerKind.BICUBIC, factor).forward(x).toDoubleArray();
      assertThat(make(kind, factor).forward(x).toDoubleArray()).isEqualTo(bicubic);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void nearBicubicStartIsNear(int factor) {
    Tensor x = smooth(2, 64);
    double[] bicubic = make(DownscalerKind.BICUBIC, factor).forward(x).toDoubleArray();
    assertThat(
            correlation(
                make(DownscalerKind.PLAIN_NEAR_BICUBIC, factor).forward(x).toDoubleArray(),
                bicubic))
        .isGreaterThan(.99);
    assertThat(
            Math.abs(
                correlation(
                    make(DownscalerKind.PLAIN, factor).forward(x).toDoubleArray(), bicubic)))
        .isLessThan(.9);
  }

  /** Noise with most of its power in low frequencies, as in photographs. */
  private static Tensor smooth(int n, int size) {
    Rng rng = new Rng(8);
    double[] values = new double[n * size * size * 3];
    for (int wave = 1; wave <= 16; wave++) {
      for (int i = 0; i < n * 3; i++) {
        double fx = wave * rng.nextGaussian() / size;
        double fy = wave * rng.nextGaussian() / size;
        double phase = 7 * rng.nextDouble();
        for (int p = 0; p < size * size; p++) {
          double wavy = Math.sin(6.28 * (fx * (p % size) + fy * (p / size)) + phase) / wave;
          values[((i / 3) * size * size + p) * 3 + i % 3] += wavy;
        }
      }
    }
    return Tensor.of(REFERENCE, values, n, size, size, 3);
  }

  private static double correlation(double[] a, double[] b) {
    double meanA = 0;
    double meanB = 0;
    for (int i = 0; i < a.length; i++) {
      meanA += a[i] / a.length;
      meanB += b[i] / a.length;
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }

  @ParameterizedTest
  @EnumSource(DownscalerKind.class)
  void thumbnailsAreWithinTheRangeOfColours(DownscalerKind kind) {
    Tensor x = Ops.mul(ClassifierTest.noise(1, 16, 3), 100);
    Module e = make(kind, 2);
    e.eval(); // in training normalisation would shrink the values again
    double[] z = e.forward(x).toDoubleArray();
    for (int c = 0; c < 3; c++) {
      double low = COLORS.low()[c];
      double high = COLORS.high()[c];
      int channel = c;
      double[] values = IntStream.range(0, 64).mapToDouble(i -> z[3 * i + channel]).toArray();
      assertThat(values).contains(low, high);
      assertThat(Arrays.stream(values)).allMatch(v -> v >= low && v <= high);
    }
  }

  @Test
  void refusesOtherSizesAndFactors() {
    assertThatThrownBy(
            () -> make(DownscalerKind.PLAIN, 4).forward(Tensor.zeros(REFERENCE, 1, 18, 16, 3)))
        .hasMessageContaining("multiples of 4")
        .hasMessageContaining("18");
    assertThatThrownBy(() -> make(DownscalerKind.RESIDUAL, 3)).hasMessageContaining("3");
  }
}
