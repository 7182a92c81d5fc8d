package dev.thumbnet.bench.peers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Python's pickle format, protocol 2, as far as TorchScript's archives need it. */
final class Pickle {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Pickle() {
    code(0x80).code(2);
  }

  Pickle mark() {
    return code('(');
  }

  /** Ends a tuple that began with a mark. */
  Pickle tuple() {
    return code('t');
  }

  Pickle emptyTuple() {
    return code(')');
  }

  Pickle emptyDictionary() {
    return code('}');
  }

  /** Puts names and values since the mark into the dictionary before it. */
  Pickle setItems() {
    return code('u');
  }

  /** Calls what lies below the tuple on top with it. */
  Pickle reduce() {
    return code('R');
  }

  /** Makes an object of the class below the tuple on top. */
  Pickle newObject() {
    return code(0x81);
  }

  /** Gives the object its state. */
  Pickle build() {
    return code('b');
  }

  Pickle bool(boolean value) {
    return code(value ? 0x88 : 0x89);
  }

  Pickle integer(int value) {
    code('J');
    bytes.writeBytes(littleEndian(value));
    return this;
  }

  Pickle text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    code('X');
    bytes.writeBytes(littleEndian(utf8.length));
    bytes.writeBytes(utf8);
    return this;
  }

  /** Names something that a module of Python has. */
  Pickle global(String module, String name) {
    code('c');
    bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Adds a float tensor whose elements are in a file of their own. */
  Pickle tensor(String file, int[] shape, int elements) {
    global("torch._utils", "_rebuild_tensor_v2").mark();
    mark().text("storage").global("torch", "FloatStorage").text(file).text("cpu");
    integer(elements).tuple().code('Q');
    integer(0).mark();
    for (int extent : shape) {
      integer(extent);
    }
    tuple().mark();
    int stride = elements;
    for (int extent : shape) {
      stride /= extent;
      integer(stride);
    }
    tuple().bool(false);
    return global("collections", "OrderedDict").emptyTuple().reduce().tuple().reduce();
  }

  byte[] end() {
    code('.');
    return bytes.toByteArray();
  }

  private Pickle code(int code) {
    bytes.write(code);
    return this;
  }

  private static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
