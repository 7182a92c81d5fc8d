package dev.thumbnet.engine.backend.contract;

import static dev.thumbnet.engine.backend.contract.Tolerances.U;
import static dev.thumbnet.engine.backend.contract.Tolerances.close;
import static dev.thumbnet.engine.testing.Close.assertClose;
import static dev.thumbnet.engine.testing.Numbers.normal;

import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.testing.Close;
import dev.thumbnet.engine.testing.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a backend may promise beyond {@link Tolerances}, as the CPU's does: errors that grow little
 * or not at all with the length of a sum, because long sums are made of short ones and statistics
 * are taken in double precision.
 */
public interface AccuracyContract extends BackendSource {
  /** The error of a sum is that of chains of at most 64 additions; the terms are of size 1. */
  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.BlockTrials#axis")
  default void sumsOfShortChains(AxisProblem p) {
    for (Trial trial : BlockTrials.of(p)) {
      switch (trial.method()) {
        case "sum" -> trial.within(close(2 * U * p.repeat(), 10 * U)).check(backend());
        case "sumOfProducts" -> trial.within(close(22 * U * p.repeat(), 10 * U)).check(backend());
        default -> {}
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.BlockTrials#batchNorm")
  default void statisticsWhateverTheNumberOfRows(BatchNormProblem p) {
    double perSum = 64 * Math.sqrt(p.rows());
    for (Trial trial : BlockTrials.of(p)) {
      switch (trial.method()) {
        case "batchNormTrain" -> trial.within(close(64 * U, 16 * U)).check(backend());
        case "batchNormEval" -> trial.within(close(32 * U, 8 * U)).check(backend());
        default -> trial.within(close(perSum * U, 16 * U)).check(backend());
      }
    }
  }

  /** Means are as good as exact, variances and results nearly so. */
  @Test
  default void batchStatisticsAreAccurateFarFromZero() {
    int rows = 30_000;
    BatchNormProblem p = new BatchNormProblem(rows, 3, 0, false);
    double[] x = normal(24, p.size());
    double[] mean = new double[3];
    double[] variance = new double[3];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (x[i] + 10_000 * (i % 3));
      mean[i % 3] += x[i] / rows;
    }
    for (int i = 0; i < x.length; i++) {
      variance[i % 3] += (x[i] - mean[i % 3]) * (x[i] - mean[i % 3]) / rows;
    }
    Host host = new Host(backend());
    Storage m = host.room(3);
    Storage v = host.room(3);
    Storage y = host.room(p.size());
    backend().batchNormTrain(p, host.put(x), host.put(1, 1, 1), host.put(0, 0, 0), m, v, y);
    assertClose("mean", mean, host.get(m), Close.FLOAT, Close.FLOAT * 1.01);
    assertClose("variance", variance, host.get(v), 8 * Close.FLOAT);
    double[] normal = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      normal[i] = (x[i] - mean[i % 3]) / Math.sqrt(variance[i % 3]);
    }
    assertClose("y", normal, host.get(y), 8 * Close.FLOAT, 8 * Close.FLOAT);
  }

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.BlockTrials#resize")
  default void resizesWhateverTheWindow(ResizeProblem p) {
    BlockTrials.of(p).forEach(t -> t.within(close(32 * U, 8 * U)).check(backend()));
  }

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.BlockTrials#softmax")
  default void softmaxOfLogitsFarApart(int[] size) {
    double units = 4 + size[1] / 100.0;
    for (Trial trial : BlockTrials.softmax(size[0], size[1])) {
      switch (trial.method()) {
        case "softmax", "softmaxBackward", "logSoftmax", "logSoftmaxBackward" ->
            trial.within(close(4 * units * U, units * U)).check(backend());
        default -> trial.within(close(4 * U, 4 * U)).check(backend());
      }
    }
  }
}
