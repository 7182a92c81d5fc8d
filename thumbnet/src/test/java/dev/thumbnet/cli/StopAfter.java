package dev.thumbnet.cli;

/** Somebody who presses Ctrl-C when asked for the n-th time. */
final class StopAfter extends Interruption {
  private int questions;

  StopAfter(int n) {
    questions = n;
  }

  @Override
  boolean requested() {
    return --questions <= 0;
  }
}
