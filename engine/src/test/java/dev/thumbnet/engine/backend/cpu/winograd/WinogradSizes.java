package dev.thumbnet.engine.backend.cpu.winograd;

import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.testing.Close;

/**
 * How large the numbers are that Winograd's algorithms add up: for each result, what they compute
 * from absolute values with absolute matrices, in double precision, straight from the formula. A
 * rounding error is at most 2⁻²⁴ of it for each operation on the way, whatever the numbers; those
 * of many operations mostly cancel. All tiles are whole here, and overhang with zeros.
 */
final class WinogradSizes {
  /** Roundings of the numbers added up that random problems may have. */
  private static final double ROUNDINGS = 8;

  private final double[][] input;
  private final double[][] weights;
  private final double[][] output;
  private final int m;
  private final int stride;
  private final int size;

  WinogradSizes(WinogradMatrices matrices) {
    input = absolute(matrices.input());
    weights = absolute(matrices.weights());
    output = absolute(matrices.output());
    m = matrices.outputs();
    stride = matrices.stride();
    size = matrices.size();
  }

  /**
   * Sizes of a convolution, or of its gradient for the inputs: |A| [(|G| |g| |Gᵀ|) ⊙ (|B| |d|
   * |Bᵀ|)] |Aᵀ|, summed over input channels.
   *
   * @param bias or null
   */
  double[] convolution(Direction c, double[] x, double[] w, double[] bias) {
    Direction.Part part = c.parts.getFirst();
    double[][][][] u = new double[c.outC][c.inC][][];
    for (int k = 0; k < c.outC; k++) {
      for (int i = 0; i < c.inC; i++) {
        double[][] g = new double[3][3];
        for (int r = 0; r < 3; r++) {
          for (int s = 0; s < 3; s++) {
            int at = c.weightAt(part, r, s, 0) + i * c.weightStepIn() + k * c.weightStepOut();
            g[r][s] = Math.abs(w[at]);
          }
        }
        u[k][i] = both(weights, g);
      }
    }
    int padH = padding(c, c.problem.pad().top());
    int padW = padding(c, c.problem.pad().left());
    double[] sizes = new double[c.n * c.outH * c.outW * c.outC];
    for (int n = 0; n < c.n; n++) {
      for (int top = 0; top < c.outH; top += m) {
        for (int left = 0; left < c.outW; left += m) {
          double[][][] v = new double[c.inC][][];
          for (int i = 0; i < c.inC; i++) {
            double[][] d =
                tile(x, n, c.inH, c.inW, c.inC, i, top * stride - padH, left * stride - padW, size);
            v[i] = both(input, d);
          }
          for (int k = 0; k < c.outC; k++) {
            double[][] y = both(output, products(u[k], v));
            for (int r = 0; r < Math.min(m, c.outH - top); r++) {
              for (int s = 0; s < Math.min(m, c.outW - left); s++) {
                int at = ((n * c.outH + top + r) * c.outW + left + s) * c.outC + k;
                sizes[at] = y[r][s] + (bias == null ? 0 : Math.abs(bias[k]));
              }
            }
          }
        }
      }
    }
    return sizes;
  }

  /** Returns by how much results of some sizes may be off. */
  static double[] roundings(double[] sizes) {
    double[] allowed = new double[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      allowed[i] = ROUNDINGS * Close.FLOAT * sizes[i];
    }
    return allowed;
  }

  /** The gradient for the inputs is a convolution with what is left of a full padding. */
  private static int padding(Direction c, int pad) {
    return c.forward ? pad : 2 - pad;
  }

  /**
   * Sizes of a gradient for the weights: |Gᵀ| [(|B| |d| |Bᵀ|) ⊙ (|Aᵀ| |dy| |A|)] |G|, summed over
   * the tiles.
   */
  double[] weightGradient(Conv2dProblem p, double[] x, double[] dy) {
    double[][][][] sums = new double[p.c()][p.k()][size][size];
    for (int n = 0; n < p.n(); n++) {
      for (int top = 0; top < p.outH(); top += m) {
        for (int left = 0; left < p.outW(); left += m) {
          double[][][] v = new double[p.c()][][];
          for (int i = 0; i < p.c(); i++) {
            v[i] =
                both(
                    input,
                    tile(
                        x,
                        n,
                        p.h(),
                        p.w(),
                        p.c(),
                        i,
                        top - p.pad().top(),
                        left - p.pad().left(),
                        size));
          }
          for (int k = 0; k < p.k(); k++) {
            double[][] g =
                both(transposed(output), tile(dy, n, p.outH(), p.outW(), p.k(), k, top, left, m));
            for (int i = 0; i < p.c(); i++) {
              addProduct(v[i], g, sums[i][k]);
            }
          }
        }
      }
    }
    double[] sizes = new double[p.weightSize()];
    for (int i = 0; i < p.c(); i++) {
      for (int k = 0; k < p.k(); k++) {
        double[][] dw = both(transposed(weights), sums[i][k]);
        for (int element = 0; element < 9; element++) {
          sizes[(element * p.c() + i) * p.k() + k] = dw[element / 3][element % 3];
        }
      }
    }
    return sizes;
  }

  /** Absolute values of a square of one channel, zero beyond the picture. */
  private static double[][] tile(
      double[] x, int n, int h, int w, int channels, int channel, int top, int left, int size) {
    double[][] d = new double[size][size];
    for (int r = Math.max(0, -top); r < Math.min(size, h - top); r++) {
      for (int s = Math.max(0, -left); s < Math.min(size, w - left); s++) {
        d[r][s] = Math.abs(x[((n * h + top + r) * w + left + s) * channels + channel]);
      }
    }
    return d;
  }

  private double[][] products(double[][][] u, double[][][] v) {
    double[][] sum = new double[size][size];
    for (int i = 0; i < u.length; i++) {
      addProduct(u[i], v[i], sum);
    }
    return sum;
  }

  private static void addProduct(double[][] a, double[][] b, double[][] sum) {
    for (int r = 0; r < sum.length; r++) {
      for (int s = 0; s < sum.length; s++) {
        sum[r][s] += a[r][s] * b[r][s];
      }
    }
  }

  /** Returns M d Mᵀ. */
  private static double[][] both(double[][] matrix, double[][] d) {
    return transposed(times(matrix, transposed(times(matrix, d))));
  }

  private static double[][] times(double[][] a, double[][] b) {
    double[][] result = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int t = 0; t < b.length; t++) {
        for (int j = 0; j < result[i].length; j++) {
          result[i][j] += a[i][t] * b[t][j];
        }
      }
    }
    return result;
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

  private static double[][] absolute(double[][] matrix) {
    double[][] result = new double[matrix.length][matrix[0].length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[i].length; j++) {
        result[i][j] = Math.abs(matrix[i][j]);
      }
    }
    return result;
  }
}
