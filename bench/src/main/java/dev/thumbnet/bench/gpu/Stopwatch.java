package dev.thumbnet.bench.gpu;

import dev.thumbnet.bench.harness.Effort;
import dev.thumbnet.bench.harness.Scatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures steps in two ways. In blocks, as loops run them: many are queued, then one waits for
 * all, so that the host prepares the next step while the device works. And alone: each is queued
 * when nothing else is, so that the time until it is queued is the host's own and not that of
 * waiting for a place in a full queue.
 */
final class Stopwatch {
  private static final int LEAST_BLOCKS = 5;
  private static final int LONGEST_BLOCK = 200;
  private static final double BLOCK_SECONDS = 0.2;

  private final Runnable queue;
  private final Runnable await;
  private final Lengths lengths;

  /**
   * How long is measured; the same as in pytorch_side.py.
   *
   * @param layerSeconds for something short
   */
  private record Lengths(
      double warmUpSeconds, int warmUpSteps, double seconds, int stepsAlone, double layerSeconds) {
    static Lengths of(Effort effort) {
      return switch (effort) {
        case QUICK -> new Lengths(2, 6, 1.5, 10, 0.05);
        case FULL -> new Lengths(6, 12, 4, 30, 0.3);
      };
    }
  }

  /**
   * Steps that were queued one after the other.
   *
   * @param queued seconds until all were queued
   * @param done seconds until all were done
   */
  private record Block(double queued, double done) {}

  /**
   * Medians in milliseconds.
   *
   * @param step a step in blocks
   * @param alone a step by itself
   * @param host until a step by itself was queued
   */
  record Times(double step, double alone, double host) {}

  /**
   * @param queue queues a step
   * @param await waits for all steps
   */
  Stopwatch(Runnable queue, Runnable await, Effort effort) {
    this.queue = queue;
    this.await = await;
    this.lengths = Lengths.of(effort);
  }

  /** Returns the median milliseconds of a step in blocks; for something short. */
  double layer() {
    warmUp(lengths.layerSeconds);
    return 1e3 * median(blocks(lengths.layerSeconds / LEAST_BLOCKS, lengths.layerSeconds));
  }

  Times measure() {
    warmUp(lengths.warmUpSeconds);
    List<Double> blocks = blocks(BLOCK_SECONDS, lengths.seconds);
    List<Double> alone = new ArrayList<>();
    List<Double> host = new ArrayList<>();
    for (int i = 0; i < lengths.stepsAlone; i++) {
      Block block = block(1);
      alone.add(block.done);
      host.add(block.queued);
    }
    return new Times(1e3 * median(blocks), 1e3 * median(alone), 1e3 * median(host));
  }

  private void warmUp(double seconds) {
    double started = now();
    for (int steps = 0; steps < lengths.warmUpSteps || now() - started < seconds; steps++) {
      block(1);
    }
  }

  /** Returns seconds of a step in each of some blocks. */
  private List<Double> blocks(double blockSeconds, double seconds) {
    double once = median(List.of(block(1).done, block(1).done, block(1).done));
    int length = Math.clamp((long) (blockSeconds / once), 1, LONGEST_BLOCK);
    List<Double> blocks = new ArrayList<>();
    double started = now();
    while (blocks.size() < LEAST_BLOCKS || now() - started < seconds) {
      blocks.add(block(length).done / length);
    }
    return blocks;
  }

  private Block block(int length) {
    double before = now();
    for (int i = 0; i < length; i++) {
      queue.run();
    }
    double queued = now() - before;
    await.run();
    return new Block(queued, now() - before);
  }

  private static double now() {
    return System.nanoTime() * 1e-9;
  }

  private static double median(List<Double> values) {
    return Scatter.of(values.stream().mapToDouble(Double::doubleValue)).median();
  }
}
