package dev.thumbnet.model;

import java.nio.charset.StandardCharsets;

/**
 * Weights, inputs and labels that are computed rather than stored, the same in Python: the formula
 * stands in src/test/python/golden_models.py. All are pure functions of a name.
 */
final class FormulaWeights {
  private static final int SAMPLES = 16;

  private FormulaWeights() {}

  /** Returns a parameter or statistic in PyTorch's layout, by its name and shape there. */
  static float[] weight(String name, long... shape) {
    long count = 1;
    for (long d : shape) {
      count *= d;
    }
    if (shape.length >= 2) {
      double gain = shape.length == 4 ? 6 : 3;
      return values(name, count, 0, Math.sqrt(gain / (count / shape[0])));
    }
    if (name.endsWith("running_var")) {
      return values(name, count, 1, 0.5);
    }
    if (name.endsWith(".bn3.weight")) {
      return values(name, count, 0.25, 0.05);
    }
    return name.endsWith(".weight") ? values(name, count, 1, 0.2) : values(name, count, 0, 0.1);
  }

  /** Returns pictures (n, 3, size, size) in PyTorch's layout. */
  static float[] pictures(String name, int n, int size) {
    return values(name, 3L * n * size * size, 0, 2);
  }

  /** Returns n class numbers. */
  static int[] labels(String name, int n, int classes) {
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = (int) Long.remainderUnsigned(bits(name, i), classes);
    }
    return labels;
  }

  /** Returns the positions at which a tensor of some elements is sampled. */
  static int[] samplePositions(String name, int count) {
    int[] positions = new int[SAMPLES];
    for (int j = 0; j < SAMPLES; j++) {
      positions[j] = (int) Long.remainderUnsigned(bits(name + "#sample", j), count);
    }
    return positions;
  }

  private static float[] values(String name, long count, double offset, double scale) {
    long hash = hash(name);
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      double v = (mix(hash, i) >>> 40) / 0x1p23 - 1;
      values[i] = (float) (offset + scale * v);
    }
    return values;
  }

  /** Returns 64 random bits for an element of a name. */
  static long bits(String name, long index) {
    return mix(hash(name), index);
  }

  /** FNV-1a. */
  private static long hash(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001B3L;
    }
    return hash;
  }

  /** The number of an index in the sequence of splitmix64 that starts at a seed. */
  private static long mix(long seed, long index) {
    long z = seed + (index + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
