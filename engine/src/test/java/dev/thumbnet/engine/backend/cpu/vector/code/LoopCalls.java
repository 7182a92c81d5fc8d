package dev.thumbnet.engine.backend.cpu.vector.code;

import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** As {@link KernelCalls} for the kernels of the list {@code loops.txt}. */
final class LoopCalls {
  static final String PACKAGE = "dev.thumbnet.engine.backend.cpu.vector.";

  /** Enough for C2 even if a call goes around a loop only twice. */
  private static final int CALLS = 9000;

  private static final int FLOATS = 1 << 16;

  /**
   * A line of the list.
   *
   * @param integers as written, L for the lanes
   */
  record Loop(String type, String method, List<String> integers) {
    String name() {
      return type.replaceAll(".*\\.", "") + "::" + method;
    }
  }

  private LoopCalls() {}

  static List<Loop> list() throws IOException {
    try (InputStream stream = LoopCalls.class.getResourceAsStream("loops.txt")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceAll("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .map(line -> Arrays.asList(line.split("\\s+")))
          .map(words -> new Loop(words.get(0), words.get(1), words.subList(2, words.size())))
          .toList();
    }
  }

  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    for (Loop loop : list()) {
      Method method = method(loop);
      method.setAccessible(true);
      Object[] arguments = arguments(loop, method);
      for (int i = 0; i < CALLS; i++) {
        method.invoke(null, arguments);
      }
    }
  }

  private static Method method(Loop loop) throws ReflectiveOperationException {
    return Arrays.stream(Class.forName(PACKAGE + loop.type()).getDeclaredMethods())
        .filter(method -> method.getName().equals(loop.method()))
        .findFirst()
        .orElseThrow(() -> new NoSuchMethodException(loop.toString()));
  }

  private static Object[] arguments(Loop loop, Method method) {
    Object[] arguments = new Object[method.getParameterCount()];
    int next = 0;
    for (int i = 0; i < arguments.length; i++) {
      Class<?> type = method.getParameterTypes()[i];
      if (type == float[].class) {
        arguments[i] = new float[FLOATS];
      } else if (type == int[].class) {
        arguments[i] = new int[3];
      } else if (type == float.class) {
        arguments[i] = 0.5f;
      } else {
        arguments[i] = value(loop.integers().get(next++));
      }
    }
    if (next < loop.integers().size()) {
      throw new IllegalArgumentException(loop + " takes " + next + " integers");
    }
    return arguments;
  }

  private static int value(String written) {
    boolean lanes = written.endsWith("L");
    int number = Integer.parseInt(written.replace("L", ""));
    return lanes ? number * Lanes.F.length() : number;
  }
}
