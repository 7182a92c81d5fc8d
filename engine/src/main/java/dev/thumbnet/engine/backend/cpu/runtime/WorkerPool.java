package dev.thumbnet.engine.backend.cpu.runtime;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of one parallel region on a fixed set of daemon platform threads and on the
 * calling thread, and returns when all are done.
 *
 * <p><b>Idea.</b> A convolution takes from ten microseconds to some milliseconds, and a network
 * calls hundreds in a row. Handing work to an executor costs 10–30 µs a region; here a worker that
 * has nothing to do watches one number for a short while before it parks, so that a region that
 * follows soon starts within a microsecond. Watching is bounded, because a thread that spins takes
 * a core from others.
 *
 * <p><b>Protocol.</b> {@code ticket} holds the number of the region in its upper and the next
 * unclaimed task in its lower half. A task is claimed by compare-and-set of both together. Before
 * the next region's tasks are written, the ticket of the old one is {@linkplain #CLOSED closed}: a
 * worker that comes late, and has read the new tasks under the old number, then finds nothing to
 * claim.
 *
 * <p>The order of tasks is not defined and neither is which thread runs one: a caller splits its
 * work by a rule that does not depend on the number of threads, and gets the same bits with any
 * number. Any thread may call {@link #run} at any time; if the pool is busy (a second caller, or a
 * task that itself calls it) the tasks run on the calling thread. Nothing is allocated per region.
 */
public class WorkerPool implements AutoCloseable {
  /** One index of a parallel region. */
  public interface Task {
    public void run(int index);
  }

  /** More threads than any machine has use for; each takes memory, and all of them a start. */
  public static final int MOST_THREADS = 1024;

  /** How long an idle worker, or a caller that waits for the last task, watches before it parks. */
  private static final long SPIN_NANOS = 50_000;

  /** How many looks are taken between two looks at the clock. */
  private static final int SPINS_PER_CLOCK = 64;

  /** A next unclaimed task that is beyond the last of any region. */
  private static final int CLOSED = Integer.MAX_VALUE;

  private final int threads;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicLong ticket = new AtomicLong();
  private final AtomicInteger unfinished = new AtomicInteger();
  private final AtomicInteger parked = new AtomicInteger();

  // Written by the owner of `busy` while the ticket is closed. Volatile, so that no write is seen
  // before the closing.
  private volatile @Nullable Task task;
  private volatile int tasks;

  private volatile @Nullable Throwable failure;
  private volatile @Nullable Thread parkedCaller;
  private volatile boolean closed;
  private Worker @Nullable [] workers; // guarded by busy

  /**
   * @param threads how many threads compute, the caller's included; at most {@link #MOST_THREADS}
   */
  public WorkerPool(int threads) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "the number of threads must be from 1 to " + MOST_THREADS + ": " + threads);
    }
    this.threads = threads;
  }

  /** Returns how many threads compute, the caller's included. */
  public int threads() {
    return threads;
  }

  /**
   * Calls {@code task.run(i)} for each i in [0, tasks) and returns when all have returned. If some
   * throw, one of the throwables is thrown here after the region has ended; tasks that had not
   * begun by then are skipped.
   */
  public void run(int tasks, Task task) {
    run(tasks, true, task);
  }

  /**
   * As {@link #run(int, Task)}, on the calling thread alone unless it is {@code worth} handing out.
   */
  public void run(int tasks, boolean worth, Task task) {
    if (!worth || tasks <= 1 || threads == 1 || !busy.compareAndSet(false, true)) {
      for (int i = 0; i < tasks; i++) {
        task.run(i);
      }
      return;
    }
    try {
      if (closed) {
        throw new IllegalStateException("the backend was closed; its threads have ended");
      }
      runShared(tasks, task);
    } finally {
      busy.set(false);
    }
  }

  /** As {@link #run(int, Task)}, and then runs {@code after} on the calling thread. */
  public void run(int tasks, Task task, Runnable after) {
    run(tasks, task);
    after.run();
  }

  /** Tells whether regions are kept to be run often: then all that they need is made before. */
  public boolean records() {
    return false;
  }

  private void runShared(int tasks, Task task) {
    Worker[] all = workers == null ? startWorkers() : workers;
    long old = ticket.get() >>> 32;
    ticket.set(old << 32 | CLOSED);
    this.task = task;
    this.tasks = tasks;
    failure = null;
    unfinished.set(tasks);
    long region = old + 1;
    ticket.set(region << 32);
    wake(all, tasks - 1);
    work(region);
    awaitWorkers();
    this.task = null;
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) thrown;
    }
  }

  private Worker[] startWorkers() {
    Worker[] all = new Worker[threads - 1];
    workers = all;
    for (int i = 0; i < all.length; i++) {
      all[i] = new Worker(i + 1);
      all[i].start();
    }
    return all;
  }

  private void wake(Worker[] all, int wanted) {
    if (parked.get() == 0) {
      return;
    }
    int left = wanted;
    for (int i = 0; i < all.length && left > 0; i++, left--) {
      if (all[i].parked) {
        LockSupport.unpark(all[i]);
      }
    }
  }

  /** Claims and runs tasks of a region until none is left. */
  private void work(long region) {
    Task current = task;
    int count = tasks;
    while (true) {
      long seen = ticket.get();
      int index = (int) seen;
      if (seen >>> 32 != (region & 0xffffffffL) || index >= count) {
        return;
      }
      if (!ticket.compareAndSet(seen, seen + 1)) {
        continue;
      }
      try {
        if (failure == null) {
          Objects.requireNonNull(current).run(index); // a task was claimed, so there is one
        }
      } catch (RuntimeException | Error e) {
        failure = e;
      } finally {
        if (unfinished.decrementAndGet() == 0) {
          LockSupport.unpark(parkedCaller);
        }
      }
    }
  }

  private void awaitWorkers() {
    long deadline = 0;
    for (int spins = 1; unfinished.get() != 0; spins++) {
      Thread.onSpinWait();
      if (spins % SPINS_PER_CLOCK == 0) {
        long now = System.nanoTime();
        if (deadline == 0) {
          deadline = now + SPIN_NANOS;
        } else if (now - deadline > 0) {
          parkUntilFinished();
          return;
        }
      }
    }
  }

  private void parkUntilFinished() {
    parkedCaller = Thread.currentThread();
    boolean interrupted = false;
    while (unfinished.get() != 0) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted(); // or park would return at once for ever
    }
    parkedCaller = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the threads. A region that is running is finished first by its caller. */
  @Override
  public void close() {
    closed = true;
    while (!busy.compareAndSet(false, true)) {
      Thread.onSpinWait();
    }
    try {
      if (workers != null) {
        for (Worker worker : workers) {
          LockSupport.unpark(worker);
        }
        workers = null;
      }
    } finally {
      busy.set(false);
    }
  }

  private final class Worker extends Thread {
    volatile boolean parked;
    private long region; // the last one that this worker has seen

    Worker(int number) {
      super(null, null, "thumbnet-cpu-" + number, 0, false);
      setDaemon(true);
    }

    @Override
    public void run() {
      while (awaitRegion()) {
        work(region);
      }
    }

    /** Waits for a region other than the last one; false when the pool was closed. */
    private boolean awaitRegion() {
      long deadline = 0;
      for (int spins = 1; !closed; spins++) {
        if (regionChanged()) {
          return true;
        }
        Thread.onSpinWait();
        if (spins % SPINS_PER_CLOCK == 0) {
          long now = System.nanoTime();
          if (deadline == 0) {
            deadline = now + SPIN_NANOS;
          } else if (now - deadline > 0) {
            parkUntilRegion();
          }
        }
      }
      return false;
    }

    private boolean regionChanged() {
      long current = ticket.get() >>> 32;
      if (current == region) {
        return false;
      }
      region = current;
      return true;
    }

    private void parkUntilRegion() {
      parked = true;
      WorkerPool.this.parked.incrementAndGet();
      // The caller opens the region before it looks at `parked`, this thread sets `parked` before
      // it looks at the region: one of the two sees the other.
      while (ticket.get() >>> 32 == region && !closed) {
        LockSupport.park(WorkerPool.this);
        Thread.interrupted();
      }
      WorkerPool.this.parked.decrementAndGet();
      parked = false;
    }
  }
}
