package dev.thumbnet.method;

import dev.thumbnet.engine.Device;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.TrainingData;
import java.util.Map;
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
 * @param models other models that were trained before, by what was asked for
 */
public record TrainingContext(
    Device device,
    TrainingData data,
    long seed,
    Optional<TrainedModel> given,
    Map<Need, TrainedModel> models) {
  /** Copies the map. */
  public TrainingContext {
    models = Map.copyOf(models);
  }

  /** One without other models. */
  public TrainingContext(
      Device device, TrainingData data, long seed, Optional<TrainedModel> given) {
    this(device, data, seed, given, Map.of());
  }

  /**
   * Returns the teacher.
   *
   * @throws IllegalStateException if there is none
   */
  public TrainedModel teacher() {
    return given.orElseThrow(
        () -> new IllegalStateException("this method starts from a teacher, and there is none"));
  }

  /**
   * Returns a model that was trained before.
   *
   * @throws IllegalStateException if nobody said that the training needs it
   */
  public TrainedModel model(Need need) {
    TrainedModel model = models.get(need);
    if (model == null) {
      throw new IllegalStateException(
          "this training builds on the model of " + need + ", which it was not given");
    }
    return model;
  }

  /** Returns the same with other pictures. */
  public TrainingContext with(TrainingData other) {
    return new TrainingContext(device, other, seed, given, models);
  }

  /** Returns the same with another teacher. */
  public TrainingContext withTeacher(TrainedModel other) {
    return new TrainingContext(device, data, seed, Optional.of(other), models);
  }
}
