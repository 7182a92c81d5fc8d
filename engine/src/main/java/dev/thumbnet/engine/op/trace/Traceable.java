package dev.thumbnet.engine.op.trace;

/** An op that may occur in a {@link Trace}; it also tells the shape of its result. */
public interface Traceable {
  /** Returns what this application computes. */
  Action action();
}
