package dev.thumbnet.engine.testing;

import java.util.SplittableRandom;

/** Seeded test data; every number is a float, so all backends start from the same values. */
public final class Numbers {
  private Numbers() {}

  /** Returns standard normal numbers. */
  public static double[] normal(long seed, int length) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Returns numbers from [low, high). */
  public static double[] uniform(long seed, int length, double low, double high) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(low, high);
    }
    return values;
  }

  /** Returns numbers as kernels take them. */
  public static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }

  /** Returns what kernels made, to be compared. */
  public static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  /** Returns the absolute values. */
  public static double[] abs(double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = Math.abs(values[i]);
    }
    return result;
  }

  /** Returns Σ a·b. */
  public static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Returns Σ |a·b|: what the rounding errors of a dot product are measured by. */
  public static double absDot(double[] a, double[] b) {
    return dot(abs(a), abs(b));
  }
}
