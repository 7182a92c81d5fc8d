package dev.thumbnet.bench.harness;

/** One implementation of a case, ready to run again and again. */
public interface Contender extends AutoCloseable {
  /** Returns the name in tables. */
  String name();

  /** Runs once, input and output included, and returns what must agree with the others. */
  float[] run();

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
