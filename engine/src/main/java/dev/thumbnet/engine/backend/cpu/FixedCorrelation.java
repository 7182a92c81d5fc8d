package dev.thumbnet.engine.backend.cpu;

/** A {@link Correlation} whose weights no longer change; any number of threads may use it. */
interface FixedCorrelation {
  /**
   * Returns what computes the results, as often as it is run, in one thread at a time.
   *
   * @param c as it was when the weights were made ready, but perhaps with fewer pictures
   */
  Runnable bind(Correlation c, CpuStorage x, Epilogue epilogue);

  /** Returns the bytes that the weights take. */
  long weightBytes();
}
