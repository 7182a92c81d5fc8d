package dev.thumbnet.train;

import dev.thumbnet.engine.Tensor;

/** What a kind of training computes for a batch. */
@FunctionalInterface
public interface TrainingStep {
  /**
   * Runs the networks forward.
   *
   * @param pictures (n, h, w, 3), normalised
   * @param labels their classes; a step without supervision does not look at them
   */
  Losses losses(Tensor pictures, int[] labels);
}
