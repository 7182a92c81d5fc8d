package dev.thumbnet.engine.backend.cpu;

/**
 * Weights that no longer change, as {@link CorrelationAlgorithm#fix} made them ready for itself and
 * for the algorithm of the same name of other kernels with panels of the same widths.
 */
interface FixedWeights {
  /** Returns the bytes that they take. */
  long bytes();
}
