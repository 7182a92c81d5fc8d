package dev.thumbnet.data.image.vp8l;

import java.io.IOException;

/**
 * A prefix code of a lossless WebP. Short codes are looked up, long ones found by counting: so a
 * code takes little memory, and a file may have very many. Immutable.
 */
final class Vp8lCode {
  private static final int MOST_BITS = 15;
  private static final int QUICK_BITS = 8;

  /** Bytes that a code takes beside its symbols. */
  private static final int BYTES = 2 * (1 << QUICK_BITS) + 4 * (MOST_BITS + 1) + 100;

  /** In which order the lengths of the codes for lengths are stored. */
  private static final int[] ORDER = {
    17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  };

  private static final int REPEAT_LAST = 16;
  private static final int REPEAT_ZERO = 17;

  /** By code: a symbol, in the order of their codes. */
  private final short[] symbols;

  /** How many codes have each length. */
  private final int[] counts = new int[MOST_BITS + 1];

  /** By the next bits: a short code's symbol and length; 0 if the code is longer. */
  private final short[] quick;

  /**
   * Makes the code of its lengths; 0 for symbols that have none.
   *
   * @throws IOException if these lengths are no code
   */
  Vp8lCode(int[] lengths) throws IOException {
    for (int length : lengths) {
      counts[length]++;
    }
    symbols = new short[lengths.length - counts[0]];
    counts[0] = 0;
    int open = 1;
    int[] next = new int[MOST_BITS + 2];
    for (int bits = 1; bits <= MOST_BITS; bits++) {
      open = 2 * open - counts[bits];
      if (open < 0) {
        throw new IOException("more prefix codes than there can be");
      }
      next[bits + 1] = next[bits] + counts[bits];
    }
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] > 0) {
        symbols[next[lengths[symbol]]++] = (short) symbol;
      }
    }
    if (symbols.length == 0 || open > 0 && symbols.length > 1) {
      throw new IOException("a prefix code that is not complete");
    }
    quick = symbols.length == 1 ? new short[0] : quick();
  }

  /** The code of one symbol, which needs no bits, or of two. */
  private static Vp8lCode simple(Vp8lBits bits, int alphabet) throws IOException {
    boolean two = bits.flag();
    int first = bits.read(bits.flag() ? 8 : 1);
    int second = two ? bits.read(8) : first;
    int[] lengths = new int[alphabet];
    if (Math.max(first, second) >= alphabet) {
      throw new IOException("a prefix code for a symbol that there is not");
    }
    lengths[first] = 1;
    lengths[second] = 1;
    return new Vp8lCode(lengths);
  }

  /** Reads a code for symbols below {@code alphabet}. */
  static Vp8lCode read(Vp8lBits bits, int alphabet) throws IOException {
    if (bits.flag()) {
      return simple(bits, alphabet);
    }
    int[] lengthLengths = new int[ORDER.length];
    int stored = bits.read(4) + 4;
    for (int i = 0; i < stored; i++) {
      lengthLengths[ORDER[i]] = bits.read(3);
    }
    Vp8lCode lengthCode = new Vp8lCode(lengthLengths);
    int left = alphabet;
    if (bits.flag()) {
      left = 2 + bits.read(2 + 2 * bits.read(3));
      if (left > alphabet) {
        throw new IOException("a prefix code for more symbols than there are");
      }
    }
    return new Vp8lCode(lengths(bits, lengthCode, alphabet, left));
  }

  private static int[] lengths(Vp8lBits bits, Vp8lCode lengthCode, int alphabet, int most)
      throws IOException {
    int[] lengths = new int[alphabet];
    int last = 8;
    for (int symbol = 0, i = 0; symbol < alphabet && i < most; i++) {
      int length = lengthCode.next(bits);
      if (length < REPEAT_LAST) {
        lengths[symbol++] = length;
        last = length == 0 ? last : length;
      } else {
        int times =
            length == REPEAT_LAST
                ? 3 + bits.read(2)
                : length == REPEAT_ZERO ? 3 + bits.read(3) : 11 + bits.read(7);
        if (times > alphabet - symbol) {
          throw new IOException("a prefix code for more symbols than there are");
        }
        for (int end = symbol + times; symbol < end; symbol++) {
          lengths[symbol] = length == REPEAT_LAST ? last : 0;
        }
      }
    }
    return lengths;
  }

  private short[] quick() {
    short[] table = new short[1 << QUICK_BITS];
    int code = 0;
    int index = 0;
    for (int length = 1; length <= QUICK_BITS; length++) {
      for (int i = 0; i < counts[length]; i++, index++, code++) {
        int first = Integer.reverse(code) >>> 32 - length;
        for (int entry = first; entry < table.length; entry += 1 << length) {
          table[entry] = (short) (symbols[index] << 4 | length);
        }
      }
      code <<= 1;
    }
    return table;
  }

  /** Reads a symbol. */
  int next(Vp8lBits bits) throws IOException {
    if (quick.length == 0) {
      return symbols[0];
    }
    int window = bits.peek(MOST_BITS);
    int found = quick[window & quick.length - 1];
    if (found != 0) {
      bits.skip(found & 0xF);
      return (found & 0xFFFF) >> 4;
    }
    int code = 0;
    int first = 0;
    int index = 0;
    for (int length = 1; length <= MOST_BITS; length++) {
      code |= window >> length - 1 & 1;
      int count = counts[length];
      if (code - first < count) {
        bits.skip(length);
        return symbols[index + code - first] & 0xFFFF;
      }
      index += count;
      first = first + count << 1;
      code <<= 1;
    }
    throw new IOException("a prefix code that there is not");
  }

  /** About the memory that this takes. */
  int bytes() {
    return symbols.length == 1 ? 200 : BYTES + 2 * symbols.length;
  }
}
