package dev.thumbnet.method;

import dev.thumbnet.engine.Device;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.TrainingData;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a training finds where it is run; all else it was told when it was offered, see {@link
 * Setting}. Trainings that learn from the same teacher should share a context, for then they share
 * its answers. For one thread.
 */
public final class TrainingContext {
  private final Device device;
  private final TrainingData data;
  private final long seed;
  private final Optional<TrainedModel> given;
  private final Map<Need, TrainedModel> models;
  private @Nullable TeacherAnswers answers;

  /**
   * Makes a context.
   *
   * @param device where to compute
   * @param data the pictures
   * @param seed decides all that is left to chance
   * @param given a network on full pictures that was trained before, on the same data; none for the
   *     training that makes it
   * @param models other models that were trained before, by what was asked for
   */
  public TrainingContext(
      Device device,
      TrainingData data,
      long seed,
      Optional<TrainedModel> given,
      Map<Need, TrainedModel> models) {
    this.device = device;
    this.data = data;
    this.seed = seed;
    this.given = given;
    this.models = Map.copyOf(models);
  }

  /** Makes one without other models. */
  public TrainingContext(
      Device device, TrainingData data, long seed, Optional<TrainedModel> given) {
    this(device, data, seed, given, Map.of());
  }

  /** Returns where to compute. */
  public Device device() {
    return device;
  }

  /** Returns the pictures. */
  public TrainingData data() {
    return data;
  }

  /** Returns what decides all that is left to chance. */
  public long seed() {
    return seed;
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
   * Returns what the teacher says of the batches that trainings in this context learn from.
   *
   * @throws IllegalStateException if there is no teacher
   */
  public TeacherAnswers answers() {
    if (answers == null) {
      answers = new TeacherAnswers(teacher());
    }
    return answers;
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

  /** Returns what a model was asked for as, if it is one of those that were trained before. */
  public Optional<Need> need(TrainedModel model) {
    return models.entrySet().stream()
        .filter(entry -> entry.getValue() == model)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Returns the same with other pictures. */
  public TrainingContext with(TrainingData other) {
    return new TrainingContext(device, other, seed, given, models);
  }

  /** Returns the same with another seed. */
  public TrainingContext withSeed(long other) {
    TrainingContext same = new TrainingContext(device, data, other, given, models);
    same.answers = given.isPresent() ? answers() : null;
    return same;
  }

  /** Returns the same with another teacher. */
  public TrainingContext withTeacher(TrainedModel other) {
    return new TrainingContext(device, data, seed, Optional.of(other), models);
  }
}
