package dev.thumbnet.experiment;

import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.TrainingListener;

/** Is told how an experiment gets on, on the thread that runs it. */
public interface ExperimentListener extends TrainingListener {
  /** The next part begins: a training or a measurement. */
  default void onTask(String name) {}

  /** Something is known that may interest whoever watches. */
  default void onNote(String text) {}

  /** One of several trainings that are run side by side has done an epoch. */
  default void onEpoch(String name, EpochRecord epoch) {
    onEpoch(epoch);
  }
}
