package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.WeightFormat;

/** One way to compute a {@link Correlation}. Instances have no state that changes. */
interface CorrelationAlgorithm {
  /** Returns a short name, as it is printed and forced in tests. */
  String name();

  /** Tells whether this way is right for the problem: it can do it and is a good choice. */
  boolean accepts(Correlation c);

  /** The same with weights that no longer change and are prepared once, see {@link #fix}. */
  default boolean acceptsFixed(Correlation c, WeightFormat format) {
    return accepts(c);
  }

  /**
   * Writes the results.
   *
   * @param bias one number per output channel, or null
   */
  void run(Correlation c, CpuStorage x, CpuStorage weight, CpuStorage bias, CpuStorage y);

  /**
   * Makes weights ready that no longer change.
   *
   * @param weight is not used any more when this returns
   * @param bias is not written to any more; may be null
   * @param format how the weights may be kept
   */
  default FixedWeights fix(Correlation c, CpuStorage weight, CpuStorage bias, WeightFormat format) {
    return new UnpackedWeights(weight.copy(c.problem.weightSize()), bias);
  }

  /**
   * Returns what computes the results, as often as it is run, in one thread at a time.
   *
   * @param weights from {@link #fix}; any number of threads may use them
   * @param c as it was when the weights were made ready, but perhaps with fewer pictures
   */
  default Runnable bind(FixedWeights weights, Correlation c, CpuStorage x, Epilogue epilogue) {
    return ((UnpackedWeights) weights).bind(this, c, x, epilogue);
  }
}
