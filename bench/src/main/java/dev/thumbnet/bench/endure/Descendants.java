package dev.thumbnet.bench.endure;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The processes that this one has started, and theirs. */
final class Descendants {
  private static final int PATIENCE_SECONDS = 1;

  private static volatile boolean ending;

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
    ending = true;
    List<ProcessHandle> all = ProcessHandle.current().descendants().toList();
    all.forEach(ProcessHandle::destroyForcibly);
    CompletableFuture.allOf(
            all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
    then.run();
  }

  /** Does not return if this process is ending: why another one ended is no news then. */
  static void checkNotEnding() throws InterruptedException {
    if (ending) {
      new CountDownLatch(1).await();
    }
  }

  /** Makes this process end when the one that started it does. */
  static void endWithParent() {
    ProcessHandle.current().parent().ifPresent(p -> p.onExit().thenRun(() -> System.exit(1)));
  }
}
