package dev.thumbnet.engine.backend.cpu.gradient;

import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;

/** One way to compute the gradient of a convolution for its weights. */
public interface WeightGradient {
  /** Returns a short name, as it is printed and forced in tests. */
  String name();

  /** Tells whether this way is right for the problem: it can do it and is a good choice. */
  boolean accepts(Conv2dProblem p);

  /** Writes the gradient. */
  void run(Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight);
}
