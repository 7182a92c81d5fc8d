package dev.thumbnet.engine.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An open safetensors file: named tensors and free text. Opening reads and checks the header alone;
 * the values of a tensor are read when they are asked for.
 *
 * <p>The format is a 64-bit length, a JSON header of that length, and the values in little-endian
 * row-major order. A header with a contradiction (sizes that do not match, holes, overlaps, names
 * that occur twice, bytes behind the last tensor) is refused with a {@link SafeTensorsException}.
 *
 * <p>Instances may be used by several threads at once. Interrupting a thread does not disturb its
 * reading.
 *
 * <pre>{@code
 * try (SafeTensors file = SafeTensors.open(path)) {
 *   float[] bias = file.tensor("fc.bias").floats();
 * }
 * }</pre>
 */
public final class SafeTensors implements AutoCloseable {
  private static final int LENGTH_BYTES = 8;
  private static final int CHUNK_BYTES = 1 << 18;

  private final String file;
  private final Source source;
  private final Map<String, String> metadata;
  private final Map<String, Entry> tensors;
  private volatile boolean closed;

  private SafeTensors(String file, Source source) throws IOException {
    this.file = file;
    this.source = source;
    long size = source.size();
    long dataStart = LENGTH_BYTES + headerBytes(size);
    String text = decode(readBytes(LENGTH_BYTES, (int) dataStart - LENGTH_BYTES));
    if (!text.startsWith("{")) {
      throw notSafeTensors("the header does not start with '{'");
    }
    Header header = Header.parse(file, text, size - dataStart);
    Map<String, Entry> entries = new LinkedHashMap<>();
    header.tensors().forEach((name, info) -> entries.put(name, new Entry(name, info, dataStart)));
    this.metadata = Collections.unmodifiableMap(header.metadata());
    this.tensors = Collections.unmodifiableMap(entries);
  }

  private SafeTensors(SafeTensors whole, Map<String, Entry> tensors) {
    this.file = whole.file;
    this.source = whole.source;
    this.metadata = whole.metadata;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /** Reads the length of the header and checks it before anything of that length is allocated. */
  private long headerBytes(long size) throws IOException {
    if (size < LENGTH_BYTES) {
      throw notSafeTensors("it has " + size + " bytes, fewer than the 8 of the length");
    }
    long length = readBytes(0, LENGTH_BYTES).getLong();
    if (length < 0 || length > Header.MAX_BYTES) {
      String count = Long.toUnsignedString(length);
      throw notSafeTensors(
          "the header length is " + count + " bytes, more than " + Header.MAX_BYTES);
    }
    if (length > size - LENGTH_BYTES) {
      throw notSafeTensors(
          "the header length is " + length + " bytes, but the file has only " + size);
    }
    long most = Runtime.getRuntime().maxMemory() / 2 / Header.MEMORY_FACTOR;
    if (length > most) {
      throw new SafeTensorsException(
          file
              + ": the header has "
              + length
              + " bytes, but with this JVM's heap at most "
              + most
              + " can be read; raise -Xmx");
    }
    return length;
  }

  private SafeTensorsException notSafeTensors(String problem) throws IOException {
    ByteBuffer first = readBytes(0, (int) Math.min(source.size(), ForeignFile.BYTES));
    return ForeignFile.describe(first.array())
        .map(kind -> new SafeTensorsException(file + ": " + kind))
        .orElseGet(() -> Header.damaged(file, null, problem));
  }

  /**
   * Opens a file and checks its header. It must be closed after use. Files in other file systems,
   * such as a jar, are read into memory.
   *
   * @throws SafeTensorsException if the file cannot be read or is not a sound safetensors file
   */
  public static SafeTensors open(Path path) {
    String file = path.toString();
    Source source = null;
    try {
      source = Source.of(path);
      SafeTensors opened = new SafeTensors(file, source);
      source = null; // it is the opened file's now
      return opened;
    } catch (IOException e) {
      throw unreadable(file, e);
    } finally {
      closeQuietly(source);
    }
  }

  /**
   * Opens what a stream holds, which is read to its end and not closed.
   *
   * @param name what messages call the content
   * @throws SafeTensorsException if the stream fails, holds more than half of this JVM's heap or
   *     two gigabytes, or is not a sound safetensors file
   */
  public static SafeTensors read(InputStream in, String name) {
    try {
      return new SafeTensors(name, Source.of(in));
    } catch (IOException e) {
      throw new SafeTensorsException(name + ": its stream cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Opens the content of a file that was read by other means, for instance from a jar.
   *
   * @param name what messages call the content
   * @param content the bytes, which are not copied and must not be changed while in use
   * @throws SafeTensorsException if the content is not a sound safetensors file
   */
  public static SafeTensors of(String name, byte[] content) {
    try {
      return new SafeTensors(name, new Source.OfArray(content));
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /** The free text entries, in the order of the file; unmodifiable. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The tensors by name, in the order of the file; unmodifiable. */
  public Map<String, Entry> tensors() {
    return tensors;
  }

  /**
   * The tensor of this name.
   *
   * @throws SafeTensorsException if there is none
   */
  public Entry tensor(String name) {
    Entry entry = tensors.get(name);
    if (entry == null) {
      throw new SafeTensorsException(
          file
              + ": there is no tensor "
              + Header.quote(name)
              + " among the "
              + tensors.size()
              + " of the file; see tensors() for their names");
    }
    return entry;
  }

  /**
   * Returns a view of those tensors whose names start with a prefix, under what follows it. It
   * reads from this file, which must stay open; it need not be closed itself.
   */
  public SafeTensors under(String prefix) {
    Map<String, Entry> inside = new LinkedHashMap<>();
    tensors.forEach(
        (name, entry) -> {
          if (name.startsWith(prefix)) {
            inside.put(name.substring(prefix.length()), entry);
          }
        });
    return new SafeTensors(this, inside);
  }

  /** Closes the file; tensors can no longer be read from it. */
  @Override
  public void close() {
    closed = true;
    try {
      source.close();
    } catch (IOException e) {
      throw new SafeTensorsException(file + ": cannot be closed: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return file + " (" + tensors.size() + " tensors)";
  }

  private String decode(ByteBuffer header) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(header)
          .toString();
    } catch (CharacterCodingException e) {
      throw Header.damaged(file, null, "the header is not valid UTF-8");
    }
  }

  private ByteBuffer readBytes(long position, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    source.read(position, buffer);
    return buffer.flip();
  }

  private static SafeTensorsException unreadable(String file, IOException cause) {
    return new SafeTensorsException(file + ": cannot be read: " + cause.getMessage(), cause);
  }

  private static void closeQuietly(@Nullable Source source) {
    if (source != null) {
      try {
        source.close();
      } catch (IOException ignored) {
        // The failure that made us close the file is the one to report.
      }
    }
  }

  /** One tensor of the file. */
  public final class Entry {
    private final String name;
    private final Header.TensorInfo info;
    private final long position;

    private Entry(String name, Header.TensorInfo info, long dataStart) {
      this.name = name;
      this.info = info;
      this.position = dataStart + info.begin();
    }

    /** The name in the file. */
    public String name() {
      return name;
    }

    /**
     * The type of the elements.
     *
     * @throws SafeTensorsException if it is one that this library cannot read
     */
    public DType dtype() {
      if (info.dtype() == null) {
        throw Header.unsupported(file, name, info.type());
      }
      return info.dtype();
    }

    /** Whether the elements are floating-point numbers of a type that can be read. */
    public boolean isFloat() {
      return info.dtype() != null && info.dtype().isFloat();
    }

    /** The dimensions, outermost first; empty for a scalar. The array is a copy. */
    public long[] shape() {
      return info.shape().clone();
    }

    /** The number of elements: 1 for a scalar, 0 if a dimension is 0. */
    public long elementCount() {
      return Header.elementCount(info.shape());
    }

    /** The number of bytes of the values. */
    public long byteCount() {
      return info.end() - info.begin();
    }

    /**
     * Reads the values as they are stored, little-endian.
     *
     * @throws SafeTensorsException if they cannot be read or exceed a Java array
     */
    public byte[] bytes() {
      byte[] values = new byte[arrayLength(byteCount())];
      read(1, CHUNK_BYTES, (chunk, from, count) -> chunk.get(values, from, count));
      return values;
    }

    /**
     * Reads the values of a floating-point tensor as floats; {@code F16} and {@code BF16} are
     * widened exactly, {@code F64} is rounded.
     *
     * @throws SafeTensorsException if the elements are not of a floating-point type, cannot be read
     *     or exceed a Java array
     */
    public float[] floats() {
      checkKind(true);
      float[] values = new float[arrayLength(elementCount())];
      read(
          dtype().bytes(), CHUNK_BYTES, (chunk, from, count) -> floats(chunk, values, from, count));
      return values;
    }

    /**
     * Hands the values that {@link #floats()} returns to a consumer, in pieces of as many elements
     * as the array has, but for the last one; the array is the same for all of them.
     */
    void floats(float[] piece, PieceConsumer consumer) {
      checkKind(true);
      arrayLength(elementCount());
      int size = dtype().bytes();
      read(
          size,
          Math.multiplyExact(piece.length, size),
          (chunk, from, count) -> {
            floats(chunk, piece, 0, count);
            consumer.accept(from, count);
          });
    }

    private void floats(ByteBuffer chunk, float[] values, int from, int count) {
      if (dtype() == DType.F32) {
        chunk.asFloatBuffer().get(values, from, count);
      } else {
        for (int i = 0; i < count; i++) {
          values[from + i] = (float) nextDouble(chunk);
        }
      }
    }

    /**
     * Reads the values of a floating-point tensor as doubles, which is exact.
     *
     * @throws SafeTensorsException if the elements are not of a floating-point type, cannot be read
     *     or exceed a Java array
     */
    public double[] doubles() {
      checkKind(true);
      double[] values = new double[arrayLength(elementCount())];
      read(
          dtype().bytes(),
          CHUNK_BYTES,
          (chunk, from, count) -> {
            for (int i = 0; i < count; i++) {
              values[from + i] = nextDouble(chunk);
            }
          });
      return values;
    }

    /**
     * Reads the values of an integer tensor; {@code BOOL} gives 0 and 1.
     *
     * @throws SafeTensorsException if the elements are not of an integer type, cannot be read or
     *     exceed a Java array
     */
    public long[] longs() {
      checkKind(false);
      long[] values = new long[arrayLength(elementCount())];
      read(
          dtype().bytes(),
          CHUNK_BYTES,
          (chunk, from, count) -> {
            for (int i = 0; i < count; i++) {
              values[from + i] = nextLong(chunk);
            }
          });
      return values;
    }

    /** Whether the elements are numbers of a type that can be read. */
    boolean isNumber() {
      return info.dtype() != null && info.dtype() != DType.BOOL;
    }

    /** The failure of a tensor with a number that cannot be. */
    SafeTensorsException impossible(long[] index, float value, String what) {
      return Header.impossible(file, name, index, value, what);
    }

    @Override
    public String toString() {
      return Header.plain(name) + " " + kind();
    }

    /** Returns type and shape, as messages show them. */
    String kind() {
      return Header.plain(info.type()) + " " + Header.print(info.shape());
    }

    private double nextDouble(ByteBuffer chunk) {
      return switch (dtype()) {
        case F16 -> Float.float16ToFloat(chunk.getShort());
        case BF16 -> DType.bfloat16ToFloat(chunk.getShort());
        case F32 -> chunk.getFloat();
        case F64 -> chunk.getDouble();
        default -> throw new AssertionError(dtype());
      };
    }

    private long nextLong(ByteBuffer chunk) {
      return switch (dtype()) {
        case BOOL -> nextBool(chunk);
        case U8 -> Byte.toUnsignedInt(chunk.get());
        case I8 -> chunk.get();
        case I16 -> chunk.getShort();
        case I32 -> chunk.getInt();
        case I64 -> chunk.getLong();
        default -> throw new AssertionError(dtype());
      };
    }

    private long nextBool(ByteBuffer chunk) {
      byte value = chunk.get();
      if (value != 0 && value != 1) {
        throw Header.damaged(file, name, "a BOOL element is " + value + ", not 0 or 1");
      }
      return value;
    }

    private void checkKind(boolean wantFloat) {
      if (dtype().isFloat() != wantFloat) {
        throw new SafeTensorsException(
            file
                + ": tensor "
                + Header.quote(name)
                + " holds "
                + dtype()
                + "; read it with "
                + (wantFloat ? "longs()" : "floats() or doubles()"));
      }
    }

    private int arrayLength(long count) {
      if (count > Integer.MAX_VALUE - 8) {
        throw new SafeTensorsException(
            file
                + ": tensor "
                + Header.quote(name)
                + " of shape "
                + Header.print(info.shape())
                + " exceeds a Java array; split it when exporting");
      }
      return (int) count;
    }

    /** Hands all elements of a size to the consumer, at most so many bytes at a time. */
    private void read(int size, int most, ChunkConsumer consumer) {
      if (closed) {
        throw new IllegalStateException(
            file + " is closed; read tensor " + Header.quote(name) + " before closing it");
      }
      long total = byteCount();
      ByteBuffer chunk =
          ByteBuffer.allocate((int) Math.min(total, most)).order(ByteOrder.LITTLE_ENDIAN);
      try {
        for (long done = 0; done < total; ) {
          int bytes = (int) Math.min(total - done, chunk.capacity());
          source.read(position + done, chunk.clear().limit(bytes));
          consumer.accept(chunk.flip(), (int) (done / size), bytes / size);
          done += bytes;
        }
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }
  }

  /** Takes {@code count} elements of a tensor, of which the first has the index {@code from}. */
  interface PieceConsumer {
    void accept(int from, int count);
  }

  /** The same, from a buffer. */
  private interface ChunkConsumer {
    void accept(ByteBuffer chunk, int from, int count);
  }
}
