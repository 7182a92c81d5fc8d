package dev.thumbnet.engine.backend.reference;

/** Softmax, its logarithm and cross entropy over the rows of (rows, cols). */
final class Softmax {
  private Softmax() {}

  static void softmax(int rows, int cols, double[] x, double[] y) {
    for (int row = 0; row < rows; row++) {
      double max = max(x, row * cols, cols);
      double log = logSumExp(max, x, row * cols, cols);
      for (int at = row * cols; at < (row + 1) * cols; at++) {
        y[at] = StrictMath.exp(x[at] - max - log);
      }
    }
  }

  static void softmaxBackward(int rows, int cols, double[] y, double[] dy, double[] dx) {
    for (int row = 0; row < rows; row++) {
      double sum = 0;
      for (int at = row * cols; at < (row + 1) * cols; at++) {
        sum += y[at] * dy[at];
      }
      for (int at = row * cols; at < (row + 1) * cols; at++) {
        dx[at] = y[at] * (dy[at] - sum);
      }
    }
  }

  static void logSoftmax(int rows, int cols, double[] x, double[] y) {
    for (int row = 0; row < rows; row++) {
      double max = max(x, row * cols, cols);
      double log = logSumExp(max, x, row * cols, cols);
      for (int at = row * cols; at < (row + 1) * cols; at++) {
        y[at] = x[at] - max - log;
      }
    }
  }

  static void logSoftmaxBackward(int rows, int cols, double[] y, double[] dy, double[] dx) {
    for (int row = 0; row < rows; row++) {
      double sum = 0;
      for (int at = row * cols; at < (row + 1) * cols; at++) {
        sum += dy[at];
      }
      for (int at = row * cols; at < (row + 1) * cols; at++) {
        dx[at] = dy[at] - StrictMath.exp(y[at]) * sum;
      }
    }
  }

  private static double max(double[] x, int from, int cols) {
    double max = Double.NEGATIVE_INFINITY;
    for (int at = from; at < from + cols; at++) {
      max = Math.max(max, x[at]);
    }
    return max;
  }

  /** log Σ exp(x − max) of one row; the maximum is taken out so that nothing overflows. */
  private static double logSumExp(double max, double[] x, int from, int cols) {
    double sum = 0;
    for (int at = from; at < from + cols; at++) {
      sum += StrictMath.exp(x[at] - max);
    }
    return StrictMath.log(sum);
  }

  static void crossEntropy(
      int rows,
      int cols,
      double[] logits,
      int[] labels,
      double smoothing,
      double[] probabilities,
      double[] loss) {
    for (int row = 0; row < rows; row++) {
      double max = max(logits, row * cols, cols);
      double log = logSumExp(max, logits, row * cols, cols);
      double sum = 0;
      for (int j = 0; j < cols; j++) {
        double logP = logits[row * cols + j] - max - log;
        double t = target(cols, labels[row], j, smoothing);
        // A class without weight counts nothing, even if it is impossible (log 0).
        sum += t == 0 ? 0 : t * logP;
        probabilities[row * cols + j] = StrictMath.exp(logP);
      }
      loss[row] = -sum;
    }
  }

  static void crossEntropyBackward(
      int rows,
      int cols,
      double[] probabilities,
      int[] labels,
      double smoothing,
      double scale,
      double[] dLogits) {
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < cols; j++) {
        int at = row * cols + j;
        dLogits[at] = scale * (probabilities[at] - target(cols, labels[row], j, smoothing));
      }
    }
  }

  private static double target(int cols, int label, int j, double smoothing) {
    return (j == label ? 1 - smoothing : 0) + smoothing / cols;
  }
}
