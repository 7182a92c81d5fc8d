package dev.thumbnet.engine.backend.cpu.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Rng;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each task of a parallel region runs exactly once, whoever calls, nests, throws or comes late. */
@Timeout(60)
class WorkerPoolTest {
  @Test
  void runsEachTaskOnceInEachOfManyRegions() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(4)) {
      for (int region = 0; region < 3000; region++) {
        int tasks = region % 23;
        AtomicIntegerArray counts = new AtomicIntegerArray(23);
        pool.run(tasks, counts::incrementAndGet);
        for (int i = 0; i < 23; i++) {
          assertThat(counts.get(i)).isEqualTo(i < tasks ? 1 : 0);
        }
        if (region % 1000 == 999) {
          Thread.sleep(5); // lets the workers park
        }
      }
    }
  }

  /**
   * Regions of few and many tasks in turn, on more threads than there are processors: a worker that
   * wakes up late in a small region must not take a task of the large one that follows.
   */
  @Test
  void aLateWorkerTakesNothingOfTheNextRegion() {
    try (WorkerPool pool = new WorkerPool(16)) {
      AtomicIntegerArray counts = new AtomicIntegerArray(24);
      int[] runs = new int[24];
      for (int region = 0; region < 40_000; region++) {
        int tasks = region % 2 == 0 ? 2 : 24;
        pool.run(tasks, counts::incrementAndGet);
        for (int i = 0; i < 24; i++) {
          runs[i] += i < tasks ? 1 : 0;
          if (counts.get(i) != runs[i]) {
            throw new AssertionError("region " + region + ": task " + i + " did not run once");
          }
        }
      }
    }
  }

  @Test
  void usesSeveralThreadsAtOnce() {
    try (WorkerPool pool = new WorkerPool(3)) {
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      CountDownLatch all = new CountDownLatch(3);
      pool.run(
          3,
          i -> {
            threads.add(Thread.currentThread());
            all.countDown();
            await(all);
          });
      assertThat(threads).hasSize(3).contains(Thread.currentThread());
      assertThat(threads).filteredOn(t -> t != Thread.currentThread()).allMatch(Thread::isDaemon);
    }
  }

  @Test
  void threadsEndWhenNothingComesAndComeBack() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(3, 20_000_000)) {
      Set<Thread> first = threadsOf(pool);
      for (Thread thread : first) {
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
      }
      Set<Thread> second = threadsOf(pool);
      assertThat(second).hasSize(2).doesNotContainAnyElementsOf(first);
      assertThat(second)
          .extracting(Thread::getName)
          .containsExactlyInAnyOrder("thumbnet-cpu-1", "thumbnet-cpu-2");
    }
  }

  /** The threads beside the caller's, each of which has run a task of one region. */
  private static Set<Thread> threadsOf(WorkerPool pool) {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(pool.threads());
    pool.run(
        pool.threads(),
        i -> {
          threads.add(Thread.currentThread());
          all.countDown();
          await(all);
        });
    threads.remove(Thread.currentThread());
    return threads;
  }

  /**
   * Regions come about when the threads' time is over: some threads are just ending, some are
   * woken, some have to be started, and each region still has all of them.
   */
  @Test
  void aThreadThatIsJustEndingLosesNoRegion() {
    int workers = 3;
    Rng rng = new Rng(7);
    try (WorkerPool pool = new WorkerPool(1 + workers, 30_000)) {
      AtomicIntegerArray counts = new AtomicIntegerArray(24);
      int[] runs = new int[24];
      Set<Thread> seen = ConcurrentHashMap.newKeySet();
      for (int region = 0; region < 3_000; region++) {
        int tasks = 1 + workers + region % 20;
        CountDownLatch all = new CountDownLatch(1 + workers);
        pool.run(
            tasks,
            i -> {
              counts.incrementAndGet(i);
              seen.add(Thread.currentThread());
              if (i <= workers) { // so that each of these needs a thread of its own
                all.countDown();
                await(all);
              }
            });
        for (int i = 0; i < 24; i++) {
          runs[i] += i < tasks ? 1 : 0;
          if (counts.get(i) != runs[i]) {
            throw new AssertionError("region " + region + ": task " + i + " did not run once");
          }
        }
        LockSupport.parkNanos(rng.nextInt(200_000)); // watched for 50 µs, parked for 30 µs
      }
      assertThat(seen.size()).as("threads were started again and again").isGreaterThan(100);
    }
  }

  /** Nothing of the thread that asks first stays with the pool. */
  @Test
  void takesNothingOverFromWhoeverStartsIt() throws InterruptedException {
    InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
    try (WorkerPool pool = new WorkerPool(2)) {
      List<String> values = Collections.synchronizedList(new ArrayList<>());
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      Thread caller =
          new Thread(
              new ThreadGroup("of an application"),
              () -> {
                inherited.set("of the application");
                threads.addAll(threadsOf(pool));
                CountDownLatch both = new CountDownLatch(2);
                pool.run(
                    2,
                    i -> {
                      both.countDown();
                      await(both);
                      if (threads.contains(Thread.currentThread())) {
                        values.add(String.valueOf(inherited.get()));
                      }
                    });
              });
      caller.setContextClassLoader(new ClassLoader(null) {});
      caller.setPriority(Thread.MIN_PRIORITY);
      caller.start();
      caller.join();
      Thread worker = threads.iterator().next();
      assertThat(values).containsExactly("null");
      assertThat(worker.getContextClassLoader()).isSameAs(ClassLoader.getSystemClassLoader());
      assertThat(worker.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
      assertThat(worker.getThreadGroup().getName()).isNotEqualTo("of an application");
      assertThat(worker.isDaemon()).isTrue();
    }
  }

  @Test
  void oneThreadNeverStartsAnother() {
    try (WorkerPool pool = new WorkerPool(1)) {
      List<Thread> threads = new ArrayList<>();
      pool.run(5, i -> threads.add(Thread.currentThread()));
      assertThat(threads).hasSize(5).containsOnly(Thread.currentThread());
    }
  }

  @Test
  void theNumberOfThreadsHasBounds() {
    for (int threads : new int[] {-1, 0, 1025, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> new WorkerPool(threads))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the number of threads must be from 1 to 1024: " + threads);
    }
  }

  @Test
  void nestedRegionsRunOnTheThreadThatAsks() {
    try (WorkerPool pool = new WorkerPool(3)) {
      AtomicInteger sum = new AtomicInteger();
      pool.run(
          8,
          i -> {
            Thread outer = Thread.currentThread();
            pool.run(
                5,
                j -> {
                  assertThat(Thread.currentThread()).isSameAs(outer);
                  sum.addAndGet(10 * i + j);
                });
          });
      assertThat(sum.get()).isEqualTo(8 * 10 + 5 * 10 * 28);
    }
  }

  @Test
  void severalCallersDoNotDisturbEachOther() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(2)) {
      AtomicInteger wrong = new AtomicInteger();
      List<Thread> callers = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        Thread caller =
            new Thread(
                () -> {
                  for (int region = 0; region < 500; region++) {
                    AtomicIntegerArray counts = new AtomicIntegerArray(7);
                    pool.run(7, counts::incrementAndGet);
                    for (int i = 0; i < 7; i++) {
                      wrong.addAndGet(counts.get(i) == 1 ? 0 : 1);
                    }
                  }
                });
        callers.add(caller);
        caller.start();
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(wrong.get()).isZero();
    }
  }

  @Test
  void throwsWhatATaskThrowsAndGoesOnWorking() {
    try (WorkerPool pool = new WorkerPool(3)) {
      for (int i = 0; i < 50; i++) {
        int bad = i % 6;
        assertThatThrownBy(
                () ->
                    pool.run(
                        6,
                        j -> {
                          if (j == bad) {
                            throw new IllegalArgumentException("task " + j);
                          }
                        }))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("task " + bad);
        AtomicInteger done = new AtomicInteger();
        pool.run(6, j -> done.incrementAndGet());
        assertThat(done.get()).isEqualTo(6);
      }
    }
  }

  @Test
  void keepsTheCallersInterrupt() {
    try (WorkerPool pool = new WorkerPool(2)) {
      CountDownLatch both = new CountDownLatch(2);
      Thread caller = Thread.currentThread();
      pool.run(
          2,
          i -> {
            both.countDown();
            await(both);
            if (Thread.currentThread() != caller) {
              sleep(20); // long enough for the caller to park
              caller.interrupt();
              sleep(5);
            }
          });
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void closeEndsTheThreads() throws InterruptedException {
    WorkerPool pool = new WorkerPool(3);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(3);
    pool.run(
        3,
        i -> {
          threads.add(Thread.currentThread());
          all.countDown();
          await(all);
        });
    pool.close();
    pool.close();
    for (Thread thread : threads) {
      if (thread != Thread.currentThread()) {
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
      }
    }
    assertThatThrownBy(() -> pool.run(2, i -> {})).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesFewerThanOneThread() {
    assertThatThrownBy(() -> new WorkerPool(0)).hasMessageContaining("0");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
