package dev.thumbnet.data.image.vp8l;

import java.io.EOFException;
import java.io.IOException;

/** The bits of a lossless WebP, those of low value first. */
final class Vp8lBits {
  private final byte[] file;
  private final int end;
  private int at;

  /** Bits that were fetched and not read; those above {@code count} are zero. */
  private long fetched;

  private int count;

  /** The bits of {@code [from, end)}. */
  Vp8lBits(byte[] file, int from, int end) {
    this.file = file;
    this.at = from;
    this.end = end;
  }

  /** The next bits, at most 32, which stay unread; zeros behind the end. */
  int peek(int bits) {
    while (count < bits && at < end) {
      fetched |= (file[at++] & 0xFFL) << count;
      count += 8;
    }
    return (int) (fetched & (1L << bits) - 1);
  }

  /** Passes over bits that were looked at. */
  void skip(int bits) throws IOException {
    if (bits > count) {
      throw new EOFException();
    }
    fetched >>>= bits;
    count -= bits;
  }

  /** Reads a number of at most 32 bits. */
  int read(int bits) throws IOException {
    int value = peek(bits);
    skip(bits);
    return value;
  }

  boolean flag() throws IOException {
    return read(1) == 1;
  }
}
