package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.testing.Close;
import java.util.function.ToDoubleFunction;

/** Gradients of a scalar function of several arrays by central differences. */
final class Differences {
  private static final double STEP = 1e-5;

  private final ToDoubleFunction<double[][]> function;
  private final double[][] inputs;

  Differences(ToDoubleFunction<double[][]> function, double[]... inputs) {
    this.function = function;
    this.inputs = inputs;
  }

  /** Compares with an error of order STEP² in the truncation and 1e-16 / STEP in the rounding. */
  void assertGradient(String what, int input, double[] actual) {
    double[] expected = new double[inputs[input].length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (shifted(input, i, STEP) - shifted(input, i, -STEP)) / (2 * STEP);
    }
    Close.assertClose(what, expected, actual, 1e-8, 1e-8);
  }

  private double shifted(int input, int i, double step) {
    double[][] moved = inputs.clone();
    moved[input] = inputs[input].clone();
    moved[input][i] += step;
    return function.applyAsDouble(moved);
  }
}
