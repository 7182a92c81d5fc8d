package dev.thumbnet.experiment;

import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.StepReport;
import dev.thumbnet.train.TrainingListener;
import dev.thumbnet.train.TrainingResult;

/**
 * Tells one listener how several trainings get on that are run side by side: their steps are
 * counted together, and their epochs have names.
 */
final class GroupProgress {
  private final ExperimentListener listener;
  private int waiting;
  private int running;
  private long stepsDone;
  private long steps;

  /**
   * Prepares.
   *
   * @param listener is told
   * @param trainings their number
   */
  GroupProgress(ExperimentListener listener, int trainings) {
    this.listener = listener;
    this.waiting = trainings;
    this.running = trainings;
  }

  /** Returns the listener of one of the trainings. */
  TrainingListener member(String name) {
    return new TrainingListener() {
      @Override
      public void onStart(long done, long all) {
        stepsDone += done;
        steps += all;
        waiting--;
        if (waiting == 0) {
          listener.onStart(stepsDone, steps);
        }
      }

      @Override
      public void onStep(StepReport report) {
        listener.onStep(report);
      }

      @Override
      public void onEpoch(EpochRecord epoch) {
        listener.onEpoch(name, epoch);
      }

      @Override
      public void onEnd(TrainingResult result) {
        running--;
        if (running == 0) {
          listener.onEnd(result);
        }
      }
    };
  }
}
