package dev.thumbnet.engine.backend.cuda.driver;

/**
 * Steps that were recorded once and run again as a whole, at a fraction of the cost of queueing
 * each: some microseconds instead of some for each kernel, which matters where the kernels are
 * short.
 *
 * <p>The graph holds addresses: it reads and writes the memory that the steps did, each time. What
 * the steps allocated stays reserved until the graph is closed. Memory from outside must still
 * belong to the caller when the graph runs.
 */
public final class CudaGraph implements AutoCloseable, Runnable {
  private final CudaRuntime runtime;
  private final DeviceMemory.Reservation reservation;
  private final long program;
  private boolean closed;

  private CudaGraph(CudaRuntime runtime, DeviceMemory.Reservation reservation, long program) {
    this.runtime = runtime;
    this.reservation = reservation;
    this.program = program;
  }

  /**
   * Records steps without running them. They must have run before, so that nothing is left to be
   * chosen or loaded at the first time; they must not copy from or to the host, nor wait. No other
   * thread may use the runtime meanwhile.
   */
  public static CudaGraph capture(CudaRuntime runtime, Runnable steps) {
    runtime.enter();
    DeviceMemory.Reservation reservation = runtime.beginCapture();
    try {
      return new CudaGraph(runtime, reservation, program(runtime, steps));
    } catch (RuntimeException | Error e) {
      reservation.close();
      throw e;
    }
  }

  private static long program(CudaRuntime runtime, Runnable steps) {
    try {
      steps.run();
    } catch (RuntimeException | Error e) {
      abandon(runtime, e);
      throw e;
    }
    long graph = runtime.endCapture();
    try {
      return runtime.driver().graphInstantiate(graph);
    } finally {
      runtime.driver().graphDestroy(graph);
    }
  }

  /** Ends a recording that failed; what fails now is only a consequence. */
  private static void abandon(CudaRuntime runtime, Throwable reason) {
    try {
      runtime.driver().graphDestroy(runtime.endCapture());
    } catch (RuntimeException e) {
      reason.addSuppressed(e);
    }
  }

  /** Queues the steps. */
  @Override
  public void run() {
    if (closed) {
      throw new IllegalStateException("the graph was closed");
    }
    runtime.enter();
    runtime.driver().graphLaunch(program, runtime.stream());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      runtime.enter();
      runtime.driver().graphExecDestroy(program);
      reservation.close();
    }
  }
}
