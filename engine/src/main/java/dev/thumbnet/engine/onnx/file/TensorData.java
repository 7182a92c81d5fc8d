package dev.thumbnet.engine.onnx.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A tensor of a file: a constant that is not read before somebody asks for its numbers, which are
 * as many as its shape says, in row-major order.
 */
public final class TensorData {
  private final String name;
  private final ElementType type;
  private final int[] dims;
  private final int size;
  private final Content content;

  /** Where the numbers are. */
  sealed interface Content {}

  /** Little-endian, one after the other. */
  record Raw(ByteBuffer bytes) implements Content {}

  /** In the fields of this message that are for the tensor's type. */
  record Typed(Message message) implements Content {}

  /** In another file. */
  record External(ExternalData.Range range) implements Content {}

  TensorData(String name, ElementType type, int[] dims, int size, Content content) {
    this.name = name;
    this.type = type;
    this.dims = dims;
    this.size = size;
    this.content = content;
  }

  /** Returns the name, which may be empty. */
  public String name() {
    return name;
  }

  /** Returns the type of the elements. */
  public ElementType type() {
    return type;
  }

  /** Returns a copy of the extents; none for a scalar. */
  public int[] dims() {
    return dims.clone();
  }

  /** Returns the number of elements. */
  public int size() {
    return size;
  }

  /** Returns the elements as floats, rounded if they have more digits. */
  public float[] floats() throws IOException {
    float[] values = new float[size];
    if (content instanceof Typed(Message message) && type == ElementType.FLOAT) {
      copyFloats(message.fork(), values);
    } else if (type == ElementType.FLOAT) {
      raw().asFloatBuffer().get(values);
    } else {
      visit((index, value) -> values[index] = (float) value);
    }
    return values;
  }

  /** Returns the elements as doubles, which are exact but for whole numbers above 2⁵³. */
  public double[] doubles() throws IOException {
    double[] values = new double[size];
    visit((index, value) -> values[index] = value);
    return values;
  }

  /** Takes elements. */
  private interface Visitor {
    void element(int index, double value);
  }

  private void visit(Visitor visitor) throws IOException {
    if (content instanceof Typed(Message message)) {
      visitTyped(message.fork(), visitor);
      return;
    }
    ByteBuffer bytes = raw();
    for (int i = 0; i < size; i++) {
      visitor.element(i, element(bytes, i));
    }
  }

  private ByteBuffer raw() throws IOException {
    return switch (content) {
      case Raw(ByteBuffer bytes) -> bytes.duplicate().order(bytes.order());
      case External(ExternalData.Range range) -> range.read();
      case Typed _ -> throw new IllegalStateException("typed numbers are not raw");
    };
  }

  private double element(ByteBuffer bytes, int index) {
    return switch (type) {
      case FLOAT -> bytes.getFloat(index * Float.BYTES);
      case DOUBLE -> bytes.getDouble(index * Double.BYTES);
      case FLOAT16 -> Float.float16ToFloat(bytes.getShort(index * Short.BYTES));
      case BFLOAT16 -> bfloat16(bytes.getShort(index * Short.BYTES));
      case INT64 -> bytes.getLong(index * Long.BYTES);
      case INT32 -> bytes.getInt(index * Integer.BYTES);
      case INT8 -> bytes.get(index);
      case UINT8 -> bytes.get(index) & 0xFF;
      case BOOL -> bytes.get(index) == 0 ? 0 : 1;
    };
  }

  /** The value that a field with whole numbers stands for. */
  private double element(long number) {
    return switch (type) {
      case FLOAT16 -> Float.float16ToFloat((short) number);
      case BFLOAT16 -> bfloat16((short) number);
      case UINT8 -> number & 0xFF;
      case INT8 -> (byte) number;
      case INT32 -> (int) number;
      case BOOL -> number == 0 ? 0 : 1;
      case INT64, FLOAT, DOUBLE -> number;
    };
  }

  private static float bfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  private static void copyFloats(Message message, float[] values) throws IOException {
    int index = 0;
    while (message.next()) {
      if (message.field() != TensorReader.FLOATS) {
        continue;
      }
      if (message.packed()) {
        int count = message.length() / Float.BYTES;
        message.content().asFloatBuffer().get(values, index, count);
        index += count;
      } else {
        values[index++] = message.real();
      }
    }
  }

  private void visitTyped(Message message, Visitor visitor) throws IOException {
    int field = TensorReader.field(type);
    int index = 0;
    while (message.next()) {
      if (message.field() != field) {
        continue;
      }
      if (field == TensorReader.FLOATS || field == TensorReader.DOUBLES) {
        index = visitReals(message, index, visitor);
      } else if (message.packed()) {
        for (Message elements = message.elements(); elements.more(); index++) {
          visitor.element(index, element(elements.element()));
        }
      } else {
        visitor.element(index++, element(message.integer()));
      }
    }
  }

  private int visitReals(Message message, int from, Visitor visitor) throws IOException {
    if (!message.packed()) {
      visitor.element(from, type == ElementType.FLOAT ? message.real() : message.precise());
      return from + 1;
    }
    ByteBuffer bytes = message.content();
    int count = bytes.remaining() / type.bytes();
    for (int i = 0; i < count; i++) {
      visitor.element(from + i, element(bytes, i));
    }
    return from + count;
  }

  @Override
  public String toString() {
    return "tensor '" + name + "' of " + type + Arrays.toString(dims);
  }
}
