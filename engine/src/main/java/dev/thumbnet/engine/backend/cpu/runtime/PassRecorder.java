package dev.thumbnet.engine.backend.cpu.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Stands in for the threads while a pass is bound: keeps the parallel region that the pass asks for
 * instead of running it, so that it can be run on the real threads as often as wanted, without
 * making anything anew. A pass is one region, and does nothing after it that it does not hand over
 * with the region.
 */
public final class PassRecorder extends WorkerPool {
  private record Region(WorkerPool workers, int tasks, boolean worth, Task task, Runnable after)
      implements Runnable {
    @Override
    public void run() {
      workers.run(tasks, worth, task);
      after.run();
    }
  }

  private final WorkerPool workers;
  private final List<Region> regions = new ArrayList<>();

  public PassRecorder(WorkerPool workers) {
    super(workers.threads());
    this.workers = workers;
  }

  @Override
  public void run(int tasks, boolean worth, Task task) {
    regions.add(new Region(workers, tasks, worth, task, () -> {}));
  }

  @Override
  public void run(int tasks, Task task, Runnable after) {
    regions.add(new Region(workers, tasks, true, task, after));
  }

  @Override
  public boolean records() {
    return true;
  }

  /** Returns what runs the region that was recorded. */
  public Runnable recorded() {
    if (regions.size() != 1) {
      throw new IllegalArgumentException(
          "bind: exactly one pass must be called, but there were " + regions.size());
    }
    return regions.getFirst();
  }
}
