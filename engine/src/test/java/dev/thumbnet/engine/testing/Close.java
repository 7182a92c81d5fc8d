package dev.thumbnet.engine.testing;

import java.util.Arrays;

/**
 * Elementwise comparison with a message that says what is wrong where, and for which problem: give
 * the problem's one-line form as {@code what}, then the message is a recipe to repeat the failure.
 * NaN equals NaN, and an infinity equals itself only.
 */
public final class Close {
  /** Unit roundoff of float: the relative error of one operation. */
  public static final double FLOAT = 0x1p-24;

  private Close() {}

  /** Fails unless |actual − expected| ≤ absolute + relative·|expected| for each element. */
  public static void assertClose(
      String what, double[] expected, double[] actual, double absolute, double relative) {
    double[] allowed = new double[expected.length];
    for (int i = 0; i < allowed.length; i++) {
      double size = Math.abs(expected[i]);
      allowed[i] = absolute + (size < Double.POSITIVE_INFINITY ? relative * size : 0);
    }
    assertWithin(what, expected, actual, allowed);
  }

  /** As {@link #assertClose(String, double[], double[], double, double)}, relative only. */
  public static void assertClose(String what, double[] expected, double[] actual, double relative) {
    assertClose(what, expected, actual, 0, relative);
  }

  /** As {@link #assertClose(String, double[], double[], double, double)}, for one number. */
  public static void assertClose(
      String what, double expected, double actual, double absolute, double relative) {
    assertClose(what, new double[] {expected}, new double[] {actual}, absolute, relative);
  }

  /** Fails unless |actual − expected| ≤ allowed for each element. */
  public static void assertWithin(
      String what, double[] expected, double[] actual, double[] allowed) {
    if (actual.length != expected.length) {
      throw new AssertionError(
          what + ": " + actual.length + " elements instead of " + expected.length);
    }
    int bad = 0;
    int first = -1;
    int worst = -1;
    for (int i = 0; i < expected.length; i++) {
      if (agrees(expected[i], actual[i], allowed[i])) {
        continue;
      }
      bad++;
      first = first < 0 ? i : first;
      if (worst < 0 || isWorse(i, worst, expected, actual, allowed)) {
        worst = i;
      }
    }
    if (bad > 0) {
      throw new AssertionError(
          what
              + ": "
              + bad
              + " of "
              + expected.length
              + " elements are wrong"
              + "\n  first "
              + element(first, expected, actual, allowed)
              + "\n  worst "
              + element(worst, expected, actual, allowed));
    }
  }

  private static boolean agrees(double expected, double actual, double allowed) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      return Double.compare(expected, actual) == 0;
    }
    return Math.abs(actual - expected) <= allowed;
  }

  /** Compares errors in units of what is allowed, and as they are where nothing is. */
  private static boolean isWorse(
      int i, int worst, double[] expected, double[] actual, double[] allowed) {
    double error = Math.abs(actual[i] - expected[i]);
    double worstError = Math.abs(actual[worst] - expected[worst]);
    int order = Double.compare(error / allowed[i], worstError / allowed[worst]);
    return order > 0 || order == 0 && error > worstError;
  }

  private static String element(int i, double[] expected, double[] actual, double[] allowed) {
    return String.format(
        "[%d] expected %.9g but was %.9g: off by %.3g, allowed %.3g",
        i, expected[i], actual[i], Math.abs(actual[i] - expected[i]), allowed[i]);
  }

  /** Fails unless both hold the same bits; the sign of zero counts, the kind of NaN does not. */
  public static void assertSameBits(String what, double[] expected, double[] actual) {
    int at = Arrays.mismatch(expected, actual);
    if (at >= 0) {
      throw new AssertionError(
          String.format(
              "%s: not the same bits, first at [%d]: %s and %s",
              what,
              at,
              at < expected.length ? Double.toHexString(expected[at]) : "nothing",
              at < actual.length ? Double.toHexString(actual[at]) : "nothing"));
    }
  }
}
