package dev.thumbnet.engine.backend.cpu;

import java.util.Arrays;

/**
 * Weights of 8 bits: whole numbers from −127 to 127, times a factor that all weights of an output
 * channel share. A sum over such a channel is made of the whole numbers and multiplied in the end.
 */
public final class Int8 {
  private static final int LARGEST = 127;

  private Int8() {}

  /**
   * Returns the factor of each column of a panel, with which its largest number becomes 127.
   *
   * @return for a column of zeros 1
   */
  static float[] factors(int rows, int width, float[] from, int fromBase) {
    float[] factors = new float[width];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        factors[j] = Math.max(factors[j], Math.abs(from[fromBase + i * width + j]));
      }
    }
    for (int j = 0; j < width; j++) {
      factors[j] = factors[j] < Float.MIN_NORMAL * LARGEST ? 1 : factors[j] / LARGEST;
    }
    return factors;
  }

  /**
   * Stores rows of a panel in fours: of each 4·{@code group} numbers the first quarter in the
   * lowest bytes of {@code group} ints, and so on.
   *
   * @param rows of which 4·{@code group} numbers make one or more whole ones
   * @param factors of the columns, see {@link #factors}
   */
  public static void pack(
      int rows, int group, float[] from, int fromBase, float[] factors, int[] to) {
    int width = factors.length;
    Arrays.fill(to, 0, rows * width / 4, 0);
    for (int i = 0; i < rows * width; i += group) {
      int at = i / (4 * group) * group;
      int shift = 8 * (i / group % 4);
      for (int j = 0; j < group; j++) {
        int rounded = Math.round(from[fromBase + i + j] / factors[i % width + j]);
        to[at + j] |= (rounded & 0xff) << shift;
      }
    }
  }

  /** Returns one of the numbers in an int, without its factor; part 0 is the lowest byte. */
  public static int get(int four, int part) {
    return four << 24 - 8 * part >> 24;
  }
}
