package dev.thumbnet.engine.onnx.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One message in the wire format of Protocol Buffers, read field by field; {@link Message#next}
 * goes to the next one, whether or not its value was asked for. Nothing is copied, and lengths are
 * checked against the bytes that there are.
 */
final class Message {
  /**
   * Wire type of whole numbers: seven bits a byte, lowest first, the eighth says that more follow.
   */
  static final int VARINT = 0;

  private static final int EIGHT_BYTES = 1;

  /** Wire type of what has a length: text, bytes, messages, and numbers one after the other. */
  static final int LENGTH = 2;

  private static final int FOUR_BYTES = 5;
  private static final int LONGEST_VARINT = 10;

  /** Whoever keeps a number should not keep the whole file with it. */
  private static final int SMALL = 256;

  private final byte[] bytes;
  private final int end;
  private int position;

  private int field;
  private int wire;
  private long number;
  private int valueFrom;

  /** A message that fills an array. */
  Message(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private Message(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.position = from;
    this.end = end;
  }

  /** Goes to the next field; false at the end. */
  boolean next() throws IOException {
    if (position == end) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    wire = (int) tag & 7;
    if (tag >>> 32 != 0 || field == 0) {
      throw new IOException("there is no field at byte " + position + "; the file is damaged");
    }
    valueFrom = position;
    switch (wire) {
      case VARINT -> number = varint();
      case EIGHT_BYTES -> skip(Long.BYTES);
      case FOUR_BYTES -> skip(Integer.BYTES);
      case LENGTH -> {
        long length = varint();
        valueFrom = position;
        skip(length);
      }
      default ->
          throw new IOException(
              "byte " + valueFrom + " starts a value of unknown kind " + wire + "; it is damaged");
    }
    return true;
  }

  private void skip(long length) throws IOException {
    if (length < 0 || length > end - position) {
      throw new IOException(
          "a value at byte "
              + position
              + " should have "
              + Long.toUnsignedString(length)
              + " bytes, of which there are "
              + (end - position)
              + "; the file is cut off or damaged");
    }
    position += (int) length;
  }

  private long varint() throws IOException {
    long value = 0;
    for (int i = 0; i < LONGEST_VARINT; i++) {
      if (position == end) {
        throw new IOException(
            "a number at byte " + position + " has no end; the file is cut off or damaged");
      }
      byte b = bytes[position++];
      value |= (long) (b & 0x7F) << 7 * i;
      if (b >= 0) {
        return value;
      }
    }
    throw new IOException("a number before byte " + position + " is too long; it is damaged");
  }

  /** Returns the number of the field. */
  int field() {
    return field;
  }

  /** Tells whether the field is a list of numbers one after the other, not a single one. */
  boolean packed() {
    return wire == LENGTH;
  }

  /** Returns the bytes of the field's value. */
  int length() {
    return position - valueFrom;
  }

  /** Returns a whole number. */
  long integer() throws IOException {
    require(VARINT, "a whole number");
    return number;
  }

  /** Returns a whole number that fits 32 bits. */
  int small() throws IOException {
    long value = integer();
    if (value != (int) value) {
      throw new IOException("field " + field + " is " + value + ", which is out of range");
    }
    return (int) value;
  }

  /** Returns a number of type float. */
  float real() throws IOException {
    require(FOUR_BYTES, "a float");
    return value().getFloat();
  }

  /** Returns a number of type double. */
  double precise() throws IOException {
    require(EIGHT_BYTES, "a double");
    return value().getDouble();
  }

  /** Returns a string. */
  String text() throws IOException {
    require(LENGTH, "text");
    return new String(bytes, valueFrom, length(), StandardCharsets.UTF_8);
  }

  /** Returns bytes, which are little-endian where they are numbers; not a copy. */
  ByteBuffer content() throws IOException {
    require(LENGTH, "bytes");
    return value();
  }

  /** Returns a message within this one. */
  Message message() throws IOException {
    require(LENGTH, "a message");
    return new Message(bytes, valueFrom, position);
  }

  /** Returns the numbers of a packed field, to be read by {@link #element}. */
  Message elements() throws IOException {
    return message();
  }

  /** Tells whether there are more elements. */
  boolean more() {
    return position < end;
  }

  /** Returns the next whole number of a packed field. */
  long element() throws IOException {
    return varint();
  }

  private ByteBuffer value() {
    return ByteBuffer.wrap(bytes, valueFrom, length()).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns a reader of the same message, from its beginning, that had not been moved yet. */
  Message fork() {
    return new Message(bytes, position, end);
  }

  /** Returns a reader of the same message that does not hold the file, if the message is small. */
  Message detached() {
    return end - position > SMALL ? fork() : new Message(Arrays.copyOfRange(bytes, position, end));
  }

  private void require(int expected, String what) throws IOException {
    if (wire != expected) {
      throw new IOException(
          "field " + field + " before byte " + position + " should be " + what + "; it is damaged");
    }
  }
}
