package dev.thumbnet.bench.endure.trial;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tries cases, one after the other, on some threads, until a time is over and there were enough. A
 * case that does not end is a violation, and ends the run; so are threads that stay.
 */
public final class Trials {
  /** Threads of Java's own come with the first cases. */
  private static final long SETTLED_CASES = 50;

  private static final int MORE_THREADS = 4;
  private static final long PATIENCE_MILLIS = 5000;
  private static final long WATCH_MILLIS = 100;
  private static final long REPORT_MILLIS = 2000;
  private static final int FRAMES = 12;

  /**
   * How long to try.
   *
   * @param share ends when this time is over
   * @param least and so many cases were tried
   */
  public record Extent(Duration share, long least) {}

  /**
   * What a case may take.
   *
   * @param threads how many cases are tried at once
   * @param processor the most time of the processor for the thread of a case; zero if a case has
   *     several threads or processes, and judges itself
   * @param clock when a case is given up
   */
  public record Bounds(int threads, Duration processor, Duration clock) {
    private boolean ofProcessor() {
      return processor.isPositive();
    }
  }

  private record Running(long number, long began) {}

  private final Trial trial;
  private final Bounds bounds;
  private final Tally tally = new Tally();
  private final AtomicLong next = new AtomicLong();
  private final Map<Thread, Running> running = new ConcurrentHashMap<>();
  private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();
  private final long begin = System.nanoTime();
  private volatile boolean hung;
  private volatile int settledThreads;

  /** Prepares a run; nothing is tried yet. */
  public Trials(Trial trial, Bounds bounds) {
    this.trial = trial;
    this.bounds = bounds;
  }

  /** Tries a single case. */
  public PartResult one(long number) throws InterruptedException {
    next.set(number);
    return run(new Extent(Duration.ZERO, number + 1), 1, _ -> {});
  }

  /**
   * Tries cases from 0 on.
   *
   * @param progress gets what there is, every two seconds
   */
  public PartResult run(Extent extent, Consumer<PartResult> progress) throws InterruptedException {
    return run(extent, bounds.threads(), progress);
  }

  private PartResult run(Extent extent, int threads, Consumer<PartResult> progress)
      throws InterruptedException {
    long least = Math.max(extent.least(), next.get() + 1);
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread.Builder worker = Thread.ofPlatform().daemon().name("trial-" + i);
      workers.add(worker.start(() -> work(extent.share().toNanos(), least)));
    }
    watch(workers, progress);
    if (!hung) {
      checkThreads();
    }
    end();
    return result();
  }

  // ---------------------------------------------------------------- cases

  private void work(long share, long least) {
    while (!hung && (next.get() < least || System.nanoTime() - begin < share)) {
      attempt(next.getAndIncrement());
    }
  }

  private void attempt(long number) {
    Thread thread = Thread.currentThread();
    running.put(thread, new Running(number, System.nanoTime()));
    long before = now();
    Outcome outcome;
    try {
      outcome = trial.attempt(number);
    } catch (Exception | Error e) {
      outcome = new Outcome("-", Map.of(), List.of(describe(e)));
    }
    long nanos = now() - before;
    running.remove(thread);
    tally.add(number, outcome, nanos);
    if (bounds.ofProcessor() && nanos > bounds.processor().toNanos()) {
      tally.violation(
          number,
          outcome.kind(),
          "took %.1f s of the processor, more than %d"
              .formatted(nanos / 1e9, bounds.processor().toSeconds()));
    }
    if (settledThreads == 0 && tally.cases() >= SETTLED_CASES) {
      settledThreads = clock.getThreadCount();
    }
  }

  private long now() {
    return bounds.ofProcessor() ? clock.getCurrentThreadCpuTime() : System.nanoTime();
  }

  private static String describe(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  // ---------------------------------------------------------------- the watch

  private void watch(List<Thread> workers, Consumer<PartResult> progress)
      throws InterruptedException {
    long reported = System.nanoTime();
    while (!hung && workers.stream().anyMatch(Thread::isAlive)) {
      Thread.sleep(WATCH_MILLIS);
      running.forEach(this::checkAlive);
      if (System.nanoTime() - reported >= REPORT_MILLIS * 1_000_000) {
        progress.accept(result());
        reported = System.nanoTime();
      }
    }
  }

  private void checkAlive(Thread thread, Running is) {
    long nanos = System.nanoTime() - is.began();
    if (nanos > bounds.clock().toNanos()) {
      hung = true;
      String where =
          Arrays.stream(thread.getStackTrace())
              .limit(FRAMES)
              .map(StackTraceElement::toString)
              .collect(Collectors.joining(" < "));
      tally.violation(is.number(), "-", "not ended after %.0f s: %s".formatted(nanos / 1e9, where));
    }
  }

  private void checkThreads() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    int most = settledThreads == 0 ? Integer.MAX_VALUE : settledThreads + MORE_THREADS;
    while (clock.getThreadCount() > most && System.nanoTime() < end) {
      Thread.sleep(WATCH_MILLIS);
    }
    if (clock.getThreadCount() > most) {
      tally.violation(
          Violation.NO_CASE,
          "-",
          "threads stay: %d after %d cases, %d at the end"
              .formatted(settledThreads, SETTLED_CASES, clock.getThreadCount()));
    }
  }

  private void end() {
    try {
      trial.end().forEach(what -> tally.violation(Violation.NO_CASE, "-", what));
    } catch (Exception e) {
      tally.violation(Violation.NO_CASE, "-", "at the end: " + describe(e));
    }
  }

  private PartResult result() {
    double own = ProcessStatus.largestMegabytes(ProcessHandle.current().pid());
    return tally.result((System.nanoTime() - begin) / 1e9, Math.max(own, trial.processMegabytes()));
  }
}
