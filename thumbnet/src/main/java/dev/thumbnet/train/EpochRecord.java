package dev.thumbnet.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known after an epoch.
 *
 * @param phase name of its phase
 * @param epoch its number, from 1, counted over all phases
 * @param loss mean of what was minimised
 * @param losses means of the parts before weighting, by name
 * @param trainTop1 Acc@1 in percent on the training batches as they were seen; NaN if the phase
 *     takes no labels
 * @param validationLoss cross entropy on the validation set; NaN if not measured
 * @param top1 Acc@1 in percent on the validation set; NaN if not measured
 * @param top5 Acc@5 in percent on the validation set; NaN if not measured
 * @param seconds how long the epoch took
 */
public record EpochRecord(
    String phase,
    int epoch,
    double loss,
    Map<String, Double> losses,
    double trainTop1,
    double validationLoss,
    double top1,
    double top5,
    double seconds) {
  /** Keeps an unmodifiable copy of the map, in its order. */
  public EpochRecord {
    losses = Collections.unmodifiableMap(new LinkedHashMap<>(losses));
  }
}
