package dev.thumbnet.engine;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.cpu.CpuBackend;
import dev.thumbnet.engine.backend.reference.ReferenceBackend;

/**
 * Where tensors live and are computed: the CPU with its SIMD kernels, or the slow double-precision
 * reference. Tensors of different devices do not mix. Devices are compared by identity and may be
 * used from any thread.
 */
public final class Device implements AutoCloseable {
  private final Backend backend;
  private final boolean shared;

  Device(Backend backend, boolean shared) {
    this.backend = backend;
    this.shared = shared;
  }

  private static final class SharedCpu {
    static final Device INSTANCE =
        new Device(new CpuBackend(Runtime.getRuntime().availableProcessors()), true);
  }

  private static final class SharedReference {
    static final Device INSTANCE = new Device(new ReferenceBackend(), true);
  }

  /** Returns the CPU with as many threads as there are processors; one instance per process. */
  public static Device cpu() {
    return SharedCpu.INSTANCE;
  }

  /**
   * Returns a CPU device with a pool of its own, which {@link #close} ends. Results do not depend
   * on the number of threads.
   *
   * @param threads number of threads that compute, the caller's included; at least 1
   */
  public static Device cpu(int threads) {
    return new Device(new CpuBackend(threads), false);
  }

  /** Returns the double-precision reference: plain loops, for gradient checks and for reading. */
  public static Device reference() {
    return SharedReference.INSTANCE;
  }

  /** Returns the primitives; for ops, tests and benchmarks. */
  public Backend backend() {
    return backend;
  }

  /** Returns "cpu" or "reference". */
  public String name() {
    return backend.name();
  }

  /** Returns one line that tells which kernels run, with how many lanes and threads. */
  public String describe() {
    return backend.describe();
  }

  /** Ends the threads of a device made by {@link #cpu(int)}; does nothing to the shared ones. */
  @Override
  public void close() {
    if (!shared) {
      backend.close();
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
