package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.backend.Backend;

/**
 * What a plan and its parts run on, the same for all of them. In a JVM that has just started that
 * is not the backend itself but its {@link Backend#cold}: the first call, if it is a short one, is
 * answered by code for a cold start. Later calls, whose effect it is, too, that the backend's own
 * code becomes fast, are left to that. Any number of threads may use it at once.
 */
final class ColdStart {
  /**
   * Multiply-adds of a call up to which code for a cold start pays: 0.2 s of two cores. A longer
   * call lives to see its own code compiled.
   */
  private static final long COLD_MACS = 600_000_000;

  private final Backend backend;
  private volatile Backend current;
  private volatile boolean called;

  ColdStart(Backend backend) {
    this.backend = backend;
    this.current = backend.cold();
  }

  /** Returns what plans run on when their code is fast. */
  Backend backend() {
    return backend;
  }

  /** Returns what a workspace that is made now runs on. */
  Backend current() {
    return current;
  }

  /** Returns what a call of so many multiply-adds runs on. */
  Backend forCall(long macs) {
    if (macs > COLD_MACS) {
      leave();
    }
    return current;
  }

  /** Notes that there is a call, so that no warming up is wanted. */
  void called() {
    called = true;
  }

  boolean wasCalled() {
    return called;
  }

  /** Lets all workspaces that are made from now on run on the backend itself. */
  void leave() {
    current = backend;
  }
}
