package dev.thumbnet.data.image.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reading of numbers and names in a file of which nothing is known to be there. Whoever walks
 * through a file does it here, so this asks now and then whether to go on. Belongs to one thread.
 */
final class Bytes {
  /** How often is read between two questions: less than a millisecond. */
  private static final int READS = 1 << 16;

  private final byte[] file;
  private final ByteOrder order;
  private final Runnable watch;
  private int reads;

  /**
   * A file.
   *
   * @param order of the bytes in its numbers
   * @param watch is asked now and then, and throws what is to end the walk
   */
  Bytes(byte[] file, ByteOrder order, Runnable watch) {
    this.file = file;
    this.order = order;
    this.watch = watch;
  }

  /** The same file with its numbers the other way round. */
  Bytes littleEndian() {
    return new Bytes(file, ByteOrder.LITTLE_ENDIAN, watch);
  }

  byte[] file() {
    return file;
  }

  ByteOrder order() {
    return order;
  }

  int length() {
    return file.length;
  }

  /** Whether this name, in ISO 8859-1, stands at a place. */
  boolean has(long at, String name) {
    count();
    byte[] wanted = name.getBytes(StandardCharsets.ISO_8859_1);
    return at >= 0
        && at + wanted.length <= file.length
        && Arrays.equals(file, (int) at, (int) at + wanted.length, wanted, 0, wanted.length);
  }

  int u8(long at) throws RefusedException {
    return file[place(at, 1)] & 0xFF;
  }

  int u16(long at) throws RefusedException {
    return ByteBuffer.wrap(file).order(order).getShort(place(at, 2)) & 0xFFFF;
  }

  int i32(long at) throws RefusedException {
    return ByteBuffer.wrap(file).order(order).getInt(place(at, 4));
  }

  long u32(long at) throws RefusedException {
    return i32(at) & 0xFFFFFFFFL;
  }

  private int place(long at, int length) throws RefusedException {
    count();
    if (at < 0 || at + length > file.length) {
      throw RefusedException.truncated();
    }
    return (int) at;
  }

  private void count() {
    if (++reads == READS) {
      reads = 0;
      watch.run();
    }
  }
}
