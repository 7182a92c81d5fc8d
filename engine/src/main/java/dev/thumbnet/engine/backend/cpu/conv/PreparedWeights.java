package dev.thumbnet.engine.backend.cpu.conv;

/**
 * Weights that no longer change, as {@link ConvolutionAlgorithm#prepare} made them ready for itself
 * and for the algorithm of the same name of other kernels with panels of the same widths.
 */
public interface PreparedWeights {
  /** Returns the bytes that they take. */
  long bytes();
}
