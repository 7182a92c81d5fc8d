package dev.thumbnet.train;

import dev.thumbnet.data.Batch;
import dev.thumbnet.engine.Tensor;

/** What is minimised: the losses of a batch. */
@FunctionalInterface
public interface Objective {
  /**
   * Runs the networks forward.
   *
   * @param pictures (n, h, w, 3), normalised
   * @param batch which pictures they are, and what their set knows about them; a step without
   *     supervision does not look at it
   */
  Losses losses(Tensor pictures, Batch batch);
}
