package dev.thumbnet.engine.backend.cpu.kernel;

/** Numbers of 16 bits, the upper half of a float: its sign, its exponent and 7 bits. */
public final class Bfloat16 {
  private Bfloat16() {}

  /** Returns the bits of the nearest such number, of the even one of two. */
  static int round(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return bits >>> 16 | 0x40; // must not become infinite
    }
    return bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
  }

  /** Returns the number in the lower half of a pair. */
  public static float low(int pair) {
    return Float.intBitsToFloat(pair << 16);
  }

  /** Returns the number in the upper half of a pair. */
  public static float high(int pair) {
    return Float.intBitsToFloat(pair & 0xffff0000);
  }

  /**
   * Stores floats in pairs: of each 2·{@code group} numbers the first half in the lower and the
   * second half in the upper halves of {@code group} ints.
   *
   * @param length of {@code from}, a multiple of 2·{@code group}
   */
  public static void pack(int length, int group, float[] from, int fromBase, int[] to) {
    for (int i = 0; i < length; i += 2 * group) {
      for (int j = 0; j < group; j++) {
        int low = round(from[fromBase + i + j]);
        int high = round(from[fromBase + i + group + j]);
        to[i / 2 + j] = high << 16 | low;
      }
    }
  }
}
