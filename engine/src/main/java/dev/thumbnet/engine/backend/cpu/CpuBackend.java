package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.CheckedBackend;
import dev.thumbnet.engine.backend.cpu.kernel.KernelGate;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WarmUp;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import java.util.function.BooleanSupplier;

/** The CPU backend: kernels, arrays for reuse and threads. */
public final class CpuBackend extends CheckedBackend<CpuStorage> {
  private final Kernels kernels;
  private final BufferPool buffers;
  private final WorkerPool workers;
  private final CpuPrimitives primitives;
  private final WarmUp warmUp = new WarmUp();

  /**
   * Makes a backend with the best kernels that this JVM can run.
   *
   * @param threads how many threads compute, the caller's included; at least 1
   */
  public CpuBackend(int threads) {
    this(threads, KernelGate.selected());
  }

  /** Makes a backend with given kernels. */
  public CpuBackend(int threads, Kernels kernels) {
    this(kernels, BufferPool.forHeap(), new WorkerPool(threads));
  }

  private CpuBackend(Kernels kernels, BufferPool buffers, WorkerPool workers) {
    this(kernels, buffers, workers, new CpuPrimitives(kernels, buffers, workers));
  }

  CpuBackend(Kernels kernels, BufferPool buffers, WorkerPool workers, CpuPrimitives primitives) {
    super(buffers, primitives);
    this.kernels = kernels;
    this.buffers = buffers;
    this.workers = workers;
    this.primitives = primitives;
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String describe() {
    return "cpu: "
        + kernels.name()
        + " kernels, "
        + kernels.lanes()
        + (kernels.lanes() == 1 ? " lane, " : " lanes, ")
        + workers.threads()
        + (workers.threads() == 1 ? " thread" : " threads");
  }

  /** Returns one line that tells which algorithms run for a convolution, forward and backward. */
  public String describe(Conv2dProblem p) {
    return primitives.convolutions().describe(p);
  }

  @Override
  public Backend cold() {
    Kernels others = kernels.cold();
    boolean alike = others == kernels || !warmUp.isCold();
    return alike ? this : new CpuBackend(others, buffers, workers);
  }

  @Override
  public void warmUp(Runnable work, BooleanSupplier wanted, Runnable done) {
    warmUp.start(work, wanted, done);
  }

  @Override
  public void close() {
    warmUp.close();
    workers.close();
    buffers.clear();
  }
}
