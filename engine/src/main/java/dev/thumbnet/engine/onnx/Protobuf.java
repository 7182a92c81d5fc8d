package dev.thumbnet.engine.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One message in the wire format of Protocol Buffers, made field by field. A field is its number
 * and wire type, then a varint (type 0), four bytes (type 5), or a length and that many bytes (type
 * 2: text, bytes and messages). Arrays handed over are not copied.
 */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int BYTES = 2;
  private static final int FOUR_BYTES = 5;

  private final List<byte[]> parts = new ArrayList<>();
  private long size;

  /** Adds a whole number; one of type int32, int64, bool or enum. */
  Protobuf integer(int field, long value) {
    add(varint(field << 3 | VARINT));
    return add(varint(value));
  }

  /** Adds a number of type float. */
  Protobuf real(int field, float value) {
    add(varint(field << 3 | FOUR_BYTES));
    return add(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
  }

  /** Adds a string. */
  Protobuf text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds bytes. */
  Protobuf bytes(int field, byte[] value) {
    add(varint(field << 3 | BYTES));
    add(varint(value.length));
    return add(value);
  }

  /** Adds a message, as it is now. */
  Protobuf message(int field, Protobuf value) {
    add(varint(field << 3 | BYTES));
    add(varint(value.size));
    parts.addAll(value.parts);
    size += value.size;
    return this;
  }

  /** Returns the number of bytes of the message. */
  long size() {
    return size;
  }

  /** Writes the fields. */
  void writeTo(OutputStream stream) throws IOException {
    for (byte[] part : parts) {
      stream.write(part);
    }
  }

  private Protobuf add(byte[] part) {
    parts.add(part);
    size += part.length;
    return this;
  }

  /** Seven bits per byte, lowest first; the eighth says that more follow. */
  private static byte[] varint(long value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
    return bytes.toByteArray();
  }
}
