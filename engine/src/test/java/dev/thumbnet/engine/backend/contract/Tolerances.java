package dev.thumbnet.engine.backend.contract;

import static dev.thumbnet.engine.testing.Numbers.abs;

import dev.thumbnet.engine.backend.contract.Trial.Call;
import dev.thumbnet.engine.backend.contract.Trial.Tolerance;
import dev.thumbnet.engine.testing.Close;
import java.util.Arrays;

/**
 * How far a backend in single precision may be off. With u the unit roundoff 2⁻²⁴:
 *
 * <ul>
 *   <li>one or a few operations per element: a few u times the terms' sizes;
 *   <li>exp, log, tanh, sigmoid and what is made of them: relative 8 u, down to the smallest normal
 *       float; gelu is that of its argument, and slopes that cancel that of what they multiply;
 *   <li>a sum of K products in any order: (4 + 2√K) u Σ|a·b|. Rounding errors are as good as
 *       independent, so they grow with √K (Higham and Mary 2019); the worst case K u never occurs
 *       and would let a missing term of a long sum pass;
 *   <li>Winograd's convolution: see {@link ConvTrials#tolerance}.
 * </ul>
 */
final class Tolerances {
  /** Unit roundoff. */
  static final double U = Close.FLOAT;

  private Tolerances() {}

  interface Element {
    double allowed(double[][] in, double expected, int i);
  }

  static Tolerance each(Element element) {
    return (in, expected) -> {
      double[] allowed = new double[expected[0].length];
      for (int i = 0; i < allowed.length; i++) {
        allowed[i] = element.allowed(in, expected[0][i], i);
      }
      return new double[][] {allowed};
    };
  }

  /** The same for all elements of all outputs. */
  static Tolerance close(double absolute, double relative) {
    return (in, expected) ->
        Arrays.stream(expected)
            .map(a -> Arrays.stream(a).map(v -> absolute + relative * Math.abs(v)).toArray())
            .toArray(double[][]::new);
  }

  static Tolerance relative(double units) {
    return each((in, y, i) -> units * U * Math.abs(y) + Float.MIN_VALUE);
  }

  /** A sum of {@code terms} products: the reference of the absolute values gives Σ|a·b|. */
  static Trial sumOfTerms(String what, double[][] inputs, int[] outputs, Call call, double terms) {
    Trial plain = new Trial(what, inputs, outputs, call, null);
    return new Trial(
        what, inputs, outputs, call, (in, expected) -> scaled(sumFactor(terms), sizes(plain)));
  }

  static double sumFactor(double terms) {
    return (4 + 2 * Math.sqrt(terms)) * U;
  }

  static double[][] sizes(Trial trial) {
    return Trial.reference(
        trial, in -> Arrays.stream(in).map(a -> abs(a)).toArray(double[][]::new));
  }

  static double[][] scaled(double factor, double[][] arrays) {
    return Arrays.stream(arrays)
        .map(a -> Arrays.stream(a).map(v -> factor * Math.abs(v) + Float.MIN_VALUE).toArray())
        .toArray(double[][]::new);
  }
}
