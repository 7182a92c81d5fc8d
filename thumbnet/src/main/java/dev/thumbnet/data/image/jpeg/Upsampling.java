package dev.thumbnet.data.image.jpeg;

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

  /** Pixels, but the first stands for a pixel before the first. */
  private final int @Nullable [] pixels;

  /** Samples, or sums of two, one more at each end. */
  private final int @Nullable [] row;

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
    row = kind == Kind.ACROSS || kind == Kind.BOTH ? new int[samples + 2] : null;
  }

  /** Bytes that it holds. */
  static long bytes(int width) {
    return Integer.BYTES * (2L * width + 16);
  }

  /** Whether a row needs the samples above and below. */
  boolean needsNeighbours() {
    return kind == Kind.DOWN || kind == Kind.BOTH;
  }

  /** Whether pixels are other than samples: if not, they are where the samples are. */
  boolean makesPixels() {
    return pixels != null;
  }

  /** Where {@link #make} puts the pixels, by column. */
  int[] pixels() {
    return pixels == null ? new int[0] : pixels;
  }

  /**
   * Makes pixels of columns from to to, or some more.
   *
   * @param in has rows of samples
   * @param near where the row begins in which the pixels lie
   * @param other where the nearer of its neighbours begins
   * @param upper whether that is the one above
   * @param from first column of pixels
   * @param to behind the last column
   */
  void make(int[] in, int near, int other, boolean upper, int from, int to) {
    int[] out = pixels;
    if (out == null) {
      return;
    }
    int first = from / ratioAcross;
    int end = Math.min(samples, Math.ceilDiv(to, ratioAcross));
    if (kind == Kind.DOWN) {
      down(in, near, other, upper ? 1 : 2, out, first, end);
    } else if (row == null) {
      repeat(in, near, out, first, end);
    } else {
      int before = Math.max(0, first - 1);
      int behind = Math.min(samples, end + 1);
      if (kind == Kind.BOTH) {
        for (int i = before; i < behind; i++) {
          row[i + 1] = 3 * in[near + i] + in[other + i];
        }
      } else {
        System.arraycopy(in, near + before, row, before + 1, behind - before);
      }
      row[0] = row[1];
      row[samples + 1] = row[samples];
      if (kind == Kind.BOTH) {
        across(row, 8, 7, 4, out, first, end);
      } else {
        across(row, 1, 2, 2, out, first, end);
      }
    }
  }

  private static void down(int[] in, int near, int other, int bias, int[] out, int first, int end) {
    for (int i = first; i < end; i++) {
      out[i] = 3 * in[near + i] + in[other + i] + bias >> 2;
    }
  }

  private static void across(
      int[] row, int left, int right, int shift, int[] out, int first, int end) {
    int before = row[first];
    int here = row[first + 1];
    for (int i = first; i < end; i++) {
      int next = row[i + 2];
      out[2 * i] = 3 * here + before + left >> shift;
      out[2 * i + 1] = 3 * here + next + right >> shift;
      before = here;
      here = next;
    }
  }

  private void repeat(int[] in, int near, int[] out, int first, int end) {
    int ratio = ratioAcross;
    for (int i = first; i < end; i++) {
      int sample = in[near + i];
      for (int j = ratio * i; j < ratio * (i + 1); j++) {
        out[j] = sample;
      }
    }
  }
}
