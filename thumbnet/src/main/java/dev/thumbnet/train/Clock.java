package dev.thumbnet.train;

import java.time.Duration;

/** Times a session of training: how fast it is, when it will end, when a checkpoint is due. */
final class Clock {
  private static final double NANOS = 1e9;

  private final long start = System.nanoTime();
  private final long interval;
  private final long firstStep;
  private final long steps;
  private long pictures;
  private long lastCheckpoint = start;
  private long lastLap = start;

  /**
   * Starts now.
   *
   * @param firstStep number of steps done before this session
   * @param steps number of steps of the whole training
   * @param interval between checkpoints
   */
  Clock(long firstStep, long steps, Duration interval) {
    this.firstStep = firstStep;
    this.steps = steps;
    this.interval = interval.toNanos();
  }

  void addPictures(int count) {
    pictures += count;
  }

  double picturesPerSecond() {
    return pictures * NANOS / Math.max(1, System.nanoTime() - start);
  }

  /** Estimates the rest by the mean of this session, evaluation included. */
  Duration remaining(long stepsDone) {
    double perStep = (double) (System.nanoTime() - start) / Math.max(1, stepsDone - firstStep);
    return Duration.ofNanos((long) (perStep * (steps - stepsDone)));
  }

  boolean checkpointDue() {
    return System.nanoTime() - lastCheckpoint >= interval;
  }

  void checkpointWritten() {
    lastCheckpoint = System.nanoTime();
  }

  /** Begins a lap: what went before belongs to others. */
  void resume() {
    lastLap = System.nanoTime();
  }

  /** Returns the seconds since a lap was begun. */
  double lap() {
    long now = System.nanoTime();
    double seconds = (now - lastLap) / NANOS;
    lastLap = now;
    return seconds;
  }
}
