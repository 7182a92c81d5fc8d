package dev.thumbnet.bench.endure.trial;

import dev.thumbnet.engine.Rng;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Cases with numbers from 0 on, each of which can be tried alone. Thread-safe. */
public interface Trial {
  /**
   * Tries a case, the same one for the same number.
   *
   * @throws Exception if it went wrong in a way that the trial does not foresee: a violation, too
   */
  Outcome attempt(long number) throws Exception;

  /** Returns how many cases belong to even the shortest run. */
  default long least() {
    return 1;
  }

  /** Returns the most megabytes that a process of the trial's own had resident; 0 without one. */
  default double processMegabytes() {
    return 0;
  }

  /** Ends what the cases have in common, after the last one; returns what is wrong then. */
  default List<String> end() throws Exception {
    return List.of();
  }

  /** Returns what decides a case. */
  static RandomGenerator random(long seed, long number) {
    return new SplittableRandom(new Rng(seed).split(number).nextLong());
  }
}
