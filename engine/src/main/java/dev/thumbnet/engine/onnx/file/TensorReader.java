package dev.thumbnet.engine.onnx.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads messages of type TensorProto: everything but the numbers, which are only counted. */
final class TensorReader {
  /** Field of typed numbers of type float. */
  static final int FLOATS = 4;

  /** Field of typed numbers of type double. */
  static final int DOUBLES = 10;

  private static final int INT32S = 5;
  private static final int INT64S = 7;

  private static final int DIMS = 1;
  private static final int TYPE = 2;
  private static final int SEGMENT = 3;
  private static final int NAME = 8;
  private static final int RAW = 9;
  private static final int EXTERNAL = 13;
  private static final int LOCATION = 14;

  private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 64;

  private final ExternalData folder;
  private String name = "";
  private long type;
  private final int[] dims = new int[ValueInfo.MOST_AXES];
  private int rank;
  private @Nullable ByteBuffer raw;
  private boolean external;
  private final Map<String, String> externalEntries = new HashMap<>();

  private TensorReader(ExternalData folder) {
    this.folder = folder;
  }

  /** Returns the field in which the typed numbers of a type are. */
  static int field(ElementType type) {
    return switch (type) {
      case FLOAT -> FLOATS;
      case DOUBLE -> DOUBLES;
      case INT64 -> INT64S;
      case INT32, INT8, UINT8, BOOL, FLOAT16, BFLOAT16 -> INT32S;
    };
  }

  /** Reads a tensor. */
  static TensorData read(Message message, ExternalData folder) throws IOException {
    TensorReader reader = new TensorReader(folder);
    Message detached = message.detached();
    Message numbers = detached.fork();
    try {
      reader.fields(detached);
      return reader.tensor(numbers);
    } catch (IOException e) {
      throw new IOException("tensor '" + reader.name + "': " + e.getMessage(), e);
    }
  }

  private void fields(Message message) throws IOException {
    while (message.next()) {
      switch (message.field()) {
        case DIMS -> dims(message);
        case TYPE -> type = message.integer();
        case SEGMENT -> throw new IOException("it is split into segments, which are not read");
        case NAME -> name = message.text();
        case RAW -> raw = message.content();
        case EXTERNAL -> externalEntry(message.message());
        case LOCATION -> external = message.integer() == 1;
        default -> {
          // Typed numbers are counted later, when their type is known.
        }
      }
    }
  }

  private void dims(Message message) throws IOException {
    if (!message.packed()) {
      dim(message.integer());
      return;
    }
    for (Message elements = message.elements(); elements.more(); ) {
      dim(elements.element());
    }
  }

  private void dim(long extent) throws IOException {
    if (extent < 0 || extent > MOST_ELEMENTS) {
      throw new IOException("it has an extent of " + extent + "; the file is damaged");
    }
    if (rank == ValueInfo.MOST_AXES) {
      throw new IOException("it has more than " + ValueInfo.MOST_AXES + " axes");
    }
    dims[rank++] = (int) extent;
  }

  private void externalEntry(Message message) throws IOException {
    String key = "";
    String value = "";
    while (message.next()) {
      switch (message.field()) {
        case 1 -> key = message.text();
        case 2 -> value = message.text();
        default -> {
          // Nothing else is known of it.
        }
      }
    }
    externalEntries.put(key, value);
  }

  private TensorData tensor(Message numbers) throws IOException {
    ElementType known = ElementType.of(type);
    if (known == null) {
      throw new IOException("its element type " + ElementType.name(type) + " is not read");
    }
    int[] shape = Arrays.copyOf(dims, rank);
    long size = 1;
    for (int extent : shape) {
      size *= extent;
      if (size > MOST_ELEMENTS) {
        throw new IOException(
            "its shape " + Arrays.toString(shape) + " has more elements than fit one array");
      }
    }
    return new TensorData(name, known, shape, (int) size, content(known, size, numbers));
  }

  private TensorData.Content content(ElementType known, long size, Message numbers)
      throws IOException {
    if (external) {
      return new TensorData.External(folder.range(externalEntries, size * known.bytes()));
    }
    if (raw != null) {
      requireCount(size * known.bytes(), raw.remaining(), "bytes");
      return new TensorData.Raw(raw);
    }
    requireCount(size, count(numbers.fork(), known), "numbers");
    return new TensorData.Typed(numbers);
  }

  private static void requireCount(long expected, long found, String what) throws IOException {
    if (found != expected) {
      throw new IOException(
          "its shape wants "
              + expected
              + " "
              + what
              + " but the file has "
              + found
              + "; it is damaged or was written wrongly");
    }
  }

  private static long count(Message message, ElementType known) throws IOException {
    int field = field(known);
    boolean real = field == FLOATS || field == DOUBLES;
    long count = 0;
    while (message.next()) {
      if (message.field() != field) {
        continue;
      }
      if (!message.packed()) {
        if (real && field == FLOATS) {
          message.real();
        } else if (real) {
          message.precise();
        } else {
          message.integer();
        }
        count++;
      } else if (real) {
        if (message.length() % known.bytes() != 0) {
          throw new IOException("its last number is cut off; the file is damaged");
        }
        count += message.length() / known.bytes();
      } else {
        for (Message elements = message.elements(); elements.more(); count++) {
          elements.element();
        }
      }
    }
    return count;
  }
}
