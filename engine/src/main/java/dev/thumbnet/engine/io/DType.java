package dev.thumbnet.engine.io;

import org.jspecify.annotations.Nullable;

/**
 * The element types of a safetensors file that this library reads and writes. Values are stored in
 * little-endian order; the constants carry the names that the format uses.
 */
public enum DType {
  /** One byte, 0 or 1. */
  BOOL(1),
  /** Unsigned 8-bit integer. */
  U8(1),
  /** Signed 8-bit integer. */
  I8(1),
  /** Signed 16-bit integer. */
  I16(2),
  /** IEEE 754 half precision. */
  F16(2),
  /** The upper 16 bits of an {@link #F32}. */
  BF16(2),
  /** Signed 32-bit integer. */
  I32(4),
  /** IEEE 754 single precision. */
  F32(4),
  /** Signed 64-bit integer. */
  I64(8),
  /** IEEE 754 double precision. */
  F64(8);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** The type of this name, if it is one of them. */
  static @Nullable DType of(String name) {
    for (DType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  /** The number of bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether the elements are floating-point numbers, to be read as floats or doubles. */
  public boolean isFloat() {
    return this == F16 || this == BF16 || this == F32 || this == F64;
  }

  /** The smallest value of an integer type; of no use for a floating-point type. */
  long minimum() {
    return switch (this) {
      case BOOL, U8 -> 0;
      default -> -1L << (8 * bytes - 1);
    };
  }

  /** The largest value of an integer type; of no use for a floating-point type. */
  long maximum() {
    return switch (this) {
      case BOOL -> 1;
      case U8 -> 255;
      default -> ~minimum();
    };
  }

  /** The float nearest to a bfloat16 given by its bits; exact, since each one is a float. */
  static float bfloat16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The bits of the bfloat16 nearest to a float, ties to even; a NaN stays a NaN. */
  static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
  }
}
