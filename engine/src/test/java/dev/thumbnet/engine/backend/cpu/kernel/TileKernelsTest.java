package dev.thumbnet.engine.backend.cpu.kernel;

import dev.thumbnet.engine.testing.Close;
import dev.thumbnet.engine.testing.Numbers;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each tile of each width against its formula, for every number of rows around its sizes. A problem
 * of the contract of backends reaches those tiles only that its algorithm happens to take.
 */
class TileKernelsTest {
  private static final int MOST_ROWS = 20;

  static Stream<Kernels> kernels() {
    return Stream.of(Kernels.vector(), Kernels.scalar());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void multiply(Kernels kernels) {
    TileKernels tiles = kernels.tiles();
    int rows = 3;
    int len = 7;
    int aStep = 11;
    for (int width : tiles.widths()) {
      for (int count = 1; count <= MOST_ROWS; count++) {
        float[] a = floats(1, 2 + 5 * count + rows * aStep);
        int bStep = (len + 2) * width;
        float[] b = floats(2, 3 + rows * bStep);
        int cStep = width + 9;
        float[] c = floats(3, 7 + (count + 1) * cStep);
        double[] expected = Numbers.doubles(c);
        int[] pixels = new int[4 + 2 * count];
        for (int i = 0; i < count; i++) {
          pixels[4 + 2 * i] = 5 * (count - 1 - i);
          pixels[5 + 2 * i] = 1 + i;
          for (int j = 0; j < width; j++) {
            for (int r = 0; r < rows; r++) {
              for (int k = 0; k < len; k++) {
                double x = a[2 + pixels[4 + 2 * i] + r * aStep + k];
                expected[7 + (1 + i) * cStep + j] += x * b[3 + r * bStep + k * width + j];
              }
            }
          }
        }
        tiles.multiply(pixels, 4, count, rows, len, a, 2, aStep, b, 3, bStep, c, 7, cStep, width);
        check(kernels.name() + " multiply " + count + " x " + width, expected, c);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void multiplyBf16(Kernels kernels) {
    TileKernels tiles = kernels.tiles();
    int rows = 3;
    int len = 7;
    int aStep = 11;
    int width = tiles.widths()[0];
    float[] weights = floats(2, 5 + rows * (len + 2) * width);
    int[] b = new int[rows * (len + 2) * width / 2];
    tiles.packBf16(rows * (len + 2), weights, 5, b);
    for (int count = 1; count <= MOST_ROWS; count++) {
      float[] a = floats(1, 2 + 5 * count + rows * aStep);
      int cStep = width + 9;
      float[] c = floats(3, 7 + (count + 1) * cStep);
      double[] expected = Numbers.doubles(c);
      int[] pixels = new int[4 + 2 * count];
      for (int i = 0; i < count; i++) {
        pixels[4 + 2 * i] = 5 * (count - 1 - i);
        pixels[5 + 2 * i] = 1 + i;
        for (int j = 0; j < width; j++) {
          for (int r = 0; r < rows; r++) {
            for (int k = 0; k < len; k++) {
              double x = a[2 + pixels[4 + 2 * i] + r * aStep + k];
              float weight = weights[5 + (r * (len + 2) + 2 + k) * width + j];
              expected[7 + (1 + i) * cStep + j] += x * Bfloat16.high(Bfloat16.round(weight) << 16);
            }
          }
        }
      }
      int first = width; // the third row
      int step = (len + 2) * width / 2;
      tiles.multiplyBf16(pixels, 4, count, rows, len, a, 2, aStep, b, first, step, c, 7, cStep);
      check(kernels.name() + " multiplyBf16 " + count, expected, c);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void multiplyInt8(Kernels kernels) {
    TileKernels tiles = kernels.tiles();
    int rows = 3;
    int len = 8;
    int aStep = 12;
    int width = tiles.widths()[0];
    float[] weights = floats(2, 5 + rows * (len + 2) * width);
    float[] factors = Int8.factors(rows * (len + 2), width, weights, 5);
    int group = width * tiles.int8Rows() / 4;
    int[] b = new int[rows * (len + 2) * width / 4];
    tiles.packInt8(rows * (len + 2), weights, 5, factors, b);
    for (int count = 1; count <= MOST_ROWS; count++) {
      float[] a = floats(1, 2 + 5 * count + rows * aStep);
      int cStep = width + 9;
      float[] c = floats(3, 7 + (count + 1) * cStep);
      double[] expected = Numbers.doubles(c);
      int[] pixels = new int[4 + 2 * count];
      for (int i = 0; i < count; i++) {
        pixels[4 + 2 * i] = 5 * (count - 1 - i);
        pixels[5 + 2 * i] = 1 + i;
        for (int j = 0; j < width; j++) {
          for (int r = 0; r < rows; r++) {
            for (int k = 0; k < len; k++) {
              double x = a[2 + pixels[4 + 2 * i] + r * aStep + k];
              int number = (r * (len + 2) + 2 + k) * width + j;
              int four = b[number / (4 * group) * group + number % group];
              expected[7 + (1 + i) * cStep + j] += x * Int8.get(four, number / group % 4);
            }
          }
        }
      }
      int first = width / 2; // the third row
      int step = (len + 2) * width / 4;
      tiles.multiplyInt8(pixels, 4, count, rows, len, a, 2, aStep, b, first, step, c, 7, cStep);
      for (int i = 0; i < c.length; i++) {
        c[i] *= 0x1p-31f; // as large as the numbers of the other tests
        expected[i] *= 0x1p-31;
      }
      check(kernels.name() + " multiplyInt8 " + count, expected, c);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void outerProducts(Kernels kernels) {
    TileKernels tiles = kernels.tiles();
    int ny = 3;
    int nx = 4;
    for (int width : tiles.widths()) {
      for (int rows = 1; rows <= MOST_ROWS; rows++) {
        int aStepX = rows + 1;
        int aStepY = nx * aStepX + 2;
        int bStepX = width + 3;
        int bStepY = nx * bStepX + 1;
        float[] a = floats(1, 2 + ny * aStepY);
        float[] b = floats(2, 3 + ny * bStepY);
        float[] c = floats(3, 5 + rows * width);
        double[] expected = Numbers.doubles(c);
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < width; j++) {
            for (int y = 0; y < ny; y++) {
              for (int x = 0; x < nx; x++) {
                double left = a[2 + y * aStepY + x * aStepX + i];
                expected[5 + i * width + j] += left * b[3 + y * bStepY + x * bStepX + j];
              }
            }
          }
        }
        tiles.outerProducts(rows, ny, nx, a, 2, aStepY, aStepX, b, 3, bStepY, bStepX, c, 5, width);
        check(kernels.name() + " outer products " + rows + " x " + width, expected, c);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void dots(Kernels kernels) {
    TileKernels tiles = kernels.tiles();
    int rows = 2;
    int cStep = 9;
    for (int len : new int[] {1, 3, 4, 8, 15, 16, 17, 31, 32, 50}) {
      for (int count = 1; count <= 6; count++) {
        for (int columns = 1; columns <= 7; columns++) {
          int aStep = len + 2;
          int bStep = len + 1;
          int bColumn = rows * bStep;
          float[] a = floats(1, 2 + 3 * count + rows * aStep);
          float[] b = floats(2, 3 + columns * bColumn);
          float[] c = floats(3, 4 + count * cStep);
          double[] expected = Numbers.doubles(c);
          int[] pixels = new int[2 * count];
          for (int i = 0; i < count; i++) {
            pixels[2 * i] = 3 * i;
            pixels[2 * i + 1] = count - 1 - i;
            for (int j = 0; j < columns; j++) {
              for (int r = 0; r < rows; r++) {
                for (int k = 0; k < len; k++) {
                  double x = a[2 + 3 * i + r * aStep + k];
                  expected[4 + (count - 1 - i) * cStep + j] +=
                      x * b[3 + j * bColumn + r * bStep + k];
                }
              }
            }
          }
          tiles.dots(
              pixels, 0, count, columns, rows, len, a, 2, aStep, b, 3, bColumn, bStep, c, 4, cStep);
          String what = kernels.name() + " dots " + count + " x " + columns + " of " + len;
          check(what, expected, c);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void multiplyRows(Kernels kernels) {
    int[] widths = kernels.tiles().widths();
    int widest = widths[0];
    for (int columns : new int[] {1, 3, 8, 16, 17, widest - 1, widest, 2 * widest + 5}) {
      for (int rows = 1; rows <= 9; rows++) {
        for (int len : new int[] {1, 5, 15, 16, 17, 40}) {
          multiplyRows(kernels, rows, columns, len);
        }
      }
    }
  }

  private static void multiplyRows(Kernels kernels, int rows, int columns, int len) {
    int aStep = len + 2;
    int bStep = columns + 3;
    int cStep = columns + 1;
    float[] a = floats(1, 2 + rows * aStep);
    float[] b = floats(2, 3 + len * bStep);
    float[] c = floats(3, 4 + rows * cStep);
    double[] expected = Numbers.doubles(c);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        for (int k = 0; k < len; k++) {
          double x = a[2 + i * aStep + k];
          expected[4 + i * cStep + j] += x * b[3 + k * bStep + j];
        }
      }
    }
    float[] packed = c.clone();
    kernels.tiles().multiplyRows(rows, columns, len, a, 2, aStep, b, 3, bStep, c, 4, cStep);
    String what = kernels.name() + " multiplyRows " + rows + " x " + columns + " x " + len;
    check(what, expected, c);
    multiplyPacked(kernels.tiles(), rows, columns, len, a, b, packed);
    Close.assertSameBits(what, Numbers.doubles(packed), Numbers.doubles(c));
  }

  /** As {@link #multiplyRows}, panel by panel. */
  private static void multiplyPacked(
      TileKernels tiles, int rows, int columns, int len, float[] a, float[] b, float[] c) {
    int width = tiles.widths()[0];
    int bStep = columns + 3;
    int cStep = columns + 1;
    int[] pixels = new int[2 * rows];
    for (int i = 0; i < rows; i++) {
      pixels[2 * i] = i * (len + 2);
      pixels[2 * i + 1] = i;
    }
    for (int first = 0; first < columns; first += width) {
      int count = Math.min(width, columns - first);
      float[] panel = new float[len * width];
      for (int k = 0; k < len; k++) {
        System.arraycopy(b, 3 + k * bStep + first, panel, k * width, count);
      }
      float[] sums = new float[rows * width];
      for (int i = 0; i < rows; i++) {
        System.arraycopy(c, 4 + i * cStep + first, sums, i * width, count);
      }
      tiles.multiply(pixels, 0, rows, 1, len, a, 2, 0, panel, 0, 0, sums, 0, width, width);
      for (int i = 0; i < rows; i++) {
        System.arraycopy(sums, i * width, c, 4 + i * cStep + first, count);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void planes(Kernels kernels) {
    TileKernels tiles = kernels.tiles();
    int width = tiles.planesWidth();
    int[] shifts = {0, 7, 3, 20};
    int len = 5;
    int bStep = width + 21;
    int cStep = width + 3;
    for (int rows = 1; rows <= MOST_ROWS; rows++) {
      float[] a = floats(1, 2 + shifts.length * len * rows);
      float[] b = floats(2, 3 + len * bStep);
      float[] c = floats(3, 4 + rows * cStep);
      double[] expected = Numbers.doubles(c);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < width; j++) {
          for (int t = 0; t < shifts.length; t++) {
            for (int k = 0; k < len; k++) {
              double x = a[2 + (t * len + k) * rows + i];
              expected[4 + i * cStep + j] += x * b[3 + shifts[t] + k * bStep + j];
            }
          }
        }
      }
      tiles.planes(rows, shifts, len, a, 2, b, 3, bStep, c, 4, cStep);
      check(kernels.name() + " planes of " + rows, expected, c);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void transpose(Kernels kernels) {
    for (int rows : new int[] {0, 1, 3, 4, 7, 8, 9, 16, 27, 32}) {
      for (int cols : new int[] {0, 1, 5, 8, 15, 16, 24, 63, 64, 65, 130}) {
        transpose(kernels, rows, cols, cols + 2, rows + 3);
        transpose(kernels, rows, cols, cols, rows);
      }
    }
  }

  private static void transpose(Kernels kernels, int rows, int cols, int aStep, int bStep) {
    float[] a = floats(1, 2 + rows * aStep);
    float[] b = floats(2, 3 + cols * bStep);
    double[] expected = Numbers.doubles(b);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        expected[3 + j * bStep + i] = a[2 + i * aStep + j];
      }
    }
    kernels.tiles().transpose(rows, cols, a, 2, aStep, b, 3, bStep);
    String what = kernels.name() + " transpose " + rows + " x " + cols;
    Close.assertSameBits(what, expected, Numbers.doubles(b));
  }

  private static float[] floats(long seed, int length) {
    return Numbers.floats(Numbers.uniform(seed, length, -1, 1));
  }

  /** Sums have at most 100 terms below 1. */
  private static void check(String what, double[] expected, float[] actual) {
    double[] allowed = new double[expected.length];
    Arrays.fill(allowed, 200 * Close.FLOAT);
    Close.assertWithin(what, expected, Numbers.doubles(actual), allowed);
  }
}
