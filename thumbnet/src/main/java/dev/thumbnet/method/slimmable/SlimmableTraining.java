package dev.thumbnet.method.slimmable;

import dev.thumbnet.data.Batch;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Losses;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.TrainingData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Slimmable neural networks (Yu et al., ICLR 2019): each width has normalisation of its own, scale
 * and shift as well as statistics, and in each step all widths w learn the same lesson,
 *
 * <pre>L = Σ_w [(1 − d) · CL_w + d · KD_w].</pre>
 *
 * The paper has no teacher and CL only; here all methods have the lesson of {@link
 * dev.thumbnet.method.GuidedTraining}. The learning rate is that of a single network, as in the
 * paper. A quarter of it was not better: on small synthetic pictures (ResNet-18 of width 0.25, 8
 * epochs) the accuracies, from the widest down, were 95.4, 94.8, 94.2, 87.1 % with the whole rate
 * and 95.6, 95.2, 92.1, 77.5 % with a quarter, one training each.
 */
final class SlimmableTraining extends JointTraining {
  static final String KEY = "slimmable";

  private final List<Double> widths;

  /**
   * Prepares a training.
   *
   * @param widths from 1 down
   */
  SlimmableTraining(TrainingContext context, Recipe recipe, List<Double> widths) {
    super(KEY, context, recipe, new SlimmableNetwork(copy(context.teacher()), widths, true));
    this.widths = widths;
  }

  /** Returns what an operating point says of it. */
  static Map<String, Object> settings(List<Double> widths) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("widths", Widths.text(widths));
    settings.put("fromTeacher", true);
    return settings;
  }

  @Override
  Map<String, Object> settings() {
    return settings(widths);
  }

  @Override
  List<Double> points() {
    return widths;
  }

  @Override
  int networksInAStep() {
    return widths.size();
  }

  @Override
  Losses losses(Tensor x, Batch batch) {
    Tensor answers = lesson().answers(x);
    List<Module> networks = new ArrayList<>();
    networks.add(network().widest());
    networks.addAll(network().narrower());
    Losses losses = new Losses();
    List<Tensor> all = new ArrayList<>();
    for (int i = 0; i < networks.size(); i++) {
      Tensor logits = networks.get(i).forward(x);
      losses.addAll(lesson().losses(logits, answers, batch), " " + Widths.key(widths.get(i)));
      all.add(logits);
    }
    int[] labels = batch.labels();
    return losses.scoring(() -> meanScore(all, labels));
  }

  /** The running statistics of each width are its own, as those of any network. */
  @Override
  void finish(TrainedModel model, TrainingData pictures, Recipe how) {}
}
