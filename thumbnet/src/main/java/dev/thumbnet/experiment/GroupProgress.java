package dev.thumbnet.experiment;

import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.StepReport;
import dev.thumbnet.train.TrainingListener;
import dev.thumbnet.train.TrainingResult;

/**
 * Tells one listener how trainings get on that are run side by side: their steps are counted
 * together, and if there are several, their epochs have names.
 */
final class GroupProgress {
  private final ExperimentListener listener;
  private int members;
  private int started;
  private int ended;
  private long stepsDone;
  private long steps;

  /**
   * Prepares.
   *
   * @param listener is told
   */
  GroupProgress(ExperimentListener listener) {
    this.listener = listener;
  }

  /** Returns the listener of one more training. */
  TrainingListener member(String name) {
    members++;
    return new TrainingListener() {
      @Override
      public void onStart(long done, long all) {
        stepsDone += done;
        steps += all;
        started++;
        if (started == members) {
          listener.onStart(stepsDone, steps);
        }
      }

      @Override
      public void onStep(StepReport report) {
        listener.onStep(report);
      }

      @Override
      public void onEpoch(EpochRecord epoch) {
        if (members == 1) {
          listener.onEpoch(epoch);
        } else {
          listener.onEpoch(name, epoch);
        }
      }

      @Override
      public void onEnd(TrainingResult result) {
        ended++;
        if (ended == members) {
          listener.onEnd(result);
        }
      }
    };
  }

  /** The last member is not run with the others. */
  void leave() {
    members--;
  }
}
