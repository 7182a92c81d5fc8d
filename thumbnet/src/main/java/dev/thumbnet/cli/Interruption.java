package dev.thumbnet.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C into a request to stop at the next step, so that long work can write a checkpoint
 * first. Thread-safe.
 */
class Interruption {
  /** A step takes seconds at most; whoever needs longer is cut off, as without this class. */
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean requested;

  /** Listens to the signals that end the JVM. */
  void listen() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::awaitEnd, "thumbnet-interruption"));
  }

  /** The JVM ends when this returns, with the exit code that belongs to the signal. */
  private void awaitEnd() {
    requested = true;
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
