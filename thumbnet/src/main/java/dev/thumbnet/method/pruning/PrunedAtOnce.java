package dev.thumbnet.method.pruning;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.InnerConvolution;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.RunOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * All channels go at once by a criterion, then what is left of the teacher is trained for all
 * epochs.
 *
 * @param method its key
 */
record PrunedAtOnce(String method, Setting setting, PruningPoint at, Criterion criterion)
    implements Training {
  private static final long CHOICES = 1;

  @Override
  public List<OperatingPoint> points() {
    return List.of(at.operatingPoint(setting.size(), Map.of()));
  }

  @Override
  public Trained run(TrainingContext context, RunOptions options) {
    ThinNetwork thin = ThinNetwork.of(setting, at, context);
    GuidedTraining lesson = thin.lesson(thin.recipe());
    Classifier network = pruned(thin.teacher(), new Rng(context.seed()).split(CHOICES));
    return lesson.run(network, thin.provenance(lesson, method, network, Map.of()), options);
  }

  private Classifier pruned(TrainedModel teacher, Rng rng) {
    Map<String, Tensor> weights = teacher.network().state().tensors();
    List<InnerConvolution> inner = teacher.network().innerConvolutions();
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < inner.size(); i++) {
      Tensor weight = Objects.requireNonNull(weights.get(inner.get(i).name() + ".weight"));
      choices.add(criterion.choose(weight, at.counts().get(i), rng.split(i)));
    }
    return Slicing.slice(teacher.network(), choices, teacher.device());
  }
}
