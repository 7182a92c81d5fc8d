package dev.thumbnet.engine.backend.cpu.vector;

import jdk.incubator.vector.VectorSpecies;

/** The one vector width of this JVM, as a constant for C2. */
final class Lanes {
  /** Species of the float vectors that all kernels use. */
  static final VectorSpecies<Float> F = LaneChoice.species();

  private Lanes() {}
}
