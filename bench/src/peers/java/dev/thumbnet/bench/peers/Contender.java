package dev.thumbnet.bench.peers;

/** One implementation of a case, ready to run again and again. */
interface Contender extends AutoCloseable {
  /** Returns the name in tables. */
  String name();

  /** Runs once, input and output included, and returns what must agree with the others. */
  float[] run();

  @Override
  void close();
}
