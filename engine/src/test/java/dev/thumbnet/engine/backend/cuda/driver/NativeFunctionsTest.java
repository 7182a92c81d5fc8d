package dev.thumbnet.engine.backend.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The types of native functions, and that each method calls its function with its arguments. */
class NativeFunctionsTest {
  @Test
  void typesAreThoseOfTheHeaders() throws IOException {
    Map<String, String> facts = facts();
    List<NativeFunction> functions =
        Stream.of(NativeFunctions.DRIVER, NativeFunctions.CUDNN, NativeFunctions.CUBLAS)
            .flatMap(Collection::stream)
            .toList();
    assertThat(functions).hasSizeGreaterThan(70);
    for (NativeFunction function : functions) {
      assertThat(facts).containsKey(function.name());
      assertThat(codes(function.descriptor()))
          .as(function.name())
          .isEqualTo(facts.get(function.name()));
    }
    assertThat(functions).extracting(NativeFunction::name).doesNotHaveDuplicates();
  }

  private static Map<String, String> facts() throws IOException {
    try (InputStream stream =
        NativeFunctionsTest.class.getResourceAsStream("/cuda/cuda-signatures.txt")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" "))
          .collect(Collectors.toMap(words -> words[0], words -> words[1] + " " + words[2]));
    }
  }

  private static String codes(FunctionDescriptor descriptor) {
    String arguments =
        descriptor.argumentLayouts().stream()
            .map(NativeFunctionsTest::code)
            .collect(Collectors.joining());
    return (arguments.isEmpty() ? "-" : arguments)
        + " "
        + descriptor.returnLayout().map(NativeFunctionsTest::code).orElse("V");
  }

  private static String code(Object layout) {
    if (layout.equals(ValueLayout.JAVA_LONG)) {
      return "L";
    }
    if (layout.equals(ValueLayout.JAVA_INT)) {
      return "I";
    }
    return layout.equals(ValueLayout.JAVA_DOUBLE) ? "D" : "P";
  }

  @Test
  void refusesUnknownLetters() {
    assertThatThrownBy(() -> new NativeFunction("f", "LX").descriptor())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("f has an argument \"X\"");
    assertThatThrownBy(() -> new NativeFunction("f", "L:X").descriptor())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("f has the result \"X\"");
  }

  @TestFactory
  Stream<DynamicTest> methodsOfTheDriver() {
    List<FakeCall> log = new ArrayList<>();
    Driver driver = new Driver(new FakeLibrary(NativeFunctions.DRIVER, log));
    return methods(
        driver, log, NativeFunctions.DRIVER, Set.of("cuGetErrorName", "cuGetErrorString"));
  }

  @TestFactory
  Stream<DynamicTest> methodsOfCudnn() {
    List<FakeCall> log = new ArrayList<>();
    FakeLibrary library = new FakeLibrary(NativeFunctions.CUDNN, log);
    library.on("cudnnGetVersion", call -> 90_000L);
    return methods(
        new Cudnn(library),
        log,
        NativeFunctions.CUDNN,
        Set.of("cudnnGetErrorString", "cudnnGetLastErrorString"));
  }

  @TestFactory
  Stream<DynamicTest> methodsOfCublas() {
    List<FakeCall> log = new ArrayList<>();
    Cublas cublas = new Cublas(new FakeLibrary(NativeFunctions.CUBLAS, log));
    return methods(cublas, log, NativeFunctions.CUBLAS, Set.of("cublasGetStatusString"));
  }

  /** One test for each method, and one that all functions have one. */
  private static Stream<DynamicTest> methods(
      Object binding, List<FakeCall> log, List<NativeFunction> functions, Set<String> others) {
    Set<String> called = new TreeSet<>(others);
    Stream<DynamicTest> each =
        Arrays.stream(binding.getClass().getDeclaredMethods())
            .filter(method -> !Modifier.isPrivate(method.getModifiers()))
            .filter(method -> !method.isSynthetic())
            .map(
                method ->
                    DynamicTest.dynamicTest(
                        method.getName(), () -> called.add(call(binding, method, log))));
    DynamicTest all =
        DynamicTest.dynamicTest(
            "all functions",
            () ->
                assertThat(called)
                    .isEqualTo(
                        functions.stream()
                            .map(NativeFunction::name)
                            .collect(Collectors.toCollection(TreeSet::new))));
    return Stream.concat(each, Stream.of(all));
  }

  /** Calls a method with numbers that all differ; returns the function that it called. */
  private static String call(Object binding, Method method, List<FakeCall> log) throws Exception {
    log.clear();
    List<Object> arguments = new ArrayList<>();
    for (Class<?> type : method.getParameterTypes()) {
      arguments.add(argument(type, 100 + arguments.size()));
    }
    method.invoke(binding, arguments.toArray());
    assertThat(log).hasSize(1);
    if (!arguments.isEmpty()) {
      assertThat(numbers(log.getFirst().arguments())).containsSubsequence(numbers(arguments));
    }
    // cuMemAlloc_v2 is memAlloc, cudnnConvolutionForward is convolutionForward.
    assertThat(log.getFirst().function()).containsIgnoringCase(method.getName());
    return log.getFirst().function();
  }

  private static Object argument(Class<?> type, int number) {
    return switch (type.getSimpleName()) {
      case "long" -> (long) number;
      case "int" -> number;
      case "double" -> (double) number;
      case "float" -> (float) number;
      case "String" -> "text";
      case "MemorySegment" -> MemorySegment.NULL;
      default -> throw new AssertionError(type);
    };
  }

  private static List<Object> numbers(List<Object> arguments) {
    return arguments.stream()
        .filter(a -> a instanceof Long || a instanceof Integer || a instanceof Double)
        .toList();
  }
}
