package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import org.jspecify.annotations.Nullable;

/** One way to compute a {@link Direction}. Instances have no state that changes. */
public interface ConvolutionAlgorithm {
  /** Returns a short name, as it is printed and forced in tests. */
  String name();

  /** Tells whether this way is right for the problem: it can do it and is a good choice. */
  boolean accepts(Direction c);

  /** The same with weights that no longer change and are prepared once, see {@link #prepare}. */
  default boolean acceptsPrepared(Direction c, WeightFormat format) {
    return accepts(c);
  }

  /**
   * Writes the results.
   *
   * @param bias one number per output channel
   */
  void run(Direction c, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y);

  /**
   * Makes weights ready that no longer change.
   *
   * @param weight is not used any more when this returns
   * @param bias is not written to any more
   * @param format how the weights may be kept
   */
  default PreparedWeights prepare(
      Direction c, CpuStorage weight, @Nullable CpuStorage bias, WeightFormat format) {
    return new UnpackedWeights(weight.copy(c.problem.weightSize()), bias);
  }

  /**
   * Returns what computes the results, as often as it is run, in one thread at a time.
   *
   * @param weights from {@link #prepare}; any number of threads may use them
   * @param c as it was when the weights were made ready, but perhaps with fewer pictures
   */
  default Runnable bind(PreparedWeights weights, Direction c, CpuStorage x, Epilogue epilogue) {
    return ((UnpackedWeights) weights).bind(this, c, x, epilogue);
  }
}
