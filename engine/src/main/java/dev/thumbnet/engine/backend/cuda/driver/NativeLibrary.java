package dev.thumbnet.engine.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.thumbnet.engine.backend.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The functions of one native library, linked, and what their callers have in common: results by
 * pointer, and a status for which an exception is thrown.
 *
 * <p>All functions are linked when the object is made, so that a library that lacks one is found
 * out at once. A call costs some ten nanoseconds more than the function itself.
 */
public final class NativeLibrary {
  private static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_FLOAT, 1f);
  private static final MemorySegment ZERO = Arena.global().allocateFrom(JAVA_FLOAT, 0f);

  /** Calls a function by {@code invokeExact}. */
  interface Call<T extends @Nullable Object> {
    T on(MethodHandle function) throws Throwable;
  }

  /** Calls a function that writes its result to {@code out}; returns the status. */
  interface OutCall {
    int on(MethodHandle function, MemorySegment out) throws Throwable;
  }

  private final String name;
  private final SymbolLookup symbols;
  private final IntFunction<String> errors;
  private final Map<String, MethodHandle> handles = new HashMap<>();

  /**
   * @param name the library in messages
   * @param symbols where its functions are
   * @param functions those that will be called
   * @param errors what a status means; may call functions, but not through {@link #run}
   * @throws DeviceException if a function is missing
   */
  NativeLibrary(
      String name,
      SymbolLookup symbols,
      List<NativeFunction> functions,
      IntFunction<String> errors) {
    this.name = name;
    this.symbols = symbols;
    this.errors = errors;
    functions.forEach(function -> handles.put(function.name(), handle(function)));
  }

  /**
   * Links a function.
   *
   * @throws DeviceException if the library does not have it
   */
  @SuppressWarnings("restricted") // the type is compared with the headers by a test
  MethodHandle handle(NativeFunction function) {
    MemorySegment address =
        symbols
            .find(function.name())
            .orElseThrow(
                () ->
                    new DeviceException(
                        name
                            + " has no function "
                            + function.name()
                            + "; it is older or newer than what this program was made for"));
    return Linker.nativeLinker().downcallHandle(address, function.descriptor());
  }

  /** Calls a function and returns what it returns, unchecked. */
  <T extends @Nullable Object> T call(String function, Call<T> call) {
    try {
      return call.on(Objects.requireNonNull(handles.get(function), function));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(function, e); // native functions throw nothing
    }
  }

  /**
   * Calls a function that returns a status.
   *
   * @throws DeviceException if it is not 0
   */
  void run(String function, Call<Integer> call) {
    check(function, call(function, call));
  }

  /** Calls a function that gives a long, a handle or an address by pointer, and returns that. */
  long longFrom(String function, OutCall call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      run(function, f -> call.on(f, out));
      return out.get(JAVA_LONG, 0);
    }
  }

  /** Calls a function that gives an int by pointer, and returns that. */
  int intFrom(String function, OutCall call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_INT);
      run(function, f -> call.on(f, out));
      return out.get(JAVA_INT, 0);
    }
  }

  /**
   * Throws if a status is an error.
   *
   * @throws DeviceException that says which function failed and what the library says of it
   */
  void check(String function, int status) {
    if (status != 0) {
      throw new DeviceException(function + " failed: " + errors.apply(status));
    }
  }

  /** Returns the address of a constant that a function reads while it is called. */
  static MemorySegment scalar(float value) {
    if (value == 1) {
      return ONE;
    }
    return value == 0 ? ZERO : Arena.ofAuto().allocateFrom(JAVA_FLOAT, value);
  }

  /** Returns a string of the library's own. */
  @SuppressWarnings("restricted") // C's strings end with a zero
  static String text(MemorySegment address) {
    return address.address() == 0
        ? "no explanation"
        : address.reinterpret(Long.MAX_VALUE).getString(0);
  }
}
