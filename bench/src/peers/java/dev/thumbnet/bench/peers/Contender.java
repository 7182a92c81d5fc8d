package dev.thumbnet.bench.peers;

/** One implementation of a case, ready to run again and again. */
interface Contender extends AutoCloseable {
  /** Returns the name in tables. */
  String name();

  /** Runs once, input and output included, and returns what must agree with the others. */
  float[] run();

  /** Returns by how much results may differ from the engine's, over the largest of them. */
  default double tolerance() {
    return 1e-3;
  }

  /** Returns the bytes of weights and intermediate results; 0 if unknown. */
  default long memory() {
    return 0;
  }

  /** Returns by how much a downscaler before the network shrinks sides; 1 without one. */
  default int factor() {
    return 1;
  }

  @Override
  void close();
}
