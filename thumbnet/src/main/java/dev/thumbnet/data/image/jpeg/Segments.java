package dev.thumbnet.data.image.jpeg;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of a file, and the tables that its segments define (T.81, B.2.4): the last one of a
 * number is that which a scan takes. Belongs to one thread.
 */
final class Segments {
  private static final int TABLES = 4;
  private static final int CODE_LENGTHS = 16;
  private static final int MOST_CODES = 256;

  /**
   * By the order in which coefficients are stored, those of low frequencies first: where they stand
   * in rows of eight. Damaged files count further; whatever comes there is the last one.
   */
  static final int[] NATURAL_ORDER = naturalOrder();

  private final byte[] file;
  final int[] @Nullable [] quantisation = new int[TABLES][];
  final @Nullable HuffmanTable[] dc = new HuffmanTable[TABLES];
  final @Nullable HuffmanTable[] ac = new HuffmanTable[TABLES];

  /** MCUs between two restarts; 0 if there are none. */
  int restartInterval;

  Segments(byte[] file) {
    this.file = file;
  }

  /** Along the diagonals, up and down in turns. */
  private static int[] naturalOrder() {
    int[] order = new int[Component.BLOCK + CODE_LENGTHS];
    int k = 0;
    for (int sum = 0; sum <= 2 * (Component.SIDE - 1); sum++) {
      for (int i = 0; i <= sum; i++) {
        int row = sum % 2 == 0 ? sum - i : i;
        int column = sum - row;
        if (row < Component.SIDE && column < Component.SIDE) {
          order[k++] = Component.SIDE * row + column;
        }
      }
    }
    while (k < order.length) {
      order[k++] = Component.BLOCK - 1;
    }
    return order;
  }

  int u8(int at) throws EOFException {
    if (at >= file.length) {
      throw new EOFException();
    }
    return file[at] & 0xFF;
  }

  int u16(int at) throws EOFException {
    return u8(at) << 8 | u8(at + 1);
  }

  /** Factors of coefficients. */
  void defineQuantisation(int from, int end) throws IOException {
    int at = from;
    while (at < end) {
      int number = u8(at) & 0xF;
      int bytes = u8(at) >> 4 == 0 ? 1 : 2;
      at++;
      if (number >= TABLES || end - at < bytes * Component.BLOCK) {
        throw new IOException("a quantisation table that is none");
      }
      int[] table = new int[Component.BLOCK];
      for (int k = 0; k < Component.BLOCK; k++, at += bytes) {
        table[NATURAL_ORDER[k]] = bytes == 1 ? u8(at) : u16(at);
      }
      quantisation[number] = table;
    }
  }

  /** Prefix codes. */
  void defineHuffman(int from, int end) throws IOException {
    int at = from;
    while (at < end) {
      int number = u8(at) & 0xF;
      int kind = u8(at) >> 4;
      at++;
      int[] counts = new int[CODE_LENGTHS + 1];
      int codes = 0;
      for (int bits = 1; bits <= CODE_LENGTHS; bits++, at++) {
        counts[bits] = u8(at);
        codes += counts[bits];
      }
      if (number >= TABLES || kind > 1 || codes > MOST_CODES || codes > end - at) {
        throw new IOException("a Huffman table that is none");
      }
      byte[] symbols = Arrays.copyOfRange(file, at, at + codes);
      (kind == 0 ? dc : ac)[number] = new HuffmanTable(counts, symbols);
      at += codes;
    }
  }

  /** How often the data can be entered anew. */
  void defineRestarts(int from, int end) throws IOException {
    if (end - from != 2) {
      throw new IOException("a restart interval that is none");
    }
    restartInterval = u16(from);
  }

  /** Whether a segment begins with this name. */
  boolean has(String name, int from, int end) throws EOFException {
    boolean same = end - from >= name.length();
    for (int i = 0; i < name.length() && same; i++) {
      same = u8(from + i) == name.charAt(i);
    }
    return same;
  }
}
