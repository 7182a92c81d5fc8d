package dev.thumbnet.engine.backend.reference;

import static dev.thumbnet.engine.testing.Close.assertClose;

import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.testing.Host;
import dev.thumbnet.engine.testing.Numbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batch normalisation, softmax and cross entropy by hand and by finite differences. */
class ReferenceNormalizationTest {
  private final ReferenceBackend backend = new ReferenceBackend();
  private final Host host = new Host(backend);

  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  @Test
  void normalisesWithTheBiasedVarianceOfTheBatch() {
    for (boolean relu : new boolean[] {false, true}) {
      BatchNormProblem p = new BatchNormProblem(2, 2, 0, relu);
      Storage mean = host.room(2);
      Storage variance = host.room(2);
      Storage y = host.room(4);
      backend.batchNormTrain(
          p, host.put(1, 10, 3, 30), host.put(2, 5), host.put(1, 0), mean, variance, y);
      assertClose("mean", new double[] {2, 20}, host.get(mean), 0);
      assertClose("variance", new double[] {1, 100}, host.get(variance), 0);
      double[] expected = relu ? new double[] {0, 0, 3, 5} : new double[] {-1, -5, 3, 5};
      assertClose("y", expected, host.get(y), 1e-15);
    }
  }

  @Test
  void evaluatesWithGivenStatistics() {
    BatchNormProblem p = new BatchNormProblem(2, 1, 0.5, false);
    Storage y = host.room(2);
    backend.batchNormEval(
        p, host.put(3, -1), host.put(10), host.put(4), host.put(1), host.put(3.5), y);
    assertClose("y", new double[] {14, -6}, host.get(y), 1e-15);
  }

  @ParameterizedTest
  @CsvSource({"true,false", "false,false", "true,true", "false,true"})
  void batchNormGradientsAreFiniteDifferences(boolean batchStatistics, boolean relu) {
    BatchNormProblem p = new BatchNormProblem(7, 3, 1e-2, relu);
    double[] x = Numbers.normal(1, p.size());
    double[] gamma = Numbers.normal(2, 3);
    double[] beta = Numbers.normal(3, 3);
    double[] dy = Numbers.normal(4, p.size());
    double[] givenMean = {0.1, -0.2, 0.3};
    double[] givenVariance = {1.5, 0.7, 0.9};

    Storage mean = host.put(givenMean);
    Storage variance = host.put(givenVariance);
    Storage y = host.room(p.size());
    if (batchStatistics) {
      backend.batchNormTrain(p, host.put(x), host.put(gamma), host.put(beta), mean, variance, y);
    } else {
      backend.batchNormEval(p, host.put(x), host.put(gamma), host.put(beta), mean, variance, y);
    }
    Storage dx = host.room(p.size());
    Storage dGamma = host.room(3);
    Storage dBeta = host.room(3);
    backend.batchNormBackward(
        p,
        batchStatistics,
        host.put(x),
        relu ? y : null,
        host.put(dy),
        host.put(gamma),
        mean,
        variance,
        dx,
        dGamma,
        dBeta);

    Differences check =
        new Differences(
            inputs -> {
              Storage out = host.room(p.size());
              if (batchStatistics) {
                backend.batchNormTrain(
                    p,
                    host.put(inputs[0]),
                    host.put(inputs[1]),
                    host.put(inputs[2]),
                    host.room(3),
                    host.room(3),
                    out);
              } else {
                backend.batchNormEval(
                    p,
                    host.put(inputs[0]),
                    host.put(inputs[1]),
                    host.put(inputs[2]),
                    host.put(givenMean),
                    host.put(givenVariance),
                    out);
              }
              return Numbers.dot(host.get(out), dy);
            },
            x,
            gamma,
            beta);
    check.assertGradient("dx", 0, host.get(dx));
    check.assertGradient("dGamma", 1, host.get(dGamma));
    check.assertGradient("dBeta", 2, host.get(dBeta));

    // Without dx the other two are the same.
    Storage dGammaOnly = host.room(3);
    backend.batchNormBackward(
        p,
        batchStatistics,
        host.put(x),
        relu ? y : null,
        host.put(dy),
        host.put(gamma),
        mean,
        variance,
        null,
        dGammaOnly,
        host.room(3));
    assertClose("dGamma alone", host.get(dGamma), host.get(dGammaOnly), 0);
  }

  private double[] softmax(int cols, double... x) {
    Storage y = host.room(x.length);
    backend.softmax(x.length / cols, cols, host.put(x), y);
    return host.get(y);
  }

  private double[] logSoftmax(int cols, double... x) {
    Storage y = host.room(x.length);
    backend.logSoftmax(x.length / cols, cols, host.put(x), y);
    return host.get(y);
  }

  @Test
  void softmaxOfKnownRows() {
    double[] expected = {0.0900305731703805, 0.244728471054798, 0.665240955774822};
    assertClose("1 2 3", expected, softmax(3, 1, 2, 3), 1e-13);
    assertClose("1001 1002 1003", expected, softmax(3, 1001, 1002, 1003), 1e-12);
    assertClose(
        "log",
        new double[] {-2.40760596444438, -1.40760596444438, -0.407605964444380},
        logSoftmax(3, 1, 2, 3),
        1e-13);
    assertClose("rows", new double[] {.5, .5, .5, .5}, softmax(2, 7, 7, -9, -9), 1e-14);
    assertClose("one", new double[] {1, 1}, softmax(1, 5, -800), 0);
  }

  @Test
  void softmaxOfInfinitiesAndNan() {
    assertClose("-inf", new double[] {0, 1}, softmax(2, -INF, 3), 1e-14);
    assertClose("log -inf", new double[] {-INF, 0}, logSoftmax(2, -INF, 3), 1e-14, 0);
    assertClose("all -inf", new double[] {NAN, NAN}, softmax(2, -INF, -INF), 0);
    assertClose("+inf", new double[] {NAN, NAN}, softmax(2, INF, 0), 0);
    assertClose("nan, good row", new double[] {NAN, NAN, .5, .5}, softmax(2, 1, NAN, 2, 2), 1e-14);
  }

  @Test
  void softmaxGradientsAreFiniteDifferences() {
    double[] x = Numbers.normal(1, 12);
    double[] dy = Numbers.normal(2, 12);
    Storage dx = host.room(12);
    backend.softmaxBackward(3, 4, host.put(softmax(4, x)), host.put(dy), dx);
    new Differences(in -> Numbers.dot(softmax(4, in[0]), dy), x)
        .assertGradient("softmax", 0, host.get(dx));
    backend.logSoftmaxBackward(3, 4, host.put(logSoftmax(4, x)), host.put(dy), dx);
    new Differences(in -> Numbers.dot(logSoftmax(4, in[0]), dy), x)
        .assertGradient("logSoftmax", 0, host.get(dx));
  }

  private double[] crossEntropy(int cols, double smoothing, int[] labels, double... logits) {
    Storage loss = host.room(labels.length);
    backend.crossEntropy(
        labels.length, cols, host.put(logits), labels, smoothing, host.room(logits.length), loss);
    return host.get(loss);
  }

  @Test
  void crossEntropyOfKnownRows() {
    int[] labels = {2, 0};
    double[] logits = {1, 2, 3, 5, 5, 5};
    assertClose(
        "hard",
        new double[] {0.407605964444380, 1.09861228866811},
        crossEntropy(3, 0, labels, logits),
        1e-13);
    assertClose(
        "smoothed",
        new double[] {0.507605964444380, 1.09861228866811},
        crossEntropy(3, 0.1, labels, logits),
        1e-13);
    assertClose(
        "impossible other class",
        new double[] {0},
        crossEntropy(2, 0, new int[] {1}, -INF, 3),
        1e-15,
        0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2})
  void crossEntropyGradientIsAFiniteDifference(double smoothing) {
    double[] logits = Numbers.normal(1, 15);
    int[] labels = {4, 0, 2};
    Storage probabilities = host.room(15);
    backend.crossEntropy(3, 5, host.put(logits), labels, smoothing, probabilities, host.room(3));
    assertClose("p", softmax(5, logits), host.get(probabilities), 1e-14);
    Storage dLogits = host.room(15);
    backend.crossEntropyBackward(3, 5, probabilities, labels, smoothing, 0.25, dLogits);
    double[] quarters = {0.25, 0.25, 0.25};
    new Differences(in -> Numbers.dot(crossEntropy(5, smoothing, labels, in[0]), quarters), logits)
        .assertGradient("cross entropy", 0, host.get(dLogits));
  }
}
