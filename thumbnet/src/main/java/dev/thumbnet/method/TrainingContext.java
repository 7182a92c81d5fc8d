package dev.thumbnet.method;

import dev.thumbnet.engine.Device;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.TrainingData;
import java.util.Optional;

/**
 * What a training finds where it is run; all else it was told when it was offered, see {@link
 * Setting}.
 *
 * @param device where to compute
 * @param data the pictures
 * @param seed decides all that is left to chance
 * @param given a network on full pictures that was trained before, on the same data; none for the
 *     training that makes it
 */
public record TrainingContext(
    Device device, TrainingData data, long seed, Optional<TrainedModel> given) {

  /**
   * Returns the teacher.
   *
   * @throws IllegalStateException if there is none
   */
  public TrainedModel teacher() {
    return given.orElseThrow(
        () -> new IllegalStateException("this method starts from a teacher, and there is none"));
  }
}
