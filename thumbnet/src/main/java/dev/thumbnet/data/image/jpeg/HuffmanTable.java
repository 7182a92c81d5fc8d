package dev.thumbnet.data.image.jpeg;

import java.io.IOException;
import java.util.Arrays;

/**
 * A prefix code of T.81, annex C: codes of one length are consecutive numbers, and the first of a
 * length is twice the one behind the last that is a bit shorter. A symbol is two halves: how many
 * zeros come before a coefficient, and of how many bits, s, this is; they follow the code. Of these
 * bits v the coefficient is v if the first of them is 1, and v − 2^s + 1 if not.
 *
 * <p>The next {@value #LOOK_BITS} bits are looked up. If they hold code and coefficient, as they do
 * for most of a photograph, both are found at once. Longer codes are found by comparing the next 16
 * bits with the first number behind the codes of each length. Belongs to one thread.
 */
final class HuffmanTable {
  static final int LOOK_BITS = 10;

  /** {@code held >>> LOOK} are the bits to look up. */
  static final int LOOK = Long.SIZE - LOOK_BITS;

  private static final int MOST_BITS = 16;

  /** DC differences have no more bits than that in pictures of 8 bits, and 4 are room. */
  private static final int MOST_DC = 15;

  /** By the next bits: {@code symbol << 8 | bits of the code}; 0 if the code is longer. */
  int[] symbols = new int[0];

  /**
   * By the next bits: {@code coefficient << 16 | symbol << 8 | bits of both} if they hold both;
   * else as {@link #symbols}, with a coefficient of 0, which no code stands for.
   */
  int[] coefficients = new int[0];

  private final byte[] bySymbol;

  /** By length: the first number behind its codes, of 16 bits. */
  private final int[] limit = new int[MOST_BITS + 1];

  /** By length: where a code's symbol stands, less the code. */
  private final int[] offset = new int[MOST_BITS + 1];

  private final int[] counts;
  private boolean built;

  /**
   * What a segment defines.
   *
   * @param counts how many codes there are of each length, from 1
   * @param bySymbol the symbols, in the order of their codes
   */
  HuffmanTable(int[] counts, byte[] bySymbol) {
    this.counts = counts;
    this.bySymbol = bySymbol;
  }

  /**
   * Makes the code when a scan needs it, so that a file of nothing but tables takes no time.
   *
   * @return this
   * @throws IOException if there are more codes than there can be
   */
  HuffmanTable built() throws IOException {
    if (!built) {
      build();
      built = true;
    }
    return this;
  }

  private void build() throws IOException {
    symbols = new int[1 << LOOK_BITS];
    coefficients = new int[1 << LOOK_BITS];
    int code = 0;
    int place = 0;
    for (int bits = 1; bits <= MOST_BITS; bits++) {
      offset[bits] = place - code;
      int end = code + counts[bits];
      if (counts[bits] > 0 && end >= 1 << bits) { // no code is all ones
        throw new IOException("a Huffman table with more codes than there can be");
      }
      for (; code < end; code++, place++) {
        if (bits <= LOOK_BITS) {
          int first = code << LOOK_BITS - bits;
          int behind = code + 1 << LOOK_BITS - bits;
          Arrays.fill(symbols, first, behind, (bySymbol[place] & 0xFF) << 8 | bits);
        }
      }
      limit[bits] = code << MOST_BITS - bits;
      code <<= 1;
    }
    for (int i = 0; i < coefficients.length; i++) {
      int symbol = symbols[i];
      int size = symbol >> 8 & 15;
      int all = (symbol & 0xFF) + size;
      if (size > 0 && all <= LOOK_BITS) {
        int value = i >> LOOK_BITS - all & (1 << size) - 1;
        int coefficient = value >> size - 1 == 0 ? value - (1 << size) + 1 : value;
        symbol = coefficient << 16 | symbol & 0xFF00 | all;
      }
      coefficients[i] = symbol;
    }
  }

  /**
   * Finds a code that is not in {@link #symbols}.
   *
   * @param held begins with it
   * @return {@code symbol << 8 | bits of the code}
   * @throws IOException if no code begins so
   */
  int search(long held) throws IOException {
    int next = (int) (held >>> Long.SIZE - MOST_BITS);
    for (int bits = LOOK_BITS + 1; bits <= MOST_BITS; bits++) {
      if (next < limit[bits]) {
        int place = (next >> MOST_BITS - bits) + offset[bits];
        return (bySymbol[place] & 0xFF) << 8 | bits;
      }
    }
    throw new IOException("a code that its Huffman table does not have");
  }

  /**
   * Checks that it can be a table of DC differences.
   *
   * @throws IOException if one would have too many bits
   */
  void checkDc() throws IOException {
    for (byte symbol : bySymbol) {
      if ((symbol & 0xFF) > MOST_DC) {
        throw new IOException("a Huffman table for DC with differences of too many bits");
      }
    }
  }

  /** The number that the first bits of {@code held} mean, 1 to 15 of them. */
  static int value(long held, int bits) {
    int value = (int) (held >>> -bits);
    return held < 0 ? value : value - (1 << bits) + 1;
  }
}
