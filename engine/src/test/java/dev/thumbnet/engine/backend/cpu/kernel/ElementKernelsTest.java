package dev.thumbnet.engine.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.backend.ErrorFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Exponential functions and the logarithm over all magnitudes, against {@code StrictMath}: closer
 * than the contract of backends demands, and without a backend.
 */
class ElementKernelsTest {
  /** A prime: with it the bit patterns of 4 million floats are spread over all of them. */
  private static final int STEP = 997;

  private static final int CHUNK = 1021;

  /** A loop of {@link ElementKernels}. */
  private interface Kernel {
    void run(ElementKernels kernels, int n, float[] x, int xo, float[] y, int yo);
  }

  private static final DoubleUnaryOperator SILU = x -> x / (1 + StrictMath.exp(-x));

  private static final DoubleUnaryOperator MISH = x -> x * StrictMath.tanh(softplus(x));

  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  private static Arguments function(
      String name, Kernel kernel, DoubleUnaryOperator exact, double units) {
    return Arguments.of(name, kernel, exact, units, 0);
  }

  static Stream<Arguments> functions() {
    return Stream.of(
        function("exp", ElementKernels::exp, StrictMath::exp, 1.1),
        function("log", ElementKernels::log, StrictMath::log, 1),
        function("sigmoid", ElementKernels::sigmoid, x -> 1 / (1 + StrictMath.exp(-x)), 2.5),
        function("tanh", ElementKernels::tanh, StrictMath::tanh, 2.5),
        function("erf", ElementKernels::erf, ErrorFunction::erf, 2),
        function("softplus", ElementKernels::softplus, ElementKernelsTest::softplus, 2.5),
        Arguments.of("mish", (Kernel) ElementKernels::mish, MISH, 4, 46 * Float.MIN_VALUE),
        function(
            "elu",
            (k, n, x, xo, y, yo) -> k.elu(n, 1, 1, 1, x, xo, y, yo),
            x -> x > 0 ? x : StrictMath.expm1(x),
            3),
        Arguments.of("silu", (Kernel) ElementKernels::silu, SILU, 3.3, 46 * Float.MIN_VALUE));
  }

  /**
   * @param units in the last place that a result may be off
   * @param more by which it may be off besides
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void errorsStayWithinTheirBounds(
      String name, Kernel kernel, DoubleUnaryOperator exact, double units, double more) {
    ElementKernels kernels = Kernels.vector().elements();
    float[] x = new float[CHUNK];
    float[] y = new float[CHUNK];
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += (long) STEP * CHUNK) {
      for (int i = 0; i < CHUNK; i++) {
        x[i] = Float.intBitsToFloat((int) (bits + (long) STEP * i));
      }
      kernel.run(kernels, CHUNK, x, 0, y, 0);
      for (int i = 0; i < CHUNK; i++) {
        double expected = exact.applyAsDouble(x[i]);
        if (!within(expected, y[i], units, more)) {
          assertThat(y[i]).as(name + "(" + x[i] + ")").isEqualTo((float) expected);
        }
      }
    }
  }

  /** Results that are not normal numbers may be rounded to zero. */
  private static boolean within(double expected, float actual, double units, double more) {
    if (Double.isNaN(expected) || Math.abs(expected) > Float.MAX_VALUE) {
      return Float.compare((float) expected, actual) == 0
          || Math.abs(expected) < 1.000001 * Float.MAX_VALUE;
    }
    double unit = Math.ulp((float) expected);
    double floor = Math.abs(expected) < Float.MIN_NORMAL ? Float.MIN_NORMAL : 0;
    return Math.abs(expected - actual) <= units * unit + more + floor;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void specialValuesAreExact(String name, Kernel kernel, DoubleUnaryOperator exact, double units) {
    float[] special = {
      0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, -1e30f
    };
    for (Kernels kernels : new Kernels[] {Kernels.vector(), Kernels.scalar()}) {
      for (int n = 1; n <= 40; n++) {
        float[] x = new float[n + 3];
        float[] y = new float[n + 2];
        for (int i = 0; i < n; i++) {
          x[3 + i] = special[i % special.length];
        }
        y[n + 1] = 7;
        kernel.run(kernels.elements(), n, x, 3, y, 1);
        for (int i = 0; i < n; i++) {
          float expected = (float) exact.applyAsDouble(x[3 + i]);
          boolean ordinary =
              name.equals("log") && Math.abs(x[3 + i]) == 1e30f
                  || name.equals("softplus") && x[3 + i] == 0;
          assertThat(y[1 + i])
              .as(kernels.name() + " " + name + "(" + x[3 + i] + ")")
              .satisfies(v -> assertThat(within(expected, v, ordinary ? units : 0, 0)).isTrue());
          if (expected == 0) {
            assertThat(Float.floatToRawIntBits(y[1 + i]))
                .isEqualTo(Float.floatToRawIntBits(expected));
          }
        }
        assertThat(y[0]).isZero();
        assertThat(y[n + 1]).isEqualTo(7f);
      }
    }
  }
}
