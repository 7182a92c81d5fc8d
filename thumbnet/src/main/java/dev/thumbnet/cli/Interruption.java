package dev.thumbnet.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into a request to stop, so that a command can show what it has, or write
 * a checkpoint, first. What waits or computes for long is interrupted. Thread-safe.
 */
class Interruption {
  /** Commands stop within a second; a large checkpoint on a slow disk may take longer. */
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean requested;

  /**
   * Listens to the signals that end the JVM.
   *
   * @param command the thread that runs the command
   * @return false if the JVM is ending already
   */
  boolean listen(Thread command) {
    try {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> awaitEnd(command), "thumbnet-interruption"));
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** The JVM ends when this returns, with the exit code that belongs to the signal. */
  private void awaitEnd(Thread command) {
    if (finished.getCount() == 0) {
      return;
    }
    requested = true;
    command.interrupt();
    try {
      finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks the running command to stop. */
  void request() {
    requested = true;
  }

  /** Whether the running command should stop. */
  boolean requested() {
    return requested;
  }

  /** To be called when the command has ended; nobody waits for it any longer. */
  void commandEnded() {
    finished.countDown();
  }
}
