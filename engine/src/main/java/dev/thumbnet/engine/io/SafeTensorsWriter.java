package dev.thumbnet.engine.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Collects named tensors and free text and writes them as one safetensors file. The same content
 * gives the same bytes: tensors are sorted by the size of their elements, largest first, then by
 * name, so each is aligned; the header is padded with spaces to a multiple of 8 bytes.
 *
 * <p>The arrays handed over are not copied; they must not be changed before the file is written.
 * Instances are not safe for use by several threads at once.
 *
 * <pre>{@code
 * new SafeTensorsWriter()
 *     .metadata("format", "pt")
 *     .put("fc.bias", new long[] {10}, bias)
 *     .write(path);
 * }</pre>
 */
public final class SafeTensorsWriter {
  private static final int CHUNK_BYTES = 1 << 18;
  private static final int ALIGNMENT = 8;

  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Item> items = new LinkedHashMap<>();

  /** Creates a writer without content. */
  public SafeTensorsWriter() {}

  /**
   * Adds a free text entry; one of the same key is replaced.
   *
   * @throws IllegalArgumentException if UTF-8 cannot express the text
   */
  public SafeTensorsWriter metadata(String key, String value) {
    checkText(key);
    checkText(value);
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a tensor of type {@code F32}.
   *
   * @param shape the dimensions, empty for a scalar
   * @throws IllegalArgumentException if the name is taken or the number of values does not match
   */
  public SafeTensorsWriter put(String name, long[] shape, float[] values) {
    return put(name, DType.F32, shape, values);
  }

  /**
   * Adds a tensor of a floating-point type; values are rounded to the nearest one it can express.
   *
   * @param dtype {@code F16}, {@code BF16}, {@code F32} or {@code F64}
   * @param shape the dimensions, empty for a scalar
   * @throws IllegalArgumentException if the name is taken, the type is an integer type or the
   *     number of values does not match
   */
  public SafeTensorsWriter put(String name, DType dtype, long[] shape, float[] values) {
    Filler filler =
        switch (dtype) {
          case F16 -> (chunk, i) -> chunk.putShort(Float.floatToFloat16(values[i]));
          case BF16 -> (chunk, i) -> chunk.putShort(DType.floatToBfloat16(values[i]));
          case F32 -> (chunk, i) -> chunk.putFloat(values[i]);
          case F64 -> (chunk, i) -> chunk.putDouble(values[i]);
          default -> throw wrongKind(name, dtype, "floating-point");
        };
    return add(name, dtype, shape, values.length, filler);
  }

  /**
   * Adds a tensor of type {@code F64}.
   *
   * @param shape the dimensions, empty for a scalar
   * @throws IllegalArgumentException if the name is taken or the number of values does not match
   */
  public SafeTensorsWriter put(String name, long[] shape, double[] values) {
    return add(name, DType.F64, shape, values.length, (chunk, i) -> chunk.putDouble(values[i]));
  }

  /**
   * Adds a tensor of an integer type.
   *
   * @param dtype an integer type or {@code BOOL}
   * @param shape the dimensions, empty for a scalar
   * @throws IllegalArgumentException if the name is taken, the type is a floating-point type, a
   *     value is out of its range or the number of values does not match
   */
  public SafeTensorsWriter put(String name, DType dtype, long[] shape, long[] values) {
    if (dtype.isFloat()) {
      throw wrongKind(name, dtype, "integer");
    }
    for (long value : values) {
      if (value < dtype.minimum() || value > dtype.maximum()) {
        throw new IllegalArgumentException(
            "Tensor "
                + Header.quote(name)
                + ": "
                + value
                + " does not fit "
                + dtype
                + " ("
                + dtype.minimum()
                + " to "
                + dtype.maximum()
                + "); choose a wider type");
      }
    }
    Filler filler =
        switch (dtype.bytes()) {
          case 1 -> (chunk, i) -> chunk.put((byte) values[i]);
          case 2 -> (chunk, i) -> chunk.putShort((short) values[i]);
          case 4 -> (chunk, i) -> chunk.putInt((int) values[i]);
          default -> (chunk, i) -> chunk.putLong(values[i]);
        };
    return add(name, dtype, shape, values.length, filler);
  }

  /**
   * Writes the file. It appears under its name only when it is complete and on the disk: an older
   * file of that name stays whole if anything fails before. An interrupt does not disturb it.
   *
   * @param path a file, of any file system
   * @throws SafeTensorsException if the file cannot be written
   */
  public void write(Path path) {
    try {
      AtomicFile.write(path, this::writeTo);
    } catch (IOException e) {
      throw new SafeTensorsException(
          Objects.requireNonNullElse(e.getMessage(), path.toString()), e);
    }
  }

  /**
   * Writes the content of the file to a stream, which is left open.
   *
   * @throws SafeTensorsException if the stream fails
   */
  public void write(OutputStream stream) {
    try {
      writeTo(stream);
    } catch (IOException e) {
      throw new SafeTensorsException("The safetensors stream cannot be written: " + e, e);
    }
  }

  private SafeTensorsWriter add(String name, DType dtype, long[] shape, int count, Filler filler) {
    checkText(name);
    if (name.equals(Header.METADATA_KEY)) {
      throw new IllegalArgumentException(
          "A tensor cannot be called " + name + ": the format keeps that name; choose another");
    }
    if (elementCount(name, shape) != count) {
      throw new IllegalArgumentException(
          "Tensor "
              + Header.quote(name)
              + " of shape "
              + Header.print(shape)
              + " needs "
              + elementCount(name, shape)
              + " values, not "
              + count);
    }
    if (items.putIfAbsent(name, new Item(name, dtype, shape.clone(), count, filler)) != null) {
      throw new IllegalArgumentException(
          "Tensor " + Header.quote(name) + " was put twice; choose another name");
    }
    return this;
  }

  private static long elementCount(String name, long[] shape) {
    long count = 1;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "Tensor "
                + Header.quote(name)
                + " has a negative dimension in its shape "
                + Header.print(shape));
      }
      count = Math.multiplyExact(count, dimension);
    }
    return count;
  }

  private static void checkText(String text) {
    if (HeaderParser.hasLoneSurrogate(text)) {
      throw new IllegalArgumentException(
          Header.quote(text) + " holds half a surrogate pair, which UTF-8 cannot express");
    }
  }

  private static IllegalArgumentException wrongKind(String name, DType dtype, String wanted) {
    return new IllegalArgumentException(
        "Tensor "
            + Header.quote(name)
            + ": "
            + dtype
            + " is not a type for these values; choose a type that is "
            + wanted);
  }

  private void writeTo(OutputStream stream) throws IOException {
    List<Item> sorted = new ArrayList<>(items.values());
    sorted.sort(
        Comparator.comparingInt((Item item) -> -item.dtype.bytes()).thenComparing(Item::name));
    byte[] header = header(sorted);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    write(stream, chunk.putLong(header.length));
    stream.write(header);
    for (Item item : sorted) {
      int chunkElements = CHUNK_BYTES / item.dtype.bytes();
      for (long from = 0; from < item.count; from += chunkElements) {
        chunk.clear();
        int to = (int) Math.min(from + chunkElements, item.count);
        for (int i = (int) from; i < to; i++) {
          item.filler.putElement(chunk, i);
        }
        write(stream, chunk);
      }
    }
  }

  private byte[] header(List<Item> sorted) throws IOException {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      appendString(json, Header.METADATA_KEY);
      json.append(":{");
      metadata.forEach(
          (key, value) -> {
            appendString(json, key);
            json.append(':');
            appendString(json, value);
            json.append(',');
          });
      json.setCharAt(json.length() - 1, '}');
      json.append(',');
    }
    long offset = 0;
    for (Item item : sorted) {
      long end = Math.addExact(offset, (long) item.count * item.dtype.bytes());
      appendItem(json, item, offset, end);
      offset = end;
    }
    if (json.length() > 1) {
      json.setLength(json.length() - 1);
    }
    byte[] text = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (padded > Header.MAX_BYTES) {
      throw new IOException("the header of " + padded + " bytes exceeds " + Header.MAX_BYTES);
    }
    byte[] header = new byte[padded];
    System.arraycopy(text, 0, header, 0, text.length);
    Arrays.fill(header, text.length, padded, (byte) ' ');
    return header;
  }

  private static void appendItem(StringBuilder json, Item item, long begin, long end) {
    appendString(json, item.name);
    json.append(":{\"dtype\":\"").append(item.dtype).append("\",\"shape\":[");
    for (int i = 0; i < item.shape.length; i++) {
      json.append(i == 0 ? "" : ",").append(item.shape[i]);
    }
    json.append("],\"data_offsets\":[").append(begin).append(',').append(end).append("]},");
  }

  private static void appendString(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }

  private static void write(OutputStream stream, ByteBuffer chunk) throws IOException {
    stream.write(chunk.array(), 0, chunk.position());
  }

  private record Item(String name, DType dtype, long[] shape, int count, Filler filler) {}

  /** Appends the element of an index to a chunk. */
  private interface Filler {
    void putElement(ByteBuffer chunk, int index);
  }
}
