package dev.thumbnet.engine.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.testing.Close;
import dev.thumbnet.engine.testing.Numbers;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each transform against its matrix, and the matrices against the definition: errors that cancel in
 * a whole convolution, which is all that the contract of backends sees, are found here.
 */
class WinogradKernelsTest {
  private static final double ROUNDINGS = 16;

  static Stream<WinogradMatrices> whole() {
    return Stream.of(
        WinogradMatrices.two(), WinogradMatrices.four(), WinogradMatrices.fourStrided());
  }

  static Stream<WinogradMatrices> matrices() {
    return whole().flatMap(m -> IntStream.rangeClosed(1, m.outputs()).mapToObj(m::trimmed));
  }

  static Stream<WinogradKernels> kernels() {
    return Stream.of(Kernels.vector(), Kernels.scalar()).flatMap(k -> k.winograd().stream());
  }

  static Stream<WinogradWeightGradientKernels> gradientKernels() {
    return Stream.of(Kernels.vector(), Kernels.scalar())
        .flatMap(k -> k.winogradGradients().stream());
  }

  /** A [(G g) ⊙ (B d)] is the correlation of d with g. */
  @ParameterizedTest
  @MethodSource("matrices")
  void minimalFilter(WinogradMatrices m) {
    double[] d = Numbers.normal(1, m.size());
    double[] g = Numbers.normal(2, 3);
    double[] product = new double[m.size()];
    double[] inputs = times(m.input(), d);
    double[] weights = times(m.weights(), g);
    for (int i = 0; i < product.length; i++) {
      product[i] = inputs[i] * weights[i];
    }
    double[] expected = new double[m.outputs()];
    for (int i = 0; i < expected.length; i++) {
      int first = m.stride() * i;
      expected[i] = d[first] * g[0] + d[first + 1] * g[1] + d[first + 2] * g[2];
    }
    Close.assertClose("F(" + m.outputs() + ", 3)", expected, times(m.output(), product), 1e-13, 0);
  }

  /** Tiles of several sizes share their weights. */
  @ParameterizedTest
  @MethodSource("whole")
  void trimmedMatricesUseTheFirstWeights(WinogradMatrices m) {
    for (int outputs = 1; outputs <= m.outputs(); outputs++) {
      assertThat(m.trimmed(outputs).weights())
          .isDeepEqualTo(Arrays.copyOf(m.weights(), m.trimmed(outputs).size()));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void input(WinogradKernels kernels) {
    for (int outputs = 1; outputs <= kernels.matrices().outputs(); outputs++) {
      int m = outputs;
      double[][] matrix = kernels.matrices().trimmed(m).input();
      checkColumns(
          kernels,
          "input columns " + m,
          matrix,
          (count, x, from, item, tap, y, to) ->
              kernels.inputColumns(m, count, x, from, item, tap, y, to));
      checkRows(
          kernels,
          "input rows " + m,
          m * kernels.matrices().stride(),
          matrix.length,
          matrix,
          (count, x, from, y, to, toItem, toTap) ->
              kernels.inputRows(m, matrix.length, count, x, from, y, to, toItem, toTap));
    }
  }

  @ParameterizedTest
  @MethodSource("gradientKernels")
  void gradient(WinogradWeightGradientKernels kernels) {
    double[][] matrix = transposed(kernels.matrices().output());
    int m = kernels.matrices().outputs();
    checkColumns(kernels, "gradient columns", matrix, kernels::gradientColumns);
    checkRows(kernels, "gradient rows", m, m + 2, matrix, kernels::gradientRows);
  }

  private interface Columns {
    void run(int count, float[] x, int from, int item, int tap, float[] y, int to);
  }

  private interface Rows {
    void run(int count, float[] x, int from, float[] y, int to, int toItem, int toTap);
  }

  private static void checkColumns(
      WinogradKernels kernels, String what, double[][] matrix, Columns columns) {
    int unit = kernels.unit();
    int taps = matrix[0].length;
    int count = 5;
    int item = taps * unit + 3;
    int toItem = kernels.matrices().size() * WinogradKernels.UNITED;
    float[] x = floats(1, 2 + (count - 1) * item + taps * unit);
    float[] y = new float[1 + count * toItem];
    columns.run(count, x, 2, item, unit, y, 1);
    for (int n = 0; n < count; n++) {
      for (int c = 0; c < unit; c++) {
        double[] in = strided(x, 2 + n * item + c, unit, taps);
        double[] found = strided(y, 1 + n * toItem + c, WinogradKernels.UNITED, matrix.length);
        check(kernels, what, matrix, in, found);
      }
    }
  }

  private static void checkRows(
      WinogradKernels kernels, String what, int step, int rows, double[][] matrix, Rows transform) {
    int unit = kernels.unit();
    int count = 5;
    int size = kernels.matrices().size();
    int tap = size * WinogradKernels.UNITED;
    int taps = matrix[0].length;
    int toTap = count * unit + 1;
    float[] x = floats(1, 2 + ((count - 1) * step + taps) * tap);
    float[] y = new float[1 + rows * size * toTap];
    transform.run(count, x, 2, y, 1, unit, toTap);
    for (int i = 0; i < rows * count * unit; i++) {
      int k = i / unit / count;
      int n = i / unit % count;
      int c = i % unit;
      int from = 2 + n * step * tap + k * WinogradKernels.UNITED + c;
      double[] in = strided(x, from, tap, taps);
      double[] found = strided(y, 1 + n * unit + k * size * toTap + c, toTap, matrix.length);
      check(kernels, what, matrix, in, found);
    }
  }

  @ParameterizedTest
  @MethodSource("gradientKernels")
  void weightGradient(WinogradWeightGradientKernels kernels) {
    int size = kernels.matrices().size();
    int width = 2 * kernels.unit();
    int step = width + 3;
    int tap = width + 2;
    float[] x = floats(1, 1 + size * size * step);
    float[] dw = new float[2 + 9 * tap];
    float[] scratch = new float[size * size * kernels.unit()];
    kernels.weightGradient(width, x, 1, step, scratch, dw, 2, tap);
    double[][] matrix = transposed(kernels.matrices().weights());
    for (int c = 0; c < width; c++) {
      double[][] tile = new double[size][];
      for (int i = 0; i < size; i++) {
        tile[i] = strided(x, 1 + i * size * step + c, step, size);
      }
      double[][] expected = twoSided(matrix, tile);
      for (int r = 0; r < 3; r++) {
        double[] found = strided(dw, 2 + 3 * r * tap + c, tap, 3);
        Close.assertClose(
            name(kernels, "weight gradient"), expected[r], found, 50 * Close.FLOAT, 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void output(WinogradKernels kernels) {
    int m = kernels.matrices().outputs();
    for (int i = 0; i < m * m; i++) {
      output(kernels, i / m + 1, i % m + 1);
    }
  }

  private static void output(WinogradKernels kernels, int rows, int cols) {
    int size = kernels.matrices().size();
    int width = 3 * kernels.unit();
    int step = width + 5;
    int toRow = cols * (width + 1);
    float[] x = floats(1, 4 + size * size * step);
    float[] bias = floats(2, width);
    float[] y = new float[3 + rows * toRow];
    float[] scratch = new float[size * size * kernels.unit()];
    kernels.output(rows, cols, width, x, 4, step, bias, scratch, y, 3, toRow, width + 1);
    for (int c = 0; c < width; c++) {
      double[][] down = kernels.matrices().trimmed(rows).output();
      double[][] along = kernels.matrices().trimmed(cols).output();
      double[][] tile = new double[down[0].length][];
      for (int i = 0; i < tile.length; i++) {
        tile[i] = strided(x, 4 + i * size * step + c, step, along[0].length);
      }
      double[][] expected = twoSided(down, tile, along);
      for (int r = 0; r < rows; r++) {
        for (int s = 0; s < cols; s++) {
          expected[r][s] += bias[c];
        }
        double[] found = strided(y, 3 + r * toRow + c, width + 1, cols);
        Close.assertClose(name(kernels, "output"), expected[r], found, 200 * Close.FLOAT, 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void weights(WinogradKernels kernels) {
    int size = kernels.matrices().size();
    int width = 2 * kernels.unit();
    int tap = width + 2;
    int step = width + 3;
    float[] w = floats(1, 1 + 9 * tap);
    float[] u = new float[2 + size * size * step];
    float[] scratch = new float[size * size * kernels.unit()];
    kernels.weights(width, w, 1, tap, scratch, u, 2, step);
    for (int c = 0; c < width; c++) {
      double[][] taps = new double[3][];
      for (int r = 0; r < 3; r++) {
        taps[r] = strided(w, 1 + 3 * r * tap + c, tap, 3);
      }
      double[][] expected = twoSided(kernels.matrices().weights(), taps);
      for (int i = 0; i < size; i++) {
        double[] found = strided(u, 2 + i * size * step + c, step, size);
        Close.assertClose(name(kernels, "weights"), expected[i], found, 20 * Close.FLOAT, 0);
      }
    }
  }

  private static void check(
      WinogradKernels kernels, String what, double[][] matrix, double[] in, double[] found) {
    double[][] sizes = new double[matrix.length][];
    for (int i = 0; i < matrix.length; i++) {
      sizes[i] = Numbers.abs(matrix[i]);
    }
    double[] allowed = times(sizes, Numbers.abs(in));
    for (int i = 0; i < allowed.length; i++) {
      allowed[i] *= ROUNDINGS * Close.FLOAT;
    }
    Close.assertWithin(name(kernels, what), times(matrix, in), found, allowed);
  }

  private static String name(WinogradKernels kernels, String what) {
    WinogradMatrices m = kernels.matrices();
    String type = kernels.getClass().getSimpleName();
    return type + " " + m.outputs() + "/" + m.stride() + " " + what;
  }

  private static double[][] twoSided(double[][] matrix, double[][] tile) {
    return twoSided(matrix, tile, matrix);
  }

  /** Returns M T Nᵀ. */
  private static double[][] twoSided(double[][] m, double[][] tile, double[][] n) {
    double[][] half = new double[m.length][tile[0].length];
    for (int i = 0; i < m.length; i++) {
      for (int k = 0; k < tile[0].length; k++) {
        for (int j = 0; j < tile.length; j++) {
          half[i][k] += m[i][j] * tile[j][k];
        }
      }
    }
    return Arrays.stream(half).map(row -> times(n, row)).toArray(double[][]::new);
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] result = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[i].length; j++) {
        result[j][i] = matrix[i][j];
      }
    }
    return result;
  }

  private static double[] times(double[][] matrix, double[] x) {
    double[] y = new double[matrix.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = Numbers.dot(matrix[i], x);
    }
    return y;
  }

  private static double[] strided(float[] x, int from, int step, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = x[from + i * step];
    }
    return values;
  }

  private static float[] floats(long seed, int length) {
    return Numbers.floats(Numbers.normal(seed, length));
  }
}
