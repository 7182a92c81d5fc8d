package dev.thumbnet.bench.harness;

/** How long is measured. */
public enum Effort {
  /** To see that it works. */
  QUICK,
  /** For tables. */
  FULL
}
