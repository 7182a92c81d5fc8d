package dev.thumbnet.engine.backend.contract;

import static dev.thumbnet.engine.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.testing.Host;
import dev.thumbnet.engine.testing.Numbers;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** NaN, infinities, zeros of both signs and denormals. */
public interface SpecialValueContract extends BackendSource {
  /** Every special number, then enough ordinary ones to fill vectors. */
  private static double[] special(int rotation) {
    double[] values = {
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      0.0,
      -0.0,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MIN_NORMAL,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      1,
      -1,
      0.5,
      88.9f,
      -88.9f,
      -104,
      1e-20f,
      3,
      7.5,
      -0.25,
      2,
      4,
      100,
      -100,
      11,
      0.125,
      1e10f,
      -1e10f,
      5,
      6,
      -7,
      8,
      9
    };
    double[] rotated = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      rotated[i] = values[(i + rotation) % values.length];
    }
    return rotated;
  }

  @ParameterizedTest
  @EnumSource(Unary.class)
  default void functionsOfSpecialValues(Unary f) {
    for (int rotation = 0; rotation < 33; rotation += 4) {
      ElementTrials.unary(f, special(rotation)).check(backend());
    }
  }

  /** Special numbers, but not the smallest and the largest floats, at all places of a vector. */
  private static double[] moderate(int length, int rotation) {
    double inf = Double.POSITIVE_INFINITY;
    double[] values = {Double.NaN, inf, -inf, 0.0, -0.0, 1, -1, 0.5, 3, 7.5, -0.25, 2, -7};
    double[] x = new double[length];
    for (int i = 0; i < length; i++) {
      x[i] = values[(i + rotation) % values.length];
    }
    return x;
  }

  /** Derivatives of the smallest and the largest floats do not fit a float. */
  @ParameterizedTest
  @EnumSource(Unary.class)
  default void derivativesOfSpecialValues(Unary f) {
    for (int length = 13; length < 40; length++) {
      double[] dy = Numbers.normal(length, length);
      ElementTrials.unaryBackward(f, moderate(length, 0), dy).check(backend());
    }
  }

  /** Of the largest floats one term may be infinite where the sum is not. */
  @Test
  default void sumsOfSpecialValues() {
    for (int length = 13; length < 40; length++) {
      for (Trial trial : ElementTrials.elementwise(length, 1)) {
        if (trial.method().equals("linearCombination")) {
          double[][] in = {moderate(length, 0), moderate(length, length % 13)};
          trial.withInputs(in).check(backend());
        }
      }
    }
  }

  @Test
  default void arithmeticOfSpecialValues() {
    double[] a = special(0);
    for (int rotation = 0; rotation < a.length; rotation++) {
      double[][] in = {a, special(rotation)};
      for (Trial trial : ElementTrials.elementwise(a.length, 1)) {
        switch (trial.method()) {
          case "multiply", "divide", "maximum", "minimum", "addRelu", "leakyReluBackward" ->
              trial.withInputs(in).check(backend());
          case "affine", "leakyRelu", "elu" ->
              trial.withInputs(new double[][] {in[1]}).check(backend());
          default -> {}
        }
      }
    }
  }

  @Test
  default void reluKeepsNan() {
    Host host = new Host(backend());
    int n = 37;
    double[] x = Numbers.normal(1, n);
    x[5] = Double.NaN;
    x[36] = Double.NaN;
    Storage y = host.room(n);
    backend().unary(Unary.RELU, n, host.put(x), y);
    assertThat(host.get(y)[5]).isNaN();
    assertThat(host.get(y)[36]).isNaN();
    BatchNormProblem p = new BatchNormProblem(1, n, 0, true);
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    Storage one = host.put(ones);
    Storage zero = host.put(new double[n]);
    backend().batchNormEval(p, host.put(x), one, zero, zero, one, y);
    assertThat(host.get(y)[5]).isNaN();
    assertThat(host.get(y)[36]).isNaN();
  }

  @Test
  default void maxPoolKeepsNanAndMinusInfinity() {
    PoolProblem p = PoolProblem.parse("n1 h4 w4 c37 r3 s3 st1 p1");
    double[] x = new double[p.inputSize()];
    Arrays.fill(x, Double.NEGATIVE_INFINITY);
    for (Trial trial : SpatialTrials.pool(p, 1)) {
      if (trial.method().equals("maxPool")) {
        trial.withInputs(new double[][] {x}).check(backend());
        for (int at = 0; at < x.length; at += 41) {
          double[] y = x.clone();
          y[at] = Double.NaN;
          trial.withInputs(new double[][] {y}).check(backend());
        }
      }
    }
  }

  @Test
  default void maxPoolGradientGoesToTheFirstNan() {
    PoolProblem p = PoolProblem.parse("n1 h2 w2 c17 r2 s2 st2 p0");
    double[] x = Numbers.uniform(1, p.inputSize(), 0, 1);
    for (int c = 0; c < 17; c++) {
      x[17 + c] = Double.NaN;
      x[34 + c] = Double.NaN;
    }
    Host host = new Host(backend());
    Storage y = host.room(17);
    Storage dx = host.room(p.inputSize());
    backend().maxPool(p, host.put(x), y);
    double[] dy = Numbers.uniform(2, 17, 1, 2);
    backend().maxPoolBackward(p, host.put(x), y, host.put(dy), dx);
    double[] expected = new double[p.inputSize()];
    System.arraycopy(dy, 0, expected, 17, 17);
    assertClose(p.toString(), expected, host.get(dx), 0);
  }

  @Test
  default void softmaxOfSpecialRows() {
    double inf = Double.POSITIVE_INFINITY;
    double[][] rows = {
      {Double.NaN, 1, 2},
      {inf, 1, 2},
      {-inf, 1, 2},
      {-inf, -inf, -inf},
      {inf, -inf, 0},
      {Float.MAX_VALUE, -Float.MAX_VALUE, 0},
      {-1e30f, -1e30f, -1e30f},
      {0, 0, 0}
    };
    for (int cols : new int[] {3, 20, 37}) {
      double[] x = Numbers.uniform(1, rows.length * cols, -3, 3);
      for (int row = 0; row < rows.length; row++) {
        if (row >= 3) {
          Arrays.fill(x, row * cols, (row + 1) * cols, rows[row][1]);
        }
        System.arraycopy(rows[row], 0, x, row * cols + cols - 3, 3);
      }
      for (Trial trial : NormTrials.softmax(rows.length, cols, 3, 1)) {
        if (trial.method().equals("softmax")) {
          trial.withInputs(new double[][] {x}).check(backend());
        }
      }
    }
  }

  /** A class that cannot be is no NaN in the loss as long as it is not the label. */
  @Test
  default void crossEntropyWithAnImpossibleClass() {
    Host host = new Host(backend());
    Storage p = host.room(3);
    Storage loss = host.room(1);
    backend()
        .crossEntropy(1, 3, host.put(Double.NEGATIVE_INFINITY, 2, 2), new int[] {1}, 0, p, loss);
    assertClose("loss", new double[] {Math.log(2)}, host.get(loss), 1e-6);
    assertClose("p", new double[] {0, .5, .5}, host.get(p), 1e-6);
  }

  /** What sees a NaN is NaN; pictures that do not have it are as if it were not there. */
  @Test
  default void nanStaysInItsPicture() {
    for (String line :
        new String[] {
          "n3 h6 w7 c17 k33 r3 s3 p1", "n3 h6 w7 c5 k7 r5 s5 st2 p2", "n3 h4 w4 c64 k64 r1 s1"
        }) {
      Conv2dProblem p = Conv2dProblem.parse(line);
      double[] x = Numbers.uniform(1, p.inputSize(), -1, 1);
      double[] weight = Numbers.uniform(2, p.weightSize(), -1, 1);
      double[] clean = forward(p, x, weight);
      int picture = p.inputSize() / 3;
      x[picture] = Double.NaN;
      double[] spoilt = forward(p, x, weight);
      int output = p.outputSize() / 3;
      for (int i = 0; i < p.outputSize(); i++) {
        if (i / output != 1) {
          assertThat(spoilt[i]).as("%s at %d", p, i).isEqualTo(clean[i]);
        } else if (i < output + p.k()) {
          assertThat(spoilt[i]).as("%s at %d", p, i).isNaN();
        }
      }
    }
  }

  private double[] forward(Conv2dProblem p, double[] x, double[] weight) {
    Host host = new Host(backend());
    Storage y = host.room(p.outputSize());
    backend().conv2d(p, host.put(x), host.put(weight), null, y);
    return host.get(y);
  }

  @Test
  default void nanStaysInItsRowAndColumnOfAProduct() {
    for (GemmProblem p :
        new GemmProblem[] {
          new GemmProblem(19, 37, 33, false, false),
          new GemmProblem(19, 37, 33, true, false),
          new GemmProblem(19, 37, 33, false, true)
        }) {
      for (int input = 0; input < 2; input++) {
        Trial trial = ConvTrials.gemm(p, 1).getFirst();
        double[][] in = {trial.inputs()[0].clone(), trial.inputs()[1].clone()};
        in[input][40] = Double.NaN;
        trial.withInputs(in).check(backend());
      }
    }
  }
}
