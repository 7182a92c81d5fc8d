package dev.thumbnet.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Times several things in turns, so that whatever disturbs the machine disturbs all alike.
 *
 * @param warmUpNanos how long each runs first
 * @param rounds how many turns each has
 * @param sliceNanos how long a turn takes
 */
public record Turns(long warmUpNanos, int rounds, long sliceNanos) {
  /** Lets the threads of the one before stop spinning. */
  private static final long PAUSE_MILLIS = 20;

  /**
   * Returns for each the median times of a run in its turns, in milliseconds, the shortest first.
   */
  public double[][] measure(List<? extends Runnable> contenders) throws InterruptedException {
    for (Runnable contender : contenders) {
      slice(contender, warmUpNanos);
    }
    double[][] times = new double[contenders.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < contenders.size(); turn++) {
        int index = (turn + round) % contenders.size();
        Thread.sleep(PAUSE_MILLIS);
        contenders.get(index).run(); // fetches what the one before has evicted
        times[index][round] = slice(contenders.get(index), sliceNanos);
      }
    }
    for (double[] ofOne : times) {
      Arrays.sort(ofOne);
    }
    return times;
  }

  /** Runs for a while and returns the median time of a run in milliseconds. */
  private static double slice(Runnable contender, long nanos) {
    List<Long> times = new ArrayList<>();
    long begin = System.nanoTime();
    long now = begin;
    while (times.size() < 3 || now - begin < nanos) {
      long before = now;
      contender.run();
      now = System.nanoTime();
      times.add(now - before);
    }
    times.sort(null);
    return times.get(times.size() / 2) / 1e6;
  }
}
