package dev.thumbnet.bench.peers;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thumbnet.bench.FmaPeak;
import dev.thumbnet.bench.MemoryBandwidth;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * What the machine can do, measured beside the cases.
 *
 * @param gigaMacs multiply-adds that never leave the registers, in thousand millions per second
 * @param gigaBytes reading and writing memory, in thousand million bytes per second
 */
record Limits(
    @JsonProperty("gigaMacs") double gigaMacs, @JsonProperty("gigaBytes") double gigaBytes) {
  /** Takes results, so that the compiler cannot leave their computation out. */
  private static volatile double sink;

  private static final int COPIED = 1 << 24;
  private static final int ROUNDS = 7;
  private static final long SLICE = 100_000_000;

  /** Measures with some threads at once; the best of several rounds. */
  static Limits measure(int threads) {
    double macs = best(threads, () -> new FmaPeak()::oneThread) * FmaPeak.macsPerCall();
    double copies =
        best(
            threads,
            () -> {
              MemoryBandwidth bandwidth = new MemoryBandwidth();
              bandwidth.length = COPIED;
              bandwidth.make();
              return () -> {
                bandwidth.oneThread();
                return 0;
              };
            });
    return new Limits(macs / 1e9, copies * 2 * Float.BYTES * COPIED / 1e9);
  }

  /** Returns the number of calls per second of all threads together. */
  private static double best(int threads, Supplier<DoubleSupplier> task) {
    List<DoubleSupplier> tasks = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      tasks.add(task.get());
    }
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double[] rates = new double[threads];
      List<Thread> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int index = i;
        running.add(Thread.ofPlatform().start(() -> rates[index] = rate(tasks.get(index))));
      }
      double sum = 0;
      for (int i = 0; i < threads; i++) {
        join(running.get(i));
        sum += rates[i];
      }
      best = Math.max(best, sum);
    }
    return best;
  }

  private static double rate(DoubleSupplier task) {
    long start = System.nanoTime();
    long calls = 0;
    long now = start;
    double sum = 0;
    while (now - start < SLICE) {
      sum += task.getAsDouble();
      calls++;
      now = System.nanoTime();
    }
    sink = sum;
    return calls * 1e9 / (now - start);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }
}
