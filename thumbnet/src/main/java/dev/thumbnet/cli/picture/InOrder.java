package dev.thumbnet.cli.picture;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** Works on several things at once, and hands over the results one by one in their order. */
public final class InOrder {
  /** How often it is asked whether to stop, while a result is waited for. */
  private static final long MILLIS = 20;

  private InOrder() {}

  /**
   * Does work on each thing. At most {@code 2 * threads} results wait for those before them.
   *
   * @param threads how many threads work
   * @param work is called by these threads, which are interrupted when nobody wants the result any
   *     more
   * @param stop asked now and then whether to stop; an interrupt of this thread does so, too
   * @param results gets them, on this thread
   * @throws CancellationException if it was stopped; work that was begun is not waited for
   */
  public static <T, R> void run(
      List<T> things, int threads, Function<T, R> work, BooleanSupplier stop, Consumer<R> results) {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.clamp(things.size(), 1, threads),
            task -> Thread.ofPlatform().daemon().name("thumbnet-pictures").unstarted(task));
    try {
      Iterator<T> rest = things.iterator();
      Deque<Future<R>> begun = new ArrayDeque<>();
      while (rest.hasNext() || !begun.isEmpty()) {
        while (rest.hasNext() && begun.size() < 2 * threads) {
          T thing = rest.next();
          begun.add(pool.submit(() -> work.apply(thing)));
        }
        results.accept(await(begun.remove(), stop));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static <R> R await(Future<R> future, BooleanSupplier stop) {
    while (!stop.getAsBoolean()) {
      try {
        return future.get(MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Asks again.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) e.getCause();
      }
    }
    throw new CancellationException("stopped");
  }
}
