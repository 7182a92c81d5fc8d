package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.cuda.driver.CudaGraph;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * Steps that are replayed as one graph: the first run carries them out as usual, which also chooses
 * algorithms and fills caches; the second one captures them. In debug mode, and if a library does
 * not let itself be captured, they are carried out each time.
 */
final class CudaRecording implements Runnable {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final Logger LOG = System.getLogger("dev.thumbnet.engine");

  private final CudaQueue queue;
  private final Runnable steps;
  private boolean warm;
  private boolean refused;
  private @Nullable CudaGraph graph;
  private @Nullable RecordedTypes types;

  CudaRecording(CudaQueue queue, Runnable steps) {
    this.queue = queue;
    this.steps = steps;
  }

  @Override
  public void run() {
    queue.run(this::runInQueue);
  }

  private void runInQueue() {
    if (graph == null && mayCapture()) {
      capture();
    }
    // Inside another recording the steps become a part of that.
    if (graph == null || types == null || queue.runtime().capturing()) {
      steps.run();
      warm = true;
      return;
    }
    types.restore(queue);
    graph.run();
    types.leave();
  }

  private boolean mayCapture() {
    return warm && !refused && !queue.runtime().debug() && !queue.runtime().capturing();
  }

  private void capture() {
    CudaQueue q = queue;
    RecordedTypes recorded = new RecordedTypes();
    types = recorded;
    try {
      CudaGraph captured = q.capture(steps, recorded);
      CLEANER.register(this, () -> q.forget(captured));
      graph = captured;
    } catch (DeviceException e) {
      refused = true;
      LOG.log(
          Level.WARNING,
          "Steps cannot be replayed as a graph and are repeated instead: " + e.getMessage());
    } finally {
      recorded.finish();
    }
  }
}
