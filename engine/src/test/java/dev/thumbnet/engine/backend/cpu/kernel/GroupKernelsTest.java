package dev.thumbnet.engine.backend.cpu.kernel;

import dev.thumbnet.engine.testing.Close;
import dev.thumbnet.engine.testing.Numbers;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each loop against its formula, for windows and rows of all lengths around those of its tiles. */
class GroupKernelsTest {
  private static final int MOST_RESULTS = 10;

  static Stream<Kernels> kernels() {
    return Stream.of(Kernels.vector(), Kernels.vector().cold(), Kernels.scalar());
  }

  /** A row of windows and what it needs. */
  private record Row(int count, int stride, int[] rows, int elements, int elementStep, int width) {
    int planeLength() {
      return ((count - 1) * stride + (elements - 1) * elementStep + 1) * width;
    }

    int xLength() {
      return 2 + Arrays.stream(rows).max().orElse(0) + planeLength();
    }

    /** Returns what lane j of element s of kernel row r of result m sees. */
    int at(int m, int r, int s, int j) {
      return 2 + rows[r] + (m * stride + s * elementStep) * width + j;
    }

    int taps() {
      return rows.length * elements;
    }
  }

  private static Stream<Row> rows(int width) {
    return IntStream.rangeClosed(1, MOST_RESULTS)
        .boxed()
        .flatMap(
            count ->
                Stream.of(1, 2, 3)
                    .flatMap(
                        stride ->
                            Stream.of(0, 1, 2, 3, 5, 6)
                                .flatMap(
                                    elements ->
                                        Stream.of(
                                            new Row(
                                                count,
                                                stride,
                                                new int[] {40 * width, 0, 20 * width},
                                                elements,
                                                1,
                                                width),
                                            new Row(
                                                count,
                                                stride,
                                                new int[] {width, 0},
                                                elements,
                                                2,
                                                width)))));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void multiply(Kernels kernels) {
    GroupKernels groups = kernels.groups();
    int width = groups.width();
    rows(width)
        .forEach(
            row -> {
              int yStep = width + 5;
              float[] x = floats(1, row.xLength());
              float[] w = floats(2, 3 + (1 + row.taps()) * width);
              float[] y = floats(3, 4 + row.count * yStep);
              double[] expected = Numbers.doubles(y);
              for (int m = 0; m < row.count; m++) {
                for (int j = 0; j < width; j++) {
                  double sum = w[3 + j];
                  for (int t = 0; t < row.taps(); t++) {
                    double in = x[row.at(m, t / row.elements, t % row.elements, j)];
                    sum += in * w[3 + (1 + t) * width + j];
                  }
                  expected[4 + m * yStep + j] = sum;
                }
              }
              groups.multiply(
                  row.count,
                  row.stride,
                  row.rows,
                  row.elements,
                  row.elementStep,
                  x,
                  2,
                  w,
                  3,
                  y,
                  4,
                  yStep);
              check(kernels.name() + " multiply " + row, expected, y);
            });
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void addGradient(Kernels kernels) {
    GroupKernels groups = kernels.groups();
    int width = groups.width();
    rows(width)
        .forEach(
            row -> {
              float[] x = floats(1, row.xLength());
              float[] dy = floats(2, 3 + row.count * width);
              float[] sums = floats(3, row.taps() * width);
              double[] expected = Numbers.doubles(sums);
              for (int t = 0; t < row.taps(); t++) {
                for (int j = 0; j < width; j++) {
                  for (int m = 0; m < row.count; m++) {
                    double in = x[row.at(m, t / row.elements, t % row.elements, j)];
                    expected[t * width + j] += in * dy[3 + m * width + j];
                  }
                }
              }
              groups.addGradient(
                  row.count,
                  row.stride,
                  row.rows,
                  row.elements,
                  row.elementStep,
                  x,
                  2,
                  dy,
                  3,
                  sums);
              check(kernels.name() + " addGradient " + row, expected, sums);
            });
  }

  /** The input ends with the last channel that is valid. */
  @ParameterizedTest
  @MethodSource("kernels")
  void copiesAndSpreads(Kernels kernels) {
    GroupKernels groups = kernels.groups();
    int width = groups.width();
    for (int valid = 1; valid <= width; valid++) {
      for (int count = 0; count <= MOST_RESULTS; count++) {
        int xStep = valid + 3;
        float[] x = floats(1, 2 + Math.max(0, count - 1) * xStep + valid);
        float[] to = new float[5 + count * width];
        groups.copy(count, valid, x, 2, xStep, to, 5);
        checkPlane(kernels.name() + " copy", count, valid, 1, 0, x, xStep, to, width);
        for (int size = 2; 2 * size <= width; size *= 2) {
          for (int member = 0; member < size && valid % size == 0; member++) {
            groups.spread(count, valid, size, member, x, 2, xStep, to, 5);
            String what = kernels.name() + " spread " + member + " of " + size;
            checkPlane(what, count, valid, size, member, x, xStep, to, width);
          }
        }
      }
    }
  }

  private static void checkPlane(
      String what,
      int count,
      int valid,
      int size,
      int member,
      float[] x,
      int xStep,
      float[] to,
      int width) {
    double[] expected = new double[count * valid];
    double[] actual = new double[count * valid];
    for (int i = 0; i < expected.length; i++) {
      int m = i / valid;
      int j = i % valid;
      expected[i] = x[2 + m * xStep + j / size * size + member];
      actual[i] = to[5 + m * width + j];
    }
    Close.assertSameBits(what + ", " + count + " x " + valid, expected, actual);
  }

  private static float[] floats(long seed, int length) {
    return Numbers.floats(Numbers.uniform(seed, length, -1, 1));
  }

  /** Sums have at most 19 terms below 1. */
  private static void check(String what, double[] expected, float[] actual) {
    double[] allowed = new double[expected.length];
    Arrays.fill(allowed, 40 * Close.FLOAT);
    Close.assertWithin(what, expected, Numbers.doubles(actual), allowed);
  }
}
