package dev.thumbnet.engine.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.thumbnet.engine.backend.DeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The engine's own kernels: {@code kernels.ptx}, which the driver translates for its device, and
 * which is made from {@code kernels.cu}.
 */
public final class KernelModule implements AutoCloseable {
  private static final String RESOURCE = "/dev/thumbnet/engine/backend/cuda/kernels.ptx";

  private static final int THREADS = 256;

  /** More blocks than any device can run at once; the kernels loop. */
  private static final int MAX_BLOCKS = 65_535 * 8;

  private static final int MAX_ARGUMENTS = 64;

  private final CudaRuntime runtime;
  private final long module;
  private final Map<String, Long> functions = new HashMap<>();

  // One block of arguments for all launches, because the driver has read it when a launch returns.
  private final MemorySegment values;
  private final MemorySegment addresses;

  /** Loads the engine's kernels; the context must be current. */
  public KernelModule(CudaRuntime runtime) {
    this(runtime, resource());
  }

  /**
   * @param ptx the text of a PTX module
   */
  public KernelModule(CudaRuntime runtime, String ptx) {
    this.runtime = runtime;
    Arena arena = Arena.ofAuto();
    values = arena.allocate(JAVA_LONG, MAX_ARGUMENTS);
    addresses = arena.allocate(ADDRESS, MAX_ARGUMENTS);
    for (int i = 0; i < MAX_ARGUMENTS; i++) {
      addresses.setAtIndex(ADDRESS, i, values.asSlice(8L * i, 8));
    }
    try (Arena text = Arena.ofConfined()) {
      module = runtime.driver().moduleLoadData(text.allocateFrom(ptx));
    }
  }

  private static String resource() {
    try (InputStream stream = KernelModule.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new DeviceException(RESOURCE + " is missing; the jar is not complete");
      }
      return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Queues a kernel on a grid. Nothing is queued if the grid is empty.
   *
   * @param entry name of the kernel
   * @param sharedBytes memory of each block beyond what the kernel declares
   * @param args one for each parameter: an address, an int, or the bits of a float
   */
  public synchronized void launch(
      String entry, int gridX, int gridY, int blockX, int sharedBytes, long... args) {
    if (args.length > MAX_ARGUMENTS) {
      throw new IllegalArgumentException(entry + " has " + args.length + " arguments");
    }
    if (gridX == 0 || gridY == 0) {
      return;
    }
    // Little endian: a parameter of four bytes is the lower half of its eight.
    MemorySegment.copy(args, 0, values, JAVA_LONG, 0, args.length);
    runtime
        .driver()
        .launchKernel(
            function(entry),
            gridX,
            gridY,
            1,
            blockX,
            1,
            1,
            sharedBytes,
            runtime.stream(),
            addresses);
  }

  /**
   * Queues a kernel whose threads go over {@code items} items with the stride of the grid. Nothing
   * is queued for no items.
   *
   * <p>Pass {@code items} as a long: where it and the first three arguments are ints, Java takes
   * the other method.
   */
  public void launch(String entry, long items, long... args) {
    launch(entry, (int) Math.min((items + THREADS - 1) / THREADS, MAX_BLOCKS), 1, THREADS, 0, args);
  }

  private long function(String entry) {
    Long known = functions.get(entry);
    if (known != null) {
      return known;
    }
    try {
      long function = runtime.driver().moduleGetFunction(module, entry);
      functions.put(entry, function);
      return function;
    } catch (DeviceException e) {
      throw new DeviceException("There is no kernel " + entry, e);
    }
  }

  @Override
  public void close() {
    runtime.driver().moduleUnload(module);
  }
}
