package dev.thumbnet.engine.backend.cuda.driver;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;

/**
 * A C function and its type as a string of letters, one an argument, so that a table of functions
 * can be compared with the headers by eye.
 *
 * <p>{@code L} is a 64-bit integer: a handle, a descriptor, a stream, a size, and an address in the
 * memory of the device, which Java never dereferences. {@code I} is an int or an enum, {@code D} a
 * double, {@code P} an address in the memory of the host. What follows a colon is the type of the
 * result, {@code V} being none; without a colon it is an int, the status.
 *
 * @param name the exported symbol
 * @param codes such as "PL" or ":L"
 */
record NativeFunction(String name, String codes) {

  /** Returns the type for the linker. */
  FunctionDescriptor descriptor() {
    int colon = codes.indexOf(':');
    String arguments = colon < 0 ? codes : codes.substring(0, colon);
    String result = colon < 0 ? "I" : codes.substring(colon + 1);
    MemoryLayout[] layouts =
        arguments.chars().mapToObj(code -> layout((char) code)).toArray(MemoryLayout[]::new);
    return switch (result) {
      case "V" -> FunctionDescriptor.ofVoid(layouts);
      case "I", "L", "D", "P" -> FunctionDescriptor.of(layout(result.charAt(0)), layouts);
      default -> throw new IllegalArgumentException(name + " has the result \"" + result + "\"");
    };
  }

  private MemoryLayout layout(char code) {
    return switch (code) {
      case 'L' -> ValueLayout.JAVA_LONG;
      case 'I' -> ValueLayout.JAVA_INT;
      case 'D' -> ValueLayout.JAVA_DOUBLE;
      case 'P' -> ValueLayout.ADDRESS;
      default -> throw new IllegalArgumentException(name + " has an argument \"" + code + "\"");
    };
  }
}
