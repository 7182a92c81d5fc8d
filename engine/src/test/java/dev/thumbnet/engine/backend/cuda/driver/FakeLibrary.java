package dev.thumbnet.engine.backend.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A native library made of Java: its symbols are addresses of upcall stubs. So the code under test
 * makes real downcalls, with real arguments in registers and on the stack, on a machine without
 * CUDA. A function that nobody has given a {@linkplain #on meaning} does nothing and succeeds.
 */
public class FakeLibrary implements SymbolLookup {
  /** What a function does; returns what C returns. */
  public interface Behaviour {
    Object answer(FakeCall call) throws Exception;
  }

  /** What a function returns if it throws, and the test is to see it as failed. */
  private static final int THROWN = 999;

  private static final MethodHandle DISPATCH;

  static {
    try {
      DISPATCH =
          MethodHandles.lookup()
              .findVirtual(
                  FakeLibrary.class,
                  "dispatch",
                  MethodType.methodType(Object.class, NativeFunction.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private record Injection(AtomicInteger callsBefore, int status) {}

  private final List<FakeCall> log;
  private final Map<String, NativeFunction> functions = new HashMap<>();
  private final Map<String, Behaviour> behaviours = new HashMap<>();
  private final Map<String, Injection> injections = new HashMap<>();
  private final List<Throwable> thrown = new CopyOnWriteArrayList<>();

  /**
   * @param functions what the library has
   * @param log where each call is added
   */
  FakeLibrary(List<NativeFunction> functions, List<FakeCall> log) {
    this.log = log;
    functions.forEach(function -> this.functions.put(function.name(), function));
  }

  /** Gives a function a meaning. */
  public final void on(String function, Behaviour behaviour) {
    if (!functions.containsKey(function)) {
      throw new IllegalArgumentException(function);
    }
    behaviours.put(function, behaviour);
  }

  /** Lets the library lack a function. */
  final void remove(String function) {
    functions.remove(function);
  }

  /** Lets one call of a function fail, the first after so many good ones. */
  public final void fail(String function, int callsBefore, int status) {
    injections.put(function, new Injection(new AtomicInteger(callsBefore), status));
  }

  /** Returns what went wrong inside the fake, such as a call with an address that it never gave. */
  final List<Throwable> thrown() {
    return thrown;
  }

  @Override
  public final Optional<MemorySegment> find(String name) {
    return Optional.ofNullable(functions.get(name)).map(this::stub);
  }

  @SuppressWarnings("restricted")
  private MemorySegment stub(NativeFunction function) {
    FunctionDescriptor descriptor = function.descriptor();
    MethodType type = descriptor.toMethodType();
    MethodHandle target =
        MethodHandles.insertArguments(DISPATCH.bindTo(this), 0, function)
            .asCollector(Object[].class, type.parameterCount())
            .asType(type);
    return Linker.nativeLinker().upcallStub(target, descriptor, Arena.ofAuto());
  }

  /** Nothing may be thrown into native code: the JVM would end. */
  private Object dispatch(NativeFunction function, Object[] arguments) {
    FakeCall call = new FakeCall(function.name(), List.of(arguments));
    try {
      log.add(call);
      Injection injection = injections.get(function.name());
      if (injection != null && injection.callsBefore.getAndDecrement() == 0) {
        injections.remove(function.name());
        return injection.status;
      }
      Behaviour behaviour = behaviours.get(function.name());
      return behaviour == null ? nothing(function) : behaviour.answer(call);
    } catch (Exception | AssertionError e) {
      thrown.add(new AssertionError(call.toString(), e));
      return function.codes().contains(":") ? nothing(function) : THROWN;
    }
  }

  private static Object nothing(NativeFunction function) {
    String codes = function.codes();
    return switch (codes.substring(codes.indexOf(':') + 1)) {
      case "L" -> codes.contains(":") ? (Object) 0L : (Object) 0;
      case "P" -> codes.contains(":") ? MemorySegment.NULL : (Object) 0;
      default -> 0;
    };
  }
}
