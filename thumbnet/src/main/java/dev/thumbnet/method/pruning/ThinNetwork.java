package dev.thumbnet.method.pruning;

import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import java.util.Map;

/**
 * What all trainings of a thin network have in common: a teacher that is the setting's network, and
 * the lesson.
 *
 * @param method key of the method
 * @param setting what the user chose
 * @param at how thin the network is
 */
record ThinNetwork(String method, Setting setting, PruningPoint at) {
  /**
   * Checks what is found where a training is run.
   *
   * @throws IllegalArgumentException if the teacher is another network than the setting's, or
   *     batches are too small for it
   */
  void check(TrainingContext context) {
    Architecture found = context.teacher().network().architecture();
    if (!found.equals(setting.network())) {
      throw new IllegalArgumentException(
          "the teacher is " + found + ", and " + setting.network() + " is to be pruned");
    }
    found.checkTraining(setting.size(), setting.student().batchSize());
  }

  /**
   * Prepares the lesson.
   *
   * @param network that learns, from the weights it has
   * @param recipe how, but for the seed, which is the context's
   * @param more what else decides the weights, by names that files keep
   */
  PreparedTraining prepare(
      Classifier network,
      Recipe recipe,
      Map<String, Object> more,
      TrainingContext context,
      RunOptions options) {
    GuidedTraining lesson = new GuidedTraining(context, recipe);
    Provenance provenance =
        lesson
            .provenance(method, network)
            .withAll("pruning", at.settings())
            .withAll("pruning", more);
    return lesson.prepare(network, provenance, options);
  }
}
