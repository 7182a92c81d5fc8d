package dev.thumbnet.bench.endure;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The processes that this one has started, and theirs. */
final class Descendants {
  private static final int PATIENCE_SECONDS = 1;

  private Descendants() {}

  /**
   * Makes them end with this process, at once and however it is ended, except by SIGKILL.
   *
   * @param then what to do when they have ended
   */
  static void endWithThisProcess(Runnable then) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(then)));
  }

  private static void end(Runnable then) {
    List<ProcessHandle> all = ProcessHandle.current().descendants().toList();
    all.forEach(ProcessHandle::destroyForcibly);
    CompletableFuture.allOf(
            all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
    then.run();
  }

  /** Makes this process end when the one that started it does. */
  static void endWithParent() {
    ProcessHandle.current().parent().ifPresent(p -> p.onExit().thenRun(() -> System.exit(1)));
  }
}
