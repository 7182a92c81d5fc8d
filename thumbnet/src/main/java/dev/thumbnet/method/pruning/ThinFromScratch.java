package dev.thumbnet.method.pruning;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import java.util.List;
import java.util.Map;

/**
 * The thin network with weights that chance draws, trained as the pruned ones: same lesson, epochs
 * and batches. Its learning rate is that of the teacher, which started by chance, too, in
 * proportion to the batches: at the rate of students, which start where the teacher ended, it would
 * be behind for that reason alone.
 *
 * @param method its key
 */
record ThinFromScratch(String method, Setting setting, PruningPoint at) implements Training {
  @Override
  public List<OperatingPoint> points() {
    return List.of(at.operatingPoint(setting.size(), Map.of()));
  }

  @Override
  public Trained run(TrainingContext context, RunOptions options) {
    ThinNetwork thin = ThinNetwork.of(setting, at, context);
    double rate = setting.teacher().withBatchSize(thin.recipe().batchSize()).learningRate();
    Recipe recipe = thin.recipe().withLearningRate(rate);
    GuidedTraining lesson = thin.lesson(recipe);
    Classifier network =
        Models.classifier(
            setting.network().withInnerChannels(at.counts()),
            thin.teacher().device(),
            new Rng(context.seed()));
    return lesson.run(network, thin.provenance(lesson, method, network, Map.of()), options);
  }
}
