package dev.thumbnet.data.image;

/**
 * The weights that turn a line of {@code inSize} samples into one of {@code outSize}: output {@code
 * i} is the sum over k of {@code weight(i, k) * in[first(i) + k]}. The weights of each output sum
 * to one; windows are cut at the borders of the line. Immutable.
 *
 * <p>Pixel centres lie at half-integers; output {@code i} looks at {@code (i + 0.5) * scale} with
 * scale = inSize / outSize. Each step, also where floats are rounded, is Pillow's: the engine
 * resizes tensors by the same formula but not with the same last bits.
 */
final class PillowTaps {
  private final int[] first;
  private final double[][] weights;

  /**
   * The weights for resampling the part from {@code from} to {@code to} of a line: those of {@code
   * count} outputs from {@code begin} on. Nothing is computed for the others, of which there may be
   * more than memory holds.
   *
   * @param inSize number of samples of the line, at least 1
   * @param outSize wanted number, at least 1
   */
  PillowTaps(
      int inSize,
      float from,
      float to,
      long outSize,
      ResampleFilter filter,
      long begin,
      int count) {
    if (inSize < 1 || outSize < 1) {
      throw new IllegalArgumentException(
          "cannot resample " + inSize + " samples to " + outSize + ": both must be at least 1");
    }
    this.first = new int[count];
    this.weights = new double[count][];
    // The difference of floats is part of being bit-exact with Pillow.
    double scale = (double) (to - from) / outSize;
    double stretch = Math.max(scale, 1);
    double support = filter.support() * stretch;
    for (int i = 0; i < count; i++) {
      double center = from + (begin + i + 0.5) * scale;
      int start = Math.max(0, (int) (center - support + 0.5));
      int end = Math.min(inSize, (int) (center + support + 0.5));
      first[i] = start;
      weights[i] = normalised(filter, start, end, center, 1 / stretch);
    }
  }

  private static double[] normalised(
      ResampleFilter filter, int start, int end, double center, double shrink) {
    double[] w = new double[end - start];
    double sum = 0;
    for (int k = 0; k < w.length; k++) {
      w[k] = filter.at((k + start - center + 0.5) * shrink);
      sum += w[k];
    }
    if (sum != 0) {
      for (int k = 0; k < w.length; k++) {
        w[k] /= sum;
      }
    }
    return w;
  }

  /** Number of outputs. */
  int outSize() {
    return first.length;
  }

  /** Index of the first sample that output {@code begin + i} looks at. */
  int first(int i) {
    return first[i];
  }

  /** How many samples output {@code begin + i} looks at. */
  int count(int i) {
    return weights[i].length;
  }

  /** The weight of sample {@code first(i) + k} in output {@code begin + i}. */
  double weight(int i, int k) {
    return weights[i][k];
  }
}
