package dev.thumbnet.engine.backend.cuda.driver;

import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.GpuDescription;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One device, opened: its libraries, a context, a stream in which all work is queued, and memory.
 *
 * <p>The context is the device's primary one, which cuDNN and cuBLAS use, too. It must be current
 * in the thread of the operating system that calls any of the libraries: so each public operation
 * begins with {@link #enter}. A virtual thread may change its carrier where it blocks, so that
 * nothing may block between {@code enter} and the last call.
 *
 * <p>Nothing here locks, except the memory and the staging buffers: operations must not overlap.
 */
public final class CudaRuntime implements AutoCloseable {
  /** "true": waits after each operation, so that a failed kernel is reported where it was run. */
  static final String DEBUG_PROPERTY = "dev.thumbnet.engine.cuda.debug";

  /** What NVIDIA recommends for its larger devices. */
  private static final long CUBLAS_WORKSPACE_BYTES = 32L << 20;

  private final Driver driver;
  private final @Nullable Cudnn cudnn;
  private final @Nullable Cublas cublas;
  private final int device;
  private final long context;
  private final long stream;
  private final long cudnnHandle;
  private final long cublasHandle;
  private final DeviceMemory memory;
  private final StagingRing staging;
  private final boolean debug = Boolean.getBoolean(DEBUG_PROPERTY);
  private final Deque<Runnable> closing = new ArrayDeque<>(); // what was opened last comes first

  private Workspace workspace = Workspace.NONE;
  private Workspace outside = Workspace.NONE; // of a recording
  private boolean capturing;

  /** Scratch memory. */
  private record Workspace(long pointer, long bytes) {
    static final Workspace NONE = new Workspace(0, 0);
  }

  /**
   * Opens a device. Only here and behind it is native code called.
   *
   * @param ordinal its number, from 0 on
   * @throws DeviceException if the driver, a library or the device is missing, or the JVM forbids
   *     native code
   */
  public static CudaRuntime open(int ordinal) {
    try {
      LibrarySearch search = LibrarySearch.ofSystem();
      Driver driver = new Driver(search.driver());
      driver.init(); // where there is no device, nobody should have to install the other libraries
      Cublas cublas = new Cublas(search.cublas());
      Cudnn cudnn = new Cudnn(search.cudnn()); // uses the cuBLAS that is loaded
      return new CudaRuntime(driver, cudnn, cublas, ordinal);
    } catch (IllegalCallerException e) {
      throw new DeviceException(
          "The JVM forbids native code, and with it CUDA. Start it with --enable-native-access="
              + accessName(CudaRuntime.class.getModule())
              + " (for example in the environment variable JDK_JAVA_OPTIONS).",
          e);
    }
  }

  /** Returns how the option calls a module. */
  static String accessName(Module module) {
    return module.isNamed() ? module.getName() : "ALL-UNNAMED";
  }

  /**
   * @param cudnn may be missing if no convolution is asked for
   * @param cublas may be missing if no matrix product is asked for
   */
  public CudaRuntime(Driver driver, @Nullable Cudnn cudnn, @Nullable Cublas cublas, int ordinal) {
    this.driver = driver;
    this.cudnn = cudnn;
    this.cublas = cublas;
    driver.init();
    int devices = driver.deviceGetCount();
    if (ordinal < 0 || ordinal >= devices) {
      throw new DeviceException(
          "There is no CUDA device " + ordinal + "; the driver knows of " + devices);
    }
    device = driver.deviceGet(ordinal);
    context = driver.devicePrimaryCtxRetain(device);
    closing.push(() -> driver.devicePrimaryCtxRelease(device));
    try {
      enter();
      stream = driver.streamCreate(Driver.STREAM_NON_BLOCKING);
      closing.push(() -> driver.streamDestroy(stream));
      memory = new DeviceMemory(driver, context, stream);
      closing.push(memory::close);
      staging = new StagingRing(driver, stream);
      closing.push(staging::close);
      cudnnHandle = cudnn == null ? 0 : openCudnn(cudnn);
      cublasHandle = cublas == null ? 0 : openCublas(cublas);
      closing.push(() -> driver.streamSynchronize(stream));
    } catch (RuntimeException | Error e) {
      closeAll(e);
      throw e;
    }
  }

  private long openCudnn(Cudnn cudnn) {
    long handle = cudnn.create();
    closing.push(() -> cudnn.destroy(handle));
    cudnn.setStream(handle, stream);
    return handle;
  }

  private long openCublas(Cublas cublas) {
    long handle = cublas.create();
    closing.push(() -> cublas.destroy(handle));
    cublas.setStream(handle, stream); // before the workspace, which it would reset
    cublas.setWorkspace(handle, memory.allocate(CUBLAS_WORKSPACE_BYTES), CUBLAS_WORKSPACE_BYTES);
    return handle;
  }

  public Driver driver() {
    return driver;
  }

  public Cudnn cudnn() {
    return Objects.requireNonNull(cudnn);
  }

  public Cublas cublas() {
    return Objects.requireNonNull(cublas);
  }

  /**
   * Makes the context current in the calling thread. Always by the driver, which compares and
   * returns: what it was told last by this class need not be true, as other libraries of the
   * process change it, too.
   */
  public void enter() {
    driver.ctxSetCurrent(context);
  }

  public long stream() {
    return stream;
  }

  public long cudnnHandle() {
    return cudnnHandle;
  }

  public long cublasHandle() {
    return cublasHandle;
  }

  public DeviceMemory memory() {
    return memory;
  }

  /**
   * Returns the address of at least {@code bytes} bytes of scratch memory, 0 for none. There is one
   * for all operations, as they run one after the other; the next call may move it.
   */
  public long workspace(long bytes) {
    if (bytes > workspace.bytes) {
      freeWorkspace();
      workspace = new Workspace(memory.allocate(bytes), bytes);
    }
    return workspace.pointer;
  }

  private void freeWorkspace() {
    if (workspace != Workspace.NONE) {
      long pointer = workspace.pointer;
      workspace = Workspace.NONE;
      memory.free(pointer);
    }
  }

  /**
   * Returns the buffers for copies.
   *
   * @throws IllegalStateException while a graph is recorded, as it would copy old buffers
   */
  public StagingRing staging() {
    requireNoCapture("copied from or to the host");
    return staging;
  }

  /** Tells whether what is queued is recorded instead of run. */
  public boolean capturing() {
    return capturing;
  }

  /**
   * Begins to record. A graph goes on using its scratch memory, so it has its own.
   *
   * @return what is allocated from now on
   */
  DeviceMemory.Reservation beginCapture() {
    requireNoCapture("recorded");
    DeviceMemory.Reservation reservation = memory.beginPrivate();
    try {
      driver.streamBeginCapture(stream, Driver.STREAM_CAPTURE_MODE_RELAXED);
    } catch (RuntimeException e) {
      memory.endPrivate();
      throw e;
    }
    outside = workspace;
    workspace = Workspace.NONE;
    capturing = true;
    return reservation;
  }

  /** Ends what {@link #beginCapture} began and returns the graph. */
  long endCapture() {
    try {
      return driver.streamEndCapture(stream);
    } finally {
      freeWorkspace();
      workspace = outside;
      outside = Workspace.NONE;
      capturing = false;
      memory.endPrivate();
    }
  }

  private void requireNoCapture(String what) {
    if (capturing) {
      throw new IllegalStateException("nothing can be " + what + " while a graph is recorded");
    }
  }

  /** Waits until all that was queued is done. */
  public void synchronize() {
    requireNoCapture("waited for");
    driver.streamSynchronize(stream);
  }

  /** Tells whether the property {@value #DEBUG_PROPERTY} asks for waiting after each operation. */
  public boolean debug() {
    return debug;
  }

  /** Waits if {@link #debug} asks for it; to be called at the end of each operation. */
  public void afterOperation() {
    if (debug && !capturing) {
      synchronize();
    }
  }

  /** Returns device, memory and versions. */
  public GpuDescription describe() {
    enter();
    String card =
        driver.deviceGetName(device)
            + ", compute capability "
            + attribute(Driver.DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + "."
            + attribute(Driver.DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)
            + ", "
            + attribute(Driver.DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)
            + " multiprocessors";
    int cuda = driver.driverGetVersion();
    List<String> software = new ArrayList<>();
    software.add("CUDA " + cuda / 1000 + "." + cuda % 1000 / 10);
    if (cudnn != null) {
      software.add("cuDNN " + version(cudnn.getVersion()));
    }
    if (cublas != null) {
      software.add("cuBLAS " + version(cublas.getVersion(cublasHandle)));
    }
    return new GpuDescription(card, driver.memGetInfo().total() >> 20, software);
  }

  private int attribute(int attribute) {
    return driver.deviceGetAttribute(attribute, device);
  }

  private static String version(long number) {
    return number / 10_000 + "." + number / 100 % 100 + "." + number % 100;
  }

  /** Waits for what was queued and gives everything back, the memory of all storages included. */
  @Override
  public void close() {
    if (closing.isEmpty()) {
      return;
    }
    RuntimeException failure = new DeviceException("The device could not be closed");
    try {
      enter();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    closeAll(failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  /** Closes what was opened, as far as that is possible; failures become suppressed ones. */
  private void closeAll(Throwable failure) {
    while (!closing.isEmpty()) {
      try {
        closing.pop().run();
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
