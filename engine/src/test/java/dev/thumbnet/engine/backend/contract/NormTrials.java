package dev.thumbnet.engine.backend.contract;

import static dev.thumbnet.engine.backend.contract.Tolerances.U;
import static dev.thumbnet.engine.backend.contract.Tolerances.each;
import static dev.thumbnet.engine.backend.contract.Tolerances.sumFactor;
import static dev.thumbnet.engine.testing.Numbers.normal;
import static dev.thumbnet.engine.testing.Numbers.uniform;

import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Batch normalisation, softmax and cross entropy. */
final class NormTrials {
  private NormTrials() {}

  /** Batch norm of x = center + small numbers; a large center tells careless sums. */
  static List<Trial> batchNorm(BatchNormProblem p, double center, long seed) {
    return batchNorm(p, center, 0, seed);
  }

  /**
   * @param center of the first channel
   * @param apart by how much the center of each channel is above that of the one before
   */
  static List<Trial> batchNorm(BatchNormProblem p, double center, double apart, long seed) {
    double[] x = spread(uniform(seed, p.size(), center - 2, center + 2), p, apart);
    double[] gamma = normal(seed + 1, p.channels());
    double[] beta = normal(seed + 2, p.channels());
    double[] mean = spread(uniform(seed + 3, p.channels(), center - 0.2, center + 0.2), p, apart);
    double[] variance = uniform(seed + 4, p.channels(), 0.1, 2);
    double[] y = normal(seed + 5, p.size());
    double[] dy = normal(seed + 6, p.size());
    int[] one = {p.size()};
    String text = " " + p + " around " + center + (apart == 0 ? "" : " and by channel " + apart);
    List<Trial> trials = new ArrayList<>();
    trials.add(
        new Trial(
            "batchNormTrain" + text,
            new double[][] {x, gamma, beta},
            new int[] {p.size(), p.channels(), p.channels()},
            (k, i, o) -> k.batchNormTrain(p, i[0], i[1], i[2], o[1], o[2], o[0]),
            (in, expected) -> trainTolerance(p, in, expected)));
    trials.add(
        new Trial(
                "batchNormEval" + text,
                new double[][] {x, gamma, beta, mean, variance},
                one,
                (k, i, o) -> k.batchNormEval(p, i[0], i[1], i[2], i[3], i[4], o[0]),
                each(
                    (in, value, i) -> {
                      int c = i % p.channels();
                      double scale = Math.abs(gamma[c]) / Math.sqrt(variance[c] + p.eps());
                      return 6
                          * U
                          * (scale * (Math.abs(x[i]) + Math.abs(mean[c])) + Math.abs(beta[c]));
                    }))
            .mayBeInPlaceOf(0));
    trials.addAll(batchNormBackward(p, text, x, dy, gamma, mean, variance, y));
    return trials;
  }

  private static double[] spread(double[] values, BatchNormProblem p, double apart) {
    Arrays.setAll(values, i -> (float) (values[i] + apart * (i % p.channels())));
    return values;
  }

  /** With inputs x, dy, γ, mean, variance, y. */
  private static List<Trial> batchNormBackward(BatchNormProblem p, String text, double[]... in) {
    return List.of(
        batchNormBackward(p, text, true, new int[] {0, 1, 2}, in),
        batchNormBackward(p, text, false, new int[] {0, 1, 2}, in),
        batchNormBackward(p, text, true, new int[] {0}, in),
        batchNormBackward(p, text, false, new int[] {0}, in),
        batchNormBackward(p, text, true, new int[] {1, 2}, in),
        batchNormBackward(p, text, true, new int[] {0, 1}, in),
        batchNormBackward(p, text, false, new int[] {2}, in));
  }

  /**
   * @param wanted which of dx, dγ and dβ
   */
  private static Trial batchNormBackward(
      BatchNormProblem p, String text, boolean batch, int[] wanted, double[][] in) {
    int[] lengths = {p.size(), p.channels(), p.channels()};
    String statistics = batch ? " batch statistics" : " constants";
    return new Trial(
        "batchNormBackward" + text + statistics + ", gradients " + Arrays.toString(wanted),
        Arrays.copyOf(in, p.relu() ? 6 : 5),
        Arrays.stream(wanted).map(w -> lengths[w]).toArray(),
        (k, i, o) -> {
          Storage[] to = new Storage[3];
          for (int w = 0; w < wanted.length; w++) {
            to[wanted[w]] = o[w];
          }
          Storage y = p.relu() ? i[5] : null;
          k.batchNormBackward(p, batch, i[0], y, i[1], i[2], i[3], i[4], to[0], to[1], to[2]);
        },
        (inputs, expected) -> {
          double[][] gradients =
              wanted.length == 3
                  ? expected
                  : Trial.reference(
                      batchNormBackward(p, text, batch, new int[] {0, 1, 2}, inputs), all -> all);
          double[][] all = backwardTolerance(p, batch, inputs, gradients);
          return Arrays.stream(wanted).mapToObj(w -> all[w]).toArray(double[][]::new);
        });
  }

  /**
   * The mean is a sum; the variance is a sum of squares of x − mean and so feels the square of the
   * error of the mean; y feels both.
   */
  private static double[][] trainTolerance(BatchNormProblem p, double[][] in, double[][] expected) {
    double factor = sumFactor(p.rows());
    double[] forMean = new double[p.channels()];
    for (int i = 0; i < p.size(); i++) {
      forMean[i % p.channels()] += factor * Math.abs(in[0][i]) / p.rows();
    }
    double[] forVariance = new double[p.channels()];
    for (int c = 0; c < p.channels(); c++) {
      forVariance[c] = 2 * factor * expected[2][c] + 4 * forMean[c] * forMean[c];
    }
    double[] forY = new double[p.size()];
    for (int i = 0; i < p.size(); i++) {
      int c = i % p.channels();
      double gamma = Math.abs(in[1][c]);
      double variance = expected[2][c] + p.eps();
      double normal = Math.abs(in[0][i] - expected[1][c]) / Math.sqrt(variance);
      forY[i] =
          gamma * forMean[c] / Math.sqrt(variance)
              + gamma * normal * forVariance[c] / variance
              + 6 * U * (gamma * normal + Math.abs(in[2][c]));
    }
    return new double[][] {forY, forMean, forVariance};
  }

  /**
   * dβ and dγ are sums; dx feels their errors and that of x̂, which is relative to |x| + |mean|.
   */
  private static double[][] backwardTolerance(
      BatchNormProblem p, boolean batch, double[][] in, double[][] expected) {
    double[] forBeta = new double[p.channels()];
    double[] forGamma = new double[p.channels()];
    double[] forNormal = new double[p.size()];
    double[] normal = new double[p.size()];
    double factor = sumFactor(p.rows());
    for (int i = 0; i < p.size(); i++) {
      int c = i % p.channels();
      double inverse = 1 / Math.sqrt(in[4][c] + p.eps());
      normal[i] = (in[0][i] - in[3][c]) * inverse;
      forNormal[i] = 4 * U * (Math.abs(in[0][i]) + Math.abs(in[3][c])) * inverse;
      double g = p.relu() && !(in[5][i] > 0) ? 0 : Math.abs(in[1][i]);
      forBeta[c] += factor * g;
      forGamma[c] += factor * g * Math.abs(normal[i]) + g * forNormal[i];
    }
    double[] forX = new double[expected[0].length];
    for (int i = 0; i < forX.length; i++) {
      int c = i % p.channels();
      double scale = Math.abs(in[2][c]) / Math.sqrt(in[4][c] + p.eps());
      double dGamma = Math.abs(expected[1][c]);
      double dBeta = Math.abs(expected[2][c]);
      double viaStatistics =
          forBeta[c]
              + Math.abs(normal[i]) * forGamma[c]
              + forNormal[i] * dGamma
              + 8 * U * (dBeta + Math.abs(normal[i]) * dGamma);
      forX[i] = scale * (8 * U * Math.abs(in[1][i]) + (batch ? viaStatistics / p.rows() : 0));
    }
    return new double[][] {forX, forGamma, forBeta};
  }

  /** Rows of logits from [−spread, spread). */
  static List<Trial> softmax(int rows, int cols, double spread, long seed) {
    int n = rows * cols;
    double[] x = uniform(seed, n, -spread, spread);
    double[] dy = normal(seed + 1, n);
    String text = " " + rows + "x" + cols + " within " + spread;
    int[] out = {n};
    // exp turns an error of its argument, relative to the logits' size, into a relative one.
    double units = 16 + 4 * spread + Math.sqrt(cols);
    Trial softmax =
        new Trial(
                "softmax" + text,
                new double[][] {x},
                out,
                (k, i, o) -> k.softmax(rows, cols, i[0], o[0]),
                each((in, y, i) -> units * U * Math.abs(y) + Float.MIN_NORMAL))
            .mayBeInPlaceOf(0);
    Trial logSoftmax =
        new Trial(
                "logSoftmax" + text,
                new double[][] {x},
                out,
                (k, i, o) -> k.logSoftmax(rows, cols, i[0], o[0]),
                each((in, y, i) -> units * U))
            .mayBeInPlaceOf(0);
    double[] p = floats(Trial.reference(softmax, in -> in)[0]);
    double[] logP = floats(Trial.reference(logSoftmax, in -> in)[0]);
    List<Trial> trials = new ArrayList<>(List.of(softmax, logSoftmax));
    trials.add(
        new Trial(
                "softmaxBackward" + text,
                new double[][] {p, dy},
                out,
                (k, i, o) -> k.softmaxBackward(rows, cols, i[0], i[1], o[0]),
                each(
                    (in, v, i) ->
                        2
                                * sumFactor(cols)
                                * Math.abs(in[0][i])
                                * (Math.abs(in[1][i]) + rowSize(in[0], in[1], cols, i))
                            + Float.MIN_NORMAL))
            .mayBeInPlaceOf(1));
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    trials.add(
        new Trial(
                "logSoftmaxBackward" + text,
                new double[][] {logP, dy},
                out,
                (k, i, o) -> k.logSoftmaxBackward(rows, cols, i[0], i[1], o[0]),
                each(
                    (in, v, i) ->
                        units
                            * U
                            * (Math.abs(in[1][i])
                                + Math.exp(in[0][i]) * rowSize(ones, in[1], cols, i))))
            .mayBeInPlaceOf(1));
    trials.addAll(crossEntropy(rows, cols, text, units, x, p));
    return trials;
  }

  private static List<Trial> crossEntropy(
      int rows, int cols, String text, double units, double[] x, double[] p) {
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = 7 * row % cols;
    }
    List<Trial> trials = new ArrayList<>();
    for (double smoothing : new double[] {0, 0.1}) {
      trials.add(
          new Trial(
              "crossEntropy" + text + " smoothing " + smoothing,
              new double[][] {x},
              new int[] {x.length, rows},
              (k, i, o) -> k.crossEntropy(rows, cols, i[0], labels, smoothing, o[0], o[1]),
              (in, expected) ->
                  new double[][] {
                    Arrays.stream(expected[0]).map(v -> units * U * v + Float.MIN_NORMAL).toArray(),
                    Arrays.stream(expected[1]).map(v -> units * U * (1 + v)).toArray()
                  }));
      trials.add(
          new Trial(
              "crossEntropyBackward" + text + " smoothing " + smoothing,
              new double[][] {p},
              new int[] {x.length},
              (k, i, o) -> k.crossEntropyBackward(rows, cols, i[0], labels, smoothing, 0.37, o[0]),
              each((in, v, i) -> 4 * U)));
    }
    return trials;
  }

  private static double[] floats(double[] values) {
    return Arrays.stream(values).map(v -> (float) v).toArray();
  }

  private static double rowSize(double[] a, double[] b, int cols, int i) {
    double sum = 0;
    for (int j = i / cols * cols; j < (i / cols + 1) * cols; j++) {
      sum += Math.abs(a[j] * b[j]);
    }
    return sum;
  }
}
