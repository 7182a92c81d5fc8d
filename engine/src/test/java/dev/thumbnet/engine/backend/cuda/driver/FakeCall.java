package dev.thumbnet.engine.backend.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One call that arrived at a {@link FakeLibrary}.
 *
 * @param function the exported symbol
 * @param arguments as the C side sees them: Long, Integer, Double, MemorySegment of length zero
 */
public record FakeCall(String function, List<Object> arguments) {
  public long longAt(int index) {
    return (Long) arguments.get(index);
  }

  public int intAt(int index) {
    return (Integer) arguments.get(index);
  }

  /** Returns memory that the caller has passed by address. */
  @SuppressWarnings("restricted")
  MemorySegment memoryAt(int index, long bytes) {
    return ((MemorySegment) arguments.get(index)).reinterpret(bytes);
  }

  public float floatBehind(int index) {
    return memoryAt(index, 4).get(ValueLayout.JAVA_FLOAT, 0);
  }

  String textBehind(int index) {
    return memoryAt(index, Integer.MAX_VALUE).getString(0);
  }

  /** Gives a result by pointer; returns the status for success. */
  int give(int index, long value) {
    memoryAt(index, 8).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, value);
    return 0;
  }

  /** Gives a result by pointer; returns the status for success. */
  int giveInt(int index, int value) {
    memoryAt(index, 4).set(ValueLayout.JAVA_INT_UNALIGNED, 0, value);
    return 0;
  }

  /** Gives a string in the caller's buffer; returns the status for success. */
  int giveText(int index, String text) {
    memoryAt(index, text.length() + 1).setString(0, text);
    return 0;
  }

  /** Gives the address of a string that stays; returns the status for success. */
  int giveTextAddress(int index, String text) {
    memoryAt(index, 8).set(ValueLayout.ADDRESS_UNALIGNED, 0, constant(text));
    return 0;
  }

  /** Returns a string that stays. */
  static MemorySegment constant(String text) {
    return Arena.global().allocateFrom(text);
  }

  @Override
  public String toString() {
    return arguments.stream()
        .map(a -> a instanceof MemorySegment s ? "P" + Long.toHexString(s.address()) : a.toString())
        .collect(Collectors.joining(", ", function + "(", ")"));
  }
}
