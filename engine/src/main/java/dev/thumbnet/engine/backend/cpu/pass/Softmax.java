package dev.thumbnet.engine.backend.cpu.pass;

import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;

/**
 * Softmax, its logarithm and cross entropy over the rows of (rows, cols). The arithmetic is in
 * double precision: there are few elements (one row per picture), and so the exponentials, {@code
 * StrictMath}'s as everywhere, are the whole cost.
 */
public final class Softmax {
  /** Elements per task, some tens of microseconds of exponentials. */
  private static final int CHUNK = 1 << 12;

  private final WorkerPool workers;

  public Softmax(WorkerPool workers) {
    this.workers = workers;
  }

  /** What to do with the row that starts {@code at} elements into each matrix. */
  private interface RowBody {
    void run(int row, int at);
  }

  private void eachRow(int rows, int cols, RowBody body) {
    int group = Math.max(1, CHUNK / Math.max(1, cols));
    workers.run(
        Math.ceilDiv(rows, group),
        task -> {
          for (int r = task * group; r < Math.min(rows, (task + 1) * group); r++) {
            body.run(r, r * cols);
          }
        });
  }

  public void softmax(int rows, int cols, CpuStorage x, CpuStorage y) {
    eachRow(rows, cols, (row, at) -> softmax(cols, x.array, x.offset + at, y.array, y.offset + at));
  }

  private static void softmax(int cols, float[] x, int xo, float[] y, int yo) {
    float max = max(cols, x, xo);
    double log = logSumExp(max, cols, x, xo);
    for (int j = 0; j < cols; j++) {
      y[yo + j] = (float) StrictMath.exp((double) x[xo + j] - max - log);
    }
  }

  private static float max(int cols, float[] x, int xo) {
    float max = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < cols; j++) {
      max = Math.max(max, x[xo + j]);
    }
    return max;
  }

  /**
   * log Σ exp(x − max) of one row; the maximum is taken out so that nothing overflows, and stays
   * out because beside a large one this would be lost.
   */
  private static double logSumExp(float max, int cols, float[] x, int xo) {
    double sum = 0;
    for (int j = 0; j < cols; j++) {
      sum += StrictMath.exp((double) x[xo + j] - max);
    }
    return StrictMath.log(sum);
  }

  public void softmaxBackward(int rows, int cols, CpuStorage y, CpuStorage dy, CpuStorage dx) {
    eachRow(
        rows,
        cols,
        (row, at) ->
            softmaxBackward(
                cols, y.array, y.offset + at, dy.array, dy.offset + at, dx.array, dx.offset + at));
  }

  private static void softmaxBackward(
      int cols, float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo) {
    double sum = 0;
    for (int j = 0; j < cols; j++) {
      sum += (double) y[yo + j] * dy[dyo + j];
    }
    for (int j = 0; j < cols; j++) {
      dx[dxo + j] = (float) (y[yo + j] * (dy[dyo + j] - sum));
    }
  }

  public void logSoftmax(int rows, int cols, CpuStorage x, CpuStorage y) {
    eachRow(
        rows, cols, (row, at) -> logSoftmax(cols, x.array, x.offset + at, y.array, y.offset + at));
  }

  private static void logSoftmax(int cols, float[] x, int xo, float[] y, int yo) {
    float max = max(cols, x, xo);
    double log = logSumExp(max, cols, x, xo);
    for (int j = 0; j < cols; j++) {
      y[yo + j] = (float) ((double) x[xo + j] - max - log);
    }
  }

  public void logSoftmaxBackward(int rows, int cols, CpuStorage y, CpuStorage dy, CpuStorage dx) {
    eachRow(
        rows,
        cols,
        (row, at) ->
            logSoftmaxBackward(
                cols, y.array, y.offset + at, dy.array, dy.offset + at, dx.array, dx.offset + at));
  }

  private static void logSoftmaxBackward(
      int cols, float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo) {
    double sum = 0;
    for (int j = 0; j < cols; j++) {
      sum += dy[dyo + j];
    }
    for (int j = 0; j < cols; j++) {
      dx[dxo + j] = (float) (dy[dyo + j] - StrictMath.exp(y[yo + j]) * sum);
    }
  }

  public void crossEntropy(
      int rows,
      int cols,
      CpuStorage logits,
      int[] labels,
      double smoothing,
      CpuStorage probabilities,
      CpuStorage loss) {
    eachRow(
        rows,
        cols,
        (row, at) ->
            loss.array[loss.offset + row] =
                (float)
                    crossEntropy(
                        cols,
                        logits.array,
                        logits.offset + at,
                        labels[row],
                        smoothing,
                        probabilities.array,
                        probabilities.offset + at));
  }

  private static double crossEntropy(
      int cols, float[] x, int xo, int label, double smoothing, float[] p, int po) {
    float max = max(cols, x, xo);
    double log = logSumExp(max, cols, x, xo);
    double sum = 0;
    for (int j = 0; j < cols; j++) {
      double logP = (double) x[xo + j] - max - log;
      double t = target(cols, label, j, smoothing);
      sum += t == 0 ? 0 : t * logP; // a class without weight counts nothing, even if log p is -∞
      p[po + j] = (float) StrictMath.exp(logP);
    }
    return -sum;
  }

  public void crossEntropyBackward(
      int rows,
      int cols,
      CpuStorage probabilities,
      int[] labels,
      double smoothing,
      double scale,
      CpuStorage dLogits) {
    eachRow(
        rows,
        cols,
        (row, at) -> {
          for (int j = 0; j < cols; j++) {
            double p = probabilities.array[probabilities.offset + at + j];
            dLogits.array[dLogits.offset + at + j] =
                (float) (scale * (p - target(cols, labels[row], j, smoothing)));
          }
        });
  }

  private static double target(int cols, int label, int j, double smoothing) {
    return (j == label ? 1 - smoothing : 0) + smoothing / cols;
  }
}
