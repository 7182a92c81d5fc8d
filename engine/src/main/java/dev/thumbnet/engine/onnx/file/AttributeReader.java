package dev.thumbnet.engine.onnx.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads messages of type AttributeProto. */
final class AttributeReader {
  /** A long for what may be one byte in the file; far more than operators have axes. */
  private static final int MOST_NUMBERS = 65_536;

  private static final int REAL = 1;
  private static final int WHOLE = 2;
  private static final int TEXT = 3;
  private static final int TENSOR = 4;
  private static final int GRAPH = 5;
  private static final int REALS = 6;
  private static final int WHOLES = 7;

  private final ExternalData folder;
  private String name = "";
  private long type;
  private double real;
  private long whole;
  private String text = "";
  private @Nullable TensorData tensor;
  private double[] reals = new double[4];
  private int realCount;
  private long[] wholes = new long[4];
  private int wholeCount;

  private AttributeReader(ExternalData folder) {
    this.folder = folder;
  }

  /** Reads an attribute and adds it to others. */
  static void read(Message message, ExternalData folder, Map<String, Attribute> attributes)
      throws IOException {
    AttributeReader reader = new AttributeReader(folder);
    reader.fields(message);
    if (reader.name.isEmpty() || attributes.put(reader.name, reader.value()) != null) {
      throw new IOException(
          "an attribute has no name or that of another: '" + reader.name + "'; it is damaged");
    }
  }

  private void fields(Message message) throws IOException {
    while (message.next()) {
      switch (message.field()) {
        case 1 -> name = message.text();
        case 2 -> real = message.real();
        case 3 -> whole = message.integer();
        case 4 -> text = message.text();
        case 5 -> tensor = TensorReader.read(message.message(), folder);
        case 7 -> reals(message);
        case 8 -> wholes(message);
        case 20 -> type = message.integer();
        default -> {
          // Of other types, or descriptions.
        }
      }
    }
  }

  private void reals(Message message) throws IOException {
    if (!message.packed()) {
      add(message.real());
      return;
    }
    for (ByteBuffer bytes = message.content(); bytes.remaining() >= Float.BYTES; ) {
      add(bytes.getFloat());
    }
  }

  private void add(float value) throws IOException {
    if (realCount == reals.length) {
      reals = Arrays.copyOf(reals, grown(realCount));
    }
    reals[realCount++] = value;
  }

  private void wholes(Message message) throws IOException {
    if (!message.packed()) {
      add(message.integer());
      return;
    }
    for (Message elements = message.elements(); elements.more(); ) {
      add(elements.element());
    }
  }

  private void add(long value) throws IOException {
    if (wholeCount == wholes.length) {
      wholes = Arrays.copyOf(wholes, grown(wholeCount));
    }
    wholes[wholeCount++] = value;
  }

  private int grown(int count) throws IOException {
    if (count >= MOST_NUMBERS) {
      throw new IOException(
          "attribute '" + name + "' has more than " + MOST_NUMBERS + " numbers, which is too many");
    }
    return 2 * count;
  }

  private Attribute value() throws IOException {
    if (type == TENSOR) {
      if (tensor == null) {
        throw new IOException("attribute '" + name + "' has no tensor; the file is damaged");
      }
      return new Attribute.Numbers(tensor);
    }
    if (type == REAL) {
      return new Attribute.Real(real);
    } else if (type == WHOLE) {
      return new Attribute.Whole(whole);
    } else if (type == TEXT) {
      return new Attribute.Text(text);
    } else if (type == REALS) {
      return new Attribute.Reals(Arrays.copyOf(reals, realCount));
    } else if (type == WHOLES) {
      return new Attribute.Wholes(Arrays.copyOf(wholes, wholeCount));
    }
    return new Attribute.Other(type == GRAPH ? "a sub-graph" : "of type " + type);
  }
}
