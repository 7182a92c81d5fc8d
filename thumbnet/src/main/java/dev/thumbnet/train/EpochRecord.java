package dev.thumbnet.train;

import dev.thumbnet.measure.Score;
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
 * @param trainingScore mean score of the training pictures as they were seen; NaN if the phase
 *     gives none
 * @param score what was found on the validation set; {@link Score#NONE} if it was not measured
 * @param seconds how long the epoch took
 */
public record EpochRecord(
    String phase,
    int epoch,
    double loss,
    Map<String, Double> losses,
    double trainingScore,
    Score score,
    double seconds) {
  /** Keeps an unmodifiable copy of the map, in its order. */
  public EpochRecord {
    losses = Collections.unmodifiableMap(new LinkedHashMap<>(losses));
  }
}
