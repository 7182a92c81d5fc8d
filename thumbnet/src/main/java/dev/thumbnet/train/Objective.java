package dev.thumbnet.train;

import dev.thumbnet.engine.Tensor;

/** What is minimised: the losses of a batch. */
@FunctionalInterface
public interface Objective {
  /**
   * Runs the networks forward.
   *
   * @param pictures (n, h, w, 3), normalised
   * @param labels their classes; a step without supervision does not look at them
   */
  Losses losses(Tensor pictures, int[] labels);
}
