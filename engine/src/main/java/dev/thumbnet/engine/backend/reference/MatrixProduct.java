package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.problem.GemmProblem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** c[i, j] = Σ over l of op(a)[i, l] · op(b)[l, j], plus bias[j]. */
final class MatrixProduct {
  private MatrixProduct() {}

  static void gemm(GemmProblem p, double[] a, double[] b, double @Nullable [] bias, double[] c) {
    for (int i = 0; i < p.m(); i++) {
      for (int j = 0; j < p.n(); j++) {
        double sum = 0;
        for (int l = 0; l < p.k(); l++) {
          double left = p.transA() ? a[l * p.m() + i] : a[i * p.k() + l];
          double right = p.transB() ? b[j * p.k() + l] : b[l * p.n() + j];
          sum += left * right;
        }
        c[i * p.n() + j] = bias == null ? sum : sum + bias[j];
      }
    }
  }

  static void matmul(int batch, GemmProblem p, double[] a, double[] b, double[] c) {
    int left = p.m() * p.k();
    int right = p.k() * p.n();
    double[] product = new double[p.m() * p.n()];
    for (int i = 0; i < batch; i++) {
      double[] x = Arrays.copyOfRange(a, i * left, (i + 1) * left);
      double[] y = Arrays.copyOfRange(b, i * right, (i + 1) * right);
      gemm(p, x, y, null, product);
      System.arraycopy(product, 0, c, i * product.length, product.length);
    }
  }
}
