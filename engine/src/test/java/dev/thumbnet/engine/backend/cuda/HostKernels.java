package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.cuda.driver.FakeDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernels of {@code kernels.cu}, compiled for the host by its C++ compiler. Together with the
 * faked libraries they make a device on which the whole backend computes, on any machine with a
 * compiler.
 */
final class HostKernels {
  private static final Path SOURCE = Path.of("src/main/cuda/kernels.cu");
  private static final Path SHIM = Path.of("src/test/cuda/host.h");
  private static final Path FOLDER = Path.of("target/host-kernels");

  private static final Pattern ENTRY =
      Pattern.compile("extern\\s+\"C\"\\s+__global__\\s+void\\s+(\\w+)\\s*\\(([^)]*)\\)");

  private static HostKernels instance;

  /** The entries, and for each of its parameters whether it is an address. */
  private final Map<String, List<Boolean>> entries;

  private final Map<String, MethodHandle> functions = new LinkedHashMap<>();

  private HostKernels(Map<String, List<Boolean>> entries) {
    this.entries = entries;
  }

  private static Boolean available;

  /** Tells whether there is a compiler. */
  static synchronized boolean available() {
    if (available == null) {
      available = compilerRuns();
    }
    return available;
  }

  private static boolean compilerRuns() {
    try {
      return execute(List.of("g++", "--version")).waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the kernels, compiled at the first call. */
  static synchronized HostKernels get() {
    if (instance == null) {
      try {
        instance = compile();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return instance;
  }

  private static HostKernels compile() throws IOException {
    Files.createDirectories(FOLDER);
    String source = run("g++", "-E", "-P", "-x", "c++", SOURCE.toString());
    Map<String, List<Boolean>> entries = new LinkedHashMap<>();
    StringBuilder program = new StringBuilder();
    program.append("#include \"").append(SHIM.toAbsolutePath()).append("\"\n");
    program.append("#include \"").append(SOURCE.toAbsolutePath()).append("\"\n");
    Matcher matcher = ENTRY.matcher(source);
    while (matcher.find()) {
      List<Boolean> addresses = new ArrayList<>();
      program.append(caller(matcher.group(1), matcher.group(2).split(","), addresses));
      entries.put(matcher.group(1), addresses);
    }
    Path file = FOLDER.resolve("kernels.cpp");
    Path library = FOLDER.resolve("kernels.so").toAbsolutePath();
    Files.writeString(file, program);
    run(
        "g++",
        "-std=c++17",
        "-O1",
        "-fno-strict-aliasing",
        "-fPIC",
        "-shared",
        "-o",
        library.toString(),
        file.toString());
    HostKernels kernels = new HostKernels(entries);
    kernels.link(library);
    return kernels;
  }

  /** Returns a C function that runs a kernel with arguments of eight bytes. */
  private static String caller(String name, String[] parameters, List<Boolean> addresses) {
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < parameters.length; i++) {
      String type = parameters[i].strip().replaceFirst("\\w+$", "").strip();
      addresses.add(type.endsWith("*"));
      arguments.add("host::argument<" + type + ">(a + " + i + ")");
    }
    return """
    extern "C" void launch_%1$s(unsigned grid, unsigned block, const long long *values) {
      host::launch(
          [](const long long *a) { %1$s(%2$s); }, grid, block, values);
    }
    """
        .formatted(name, String.join(", ", arguments));
  }

  @SuppressWarnings("restricted")
  private void link(Path library) {
    SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
    FunctionDescriptor type =
        FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    for (String entry : entries.keySet()) {
      MemorySegment address = symbols.findOrThrow("launch_" + entry);
      functions.put(entry, Linker.nativeLinker().downcallHandle(address, type));
    }
  }

  /** Lets a driver carry out the kernels that are launched. */
  void giveMeaningTo(FakeDriver driver) {
    entries.keySet().forEach(entry -> driver.kernel(entry, launch -> run(driver, launch)));
  }

  private void run(FakeDriver driver, FakeDriver.Launch launch) {
    List<Boolean> addresses = entries.get(launch.entry());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = arena.allocate(ValueLayout.JAVA_LONG, addresses.size());
      for (int i = 0; i < addresses.size(); i++) {
        long value = launch.arguments().get(i);
        boolean onDevice = addresses.get(i) && value != 0;
        values.setAtIndex(
            ValueLayout.JAVA_LONG, i, onDevice ? driver.device(value, 1).address() : value);
      }
      functions.get(launch.entry()).invokeExact(launch.gridX(), launch.blockX(), values);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static String run(String... command) throws IOException {
    Process process = execute(List.of(command));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + ":\n" + output);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return output;
  }

  private static Process execute(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
