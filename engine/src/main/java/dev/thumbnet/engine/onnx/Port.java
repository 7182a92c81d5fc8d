package dev.thumbnet.engine.onnx;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.file.Attribute;
import dev.thumbnet.engine.onnx.file.Graph;
import dev.thumbnet.engine.onnx.file.Node;
import dev.thumbnet.engine.onnx.file.ValueInfo;
import dev.thumbnet.engine.onnx.value.Arrangement;
import dev.thumbnet.engine.onnx.value.Value.Live;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * An input of a network.
 *
 * @param info what the file says
 * @param memory which of the file's axes is the first in memory, the second and so on
 */
record Port(ValueInfo info, int[] memory) {
  /** The order of a picture's axes in memory. */
  private static final int[] PICTURE = {0, 2, 3, 1};

  /** What a file with channels last does to its input: (n, h, w, c) to (n, c, h, w). */
  private static final long[] FROM_LAST = {0, 3, 1, 2};

  /** With two, nobody takes the number of pictures for that of anything else. */
  private static final int EXAMPLES = 2;

  /** Finds out how the inputs of a graph lie in memory, by name and in the file's order. */
  static Map<String, Port> all(Graph graph) throws IOException {
    Map<String, List<Node>> readers = new HashMap<>();
    graph.inputs().forEach(info -> readers.put(info.name(), new ArrayList<>()));
    for (Node node : graph.nodes()) {
      for (String input : node.inputs()) {
        if (readers.get(input) instanceof List<Node> some) {
          some.add(node);
        }
      }
    }
    Map<String, Port> ports = new LinkedHashMap<>();
    for (ValueInfo info : graph.inputs()) {
      ports.put(info.name(), of(info, readers.getOrDefault(info.name(), List.of())));
    }
    return ports;
  }

  private static Port of(ValueInfo info, List<Node> readers) throws IOException {
    if (!info.isFloat() || !info.ranked() || info.dims().length == 0) {
      throw new IOException(
          "input '"
              + info.name()
              + "' is of type "
              + info.type()
              + " and shape "
              + (info.ranked() ? Arrays.toString(info.dims()) : "unknown")
              + ", but it must be of floats, with a known number of axes, the first for pictures");
    }
    int rank = info.dims().length;
    boolean asInFile = rank != PICTURE.length || hasChannelsLast(info, readers);
    return new Port(info, asInFile ? IntStream.range(0, rank).toArray() : PICTURE.clone());
  }

  /** Such a picture is transposed first of all, and does not have more channels than rows. */
  private static boolean hasChannelsLast(ValueInfo info, List<Node> readers) {
    int rows = info.dims()[1];
    int channels = info.dims()[PICTURE.length - 1];
    return !readers.isEmpty()
        && (rows == ValueInfo.FREE || channels != ValueInfo.FREE && channels <= rows)
        && readers.stream()
            .allMatch(
                node ->
                    node.operator().equals("Transpose")
                        && node.attributes().get("perm") instanceof Attribute.Wholes(long[] perm)
                        && Arrays.equals(perm, FROM_LAST));
  }

  String name() {
    return info.name();
  }

  /** The number of pictures that the file fixes, or −1. */
  int pictures() {
    return info.dims()[0];
  }

  /** The extents in memory, −1 where the file leaves them open. */
  int[] dims() {
    return IntStream.of(memory).map(axis -> info.dims()[axis]).toArray();
  }

  /** Tells whether the file leaves open more than the number of pictures. */
  boolean isOpen() {
    return IntStream.of(info.dims()).skip(1).anyMatch(d -> d == ValueInfo.FREE);
  }

  /** A shape in memory that the input may have. */
  Shape example(int size, int channels) throws IOException {
    int[] dims = dims();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == ValueInfo.FREE) {
        boolean ofChannels = dims.length == PICTURE.length && i == dims.length - 1;
        dims[i] = i == 0 ? EXAMPLES : ofChannels ? channels : size;
      }
    }
    try {
      return Shape.of(dims);
    } catch (IllegalArgumentException e) {
      throw new IOException("input '" + name() + "': " + e.getMessage(), e);
    }
  }

  /** Checks the number of axes of a shape in memory, and returns it. */
  Shape checked(Shape shape) {
    if (shape.rank() != memory.length || shape.size() == 0) {
      throw new IllegalArgumentException(
          "input '"
              + name()
              + "' must be like "
              + Arrays.toString(dims())
              + (Arrays.equals(memory, PICTURE) ? ", pictures (n, h, w, c)" : "")
              + ", but has shape "
              + shape);
    }
    return shape;
  }

  /** A tensor with what the file's axes are of it. */
  Live live(Tensor tensor) {
    int[] dims = new int[memory.length];
    for (int i = 0; i < dims.length; i++) {
      dims[memory[i]] = tensor.dim(i);
    }
    return new Live(tensor, Arrangement.pictures(dims, memory));
  }

  @Override
  public String toString() {
    return name() + Arrays.toString(dims());
  }
}
