package dev.thumbnet.engine.op;

/** An op that may occur in a {@link Trace}; it also tells the shape of its result. */
interface Traceable {
  /** Returns what this application computes. */
  Action action();
}
