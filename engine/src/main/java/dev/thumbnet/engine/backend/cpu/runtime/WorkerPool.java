package dev.thumbnet.engine.backend.cpu.runtime;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of one parallel region on a fixed number of daemon platform threads and on the
 * calling thread, and returns when all are done. A thread that was not needed for {@value
 * #IDLE_SECONDS} seconds ends, and is started again when it is: an application that lets go of this
 * pool need not close it.
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
 * <p>No region needs a worker: its caller claims tasks, too, until none is left, and then waits for
 * tasks that were claimed, not for threads. So a worker may end, or not be there in time, at any
 * moment in which it has no task. What a worker does is a {@link State}, and each change of it that
 * two threads might want is a compare-and-set: either a worker ends and the caller starts another,
 * or the caller wakes it and it does not end.
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

  /**
   * How long a parked worker is kept. Starting one again takes a tenth of a millisecond, nothing in
   * an application that had no work for so long.
   */
  private static final int IDLE_SECONDS = 2;

  /** How many looks are taken between two looks at the clock. */
  private static final int SPINS_PER_CLOCK = 64;

  /** A next unclaimed task that is beyond the last of any region. */
  private static final int CLOSED = Integer.MAX_VALUE;

  /** What a worker does. */
  private enum State {
    /** Its thread runs tasks, or looks for some. The worker alone changes this. */
    WATCHING,
    /** Its thread waits to be woken. The caller or the worker changes this, whoever comes first. */
    PARKED,
    /** It has no thread. The caller alone changes this. */
    ENDED
  }

  private final int threads;
  private final long idleNanos;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicLong ticket = new AtomicLong();
  private final AtomicInteger unfinished = new AtomicInteger();

  /** How many workers are not watching; for moments more, never fewer. */
  private final AtomicInteger asleep = new AtomicInteger();

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
    this(threads, IDLE_SECONDS * 1_000_000_000L);
  }

  /**
   * @param threads how many threads compute, the caller's included
   * @param idleNanos how long a parked worker is kept
   */
  WorkerPool(int threads, long idleNanos) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "the number of threads must be from 1 to " + MOST_THREADS + ": " + threads);
    }
    this.threads = threads;
    this.idleNanos = idleNanos;
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
    Worker[] all = workers == null ? makeWorkers() : workers;
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

  private Worker[] makeWorkers() {
    Worker[] all = new Worker[threads - 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = new Worker(i + 1);
    }
    asleep.set(all.length);
    workers = all;
    return all;
  }

  private void wake(Worker[] all, int wanted) {
    if (asleep.get() == 0) {
      return;
    }
    for (int i = 0; i < all.length && i < wanted; i++) {
      all[i].wake();
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
          LockSupport.unpark(worker.thread);
        }
        workers = null;
      }
    } finally {
      busy.set(false);
    }
  }

  /** One that computes beside the caller. It has a thread unless it has ended. */
  private final class Worker implements Runnable {
    private final String name;
    private final AtomicReference<State> state = new AtomicReference<>(State.ENDED);
    private @Nullable Thread thread; // guarded by busy
    private long region; // the last one that this worker has seen; its thread's alone

    Worker(int number) {
      this.name = "thumbnet-cpu-" + number;
    }

    /** Sees to it that the worker looks at the region that was opened. Called with busy taken. */
    void wake() {
      if (leave(State.PARKED)) {
        LockSupport.unpark(thread);
      } else if (leave(State.ENDED)) {
        try {
          thread = DaemonThreads.start(name, this);
        } catch (OutOfMemoryError e) { // also where the system allows no more threads
          asleep.incrementAndGet();
          state.set(State.ENDED); // others do its work, with the same bits
        }
      }
    }

    /** Goes from a state in which it does not watch to watching; false if it is in another. */
    private boolean leave(State from) {
      boolean left = state.compareAndSet(from, State.WATCHING);
      if (left) {
        asleep.decrementAndGet();
      }
      return left;
    }

    @Override
    public void run() {
      while (awaitRegion()) {
        work(region);
      }
    }

    /** Waits for a region other than the last one; false when this thread has to end. */
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
          } else if (now - deadline > 0 && !park()) {
            return false;
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

    /**
     * Waits until it is woken or sees a region; false if it has waited long enough. The worker may
     * have another thread then, and this one must not touch it any more.
     */
    private boolean park() {
      long since = System.nanoTime();
      asleep.incrementAndGet();
      state.set(State.PARKED);
      // The caller opens the region before it looks at `asleep` and the state, this thread sets
      // both before it looks at the region: one of the two sees the other.
      while (state.get() == State.PARKED) {
        long left = since + idleNanos - System.nanoTime();
        if (ticket.get() >>> 32 != region) {
          leave(State.PARKED);
        } else if (closed || left <= 0) {
          if (state.compareAndSet(State.PARKED, State.ENDED)) {
            return false;
          }
        } else {
          LockSupport.parkNanos(WorkerPool.this, left);
          Thread.interrupted();
        }
      }
      return true;
    }
  }
}
