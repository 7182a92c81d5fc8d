package dev.thumbnet.data.image.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reading of numbers and names in a file of which nothing is known to be there. */
record Bytes(byte[] file, ByteOrder order) {
  static Bytes littleEndian(byte[] file) {
    return new Bytes(file, ByteOrder.LITTLE_ENDIAN);
  }

  static Bytes bigEndian(byte[] file) {
    return new Bytes(file, ByteOrder.BIG_ENDIAN);
  }

  int length() {
    return file.length;
  }

  /** Whether this name, in ISO 8859-1, stands at a place. */
  boolean has(long at, String name) {
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
    if (at < 0 || at + length > file.length) {
      throw RefusedException.truncated();
    }
    return (int) at;
  }
}
