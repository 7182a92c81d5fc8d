package dev.thumbnet.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/** A graph in ONNX's format in the making: nodes, constants and what goes in and out. */
final class GraphBuilder {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final String BATCH = "n";

  private final Protobuf graph = new Protobuf().text(2, "thumbnet");
  private final Set<String> constants = new HashSet<>();

  /** Returns the graph. */
  Protobuf graph() {
    return graph;
  }

  /** Describes the input; its first extent is free. */
  void input(String name, int[] dims) {
    graph.message(11, value(name, dims));
  }

  /** Describes the output; its first extent is free. */
  void output(String name, int[] dims) {
    graph.message(12, value(name, dims));
  }

  private static Protobuf value(String name, int[] dims) {
    Protobuf shape = new Protobuf().message(1, new Protobuf().text(2, BATCH));
    for (int i = 1; i < dims.length; i++) {
      shape.message(1, new Protobuf().integer(1, dims[i]));
    }
    Protobuf tensor = new Protobuf().integer(1, FLOAT).message(2, shape);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
  }

  // ---------------------------------------------------------------- constants

  /** Adds a constant, unless there is one of that name, and returns its name. */
  String constant(String name, long[] dims, float[] elements) {
    byte[] bytes = new byte[Math.multiplyExact(elements.length, Float.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(elements);
    return constant(name, dims, FLOAT, bytes);
  }

  /** As {@link #constant(String, long[], float[])}, for one number. */
  String scalar(String name, double value) {
    return constant(name, new long[0], new float[] {(float) value});
  }

  /** As {@link #constant(String, long[], float[])}, for a list of whole numbers. */
  String integers(String name, int... elements) {
    byte[] bytes = new byte[Math.multiplyExact(elements.length, Long.BYTES)];
    long[] longs = IntStream.of(elements).asLongStream().toArray();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(longs);
    return constant(name, new long[] {elements.length}, INT64, bytes);
  }

  private String constant(String name, long[] dims, int type, byte[] bytes) {
    if (constants.add(name)) {
      Protobuf tensor = new Protobuf();
      for (long extent : dims) {
        tensor.integer(1, extent);
      }
      graph.message(5, tensor.integer(2, type).text(8, name).bytes(9, bytes));
    }
    return name;
  }

  // ---------------------------------------------------------------- nodes

  /** Starts a node. */
  Node node(String type, String result, String... inputs) {
    Node node = new Node(type, result);
    for (String input : inputs) {
      node.input(input);
    }
    return node;
  }

  /** A node in the making; its attributes have the types that ONNX wants them to name. */
  final class Node {
    private static final int TYPE_FLOAT = 1;
    private static final int TYPE_INT = 2;
    private static final int TYPE_INTS = 7;

    private final Protobuf message = new Protobuf();
    private final String type;
    private final String result;

    Node(String type, String result) {
      this.type = type;
      this.result = result;
    }

    Node input(String name) {
      message.text(1, name);
      return this;
    }

    Node real(String name, double value) {
      return attribute(new Protobuf().text(1, name).real(2, (float) value), TYPE_FLOAT);
    }

    Node integer(String name, int value) {
      return attribute(new Protobuf().text(1, name).integer(3, value), TYPE_INT);
    }

    Node integers(String name, int... values) {
      Protobuf attribute = new Protobuf().text(1, name);
      for (int value : values) {
        attribute.integer(8, value);
      }
      return attribute(attribute, TYPE_INTS);
    }

    private Node attribute(Protobuf attribute, int attributeType) {
      message.message(5, attribute.integer(20, attributeType));
      return this;
    }

    /** Adds the node to the graph. */
    void end() {
      message.text(2, result).text(3, result).text(4, type);
      graph.message(1, message);
    }
  }
}
