package dev.thumbnet.data.image.jpeg;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes a row of pixels of a component's samples, as libjpeg-turbo does. With a and b pixels for
 * each sample, across and down:
 *
 * <ul>
 *   <li>1 × 1: the samples themselves.
 *   <li>2 × 1: each pixel is three quarters of the sample that it lies in and a quarter of the one
 *       that is nearer of those beside. With samples s: p_2i = (3 s_i + s_(i−1) + 1) / 4, p_(2i+1)
 *       = (3 s_i + s_(i+1) + 2) / 4, rounded down; so halves go up and down in turns.
 *   <li>1 × 2: the same from one row to the next, with the same 1 and 2.
 *   <li>2 × 2: both. t_i = 3 s_i + s'_i with s' the nearer of the rows above and below; then p_2i =
 *       (3 t_i + t_(i−1) + 8) / 16, p_(2i+1) = (3 t_i + t_(i+1) + 7) / 16.
 *   <li>All others, and these if a pixel of the picture is a whole block (scale 8) or, but for 1 ×
 *       2, there are fewer than three samples in a row: each sample is repeated.
 * </ul>
 *
 * Beyond an edge of the picture the samples at that edge are repeated. Belongs to one thread.
 */
final class Upsampling {
  private enum Kind {
    NONE,
    REPEAT,
    ACROSS,
    DOWN,
    BOTH
  }

  private static final int LEAST_SAMPLES = 3;

  private final Kind kind;
  private final int ratioAcross;
  private final int samples;

  /** None if the samples are the pixels. */
  private final int @Nullable [] pixels;

  /** Samples, or sums of two. */
  private final int @Nullable [] sums;

  Upsampling(Frame frame, Component component) {
    int across = frame.ratioAcross(component);
    int down = frame.ratioDown(component);
    this.ratioAcross = across;
    this.samples = component.sampleWidth;
    boolean smooth = frame.size() > 1;
    boolean wide = smooth && samples >= LEAST_SAMPLES;
    if (across == 1 && down == 1) {
      kind = Kind.NONE;
    } else if (across == 2 && down == 1 && wide) {
      kind = Kind.ACROSS;
    } else if (across == 1 && down == 2 && smooth) {
      kind = Kind.DOWN;
    } else if (across == 2 && down == 2 && wide) {
      kind = Kind.BOTH;
    } else {
      kind = Kind.REPEAT;
    }
    boolean own = kind != Kind.NONE && (kind != Kind.REPEAT || across > 1);
    pixels = own ? new int[across * samples] : null;
    sums = kind == Kind.BOTH ? new int[samples] : null;
  }

  /** Whether a row needs the samples above and below. */
  boolean needsNeighbours() {
    return kind == Kind.DOWN || kind == Kind.BOTH;
  }

  /**
   * Makes pixels of columns from to to, or some more.
   *
   * @param near the row of samples in which the pixels lie
   * @param other the nearer of its neighbours
   * @param upper whether that is the one above
   * @param from first column of pixels
   * @param to behind the last column
   * @return the pixels, each in its column; those of the last call are gone
   */
  int[] make(int[] near, int[] other, boolean upper, int from, int to) {
    int[] out = pixels;
    if (out == null) {
      return near;
    }
    int first = from / ratioAcross;
    int end = Math.min(samples, Math.ceilDiv(to, ratioAcross));
    if (kind == Kind.DOWN) {
      down(near, other, upper ? 1 : 2, out, first, end);
    } else if (kind == Kind.ACROSS) {
      across(near, 1, 2, 2, out, first, end);
    } else if (sums != null) {
      sum(near, other, sums, Math.max(0, first - 1), Math.min(samples, end + 1));
      across(sums, 8, 7, 4, out, first, end);
    } else {
      repeat(near, out, first, end);
    }
    return out;
  }

  // Loops that compilers make vectors of: all rows have the same index.

  private static void down(int[] near, int[] other, int bias, int[] out, int first, int end) {
    for (int i = first; i < end; i++) {
      out[i] = 3 * near[i] + other[i] + bias >> 2;
    }
  }

  private static void sum(int[] near, int[] other, int[] out, int first, int end) {
    for (int i = first; i < end; i++) {
      out[i] = 3 * near[i] + other[i];
    }
  }

  private void across(int[] in, int left, int right, int shift, int[] out, int first, int end) {
    int before = in[Math.max(0, first - 1)];
    int here = in[first];
    int most = samples - 1;
    for (int i = first; i < Math.min(end, most); i++) {
      int next = in[i + 1];
      out[2 * i] = 3 * here + before + left >> shift;
      out[2 * i + 1] = 3 * here + next + right >> shift;
      before = here;
      here = next;
    }
    if (end > most) {
      out[2 * most] = 3 * here + before + left >> shift;
      out[2 * most + 1] = 4 * here + right >> shift;
    }
  }

  private void repeat(int[] near, int[] out, int first, int end) {
    int ratio = ratioAcross;
    for (int i = first; i < end; i++) {
      Arrays.fill(out, ratio * i, ratio * (i + 1), near[i]);
    }
  }
}
