package dev.thumbnet.engine;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.cpu.CpuBackend;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.cuda.CudaBackend;
import dev.thumbnet.engine.backend.reference.ReferenceBackend;
import org.jspecify.annotations.Nullable;

/**
 * Where tensors live and are computed: the CPU with its SIMD kernels, a GPU of NVIDIA, or the slow
 * double-precision reference, and one of shapes alone. Tensors of different devices do not mix.
 * Devices are compared by identity and may be used from any thread.
 */
public final class Device implements AutoCloseable {
  /** The largest number of threads that a CPU device can have. */
  public static final int MOST_THREADS = WorkerPool.MOST_THREADS;

  private final @Nullable Backend backend;
  private final boolean shared;

  Device(@Nullable Backend backend, boolean shared) {
    this.backend = backend;
    this.shared = shared;
  }

  private static final class SharedCpu {
    static final Device INSTANCE =
        new Device(
            new CpuBackend(Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors())),
            true);
  }

  private static final class SharedReference {
    static final Device INSTANCE = new Device(new ReferenceBackend(), true);
  }

  private static final class SharedMeta {
    static final Device INSTANCE = new Device(null, true);
  }

  /** Returns the CPU with as many threads as there are processors; one instance per process. */
  public static Device cpu() {
    return SharedCpu.INSTANCE;
  }

  /**
   * Returns a CPU device with a pool of its own, which {@link #close} ends. Results do not depend
   * on the number of threads.
   *
   * @param threads number of threads that compute, the caller's included
   * @throws IllegalArgumentException if it is less than 1 or more than {@link #MOST_THREADS}
   */
  public static Device cpu(int threads) {
    return new Device(new CpuBackend(threads), false);
  }

  /** As {@link #cuda(int, CudaPrecision)}, with f32 throughout, which agrees best with the CPU. */
  public static Device cuda(int ordinal) {
    return cuda(ordinal, CudaPrecision.F32);
  }

  /**
   * Opens a GPU of NVIDIA. Its driver, cuDNN 9 and cuBLAS must be installed; nothing of them is
   * needed, nor loaded, by the other devices. Java asks for {@code
   * --enable-native-access=dev.thumbnet.engine}, or {@code ALL-UNNAMED} on the class path.
   *
   * <p>Operations are queued and return at once; only reading numbers back waits for them. {@link
   * #close} frees all memory on the device.
   *
   * @param ordinal the number of the GPU, from 0
   * @param precision of convolutions and matrix products
   * @throws DeviceException if there is no such GPU or something is not installed; it says what
   */
  public static Device cuda(int ordinal, CudaPrecision precision) {
    return new Device(new CudaBackend(ordinal, precision), false);
  }

  /** Returns the double-precision reference: plain loops, for gradient checks and for reading. */
  public static Device reference() {
    return SharedReference.INSTANCE;
  }

  /**
   * Returns the device of shapes without numbers: all tensors made there are {@linkplain
   * Tensor#placeholder placeholders}, which take no memory. A module built there shows which state
   * it has, what it makes of an input and what that costs, before anything is allocated.
   */
  public static Device meta() {
    return SharedMeta.INSTANCE;
  }

  /** Tells whether this is {@link #meta}. */
  boolean isMeta() {
    return backend == null;
  }

  /**
   * Returns the primitives; for ops, tests and benchmarks.
   *
   * @throws IllegalStateException if this is {@link #meta}, which computes nothing
   */
  public Backend backend() {
    if (backend == null) {
      throw new IllegalStateException("the meta device has shapes only and computes nothing");
    }
    return backend;
  }

  /**
   * Returns what repeats steps that are the same each time, faster where that is possible: a GPU
   * carries them out the first time, records them the second time, and from then on replays them in
   * one call. On other devices the steps are simply run.
   *
   * <p>Each run must do the same with the same tensors: shapes, options and numbers such as a
   * learning rate are those of the recording. Inside of the steps nothing may be copied from or to
   * the host, which also rules out losses from labels and everything that draws random numbers.
   * Tensors from outside that the steps use must not be released while they are repeated. Tensors
   * that the steps make are theirs: keep none, but let the steps write into tensors from outside.
   *
   * @param steps what is repeated, by one thread at a time
   */
  public Runnable record(Runnable steps) {
    return backend().record(steps);
  }

  /** Returns "cpu", "cuda", "reference" or "meta". */
  public String name() {
    return backend == null ? "meta" : backend.name();
  }

  /** Returns one line that tells which kernels run, with how many lanes and threads. */
  public String describe() {
    return backend == null ? "meta: shapes without numbers" : backend.describe();
  }

  /**
   * Ends the threads of a device made by {@link #cpu(int)} or frees the memory of a GPU; does
   * nothing to the shared devices.
   */
  @Override
  public void close() {
    if (!shared) {
      backend().close();
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
