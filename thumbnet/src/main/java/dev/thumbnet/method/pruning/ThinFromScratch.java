package dev.thumbnet.method.pruning;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import dev.thumbnet.train.RunOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The thin network with weights that chance draws, trained as the pruned ones: same lesson, epochs
 * and batches, see {@link dev.thumbnet.method.Setting#fromScratch}.
 */
record ThinFromScratch(ThinNetwork thin) implements Training {
  @Override
  public List<OperatingPoint> points() {
    return List.of(thin.at().operatingPoint(thin.setting().size(), Map.of()));
  }

  @Override
  public Optional<PreparedTraining> prepare(TrainingContext context, RunOptions options) {
    thin.check(context);
    Architecture architecture = thin.setting().network().withInnerChannels(thin.at().counts());
    Classifier network = Models.classifier(architecture, context.device(), new Rng(context.seed()));
    return Optional.of(
        thin.prepare(network, thin.setting().fromScratch(), Map.of(), context, options));
  }
}
