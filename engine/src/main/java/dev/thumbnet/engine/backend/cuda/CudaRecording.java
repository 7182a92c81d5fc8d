package dev.thumbnet.engine.backend.cuda;

import java.lang.ref.Cleaner;

/**
 * Steps that are replayed as one graph: the first run carries them out as usual, which also chooses
 * algorithms and fills caches; the second one captures them. In debug mode they are carried out
 * each time.
 */
final class CudaRecording implements Runnable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final CudaQueue queue;
  private final Runnable steps;
  private boolean warm;
  private CudaGraph graph;
  private RecordedTypes types;

  CudaRecording(CudaQueue queue, Runnable steps) {
    this.queue = queue;
    this.steps = steps;
  }

  @Override
  public void run() {
    queue.run(this::runInQueue);
  }

  private void runInQueue() {
    // Inside another recording the steps become a part of that.
    if (!warm || queue.runtime().debug() || queue.runtime().capturing()) {
      steps.run();
      warm = true;
      return;
    }
    if (graph == null) {
      graph = capture();
    }
    types.restore(queue);
    graph.run();
    types.leave();
  }

  private CudaGraph capture() {
    CudaQueue q = queue;
    types = new RecordedTypes();
    CudaGraph captured = q.capture(steps, types);
    types.finish();
    CLEANER.register(this, () -> q.forget(captured));
    return captured;
  }
}
