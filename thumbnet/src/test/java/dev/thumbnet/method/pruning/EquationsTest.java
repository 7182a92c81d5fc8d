package dev.thumbnet.method.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Rng;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is chosen is what trying out all channels chooses, each time with a new fit. */
final class EquationsTest {
  private static final int CHANNELS = 6;
  private static final int ROWS = 40;

  /** Contributions as after a ReLU, with much in common. */
  private static double[][] contributions(long seed) {
    Rng rng = new Rng(seed);
    double[] sizes = new double[CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      sizes[c] = 0.2 + 2 * rng.nextDouble();
    }
    double[][] x = new double[ROWS][CHANNELS];
    for (double[] row : x) {
      double shared = rng.nextGaussian();
      for (int c = 0; c < CHANNELS; c++) {
        double value = sizes[c] * (rng.nextGaussian() + 0.8 * shared);
        row[c] = rng.nextInt(3) == 0 ? 0 : value;
      }
    }
    return x;
  }

  private static Equations equations(double[][] x) {
    Equations equations = new Equations(x[0].length);
    for (double[] row : x) {
      equations.add(row);
    }
    return equations;
  }

  // ---------------------------------------------------------------- brute force

  /** Solves XᵀX w = Xᵀy for some channels by elimination with pivots. */
  private static double[] fit(double[][] x, List<Integer> some) {
    int n = some.size();
    double[][] a = new double[n][n + 1];
    for (double[] row : x) {
      double y = sum(row);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          a[i][j] += row[some.get(i)] * row[some.get(j)];
        }
        a[i][n] += row[some.get(i)] * y;
      }
    }
    for (int i = 0; i < n; i++) {
      int pivot = i;
      for (int k = i; k < n; k++) {
        pivot = Math.abs(a[k][i]) > Math.abs(a[pivot][i]) ? k : pivot;
      }
      double[] swapped = a[i];
      a[i] = a[pivot];
      a[pivot] = swapped;
      for (int k = 0; k < n; k++) {
        if (k != i) {
          double factor = a[k][i] / a[i][i];
          for (int j = i; j <= n; j++) {
            a[k][j] -= factor * a[i][j];
          }
        }
      }
    }
    double[] w = new double[n];
    for (int i = 0; i < n; i++) {
      w[i] = a[i][n] / a[i][i];
    }
    return w;
  }

  private static double sum(double[] row) {
    double sum = 0;
    for (double value : row) {
      sum += value;
    }
    return sum;
  }

  private static double error(double[][] x, List<Integer> some) {
    double[] w = fit(x, some);
    double error = 0;
    for (double[] row : x) {
      double rest = sum(row);
      for (int i = 0; i < w.length; i++) {
        rest -= w[i] * row[some.get(i)];
      }
      error += rest * rest;
    }
    return error;
  }

  private static List<Integer> greedily(double[][] x, int count) {
    List<Integer> chosen = new ArrayList<>();
    while (chosen.size() < count) {
      int best = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int c = 0; c < CHANNELS; c++) {
        if (!chosen.contains(c)) {
          List<Integer> tried = new ArrayList<>(chosen);
          tried.add(c);
          double error = error(x, tried);
          if (error < least) {
            least = error;
            best = c;
          }
        }
      }
      chosen.add(best);
    }
    return chosen.stream().sorted().toList();
  }

  // ---------------------------------------------------------------- tests

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void itIsTheChoiceAndTheFitOfBruteForce(long seed) {
    double[][] x = contributions(seed);
    for (int count = 1; count < CHANNELS; count++) {
      Choice choice = equations(x).choose(count);
      assertThat(choice.channels()).isEqualTo(greedily(x, count));
      double[] w = fit(x, choice.channels());
      for (int i = 0; i < count; i++) {
        assertThat(choice.scales().get(i)).isCloseTo(w[i], within(1e-9 * (1 + Math.abs(w[i]))));
      }
    }
  }

  /** Otherwise the test above would be passed by any choice. */
  @Test
  void choicesDiffer() {
    Set<List<Integer>> all = new HashSet<>();
    for (long seed = 1; seed <= 12; seed++) {
      all.add(greedily(contributions(seed), 3));
    }
    assertThat(all).hasSizeGreaterThan(2);
    double[] w = fit(contributions(1), List.of(0, 1, 2));
    assertThat(Math.abs(w[0] - 1)).isGreaterThan(0.01);
  }

  @Test
  void allChannelsTogetherStayAsTheyAre() {
    Choice choice = equations(contributions(3)).choose(CHANNELS);
    assertThat(choice.channels()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(choice.scales()).allSatisfy(w -> assertThat(w).isCloseTo(1, within(1e-9)));
  }

  /** Channel 1 is silent, 3 is twice channel 0. */
  @Test
  void whatAddsNothingComesLastAndDoesNotCount() {
    double[][] x = contributions(4);
    for (double[] row : x) {
      row[1] = 0;
      row[3] = 2 * row[0];
    }
    Choice four = equations(x).choose(4);
    assertThat(four.channels()).doesNotContain(1).contains(2, 4, 5);
    Choice five = equations(x).choose(5);
    assertThat(five.channels()).containsAll(four.channels()).contains(1);
    assertThat(five.scales().get(five.channels().indexOf(1))).isZero();
    double[] scales = new double[CHANNELS];
    Choice all = equations(x).choose(CHANNELS);
    all.channels().forEach(c -> scales[c] = all.scales().get(c));
    assertThat(scales[0] * scales[3]).isZero();
    assertThat(scales[0] + 2 * scales[3]).isCloseTo(3, within(1e-9));
    assertThat(scales[2]).isCloseTo(1, within(1e-9));
  }
}
