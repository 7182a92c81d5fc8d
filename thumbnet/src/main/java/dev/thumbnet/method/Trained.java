package dev.thumbnet.method;

import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.TrainingResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training gives.
 *
 * @param models the models, at least one; unfinished if training was stopped
 * @param result how training ended; finished and without epochs if nothing was to be trained
 * @param notes what it found out or chose on its way and results are to keep, by names that files
 *     keep: texts, numbers and truth values
 */
public record Trained(List<TrainedModel> models, TrainingResult result, Map<String, Object> notes) {
  /**
   * Copies list and map.
   *
   * @throws IllegalArgumentException if a note is no text, number or truth value
   */
  public Trained {
    models = List.copyOf(models);
    notes = PlainValues.copy(notes);
  }

  /** What a training gives that has nothing to note. */
  public Trained(List<TrainedModel> models, TrainingResult result) {
    this(models, result, Map.of());
  }

  /** What a training of a single model gives. */
  public Trained(TrainedModel model, TrainingResult result) {
    this(List.of(model), result);
  }

  /** Returns the same with more notes. */
  public Trained withNotes(Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(notes);
    all.putAll(more);
    return new Trained(models, result, all);
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
