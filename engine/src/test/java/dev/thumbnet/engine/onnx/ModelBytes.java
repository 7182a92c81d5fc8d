package dev.thumbnet.engine.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A small model file in the making, field by field, right or wrong. */
final class ModelBytes {
  static final int FLOAT = 1;
  static final int INT64 = 7;

  private final Protobuf graph = new Protobuf();
  private final Protobuf model = new Protobuf();
  private int ir = 8;
  private int opset = 17;

  ModelBytes ir(int version) {
    ir = version;
    return this;
  }

  ModelBytes opset(int version) {
    opset = version;
    return this;
  }

  /** Adds a message to the graph. */
  ModelBytes graphField(int field, Protobuf message) {
    graph.message(field, message);
    return this;
  }

  /** Adds a message to the model. */
  ModelBytes modelField(int field, Protobuf message) {
    model.message(field, message);
    return this;
  }

  ModelBytes input(String name, long... dims) {
    return graphField(11, value(name, FLOAT, dims));
  }

  ModelBytes output(String name) {
    return graphField(12, value(name, FLOAT));
  }

  /** A value with a type; extents of 0 are open. */
  static Protobuf value(String name, int type, long... dims) {
    Protobuf shape = new Protobuf();
    for (long extent : dims) {
      shape.message(
          1, extent == 0 ? new Protobuf().text(2, "n") : new Protobuf().integer(1, extent));
    }
    Protobuf tensor = new Protobuf().integer(1, type).message(2, shape);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
  }

  /** Adds a node with one output. */
  ModelBytes node(String operator, String output, String... inputs) {
    return node(operator, output, new Protobuf[0], inputs);
  }

  /** Adds a node with attributes. */
  ModelBytes node(String operator, String output, Protobuf[] attributes, String... inputs) {
    Protobuf node = new Protobuf();
    for (String input : inputs) {
      node.text(1, input);
    }
    for (String name : output.split(",")) {
      node.text(2, name);
    }
    node.text(3, "the " + output).text(4, operator);
    for (Protobuf attribute : attributes) {
      node.message(5, attribute);
    }
    return graphField(1, node);
  }

  static Protobuf whole(String name, long value) {
    return new Protobuf().text(1, name).integer(3, value).integer(20, 2);
  }

  static Protobuf real(String name, float value) {
    return new Protobuf().text(1, name).real(2, value).integer(20, 1);
  }

  static Protobuf text(String name, String value) {
    return new Protobuf().text(1, name).text(4, value).integer(20, 3);
  }

  static Protobuf wholes(String name, long... values) {
    Protobuf attribute = new Protobuf().text(1, name);
    for (long value : values) {
      attribute.integer(8, value);
    }
    return attribute.integer(20, 7);
  }

  static Protobuf[] with(Protobuf... attributes) {
    return attributes;
  }

  // ---------------------------------------------------------------- tensors

  /** A tensor without numbers. */
  static Protobuf tensor(String name, int type, long... dims) {
    Protobuf tensor = new Protobuf();
    for (long extent : dims) {
      tensor.integer(1, extent);
    }
    return tensor.integer(2, type).text(8, name);
  }

  static Protobuf floats(String name, long[] dims, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor(name, FLOAT, dims).bytes(9, bytes.array());
  }

  static Protobuf longs(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return tensor(name, INT64, values.length).bytes(9, bytes.array());
  }

  ModelBytes initializer(Protobuf tensor) {
    return graphField(5, tensor);
  }

  // ---------------------------------------------------------------- the file

  byte[] bytes() {
    return bytes(
        new Protobuf()
            .integer(1, ir)
            .message(8, new Protobuf().integer(2, opset))
            .message(7, graph),
        model);
  }

  static byte[] bytes(Protobuf... messages) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      for (Protobuf message : messages) {
        message.writeTo(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
