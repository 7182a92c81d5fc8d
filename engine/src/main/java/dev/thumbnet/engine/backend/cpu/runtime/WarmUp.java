package dev.thumbnet.engine.backend.cpu.runtime;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Repeats work in the background until the JVM has compiled it, that is, until it no longer gets
 * faster. It begins a little after the last plan was made, so that it does not disturb a first
 * answer that is wanted at once.
 */
public final class WarmUp {
  /** The first answer of a small network is there by then. */
  private static final long DELAY_NANOS = 300_000_000;

  /** So many runs that are not faster than the fastest before are enough. */
  private static final int CALM = 8;

  /** What is faster, as a part of the time before. */
  private static final double FASTER = 0.9;

  private volatile long lastPlan = System.nanoTime();
  private final Object turn = new Object(); // plans made together warm up one after the other
  private volatile boolean finished;
  private volatile boolean closed;

  /** Tells whether a plan that is made now had better begin with code for a cold start. */
  public boolean isCold() {
    lastPlan = System.nanoTime();
    return !finished;
  }

  /**
   * Starts a daemon thread that repeats work. What the work throws ends it, quietly. If the system
   * allows no thread, there is no warming up.
   *
   * @param wanted asked before each run: it ends when the answer is no
   * @param done what is called in the end, unless this was closed
   */
  public void start(Runnable work, BooleanSupplier wanted, Runnable done) {
    try {
      DaemonThreads.start("thumbnet-warm-up", () -> run(work, wanted, done));
    } catch (OutOfMemoryError e) { // of threads; then calls warm the code up
      finished = true;
      done.run();
    }
  }

  /** Makes all threads end soon. */
  public void close() {
    closed = true;
  }

  private void run(Runnable work, BooleanSupplier wanted, Runnable done) {
    try {
      awaitQuiet(wanted);
      synchronized (turn) {
        repeat(work, wanted);
      }
    } catch (InterruptedException e) {
      return; // by whoever ends the process
    } catch (RuntimeException | Error e) {
      // Nobody waits for this thread: a call that fails likewise says so to whoever made it. It may
      // also be a run that met the end of the backend.
      System.getLogger(WarmUp.class.getName()).log(Level.DEBUG, "warming up failed", e);
    }
    if (!closed) {
      finished = true;
      done.run();
    }
  }

  /**
   * Waits until no plan is made, or the work is not wanted any more: nobody should wait in vain.
   */
  private void awaitQuiet(BooleanSupplier wanted) throws InterruptedException {
    long left = DELAY_NANOS;
    while (left > 0 && wanted.getAsBoolean()) {
      Thread.sleep(Duration.ofNanos(left));
      left = lastPlan + DELAY_NANOS - System.nanoTime();
    }
  }

  private void repeat(Runnable work, BooleanSupplier wanted) {
    long best = Long.MAX_VALUE;
    for (int calm = 0; calm < CALM && !closed && wanted.getAsBoolean(); calm++) {
      long before = System.nanoTime();
      work.run();
      long nanos = System.nanoTime() - before;
      if (nanos < FASTER * best) {
        best = nanos;
        calm = 0;
      }
    }
  }
}
