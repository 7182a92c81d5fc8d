package dev.thumbnet.method.lowrank;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.model.Factors;
import java.util.Arrays;
import java.util.List;

/**
 * Tucker's decomposition along the two axes of channels (Kim et al. 2016), W[a][b][c][k] ≈ Σ over
 * p, q of U[c][p] · G[a][b][p][q] · V[k][q], where the columns of U and V are orthogonal. U and V
 * are the eigenvectors of W's products with itself along either axis (HOSVD; De Lathauwer et al.
 * 2000a), so that the squared error is at most the sum of the eigenvalues that are left out; for
 * given ranks, alternating between the two (HOOI; De Lathauwer et al. 2000b) makes it smaller. The
 * norm of each part of G is shared out evenly between G and the column of U or V that belongs to
 * it.
 */
final class TuckerDecomposition implements Decomposition {
  /** How often U and V alternate. Few do: the network goes on learning from what comes of it. */
  private static final int ROUNDS = 3;

  /** W as (pixels of the kernel, in, out). */
  private final double[][][] weight;

  private final SymmetricEigen inputs;
  private final SymmetricEigen outputs;

  private TuckerDecomposition(double[][][] weight) {
    this.weight = weight;
    this.inputs = SymmetricEigen.of(squaredInputs(weight));
    this.outputs = SymmetricEigen.of(squaredOutputs(weight));
  }

  static TuckerDecomposition of(Conv2d whole) {
    Shape shape = whole.weight().tensor().shape();
    int in = shape.dim(2);
    int out = shape.dim(3);
    double[] weight = whole.weight().tensor().toDoubleArray();
    double[][][] parts = new double[shape.dim(0) * shape.dim(1)][in][];
    for (int row = 0; row < parts.length * in; row++) {
      parts[row / in][row % in] = Arrays.copyOfRange(weight, row * out, (row + 1) * out);
    }
    return new TuckerDecomposition(parts);
  }

  @Override
  public Factors keeping(double share) {
    return new Factors.Tucker(
        Decomposition.rank(energies(inputs), share), Decomposition.rank(energies(outputs), share));
  }

  /** Values that rounding made negative are 0. */
  private static double[] energies(SymmetricEigen eigen) {
    return Arrays.stream(eigen.values()).map(value -> Math.max(0, value)).toArray();
  }

  @Override
  public List<double[]> weights(Factors wanted) {
    if (!(wanted instanceof Factors.Tucker(int in, int out))) {
      throw new IllegalArgumentException(wanted + " is no product of three");
    }
    double[][] u = Arrays.copyOf(inputs.vectors(), in);
    double[][] v = Arrays.copyOf(outputs.vectors(), out);
    for (int round = 0; round < ROUNDS; round++) {
      double[][][] fewerOutputs = projectOutputs(weight, v);
      u = Arrays.copyOf(SymmetricEigen.of(squaredInputs(fewerOutputs)).vectors(), in);
      double[][][] fewerInputs = projectInputs(weight, u);
      v = Arrays.copyOf(SymmetricEigen.of(squaredOutputs(fewerInputs)).vectors(), out);
    }
    return layers(u, projectOutputs(projectInputs(weight, u), v), v);
  }

  /** Σ over pixels and k of W[..][c][k] · W[..][c'][k]. */
  private static double[][] squaredInputs(double[][][] w) {
    int n = w[0].length;
    double[][] squared = new double[n][n];
    for (double[][] pixel : w) {
      for (int i = 0; i < n; i++) {
        for (int j = i; j < n; j++) {
          squared[i][j] += Vectors.dot(pixel[i], pixel[j]);
        }
      }
    }
    Vectors.mirror(squared);
    return squared;
  }

  /** Σ over pixels and c of W[..][c][k] · W[..][c][k']. */
  private static double[][] squaredOutputs(double[][][] w) {
    int n = w[0][0].length;
    double[][] squared = new double[n][n];
    for (double[][] pixel : w) {
      for (double[] row : pixel) {
        for (int i = 0; i < n; i++) {
          Vectors.addScaled(squared[i], row[i], row, i, n);
        }
      }
    }
    Vectors.mirror(squared);
    return squared;
  }

  /** Σ over c of u[p][c] · W[..][c][k]. */
  private static double[][][] projectInputs(double[][][] w, double[][] u) {
    int n = w[0][0].length;
    double[][][] projected = new double[w.length][u.length][n];
    for (int pixel = 0; pixel < w.length; pixel++) {
      for (int p = 0; p < u.length; p++) {
        for (int c = 0; c < u[p].length; c++) {
          Vectors.addScaled(projected[pixel][p], u[p][c], w[pixel][c], 0, n);
        }
      }
    }
    return projected;
  }

  /** Σ over k of v[q][k] · W[..][c][k]. */
  private static double[][][] projectOutputs(double[][][] w, double[][] v) {
    int n = w[0].length;
    double[][][] projected = new double[w.length][n][v.length];
    for (int pixel = 0; pixel < w.length; pixel++) {
      for (int c = 0; c < n; c++) {
        for (int q = 0; q < v.length; q++) {
          projected[pixel][c][q] = Vectors.dot(w[pixel][c], v[q]);
        }
      }
    }
    return projected;
  }

  /** Returns the weights (1, 1, in, p), (kh, kw, p, q) and (1, 1, q, out). */
  private static List<double[]> layers(double[][] u, double[][][] core, double[][] v) {
    double[] first = new double[u.length * u[0].length];
    double[] middle = new double[core.length * u.length * v.length];
    double[] last = new double[v.length * v[0].length];
    double[] rowScales = new double[u.length];
    double[] columnScales = new double[v.length];
    Arrays.setAll(rowScales, p -> root(energy(core, p, p + 1, 0, v.length)));
    for (double[][] pixel : core) {
      for (int p = 0; p < u.length; p++) {
        Vectors.scale(pixel[p], 1 / rowScales[p]);
      }
    }
    Arrays.setAll(columnScales, q -> root(energy(core, 0, u.length, q, q + 1)));
    for (int c = 0; c < u[0].length; c++) {
      for (int p = 0; p < u.length; p++) {
        first[c * u.length + p] = u[p][c] * rowScales[p];
      }
    }
    for (int i = 0; i < middle.length; i++) {
      int q = i % v.length;
      int p = i / v.length % u.length;
      middle[i] = core[i / v.length / u.length][p][q] / columnScales[q];
    }
    for (int i = 0; i < last.length; i++) {
      int q = i / v[0].length;
      last[i] = v[q][i % v[0].length] * columnScales[q];
    }
    return List.of(first, middle, last);
  }

  /** Σ G² over a range of p and a range of q. */
  private static double energy(double[][][] core, int fromP, int toP, int fromQ, int toQ) {
    double energy = 0;
    for (double[][] pixel : core) {
      for (int p = fromP; p < toP; p++) {
        energy += Vectors.dot(pixel[p], pixel[p], fromQ, toQ);
      }
    }
    return energy;
  }

  /** √ of the norm; 1 for 0, which cannot be shared out. */
  private static double root(double energy) {
    return energy == 0 ? 1 : Math.sqrt(Math.sqrt(energy));
  }
}
