package dev.thumbnet.method.pruning;

import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.StepReport;
import dev.thumbnet.train.TrainingListener;
import dev.thumbnet.train.TrainingResult;

/**
 * Tells a listener of one of several trainings as of a part of the whole: its epochs are counted
 * after those before. The time that is left is that of the part.
 *
 * @param listener is told
 * @param part name of the part, instead of that of its phase
 * @param before epochs of the parts before
 * @param epochs of all parts together
 */
record StageListener(TrainingListener listener, String part, int before, int epochs)
    implements TrainingListener {

  /** Returns options whose listeners are told of a part. */
  static RunOptions tell(RunOptions options, String part, int before, int epochs) {
    return new RunOptions(
        options.checkpoint(),
        options.every(),
        options.stop(),
        options.listeners().stream()
            .<TrainingListener>map(l -> new StageListener(l, part, before, epochs))
            .toList());
  }

  /** Returns an epoch of a part as one of the whole. */
  static EpochRecord counted(EpochRecord epoch, String part, int before) {
    return new EpochRecord(
        part,
        before + epoch.epoch(),
        epoch.loss(),
        epoch.losses(),
        epoch.trainingScore(),
        epoch.score(),
        epoch.seconds());
  }

  @Override
  public void onStart(long stepsDone, long steps) {
    listener.onStart(stepsDone, steps);
  }

  @Override
  public void onStep(StepReport report) {
    listener.onStep(
        new StepReport(
            part,
            before + report.epoch(),
            epochs,
            report.step(),
            report.steps(),
            report.learningRate(),
            report.loss(),
            report.losses(),
            report.picturesPerSecond(),
            report.remaining()));
  }

  @Override
  public void onEpoch(EpochRecord epoch) {
    listener.onEpoch(counted(epoch, part, before));
  }

  @Override
  public void onEnd(TrainingResult result) {
    listener.onEnd(result);
  }
}
