package dev.thumbnet.bench.harness;

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

  /** What one does when it is its turn. */
  @FunctionalInterface
  public interface Turn {
    /** Takes a turn. */
    void take(int contender, int round) throws InterruptedException;
  }

  /** Gives each a turn in each round, of which another one is the first every time. */
  public static void rotate(int contenders, int rounds, Turn turn) throws InterruptedException {
    for (int round = 0; round < rounds; round++) {
      for (int place = 0; place < contenders; place++) {
        turn.take((place + round) % contenders, round);
      }
    }
  }

  /** Returns for each the scatter over its turns of the median time of a run, in milliseconds. */
  public List<Scatter> measure(List<? extends Contender> contenders) throws InterruptedException {
    for (Contender contender : contenders) {
      contender.milliseconds(warmUpNanos);
    }
    double[][] times = new double[contenders.size()][rounds];
    rotate(
        contenders.size(),
        rounds,
        (index, round) -> {
          Thread.sleep(PAUSE_MILLIS);
          contenders.get(index).compute(); // fetches what the one before has evicted
          times[index][round] = contenders.get(index).milliseconds(sliceNanos);
        });
    return Arrays.stream(times).map(ofOne -> Scatter.of(Arrays.stream(ofOne))).toList();
  }
}
