package dev.thumbnet.engine.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.thumbnet.engine.backend.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import org.jspecify.annotations.Nullable;

/**
 * CUDA's driver: memory, streams, kernels, graphs. Each method is one function, named like it
 * without "cu" and the suffix of its version, with the arguments in their order; what C returns
 * through pointers is the result here. A status other than success is a {@link DeviceException}.
 *
 * <p>Contexts, streams, events and addresses of the device are longs. Most functions work on the
 * context that is current in the calling thread. What is queued runs later, so that a kernel's
 * failure shows up in any later call.
 */
public final class Driver {
  // The values of C's enums, by their names there without the prefix.

  /** Of streams: not ordered with the old default stream of the process. */
  static final int STREAM_NON_BLOCKING = 1;

  /** Of events: only for order, which is cheaper. */
  static final int EVENT_DISABLE_TIMING = 2;

  /** Of captures: the thread may go on allocating memory. */
  static final int STREAM_CAPTURE_MODE_RELAXED = 2;

  /** Of a device: processors. */
  static final int DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT = 16;

  /** Of a device: generation, the digit before the point. */
  static final int DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75;

  /** Of a device: generation, the digit behind the point. */
  static final int DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76;

  private static final int OUT_OF_MEMORY = 2;
  private static final int UNSUPPORTED_PTX_VERSION = 222;
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int LAUNCH_FAILED = 719;

  private static final int NAME_BYTES = 256;

  /**
   * Memory of the device in bytes.
   *
   * @param free what no program uses
   * @param total all there is
   */
  record MemoryInfo(long free, long total) {}

  private final NativeLibrary library;

  /**
   * @throws DeviceException if a function is missing
   */
  Driver(SymbolLookup symbols) {
    library = new NativeLibrary("the CUDA driver", symbols, NativeFunctions.DRIVER, this::explain);
  }

  // ---------------------------------------------------------------- devices and contexts

  /** Must come first; may be repeated. */
  void init() {
    library.run("cuInit", f -> (int) f.invokeExact(0));
  }

  /** Returns the newest CUDA that the driver can run, as 1000 · major + 10 · minor. */
  int driverGetVersion() {
    return library.intFrom("cuDriverGetVersion", (f, out) -> (int) f.invokeExact(out));
  }

  int deviceGetCount() {
    return library.intFrom("cuDeviceGetCount", (f, out) -> (int) f.invokeExact(out));
  }

  /** Returns the number by which the other functions know the device. */
  int deviceGet(int ordinal) {
    return library.intFrom("cuDeviceGet", (f, out) -> (int) f.invokeExact(out, ordinal));
  }

  String deviceGetName(int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(NAME_BYTES);
      library.run("cuDeviceGetName", f -> (int) f.invokeExact(name, NAME_BYTES, device));
      return name.getString(0);
    }
  }

  int deviceGetAttribute(int attribute, int device) {
    return library.intFrom(
        "cuDeviceGetAttribute", (f, out) -> (int) f.invokeExact(out, attribute, device));
  }

  /** Returns the context that all libraries of the process share, and keeps it open. */
  long devicePrimaryCtxRetain(int device) {
    return library.longFrom(
        "cuDevicePrimaryCtxRetain", (f, out) -> (int) f.invokeExact(out, device));
  }

  void devicePrimaryCtxRelease(int device) {
    library.run("cuDevicePrimaryCtxRelease_v2", f -> (int) f.invokeExact(device));
  }

  void ctxSetCurrent(long context) {
    library.run("cuCtxSetCurrent", f -> (int) f.invokeExact(context));
  }

  // ---------------------------------------------------------------- memory

  MemoryInfo memGetInfo() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment free = arena.allocate(JAVA_LONG);
      MemorySegment total = arena.allocate(JAVA_LONG);
      library.run("cuMemGetInfo_v2", f -> (int) f.invokeExact(free, total));
      return new MemoryInfo(free.get(JAVA_LONG, 0), total.get(JAVA_LONG, 0));
    }
  }

  /** Returns the address of new memory, or 0 if there is not enough. */
  long memAlloc(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(JAVA_LONG);
      int status = library.call("cuMemAlloc_v2", f -> (int) f.invokeExact(pointer, bytes));
      if (status == OUT_OF_MEMORY) {
        return 0;
      }
      library.check("cuMemAlloc_v2", status);
      return pointer.get(JAVA_LONG, 0);
    }
  }

  void memFree(long pointer) {
    library.run("cuMemFree_v2", f -> (int) f.invokeExact(pointer));
  }

  /** Returns memory of the host that the device can read and write by itself. */
  @SuppressWarnings("restricted") // the driver says how long the memory is
  MemorySegment memHostAlloc(long bytes, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(ADDRESS);
      library.run("cuMemHostAlloc", f -> (int) f.invokeExact(pointer, bytes, flags));
      return pointer.get(ADDRESS, 0).reinterpret(bytes);
    }
  }

  void memFreeHost(MemorySegment memory) {
    library.run("cuMemFreeHost", f -> (int) f.invokeExact(memory));
  }

  /** The source must stay as it is until the stream has passed this. */
  void memcpyHtoDAsync(long target, MemorySegment source, long bytes, long stream) {
    library.run("cuMemcpyHtoDAsync_v2", f -> (int) f.invokeExact(target, source, bytes, stream));
  }

  /** The target holds the bytes once the stream has passed this. */
  void memcpyDtoHAsync(MemorySegment target, long source, long bytes, long stream) {
    library.run("cuMemcpyDtoHAsync_v2", f -> (int) f.invokeExact(target, source, bytes, stream));
  }

  public void memcpyDtoDAsync(long target, long source, long bytes, long stream) {
    library.run("cuMemcpyDtoDAsync_v2", f -> (int) f.invokeExact(target, source, bytes, stream));
  }

  // ---------------------------------------------------------------- streams and events

  long streamCreate(int flags) {
    return library.longFrom("cuStreamCreate", (f, out) -> (int) f.invokeExact(out, flags));
  }

  /** Waits until all that was queued is done. */
  void streamSynchronize(long stream) {
    library.run("cuStreamSynchronize", f -> (int) f.invokeExact(stream));
  }

  void streamDestroy(long stream) {
    library.run("cuStreamDestroy_v2", f -> (int) f.invokeExact(stream));
  }

  long eventCreate(int flags) {
    return library.longFrom("cuEventCreate", (f, out) -> (int) f.invokeExact(out, flags));
  }

  /** Lets the event stand for all that was queued until now. */
  void eventRecord(long event, long stream) {
    library.run("cuEventRecord", f -> (int) f.invokeExact(event, stream));
  }

  /** Waits until what the event stands for is done; does not if it was never recorded. */
  void eventSynchronize(long event) {
    library.run("cuEventSynchronize", f -> (int) f.invokeExact(event));
  }

  void eventDestroy(long event) {
    library.run("cuEventDestroy_v2", f -> (int) f.invokeExact(event));
  }

  // ---------------------------------------------------------------- kernels

  /** Translates the text of a PTX module, a string that ends with a zero, for the device. */
  long moduleLoadData(MemorySegment image) {
    return library.longFrom("cuModuleLoadData", (f, out) -> (int) f.invokeExact(out, image));
  }

  long moduleGetFunction(long module, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(name);
      return library.longFrom(
          "cuModuleGetFunction", (f, out) -> (int) f.invokeExact(out, module, text));
    }
  }

  void moduleUnload(long module) {
    library.run("cuModuleUnload", f -> (int) f.invokeExact(module));
  }

  /**
   * Queues a kernel.
   *
   * @param arguments an array of addresses, one of each argument; all of it is read before the
   *     method returns
   */
  void launchKernel(
      long function,
      int gridX,
      int gridY,
      int gridZ,
      int blockX,
      int blockY,
      int blockZ,
      int sharedBytes,
      long stream,
      MemorySegment arguments) {
    library.run(
        "cuLaunchKernel",
        f ->
            (int)
                f.invokeExact(
                    function,
                    gridX,
                    gridY,
                    gridZ,
                    blockX,
                    blockY,
                    blockZ,
                    sharedBytes,
                    stream,
                    arguments,
                    MemorySegment.NULL));
  }

  // ---------------------------------------------------------------- graphs

  /** From now on what is queued is not run, but written down. */
  void streamBeginCapture(long stream, int mode) {
    library.run("cuStreamBeginCapture_v2", f -> (int) f.invokeExact(stream, mode));
  }

  /** Returns the graph of what was queued. */
  long streamEndCapture(long stream) {
    return library.longFrom("cuStreamEndCapture", (f, out) -> (int) f.invokeExact(stream, out));
  }

  /** Returns a program made of the graph, which is no longer needed then. */
  long graphInstantiate(long graph) {
    return library.longFrom(
        "cuGraphInstantiateWithFlags", (f, out) -> (int) f.invokeExact(out, graph, 0L));
  }

  void graphLaunch(long graphExec, long stream) {
    library.run("cuGraphLaunch", f -> (int) f.invokeExact(graphExec, stream));
  }

  void graphExecDestroy(long graphExec) {
    library.run("cuGraphExecDestroy", f -> (int) f.invokeExact(graphExec));
  }

  void graphDestroy(long graph) {
    library.run("cuGraphDestroy", f -> (int) f.invokeExact(graph));
  }

  // ---------------------------------------------------------------- errors

  private String explain(int status) {
    String name = errorText("cuGetErrorName", status);
    return name == null
        ? "unknown error (" + status + ")"
        : name + " (" + status + "), " + errorText("cuGetErrorString", status) + hint(status);
  }

  /**
   * Returns what the driver says of an error, if it knows it. Not by way of {@link
   * NativeLibrary#run}, which would explain its own failure, and so on.
   */
  private @Nullable String errorText(String function, int error) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(ADDRESS);
      int status = library.call(function, f -> (int) f.invokeExact(error, text));
      return status == 0 ? NativeLibrary.text(text.get(ADDRESS, 0)) : null;
    }
  }

  private static String hint(int status) {
    return switch (status) {
      case UNSUPPORTED_PTX_VERSION -> "; the driver is older than the kernels, update it";
      case ILLEGAL_ADDRESS, LAUNCH_FAILED ->
          "; an earlier kernel failed and the device must be closed. Start with -D"
              + CudaRuntime.DEBUG_PROPERTY
              + "=true to see which";
      default -> "";
    };
  }
}
