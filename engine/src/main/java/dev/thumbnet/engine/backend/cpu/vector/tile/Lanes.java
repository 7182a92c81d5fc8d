package dev.thumbnet.engine.backend.cpu.vector.tile;

import jdk.incubator.vector.VectorSpecies;

/**
 * The one vector width of this JVM, as a constant for C2.
 *
 * <p><b>No kernel uses another one</b>, be it for four or eight numbers. The methods of {@code
 * FloatVector} are shared by all widths, and C2 compiles calls in them by the classes of vectors
 * that it has seen: one. Once it has seen two, it no longer knows which code a multiply-add is, and
 * makes each vector an object: tiles that were compiled after the first transpose with half as many
 * lanes took three to six times as long, or spilled a third of their sums.
 */
public final class Lanes {
  /** Species of the float vectors that all kernels use. */
  public static final VectorSpecies<Float> F = LaneChoice.species();

  private Lanes() {}
}
