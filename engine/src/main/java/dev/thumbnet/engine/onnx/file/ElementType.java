package dev.thumbnet.engine.onnx.file;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The element types of tensors that are read; the others of the format are refused by name. */
public enum ElementType {
  /** IEEE 754 single precision. */
  FLOAT(1, 4),
  /** Unsigned byte. */
  UINT8(2, 1),
  /** Signed byte. */
  INT8(3, 1),
  /** Signed 32-bit integer. */
  INT32(6, 4),
  /** Signed 64-bit integer. */
  INT64(7, 8),
  /** One byte, 0 or 1. */
  BOOL(9, 1),
  /** IEEE 754 half precision. */
  FLOAT16(10, 2),
  /** IEEE 754 double precision. */
  DOUBLE(11, 8),
  /** The upper 16 bits of a {@link #FLOAT}. */
  BFLOAT16(16, 2);

  /** Names of all the types of the format, by number. */
  private static final String[] NAMES = {
    "undefined",
    "float",
    "uint8",
    "int8",
    "uint16",
    "int16",
    "int32",
    "int64",
    "string",
    "bool",
    "float16",
    "double",
    "uint32",
    "uint64",
    "complex64",
    "complex128",
    "bfloat16",
    "float8e4m3fn",
    "float8e4m3fnuz",
    "float8e5m2",
    "float8e5m2fnuz",
    "uint4",
    "int4",
    "float4e2m1",
    "float8e8m0"
  };

  private final int number;
  private final int bytes;

  ElementType(int number, int bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  /** Returns the type with this number in the format, if it is one of these. */
  public static @Nullable ElementType of(long number) {
    for (ElementType type : values()) {
      if (type.number == number) {
        return type;
      }
    }
    return null;
  }

  /** Returns the format's name of a type. */
  public static String name(long number) {
    return number >= 0 && number < NAMES.length ? NAMES[(int) number] : "number " + number;
  }

  /** Returns the number of bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Tells whether the elements are floating-point numbers. */
  public boolean isFloat() {
    return this == FLOAT || this == FLOAT16 || this == DOUBLE || this == BFLOAT16;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
