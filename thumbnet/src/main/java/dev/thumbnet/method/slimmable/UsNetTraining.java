package dev.thumbnet.method.slimmable;

import dev.thumbnet.data.Batch;
import dev.thumbnet.data.Loader;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.loss.Distillation;
import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Losses;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.TrainingData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Universally slimmable networks (US-Nets; Yu and Huang, ICCV 2019), which can be used at any width
 * between 1 and a quarter.
 *
 * <ul>
 *   <li>Sandwich rule: in each step the widest network learns, the narrowest, and two that are
 *       drawn from those between.
 *   <li>In-place distillation: the widest learns the lesson of all methods, the narrower ones n see
 *       the detached answers of the widest and nothing else,
 *       <pre>L = (1 − d) · CL + d · KD + Σ_n τ² · KL(softmax(s_1 / τ) ‖ softmax(s_n / τ)).</pre>
 *   <li>All widths share scale and shift of normalisation; their statistics are private. Those of
 *       the finished models are measured at the end, as plain means over batches.
 * </ul>
 *
 * The paper draws from all widths whose channels are multiples of 8; here they are those of {@link
 * Widths#between}. Two different ones are drawn, so that no network runs twice in a step; where
 * only two are between, as in quarters, both always are.
 *
 * <p>The peak of the learning rate is a quarter of that of a network alone: four networks move the
 * same weights, and three of them imitate one that moves. With the whole rate the loss rises in the
 * middle of a training. On small synthetic pictures (ResNet-18 of width 0.25, one training each)
 * the accuracies, from the widest down, were 90.4, 90.4, 87.1, 75.0 % after 8 epochs and 95.6,
 * 94.6, 93.5, 92.1 % after 24; with the whole rate 74.2, 73.3, 66.9, 48.1 % and 95.2, 94.6, 92.7,
 * 89.2 %.
 */
final class UsNetTraining extends JointTraining {
  static final String KEY = "us-net";

  /** Factor on the peak of the learning rate. */
  static final double RATE = 0.25;

  /** How many of the widths between are drawn for a step. */
  private static final int DRAWN = 2;

  /** Batches that are enough to estimate the statistics of normalisation. */
  private static final int STATISTICS_BATCHES = 200;

  private final List<Double> points;
  private final int drawn;
  private final Distillation distillation = new Distillation(GuidedTraining.TEMPERATURE);

  /** Prepares a training for the usual points and the widths between. */
  UsNetTraining(TrainingContext context, Recipe recipe) {
    this(context, recipe, Widths.POINTS, Widths.between(context.teacher().network()));
  }

  /**
   * Prepares a training.
   *
   * @param points some of the widths, from 1 down
   * @param widths from 1 down, two at least
   */
  UsNetTraining(TrainingContext context, Recipe recipe, List<Double> points, List<Double> widths) {
    this(context, recipe, points, new SlimmableNetwork(copy(context.teacher()), widths, false));
  }

  private UsNetTraining(
      TrainingContext context, Recipe recipe, List<Double> points, SlimmableNetwork network) {
    super(KEY, context, recipe.withLearningRate(recipe.learningRate() * RATE), network);
    this.points = points;
    this.drawn = Math.min(DRAWN, network.narrower().size() - 1);
  }

  /** Returns what an operating point says of it. */
  static Map<String, Object> settings(List<Double> points) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("widths", Widths.text(points));
    settings.put("randomWidths", DRAWN);
    settings.put("statisticsBatches", STATISTICS_BATCHES);
    settings.put("rateFactor", RATE);
    settings.put("fromTeacher", true);
    return settings;
  }

  @Override
  Map<String, Object> settings() {
    return settings(points);
  }

  @Override
  List<Double> points() {
    return points;
  }

  @Override
  int networksInAStep() {
    return 2 + drawn;
  }

  @Override
  Losses losses(Tensor x, Batch batch) {
    Classifier widest = network().widest();
    Tensor soft = widest.forward(x);
    List<Tensor> all = new ArrayList<>(List.of(soft));
    Losses losses = new Losses().addAll(lesson().losses(soft, lesson().answers(x), batch), " w1");
    NarrowNetwork narrowest = network().narrower().getLast();
    all.add(imitate(narrowest, x, soft, losses, Widths.key(narrowest.width())));
    int number = 0;
    for (NarrowNetwork some : draw()) {
      all.add(imitate(some, x, soft, losses, "random " + ++number));
    }
    int[] labels = batch.labels();
    return losses.scoring(() -> meanScore(all, labels));
  }

  private Tensor imitate(NarrowNetwork narrow, Tensor x, Tensor soft, Losses losses, String name) {
    Tensor logits = narrow.forward(x);
    losses.add("KD " + name, 1, distillation.of(logits, soft.detach()));
    return logits;
  }

  /** Returns the networks between the widest and the narrowest that run in this step. */
  List<NarrowNetwork> draw() {
    int between = network().narrower().size() - 1;
    return Arrays.stream(network().rng().permutation(between))
        .limit(drawn)
        .mapToObj(network().narrower()::get)
        .toList();
  }

  /**
   * Measures the statistics, on training pictures that are varied as in the steps: for others the
   * weights did not learn to be normalised.
   */
  @Override
  void finish(TrainedModel model, TrainingData pictures, Recipe how) {
    try (Loader loader = pictures.loader(how.batchSize(), how.seed())) {
      loader.startEpoch(how.epochs(), Math.max(0, loader.batches() - STATISTICS_BATCHES));
      model.reestimateBatchNorm(loader);
    }
  }
}
