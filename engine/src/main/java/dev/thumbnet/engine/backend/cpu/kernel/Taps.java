package dev.thumbnet.engine.backend.cpu.kernel;

import dev.thumbnet.engine.backend.problem.PoolAxis;
import dev.thumbnet.engine.backend.problem.ResampleTaps;
import java.util.Arrays;

/**
 * One axis of a separable linear map of pictures, as a sparse matrix: output i is the sum of
 * weights[start[i] + t]·x[first[i] + t] for t in [0, start[i + 1] − start[i]).
 *
 * @param in number of inputs
 * @param first first input of each output
 * @param start where each output's weights start, and one more for the end
 * @param weights all weights
 */
public record Taps(int in, int[] first, int[] start, float[] weights) {
  /** The taps of a filter. */
  public static Taps of(ResampleTaps taps, int in) {
    int out = taps.first().length;
    int[] start = new int[out + 1];
    for (int i = 0; i < out; i++) {
      start[i + 1] = start[i] + taps.weight()[i].length;
    }
    float[] weights = new float[start[out]];
    for (int i = 0; i < out; i++) {
      for (int t = 0; t < taps.weight()[i].length; t++) {
        weights[start[i] + t] = (float) taps.weight()[i][t];
      }
    }
    return new Taps(in, taps.first(), start, weights);
  }

  /**
   * The means over sliding windows.
   *
   * @param axis has dilation 1
   * @param countPad whether what a window covers of the padding counts as zeros, or not at all
   */
  public static Taps windows(PoolAxis axis, boolean countPad) {
    int out = axis.out();
    int[] first = new int[out];
    int[] start = new int[out + 1];
    for (int i = 0; i < out; i++) {
      first[i] = axis.begin(i);
      start[i + 1] = start[i] + axis.count(i);
    }
    float[] weights = new float[start[out]];
    for (int i = 0; i < out; i++) {
      Arrays.fill(weights, start[i], start[i + 1], 1f / axis.counted(i, countPad));
    }
    return new Taps(axis.in(), first, start, weights);
  }

  /** Returns the number of outputs. */
  public int out() {
    return first.length;
  }

  /** Returns the number of inputs that output i uses. */
  public int count(int i) {
    return start[i + 1] - start[i];
  }

  /** Returns the transposed matrix; a column that no row uses becomes a row without taps. */
  public Taps transposed() {
    int[] from = new int[in];
    int[] to = new int[in];
    for (int i = out() - 1; i >= 0; i--) {
      for (int t = 0; t < count(i); t++) {
        int column = first[i] + t;
        from[column] = i;
        to[column] = Math.max(to[column], i + 1);
      }
    }
    int[] newStart = new int[in + 1];
    for (int column = 0; column < in; column++) {
      newStart[column + 1] = newStart[column] + to[column] - from[column];
    }
    float[] newWeights = new float[newStart[in]];
    for (int i = 0; i < out(); i++) {
      for (int t = 0; t < count(i); t++) {
        int column = first[i] + t;
        newWeights[newStart[column] + i - from[column]] = weights[start[i] + t];
      }
    }
    return new Taps(out(), from, newStart, newWeights);
  }
}
