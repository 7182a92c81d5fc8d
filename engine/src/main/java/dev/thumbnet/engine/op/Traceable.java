package dev.thumbnet.engine.op;

/** An op that may occur in a {@link Trace}. */
interface Traceable {
  /**
   * Returns what this application computes.
   *
   * @throws IllegalStateException if it computes that in training only
   */
  Action action();
}
