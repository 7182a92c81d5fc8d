package dev.thumbnet.method.pruning;

import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Recipe;
import java.util.Map;

/**
 * What all trainings of a thin network have in common: a teacher that is the setting's network, and
 * the lesson.
 *
 * @param context where it is run
 * @param at how thin it is
 * @param recipe how students are trained; its seed is the context's
 */
record ThinNetwork(TrainingContext context, PruningPoint at, Recipe recipe) {
  /**
   * Prepares a training.
   *
   * @throws IllegalArgumentException if the teacher is another network than the setting's, or
   *     batches are too small for it
   */
  static ThinNetwork of(Setting setting, PruningPoint at, TrainingContext context) {
    Architecture found = context.teacher().network().architecture();
    if (!found.equals(setting.network())) {
      throw new IllegalArgumentException(
          "the teacher is " + found + ", and " + setting.network() + " is to be pruned");
    }
    found.checkTraining(setting.size(), setting.student().batchSize());
    return new ThinNetwork(context, at, setting.student().withSeed(context.seed()));
  }

  TrainedModel teacher() {
    return context.teacher();
  }

  /** Returns the lesson for a recipe. */
  GuidedTraining lesson(Recipe other) {
    return new GuidedTraining(teacher(), context.data(), other);
  }

  /**
   * Returns where a network comes from.
   *
   * @param method key of the method
   * @param more what else decides the weights
   */
  Provenance provenance(
      GuidedTraining lesson, String method, Classifier network, Map<String, Object> more) {
    return lesson
        .provenance(method, network)
        .withAll("pruning", at.settings())
        .withAll("pruning", more);
  }
}
