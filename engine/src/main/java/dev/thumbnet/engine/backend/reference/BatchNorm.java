package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import org.jspecify.annotations.Nullable;

/** Batch normalisation (Ioffe and Szegedy 2015) of (rows, channels). */
final class BatchNorm {
  private BatchNorm() {}

  /** Mean and biased variance of each channel, in two passes. */
  static void statistics(BatchNormProblem p, double[] x, double[] mean, double[] variance) {
    for (int c = 0; c < p.channels(); c++) {
      double sum = 0;
      for (int r = 0; r < p.rows(); r++) {
        sum += x[r * p.channels() + c];
      }
      mean[c] = sum / p.rows();
      double squares = 0;
      for (int r = 0; r < p.rows(); r++) {
        double d = x[r * p.channels() + c] - mean[c];
        squares += d * d;
      }
      variance[c] = squares / p.rows();
    }
  }

  /** y = γ (x − mean) / √(variance + eps) + β, then ReLU if the problem says so. */
  static void normalize(
      BatchNormProblem p,
      double[] x,
      double[] gamma,
      double[] beta,
      double[] mean,
      double[] variance,
      double[] y) {
    for (int r = 0; r < p.rows(); r++) {
      for (int c = 0; c < p.channels(); c++) {
        int at = r * p.channels() + c;
        double normal = (x[at] - mean[c]) / Math.sqrt(variance[c] + p.eps());
        double value = gamma[c] * normal + beta[c];
        y[at] = p.relu() ? Math.max(value, 0) : value;
      }
    }
  }

  /**
   * With x̂ = (x − mean) / √(variance + eps) and g = dy, masked by y &gt; 0 after a ReLU: dβ = Σ g,
   * dγ = Σ g·x̂, and dx = γ / √(variance + eps) · (g − dβ/rows − x̂·dγ/rows), where the last two
   * terms come from the statistics and are absent if those are constants. A gradient that is
   * missing is not wanted.
   */
  static void backward(
      BatchNormProblem p,
      boolean batchStatistics,
      double[] x,
      double @Nullable [] y,
      double[] dy,
      double[] gamma,
      double[] mean,
      double[] variance,
      double @Nullable [] dx,
      double @Nullable [] dGamma,
      double @Nullable [] dBeta) {
    double[] mask = p.relu() ? y : null;
    for (int c = 0; c < p.channels(); c++) {
      double inverse = 1 / Math.sqrt(variance[c] + p.eps());
      double sum = 0;
      double sumNormal = 0;
      for (int r = 0; r < p.rows(); r++) {
        int at = r * p.channels() + c;
        double g = mask != null && !(mask[at] > 0) ? 0 : dy[at];
        sum += g;
        sumNormal += g * (x[at] - mean[c]) * inverse;
      }
      if (dBeta != null) {
        dBeta[c] = sum;
      }
      if (dGamma != null) {
        dGamma[c] = sumNormal;
      }
      for (int r = 0; r < p.rows() && dx != null; r++) {
        int at = r * p.channels() + c;
        double g = mask != null && !(mask[at] > 0) ? 0 : dy[at];
        double normal = (x[at] - mean[c]) * inverse;
        double viaStatistics = batchStatistics ? (sum + normal * sumNormal) / p.rows() : 0;
        dx[at] = gamma[c] * inverse * (g - viaStatistics);
      }
    }
  }
}
