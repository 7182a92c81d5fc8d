package dev.thumbnet.method;

import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.TrainingResult;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training gives.
 *
 * @param models the models, at least one; unfinished if training was stopped
 * @param result how training ended; finished and without epochs if nothing was to be trained
 * @param histories for each of the models the epochs with its own scores
 * @param notes what it found out or chose on its way and results are to keep, by names that files
 *     keep: texts, numbers and truth values
 * @param measured numbers that it found out about its only model, by names that files keep
 */
public record Trained(
    List<TrainedModel> models,
    TrainingResult result,
    List<List<EpochRecord>> histories,
    Map<String, Object> notes,
    Map<String, Double> measured) {
  /**
   * Copies lists and map.
   *
   * @throws IllegalArgumentException if there are not as many histories as models, or a note is no
   *     text, number or truth value
   */
  public Trained {
    models = List.copyOf(models);
    histories = histories.stream().map(List::copyOf).toList();
    if (histories.size() != models.size()) {
      throw new IllegalArgumentException(
          histories.size() + " histories for " + models.size() + " models");
    }
    notes = PlainValues.copy(notes);
    measured = Collections.unmodifiableMap(new LinkedHashMap<>(measured));
  }

  /** What a training gives that has nothing to note. */
  public Trained(
      List<TrainedModel> models, TrainingResult result, List<List<EpochRecord>> histories) {
    this(models, result, histories, Map.of(), Map.of());
  }

  /** What a training gives whose scores are those of all its models. */
  public Trained(List<TrainedModel> models, TrainingResult result) {
    this(models, result, Collections.nCopies(models.size(), result.history()));
  }

  /** What a training of a single model gives. */
  public Trained(TrainedModel model, TrainingResult result) {
    this(List.of(model), result);
  }

  /** Returns the same with more notes. */
  public Trained withNotes(Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(notes);
    all.putAll(more);
    return new Trained(models, result, histories, all, measured);
  }

  /** Returns the same with numbers about its only model. */
  public Trained withMeasured(Map<String, Double> numbers) {
    return new Trained(models, result, histories, notes, numbers);
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
