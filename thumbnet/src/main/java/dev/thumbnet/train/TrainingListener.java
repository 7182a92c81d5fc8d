package dev.thumbnet.train;

/**
 * Is told how a training gets on, on the thread that trains. What it throws ends the training
 * without a last checkpoint.
 */
public interface TrainingListener {
  /**
   * Training begins or is resumed.
   *
   * @param stepsDone steps that a checkpoint says are done, 0 at a fresh start
   * @param steps number of steps of all phases
   */
  default void onStart(long stepsDone, long steps) {}

  /** A step is done. */
  default void onStep(StepReport report) {}

  /** An epoch is done and evaluated. */
  default void onEpoch(EpochRecord epoch) {}

  /** Training has ended or was stopped. */
  default void onEnd(TrainingResult result) {}
}
