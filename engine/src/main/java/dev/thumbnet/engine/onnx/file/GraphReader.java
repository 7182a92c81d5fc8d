package dev.thumbnet.engine.onnx.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a model file, a message of type ModelProto. Messages lie within each other no deeper than
 * the format needs; sub-graphs are not entered. What the engine can do nothing with, such as
 * functions and sparse tensors, is refused by name.
 */
public final class GraphReader {
  private static final int OLDEST_IR = 3;
  private static final int OLDEST_OPSET = 6;
  private static final int NEWEST_OPSET = 26;

  /** A list has an object for each item, which may take two bytes of a file. */
  private static final int MOST_ITEMS = 100_000;

  private final ExternalData folder;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, TensorData> initializers = new LinkedHashMap<>();
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final List<ValueInfo> outputs = new ArrayList<>();

  private GraphReader(@Nullable Path folder) {
    this.folder = new ExternalData(folder);
  }

  /**
   * Reads a model.
   *
   * @param bytes the file, kept and not copied
   * @param folder where files with the numbers of its tensors may be, if they may be anywhere
   * @throws IOException if it is not one, or not one that can be read; the message says why
   */
  public static Graph read(byte[] bytes, @Nullable Path folder) throws IOException {
    return new GraphReader(folder).model(new Message(bytes));
  }

  private Graph model(Message message) throws IOException {
    long ir = 0;
    long opset = 0;
    Message graph = null;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> ir = message.integer();
        case 7 -> graph = message.message();
        case 8 -> opset = Math.max(opset, opset(message.message()));
        case 25 ->
            throw new IOException(
                "function '"
                    + name(message.message(), 1)
                    + "': functions are not read; export without them, or inline them");
        default -> {
          // Who made the model, and the like.
        }
      }
    }
    if (graph == null) {
      throw new IOException("there is no graph in it, so that it is no ONNX model");
    }
    if (ir < OLDEST_IR) {
      throw new IOException(
          "its IR version is " + ir + ", older than " + OLDEST_IR + "; export it anew");
    }
    if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
      throw new IOException(
          "its operators are of opset "
              + opset
              + ", but "
              + OLDEST_OPSET
              + " to "
              + NEWEST_OPSET
              + " are known; export it with one of these");
    }
    graph(graph);
    inputs.removeIf(input -> initializers.containsKey(input.name()));
    return new Graph((int) opset, nodes, initializers, inputs, outputs);
  }

  /** Returns the version of ONNX's own operators, 0 if the message is of others. */
  private static long opset(Message message) throws IOException {
    String domain = "";
    long version = 0;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> domain = message.text();
        case 2 -> version = message.integer();
        default -> {
          // Nothing else is known of it.
        }
      }
    }
    return ownDomain(domain).isEmpty() ? version : 0;
  }

  private static String ownDomain(String domain) {
    return domain.equals("ai.onnx") ? "" : domain;
  }

  private static String name(Message message, int field) throws IOException {
    while (message.next()) {
      if (message.field() == field) {
        return message.text();
      }
    }
    return "";
  }

  private void graph(Message message) throws IOException {
    while (message.next()) {
      switch (message.field()) {
        case 1 -> add(nodes, node(message.message()));
        case 5 -> initializer(TensorReader.read(message.message(), folder));
        case 11 -> add(inputs, value(message.message()));
        case 12 -> add(outputs, value(message.message()));
        case 15 ->
            throw new IOException("it has a sparse initialiser, which is not read; make it dense");
        default -> {
          // Descriptions, and shapes that follow from the nodes.
        }
      }
    }
  }

  private static <T> void add(List<T> list, T item) throws IOException {
    if (list.size() == MOST_ITEMS) {
      throw new IOException(
          "the graph is too large: a list has more than " + MOST_ITEMS + " items");
    }
    list.add(item);
  }

  private void initializer(TensorData tensor) throws IOException {
    if (tensor.name().isEmpty() || initializers.put(tensor.name(), tensor) != null) {
      throw new IOException(
          "an initialiser has no name or that of another: '" + tensor.name() + "'; it is damaged");
    }
    if (initializers.size() > MOST_ITEMS) {
      throw new IOException("the graph is too large: more than " + MOST_ITEMS + " initialisers");
    }
  }

  private Node node(Message message) throws IOException {
    String name = "";
    String operator = "";
    String domain = "";
    List<String> in = new ArrayList<>(2);
    List<String> out = new ArrayList<>(1);
    List<Message> described = new ArrayList<>();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> add(in, message.text());
        case 2 -> add(out, message.text());
        case 3 -> name = message.text();
        case 4 -> operator = message.text();
        case 5 -> add(described, message.message());
        case 7 -> domain = ownDomain(message.text());
        default -> {
          // Descriptions.
        }
      }
    }
    if (operator.isEmpty() || out.isEmpty()) {
      throw new IOException("node '" + name + "' has no operator or no output; it is damaged");
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    Node node =
        new Node(name.isEmpty() ? out.getFirst() : name, operator, domain, in, out, attributes);
    for (Message attribute : described) {
      try {
        AttributeReader.read(attribute, folder, attributes);
      } catch (IOException e) {
        throw new IOException(node + ": " + e.getMessage(), e);
      }
    }
    return node;
  }

  // ---------------------------------------------------------------- inputs and outputs

  private static ValueInfo value(Message message) throws IOException {
    String name = "";
    Message tensor = null;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> name = message.text();
        case 2 -> tensor = tensorType(message.message(), name);
        default -> {
          // Descriptions.
        }
      }
    }
    if (tensor == null) {
      throw new IOException("'" + name + "', an input or output, has no type; it is damaged");
    }
    return value(name, tensor);
  }

  private static Message tensorType(Message message, String name) throws IOException {
    while (message.next()) {
      switch (message.field()) {
        case 1 -> {
          return message.message();
        }
        case 4, 5, 7, 8, 9 ->
            throw new IOException(
                "'"
                    + name
                    + "', an input or output, is a sequence, a map, optional or sparse; only dense"
                    + " tensors are read");
        default -> {
          // What the value means.
        }
      }
    }
    throw new IOException("'" + name + "', an input or output, is of no type; it is damaged");
  }

  private static ValueInfo value(String name, Message tensor) throws IOException {
    long type = 0;
    Message shape = null;
    while (tensor.next()) {
      switch (tensor.field()) {
        case 1 -> type = tensor.integer();
        case 2 -> shape = tensor.message();
        default -> {
          // Nothing else is known of it.
        }
      }
    }
    ElementType known = ElementType.of(type);
    boolean real = known != null && known.isFloat();
    List<Integer> dims = new ArrayList<>();
    while (shape != null && shape.next()) {
      if (shape.field() == 1) {
        if (dims.size() == ValueInfo.MOST_AXES) {
          throw new IOException(
              "'" + name + "', an input or output, has more than " + dims.size() + " axes");
        }
        dims.add(dim(shape.message()));
      }
    }
    int[] extents = dims.stream().mapToInt(Integer::intValue).toArray();
    return new ValueInfo(name, ElementType.name(type), real, extents, shape != null);
  }

  private static int dim(Message message) throws IOException {
    int extent = ValueInfo.FREE;
    while (message.next()) {
      if (message.field() == 1) {
        int value = message.small();
        extent = value > 0 ? value : ValueInfo.FREE;
      }
    }
    return extent;
  }
}
