package dev.thumbnet.method.lowrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A matrix is the product of its parts, and these are what they are called. */
final class SvdTest {
  private static double[][] copy(double[][] a) {
    return Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
  }

  /** Σ σ l rᵀ. */
  private static double[][] composed(Svd svd, int rows, int columns) {
    double[][] sum = new double[rows][columns];
    for (int k = 0; k < svd.values().length; k++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          sum[i][j] += svd.values()[k] * svd.left()[k][i] * svd.right()[k][j];
        }
      }
    }
    return sum;
  }

  /** Checks everything that is said of a decomposition, and returns it. */
  private static Svd check(double[][] a) {
    Svd svd = Svd.of(copy(a));
    int rows = a.length;
    int columns = a[0].length;
    int least = Math.min(rows, columns);
    double size = Math.sqrt(Matrices.energy(a));
    assertThat(svd.values()).hasSize(least);
    for (int j = 0; j < least; j++) {
      assertThat(svd.values()[j]).isBetween(0.0, j == 0 ? size * 1.0000001 : svd.values()[j - 1]);
      assertThat(svd.left()[j]).hasSize(rows).doesNotContain(Double.NaN);
      assertThat(svd.right()[j]).hasSize(columns).doesNotContain(Double.NaN);
    }
    double off = Matrices.largestDifference(composed(svd, rows, columns), a);
    assertThat(off).isLessThanOrEqualTo(1e-13 * size);
    int positive = (int) Arrays.stream(svd.values()).filter(value -> value > 0).count();
    assertThat(Matrices.obliqueness(svd.left(), positive)).isLessThan(1e-11);
    assertThat(Matrices.obliqueness(svd.right(), positive)).isLessThan(1e-11);
    return svd;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 5", "5, 1", "2, 2", "3, 3", "7, 4", "4, 7", "60, 23", "23, 60", "40, 40"})
  void randomMatrices(int rows, int columns) {
    double[][] a = Matrices.random(rows, columns, 17L * rows + columns);
    Svd svd = check(a);
    double energy = Arrays.stream(svd.values()).map(value -> value * value).sum();
    assertThat(energy).isCloseTo(Matrices.energy(a), within(1e-12 * energy));
  }

  @Test
  void longerThanABlockOnBothSides() {
    check(Matrices.random(300, 270, 1));
  }

  /** AᵀA is [[25, 20], [20, 25]], with the eigenvalues 45 and 5. */
  @Test
  void knownMatrices() {
    Svd svd = check(new double[][] {{3, 0}, {4, 5}});
    assertThat(svd.values())
        .containsExactly(new double[] {Math.sqrt(45), Math.sqrt(5)}, within(1e-14));
    double root = Math.sqrt(0.5);
    assertThat(Math.abs(svd.right()[0][0])).isCloseTo(root, within(1e-14));
    assertThat(svd.right()[0][0] * svd.right()[0][1]).isCloseTo(0.5, within(1e-14));
    assertThat(svd.left()[0][0] * svd.left()[0][1]).isCloseTo(3 / 10.0, within(1e-14));

    double[][] diagonal = {{0, -2, 0, 0}, {0, 0, 0, 7}, {1, 0, 0, 0}};
    assertThat(check(diagonal).values()).containsExactly(new double[] {7, 2, 1}, within(1e-14));
    assertThat(check(new double[][] {{-4}}).values()).containsExactly(4);
    assertThat(check(new double[][] {{3, 4}}).values()).containsExactly(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  void matricesOfLowerRank(int rank) {
    for (int[] size : new int[][] {{12, 8}, {8, 12}, {9, 9}}) {
      double[][] a =
          Matrices.product(Matrices.random(size[0], rank, 1), Matrices.random(rank, size[1], 2));
      Svd svd = check(a);
      for (int j = 0; j < svd.values().length; j++) {
        if (j < rank) {
          assertThat(svd.values()[j]).isGreaterThan(0.1);
        } else {
          assertThat(svd.values()[j]).isZero();
        }
      }
    }
  }

  @Test
  void zerosAndRepetitions() {
    assertThat(check(new double[4][3]).values()).containsExactly(0, 0, 0);
    assertThat(check(new double[2][6]).values()).containsExactly(0, 0);
    double[][] same = {{1, 2, 2}, {1, 2, 2}, {0, 0, 0}, {-1, -2, -2}};
    Svd svd = check(same);
    assertThat(svd.values()[0]).isCloseTo(Math.sqrt(27), within(1e-13));
    assertThat(svd.values()[1]).isZero();
    double[][] identity = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    assertThat(check(identity).values()).containsExactly(1, 1, 1);
  }

  /** Products of rows alone would not find what is below a hundred-millionth of the largest. */
  @Test
  void rowsOfVeryDifferentSize() {
    double[][] a = Matrices.random(12, 20, 3);
    for (int i = 0; i < a.length; i++) {
      Vectors.scale(a[i], Math.pow(10, -i));
    }
    Svd svd = check(a);
    assertThat(svd.values()[11] / svd.values()[0]).isBetween(1e-13, 1e-10);
  }

  /** Weights of a network that is hardly there, and of one that is all too much. */
  @Test
  void smallAndLargeNumbers() {
    for (double scale : new double[] {1e-30, 1e30}) {
      double[][] a = Matrices.random(6, 9, 4);
      double[] expected = Svd.of(copy(a)).values();
      Arrays.stream(a).forEach(row -> Vectors.scale(row, scale));
      double[] values = check(a).values();
      for (int j = 0; j < 6; j++) {
        assertThat(values[j] / scale).isCloseTo(expected[j], within(1e-12));
      }
    }
  }

  @Test
  void numbersThatAreNotFiniteAreRefused() {
    for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      double[][] a = Matrices.random(4, 5, 5);
      a[2][3] = odd;
      assertThatThrownBy(() -> Svd.of(a)).isInstanceOf(ArithmeticException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 30, 65})
  void eigenvaluesOfSymmetricMatrices(int n) {
    double[][] random = Matrices.random(n, n, n);
    double[][] a = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a[i][j] = random[i][j] + random[j][i];
      }
    }
    SymmetricEigen eigen = SymmetricEigen.of(copy(a));
    assertThat(Matrices.obliqueness(eigen.vectors(), n)).isLessThan(1e-13);
    double size = Math.sqrt(Matrices.energy(a));
    for (int j = 0; j < n; j++) {
      double value = eigen.values()[j];
      assertThat(value).isLessThanOrEqualTo(j == 0 ? size : eigen.values()[j - 1]);
      for (int i = 0; i < n; i++) {
        assertThat(Matrices.dot(a[i], eigen.vectors()[j]))
            .isCloseTo(value * eigen.vectors()[j][i], within(1e-14 * size));
      }
    }
  }

  @Test
  void eigenvaluesThatAreKnown() {
    assertThat(SymmetricEigen.of(new double[][] {{2, 1}, {1, 2}}).values())
        .containsExactly(new double[] {3, 1}, within(1e-14));
    assertThat(SymmetricEigen.of(new double[][] {{0, 2}, {2, 0}}).values())
        .containsExactly(new double[] {2, -2}, within(1e-14));
    assertThat(SymmetricEigen.of(new double[][] {{1, 0, 0}, {0, -5, 0}, {0, 0, 3}}).values())
        .containsExactly(3, 1, -5);
    assertThat(SymmetricEigen.of(new double[3][3]).values()).containsExactly(0, 0, 0);
    // The path of n points: 2 cos(jπ / (n + 1)).
    int n = 9;
    double[][] path = new double[n][n];
    for (int i = 0; i + 1 < n; i++) {
      path[i][i + 1] = 1;
      path[i + 1][i] = 1;
    }
    double[] values = SymmetricEigen.of(path).values();
    for (int j = 1; j <= n; j++) {
      assertThat(values[j - 1]).isCloseTo(2 * Math.cos(j * Math.PI / (n + 1)), within(1e-14));
    }
  }
}
