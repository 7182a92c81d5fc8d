package dev.thumbnet.bench.harness;

import java.util.ArrayList;
import java.util.List;

/** One implementation of a case, ready to run again and again. */
public interface Contender extends AutoCloseable {
  /** Returns the name in tables. */
  String name();

  /** Runs once, input and output included, and returns what must agree with the others. */
  float[] run();

  /** Runs once as it is timed: without fetching the result, where that belongs to nobody's work. */
  default void compute() {
    run();
  }

  /** Runs for a while, at least three times; returns the median time of a run in milliseconds. */
  default double milliseconds(long nanos) {
    List<Long> times = new ArrayList<>();
    long begin = System.nanoTime();
    long now = begin;
    while (times.size() < 3 || now - begin < nanos) {
      long before = now;
      compute();
      now = System.nanoTime();
      times.add(now - before);
    }
    times.sort(null);
    return times.get(times.size() / 2) / 1e6;
  }

  /** Returns by how much results may differ from those of the first, over the largest of them. */
  default double tolerance() {
    return 1e-3;
  }

  /** Returns the bytes of weights and intermediate results; 0 if unknown. */
  default long memory() {
    return 0;
  }

  @Override
  default void close() {}
}
