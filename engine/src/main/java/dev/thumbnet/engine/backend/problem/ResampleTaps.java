package dev.thumbnet.engine.backend.problem;

import java.util.Arrays;

/**
 * One axis of a {@link ResizeProblem} as a sparse matrix: output i is the sum over j of {@code
 * weight[i][j] · x[first[i] + j]}. The rows sum to 1.
 *
 * <p>Windows and weights of the antialiased filters follow Pillow's definition (PAPER.md §7.3: the
 * support is stretched by the scale when shrinking, cut at the borders and renormalised).
 *
 * @param first first input index of each output
 * @param weight weights of each output, at least one
 */
public record ResampleTaps(int[] first, double[][] weight) {
  /** Computes the taps of one axis. */
  public static ResampleTaps of(int in, int out, ResizeProblem.Filter filter) {
    int[] first = new int[out];
    double[][] weight = new double[out][];
    for (int i = 0; i < out; i++) {
      switch (filter) {
        case NEAREST -> {
          first[i] = (int) Math.min((long) i * in / out, in - 1);
          weight[i] = new double[] {1};
        }
        case ADAPTIVE_AVERAGE -> {
          int from = (int) ((long) i * in / out);
          int to = (int) (((long) (i + 1) * in + out - 1) / out);
          first[i] = from;
          weight[i] = new double[to - from];
          Arrays.fill(weight[i], 1.0 / (to - from));
        }
        case BILINEAR -> bilinear(i, in, out, first, weight);
        case BILINEAR_ANTIALIAS -> antialiased(i, in, out, 1, first, weight);
        case BICUBIC_ANTIALIAS -> antialiased(i, in, out, 2, first, weight);
      }
    }
    return new ResampleTaps(first, weight);
  }

  private static void bilinear(int i, int in, int out, int[] first, double[][] weight) {
    double source = Math.max(0, (i + 0.5) * in / out - 0.5);
    int left = Math.min((int) source, in - 1);
    double t = left + 1 < in ? source - left : 0;
    first[i] = left;
    weight[i] = t == 0 ? new double[] {1} : new double[] {1 - t, t};
  }

  private static void antialiased(
      int i, int in, int out, double support, int[] first, double[][] weight) {
    double scale = Math.max(1.0, (double) in / out);
    double center = (i + 0.5) * in / out;
    int from = Math.max(0, (int) (center - support * scale + 0.5));
    int to = Math.min(in, (int) (center + support * scale + 0.5));
    double[] taps = new double[to - from];
    double sum = 0;
    for (int j = 0; j < taps.length; j++) {
      double t = Math.abs((from + j - center + 0.5) / scale);
      taps[j] = support == 1 ? Math.max(0, 1 - t) : keysCubic(t);
      sum += taps[j];
    }
    for (int j = 0; j < taps.length; j++) {
      taps[j] /= sum;
    }
    first[i] = from;
    weight[i] = taps;
  }

  /** Keys' cubic with a = −0.5 at distance t ≥ 0. */
  private static double keysCubic(double t) {
    double a = -0.5;
    if (t < 1) {
      return ((a + 2) * t - (a + 3)) * t * t + 1;
    }
    return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
  }
}
