package dev.thumbnet.engine.backend.cpu.kernel;

/**
 * Weights of 8 bits: numbers of at most 127 in size, times a factor that all weights of an output
 * channel share. A sum over such a channel is made of the numbers and multiplied in the end.
 *
 * <p>Four of them stand in an int, one in each byte. One is read by shifting it to the upper byte;
 * what was below it stays below it, as a fraction. Nothing has to be cleared, which would cost an
 * instruction for each vector of weights: instead a byte is rounded so that it is nearest to its
 * weight together with the fraction that it will have. So weights of the first byte are whole
 * numbers and the others are not, and each is off by half a step at most.
 */
public final class Int8 {
  private static final int LARGEST = 127;

  /** What a step is in an int: the lowest bit of the upper byte. */
  private static final float STEP = 1 << 24;

  private Int8() {}

  /**
   * Returns the factor of each column of a panel, by which a number of {@link #get} must be
   * multiplied; the largest is 127 steps.
   *
   * @return for a column of zeros any
   */
  public static float[] factors(int rows, int width, float[] from, int fromBase) {
    float[] factors = new float[width];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        factors[j] = Math.max(factors[j], Math.abs(from[fromBase + i * width + j]));
      }
    }
    for (int j = 0; j < width; j++) {
      // Not so small that a bias over it could overflow.
      factors[j] = Math.max(factors[j], 0x1p-60f) / (LARGEST * STEP);
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
    for (int i = 0; i < rows * width; i += group) {
      int at = i / (4 * group) * group;
      int part = i / group % 4;
      for (int j = 0; j < group; j++) {
        float steps = from[fromBase + i + j] / (factors[i % width + j] * STEP);
        int below = part == 0 ? 0 : to[at + j];
        int rounded = Math.round(steps - below / (float) (1 << 8 * part));
        to[at + j] = below | (rounded & 0xff) << 8 * part;
      }
    }
  }

  /** Returns one of the numbers in an int, without its factor; part 0 is the lowest byte. */
  public static float get(int four, int part) {
    return four << 24 - 8 * part;
  }
}
