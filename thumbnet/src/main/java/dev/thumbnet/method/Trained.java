package dev.thumbnet.method;

import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.TrainingResult;
import java.util.List;

/**
 * What a training gives.
 *
 * @param models the models, at least one; unfinished if training was stopped
 * @param result how training ended; finished and without epochs if nothing was to be trained
 */
public record Trained(List<TrainedModel> models, TrainingResult result) {
  /** Copies the list. */
  public Trained {
    models = List.copyOf(models);
  }

  /** What a training of a single model gives. */
  public Trained(TrainedModel model, TrainingResult result) {
    this(List.of(model), result);
  }

  /**
   * Returns the model of a training that gives only one.
   *
   * @throws IllegalStateException if it gave several
   */
  public TrainedModel model() {
    if (models.size() != 1) {
      throw new IllegalStateException("this training gave " + models.size() + " models, not one");
    }
    return models.getFirst();
  }
}
