package dev.thumbnet.experiment.results;

import dev.thumbnet.measure.Metrics;
import dev.thumbnet.train.EpochRecord;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One epoch of a training.
 *
 * @param phase name of the phase of the training
 * @param epoch number, from 1, counted over all phases
 * @param loss what was minimised, mean over the epoch
 * @param losses its parts before weighting
 * @param trainAcc1 accuracy on the training batches as they were seen; none without labels
 * @param valAcc1 accuracy on the validation set after the epoch; none if not measured
 */
public record CurvePoint(
    String phase,
    int epoch,
    double loss,
    Map<String, Double> losses,
    OptionalDouble trainAcc1,
    OptionalDouble valAcc1) {
  /** The same for an epoch as the trainer reports it. */
  public static CurvePoint of(EpochRecord epoch) {
    return new CurvePoint(
        epoch.phase(),
        epoch.epoch(),
        epoch.loss(),
        epoch.losses(),
        known(epoch.trainingScore()),
        known(epoch.score().value(Metrics.ACC_1)));
  }

  private static OptionalDouble known(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
