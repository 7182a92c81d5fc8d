package dev.thumbnet.method.lowrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.model.Factors;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left out of a convolution is what was to be left out, and no more. */
final class DecompositionTest {
  /** Computes in double. */
  private static final Device REFERENCE = Device.reference();

  private static Conv2d random(int in, int out, int kernel, int stride, int padding) {
    Rng rng = new Rng(31L * in + out);
    Conv2d conv = new Conv2d(REFERENCE, in, out, kernel, stride, padding, true, rng);
    conv.weight().tensor().fill(rng::nextGaussian);
    return conv;
  }

  private static Decomposition of(Factors kind, Conv2d whole) {
    return switch (kind) {
      case Factors.Svd _ -> MatrixDecomposition.svd(whole);
      case Factors.Spatial _ -> MatrixDecomposition.spatial(whole);
      case Factors.Tucker _ -> TuckerDecomposition.of(whole);
      case Factors.Whole _ -> throw new IllegalArgumentException();
    };
  }

  /** Returns the convolutions that come of factors. */
  private static Sequential chain(Factors factors, Conv2d whole) {
    Sequential chain = (Sequential) factors.module(REFERENCE, whole);
    LowRankMethod.set(chain, of(factors, whole).weights(factors), whole.bias());
    return chain;
  }

  /** Returns the weight, (kernel, kernel, in, out), that factors multiply to. */
  private static double[] product(Factors factors, Conv2d whole) {
    int kernel = whole.weight().tensor().dim(0);
    int in = whole.weight().tensor().dim(2);
    int out = whole.weight().tensor().dim(3);
    List<double[]> parts = of(factors, whole).weights(factors);
    double[] first = parts.getFirst();
    double[] last = parts.getLast();
    double[] product = new double[kernel * kernel * in * out];
    for (int i = 0; i < product.length; i++) {
      int k = i % out;
      int row = i / out;
      int c = row % in;
      int pixel = row / in;
      int b = pixel % kernel;
      int a = pixel / kernel;
      product[i] =
          switch (factors) {
            case Factors.Svd(int r) -> sum(r, j -> first[row * r + j] * last[j * out + k]);
            case Factors.Spatial(int r) ->
                sum(r, j -> first[(a * in + c) * r + j] * last[(b * r + j) * out + k]);
            case Factors.Tucker(int p, int q) ->
                sum(
                    p * q,
                    j ->
                        first[c * p + j / q]
                            * parts.get(1)[pixel * p * q + j]
                            * last[j % q * out + k]);
            case Factors.Whole _ -> throw new IllegalArgumentException();
          };
    }
    return product;
  }

  private static double sum(int terms, IntToDoubleFunction term) {
    return IntStream.range(0, terms).mapToDouble(term).sum();
  }

  private static double error(Factors factors, Conv2d whole) {
    double[] weight = whole.weight().tensor().toDoubleArray();
    double[] product = product(factors, whole);
    double error = 0;
    for (int i = 0; i < weight.length; i++) {
      error += (weight[i] - product[i]) * (weight[i] - product[i]);
    }
    return error;
  }

  /**
   * Σ of the squared singular values from a rank on, of W as a matrix.
   *
   * @param rows the axes of W whose indices number the rows
   */
  private static double dropped(Conv2d whole, int rank, boolean... rows) {
    int[] extents = whole.weight().tensor().shape().toArray();
    double[] weight = whole.weight().tensor().toDoubleArray();
    int rowCount = 1;
    for (int axis = 0; axis < 4; axis++) {
      rowCount *= rows[axis] ? extents[axis] : 1;
    }
    double[][] matrix = new double[rowCount][weight.length / rowCount];
    for (int i = 0; i < weight.length; i++) {
      int rest = i;
      int[] index = new int[4];
      for (int axis = 3; axis >= 0; axis--) {
        index[axis] = rest % extents[axis];
        rest /= extents[axis];
      }
      int row = 0;
      int column = 0;
      for (int axis = 0; axis < 4; axis++) {
        if (rows[axis]) {
          row = row * extents[axis] + index[axis];
        } else {
          column = column * extents[axis] + index[axis];
        }
      }
      matrix[row][column] = weight[i];
    }
    double[] values = Svd.of(matrix).values();
    return Arrays.stream(values, rank, values.length).map(v -> v * v).sum();
  }

  @ParameterizedTest
  @CsvSource({"4, 5, 3, 1, 1", "5, 4, 3, 2, 1", "3, 8, 7, 2, 3", "2, 6, 5, 1, 2", "6, 2, 3, 2, 1"})
  void atFullRankTheResultsAreTheSame(int in, int out, int kernel, int stride, int padding) {
    Conv2d whole = random(in, out, kernel, stride, padding);
    Rng rng = new Rng(9);
    Tensor x = Tensor.zeros(REFERENCE, 2, 11, 8, in);
    x.fill(rng::nextGaussian);
    Tensor expected = whole.forward(x);
    for (Factors full :
        List.of(
            new Factors.Svd(Math.min(kernel * kernel * in, out)),
            new Factors.Spatial(Math.min(kernel * in, kernel * out)),
            new Factors.Tucker(in, out))) {
      Tensor y = chain(full, whole).forward(x);
      assertThat(y.shape()).isEqualTo(expected.shape());
      assertThat(y.toDoubleArray())
          .as(full.toString())
          .containsExactly(expected.toDoubleArray(), within(1e-11));
      assertThat(of(full, whole).keeping(1)).isEqualTo(full);
    }
  }

  /** Eckart and Young: nothing of the same rank is closer. */
  @Test
  void theErrorOfTwoFactorsIsWhatIsLeftOut() {
    Conv2d whole = random(6, 9, 3, 1, 1);
    double energy = dropped(whole, 0, true, true, true, false);
    for (int rank = 1; rank <= 9; rank++) {
      double svd = dropped(whole, rank, true, true, true, false);
      double spatial = dropped(whole, rank, true, false, true, false);
      assertThat(error(new Factors.Svd(rank), whole)).isCloseTo(svd, within(1e-12 * energy));
      assertThat(error(new Factors.Spatial(rank), whole))
          .isCloseTo(spatial, within(1e-12 * energy));
    }
  }

  @Test
  void theErrorOfThreeFactorsIsBounded() {
    Conv2d whole = random(6, 9, 3, 1, 1);
    double noise = 1e-12 * dropped(whole, 0, true, true, true, false);
    for (int p = 1; p <= 6; p++) {
      for (int q = 1; q <= 9; q += 2) {
        double inputs = dropped(whole, p, false, false, true, false);
        double outputs = dropped(whole, q, false, false, false, true);
        assertThat(error(new Factors.Tucker(p, q), whole))
            .isLessThanOrEqualTo(inputs + outputs + noise)
            .isGreaterThanOrEqualTo(Math.max(inputs, outputs) - noise);
      }
    }
  }

  /** The least rank whose share of the energy is enough. */
  @Test
  void ranksFollowTheShare() {
    Conv2d whole = random(6, 9, 3, 1, 1);
    Decomposition svd = MatrixDecomposition.svd(whole);
    Decomposition tucker = TuckerDecomposition.of(whole);
    double energy = dropped(whole, 0, true, true, true, false);
    for (double share : new double[] {0, 0.1, 0.5, 0.9, 0.99, 1}) {
      int rank = ((Factors.Svd) svd.keeping(share)).rank();
      assertThat(dropped(whole, rank, true, true, true, false))
          .isLessThanOrEqualTo((1 - share) * energy + 1e-12 * energy);
      if (rank > 1) {
        assertThat(dropped(whole, rank - 1, true, true, true, false))
            .isGreaterThan((1 - share) * energy);
      }
      Factors.Tucker ranks = (Factors.Tucker) tucker.keeping(share);
      assertThat(dropped(whole, ranks.in(), false, false, true, false))
          .isLessThanOrEqualTo((1 - share) * energy + 1e-12 * energy);
      assertThat(dropped(whole, ranks.out(), false, false, false, true))
          .isLessThanOrEqualTo((1 - share) * energy + 1e-12 * energy);
    }
    assertThat(svd.keeping(0)).isEqualTo(new Factors.Svd(1));
    assertThat(tucker.keeping(0)).isEqualTo(new Factors.Tucker(1, 1));
    assertThat(Decomposition.rank(new double[] {4, 3, 2, 1}, 0.7)).isEqualTo(2);
    assertThat(Decomposition.rank(new double[] {4, 3, 2, 1}, 0.71)).isEqualTo(3);
    assertThat(Decomposition.rank(new double[] {0, 0}, 0.9)).isEqualTo(1);
  }

  /** A weight that is a product of factors is found to be one, and no other. */
  @Test
  void weightsOfLowRankComeBack() {
    Conv2d whole = random(8, 10, 3, 2, 1);
    double energy = dropped(whole, 0, true, true, true, false);
    for (Factors factors :
        List.of(new Factors.Svd(3), new Factors.Spatial(4), new Factors.Tucker(2, 5))) {
      Conv2d low = random(8, 10, 3, 2, 1);
      low.weight().tensor().copyFrom(product(factors, whole));
      assertThat(of(factors, low).keeping(1 - 1e-9)).isEqualTo(factors);
      assertThat(error(factors, low)).isLessThan(1e-24 * energy);
    }
  }

  @Test
  void singularValuesAreSharedOutEvenly() {
    Conv2d whole = random(6, 9, 3, 1, 1);
    for (Factors factors :
        List.of(new Factors.Svd(4), new Factors.Spatial(5), new Factors.Tucker(3, 4))) {
      List<double[]> parts = of(factors, whole).weights(factors);
      // Of each channel between the last two: what goes in has the size of what comes out.
      double[] before = parts.get(parts.size() - 2);
      double[] after = parts.getLast();
      int rank =
          switch (factors) {
            case Factors.Svd(int r) -> r;
            case Factors.Spatial(int r) -> r;
            case Factors.Tucker(int _, int q) -> q;
            case Factors.Whole _ -> throw new IllegalArgumentException();
          };
      for (int j = 0; j < rank; j++) {
        double in = 0;
        for (int i = j; i < before.length; i += rank) {
          in += before[i] * before[i];
        }
        double out = 0;
        for (int i = 0; i < after.length; i++) {
          out += i / 9 % rank == j ? after[i] * after[i] : 0;
        }
        assertThat(in).isCloseTo(out, within(1e-12 * out));
      }
    }
  }

  @Test
  void zerosStayZeros() {
    Conv2d zero = new Conv2d(REFERENCE, 3, 4, 3, 1, 1, true, null);
    Objects.requireNonNull(zero.bias()).tensor().fill(() -> 2);
    Tensor x = Tensor.full(REFERENCE, 1, 1, 4, 4, 3);
    for (Factors least :
        List.of(new Factors.Svd(1), new Factors.Spatial(1), new Factors.Tucker(1, 1))) {
      assertThat(of(least, zero).keeping(0.5)).isEqualTo(least);
      assertThat(chain(least, zero).forward(x).toDoubleArray()).containsOnly(2);
    }
  }

  @Test
  void otherKindsOfFactorsAreRefused() {
    Conv2d whole = random(3, 4, 3, 1, 1);
    Factors tucker = new Factors.Tucker(1, 1);
    assertThatThrownBy(() -> MatrixDecomposition.svd(whole).weights(tucker))
        .hasMessageContaining("tucker:1x1");
    assertThatThrownBy(() -> TuckerDecomposition.of(whole).weights(new Factors.Svd(1)))
        .hasMessageContaining("svd:1");
  }
}
