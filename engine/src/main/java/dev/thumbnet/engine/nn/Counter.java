package dev.thumbnet.engine.nn;

/** A whole number that belongs to a module's state. */
final class Counter {
  private long value;

  long value() {
    return value;
  }

  void set(long newValue) {
    value = newValue;
  }

  long increment() {
    return ++value;
  }
}
