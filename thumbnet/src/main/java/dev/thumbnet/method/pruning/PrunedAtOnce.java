package dev.thumbnet.method.pruning;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Classifier.InnerConvolution;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.RunOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All channels go at once by a criterion, then what is left of the teacher is trained for all
 * epochs.
 */
record PrunedAtOnce(ThinNetwork thin, Criterion criterion) implements Training {
  private static final long CHOICES = 1;

  @Override
  public List<OperatingPoint> points() {
    return List.of(thin.at().operatingPoint(thin.setting().size(), Map.of()));
  }

  @Override
  public Optional<PreparedTraining> prepare(TrainingContext context, RunOptions options) {
    thin.check(context);
    Classifier network = pruned(context.teacher(), new Rng(context.seed()).split(CHOICES));
    return Optional.of(thin.prepare(network, thin.setting().student(), Map.of(), context, options));
  }

  private Classifier pruned(TrainedModel teacher, Rng rng) {
    Map<String, Tensor> weights = teacher.network().state().tensors();
    List<InnerConvolution> inner = teacher.network().innerConvolutions();
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < inner.size(); i++) {
      Tensor weight = Objects.requireNonNull(weights.get(inner.get(i).name() + ".weight"));
      choices.add(criterion.choose(weight, thin.at().counts().get(i), rng.split(i)));
    }
    return Slicing.slice(teacher.network(), choices, teacher.device());
  }
}
