package dev.thumbnet.method.lowrank;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.model.Factors;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * W as a matrix M, of which the first r singular values are kept: M ≈ (L √Σ)(√Σ Rᵀ), the closest of
 * all of rank r (Eckart and Young 1936). Rows belong to the first convolution, columns to the
 * second.
 */
final class MatrixDecomposition implements Decomposition {
  private final Svd svd;
  private final int out;
  private final IntFunction<Factors> factors;

  private MatrixDecomposition(double[][] matrix, int out, IntFunction<Factors> factors) {
    this.svd = Svd.of(matrix);
    this.out = out;
    this.factors = factors;
  }

  /** M[(a, b, c)][k] = W[a][b][c][k] (Zhang et al. 2015). */
  static MatrixDecomposition svd(Conv2d whole) {
    int out = whole.weight().tensor().dim(3);
    double[] weight = whole.weight().tensor().toDoubleArray();
    double[][] matrix = new double[weight.length / out][];
    for (int row = 0; row < matrix.length; row++) {
      matrix[row] = Arrays.copyOfRange(weight, row * out, (row + 1) * out);
    }
    return new MatrixDecomposition(matrix, out, Factors.Svd::new);
  }

  /** M[(a, c)][(b, k)] = W[a][b][c][k] (Jaderberg et al. 2014). */
  static MatrixDecomposition spatial(Conv2d whole) {
    Shape shape = whole.weight().tensor().shape();
    int kw = shape.dim(1);
    int in = shape.dim(2);
    int out = shape.dim(3);
    double[] weight = whole.weight().tensor().toDoubleArray();
    double[][] matrix = new double[shape.dim(0) * in][kw * out];
    for (int a = 0; a < shape.dim(0); a++) {
      for (int b = 0; b < kw; b++) {
        for (int c = 0; c < in; c++) {
          System.arraycopy(weight, ((a * kw + b) * in + c) * out, matrix[a * in + c], b * out, out);
        }
      }
    }
    return new MatrixDecomposition(matrix, out, Factors.Spatial::new);
  }

  @Override
  public Factors keeping(double share) {
    double[] energies = Arrays.stream(svd.values()).map(value -> value * value).toArray();
    return factors.apply(Decomposition.rank(energies, share));
  }

  @Override
  public List<double[]> weights(Factors wanted) {
    int rank =
        switch (wanted) {
          case Factors.Svd(int r) -> r;
          case Factors.Spatial(int r) -> r;
          case Factors.Whole _, Factors.Tucker _ ->
              throw new IllegalArgumentException(wanted + " is no product of two");
        };
    int rows = svd.left()[0].length;
    int columns = svd.right()[0].length;
    double[] first = new double[rows * rank]; // (.., in, rank)
    double[] second = new double[columns * rank]; // (1, columns of the kernel, rank, out)
    for (int j = 0; j < rank; j++) {
      double root = Math.sqrt(svd.values()[j]);
      for (int row = 0; row < rows; row++) {
        first[row * rank + j] = root * svd.left()[j][row];
      }
      for (int column = 0; column < columns; column++) {
        int place = (column / out * rank + j) * out + column % out;
        second[place] = root * svd.right()[j][column];
      }
    }
    return List.of(first, second);
  }
}
