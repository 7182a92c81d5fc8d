package dev.thumbnet.method.slimmable;

import dev.thumbnet.data.Batch;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.measure.Evaluator;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.measure.Score;
import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.EpochRecord;
import dev.thumbnet.train.Losses;
import dev.thumbnet.train.Phase;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.Trainer.Course;
import dev.thumbnet.train.TrainingData;
import dev.thumbnet.train.TrainingResult;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A training of networks of several widths that share their weights. The widest starts as a copy of
 * the teacher T, the others as its first channels. In each step several of them see the same
 * pictures, and the sum of their losses is minimised, as in both papers, not the mean: channels
 * that only the widest has learn as fast as in a network alone. The limit of the gradient's norm is
 * multiplied by the number of networks: it is meant to be above what ordinary steps have.
 */
abstract class JointTraining {
  private final String key;
  private final TrainingData data;
  private final Recipe recipe;
  private final Device device;
  private final GuidedTraining lesson;
  private final SlimmableNetwork network;

  /**
   * Prepares a training.
   *
   * @param key of the method
   * @param context with a teacher T on full pictures
   * @param recipe how, but for the seed
   * @param network starts with the teacher's weights, see {@link #copy}
   */
  JointTraining(String key, TrainingContext context, Recipe recipe, SlimmableNetwork network) {
    this.key = key;
    this.data = context.data();
    this.recipe = recipe.withSeed(context.seed());
    this.device = context.device();
    this.lesson = new GuidedTraining(context, recipe);
    this.network = network;
  }

  /** Returns a copy of a teacher's network, to become the widest. */
  static Classifier copy(TrainedModel teacher) {
    Classifier copy = Models.classifier(teacher.network().architecture(), teacher.device());
    copy.load(teacher.network().state());
    return copy;
  }

  /** Returns the widths of the models that are wanted, from 1 down. */
  abstract List<Double> points();

  /** Returns the number of networks that run in a step. */
  abstract int networksInAStep();

  /** Returns the losses of a step. */
  abstract Losses losses(Tensor x, Batch batch);

  /** Does what is left to do for a model when its weights are final. */
  abstract void finish(TrainedModel model, TrainingData pictures, Recipe how);

  /** Returns what decides the result besides lesson and recipe, by names that files keep. */
  abstract Map<String, Object> settings();

  final GuidedTraining lesson() {
    return lesson;
  }

  final SlimmableNetwork network() {
    return network;
  }

  /** Prepares to train, or to go on from a checkpoint; it gives a model for each point. */
  final PreparedTraining prepare(RunOptions options) {
    Map<Double, TrainedModel> models = new LinkedHashMap<>();
    for (double width : points()) {
      Classifier plain = network.plain(width);
      models.put(width, lesson.model(plain, provenance(plain).with(key + ".width", width)));
    }
    Evaluator evaluator = data.evaluator(recipe.batchSize(), device);
    Phase phase =
        new Phase(
            "supervised",
            recipe.epochs(),
            this::losses,
            () -> recipe.optimizer(ParamGroup.split("", network, recipe.weightDecay())),
            recipe::schedule,
            recipe.gradientClip() * networksInAStep(),
            recipe.emaDecay(),
            recipe.patience(),
            () -> score(evaluator, models));
    return new PreparedTraining(
        data,
        recipe.batchSize(),
        new Course(
            network, device, recipe.seed(), provenance(network.widest()), List.of(phase), options),
        result -> finish(models, result));
  }

  private Trained finish(Map<Double, TrainedModel> models, TrainingResult result) {
    points().forEach(network::plain);
    if (result.outcome() != Outcome.STOPPED) {
      models.values().forEach(model -> finish(model, data, recipe));
    }
    return new Trained(
        List.copyOf(models.values()),
        result,
        points().stream().map(width -> history(result, width)).toList());
  }

  private Provenance provenance(Classifier of) {
    return lesson.provenance(key, of).withAll(key, settings());
  }

  // ---------------------------------------------------------------- scores

  /** The mean of the networks' accuracies, and each by its name. */
  private Score score(Evaluator evaluator, Map<Double, TrainedModel> models) {
    Map<String, Double> each = new LinkedHashMap<>();
    double sum = 0;
    for (Map.Entry<Double, TrainedModel> entry : models.entrySet()) {
      network.plain(entry.getKey()); // brings the model's network up to date
      double accuracy = evaluator.evaluate(entry.getValue()).metrics().top1();
      each.put(accuracy(entry.getKey()), accuracy);
      sum += accuracy;
    }
    return new Score("mean " + Metrics.ACC_1, sum / models.size(), each);
  }

  private static String accuracy(double width) {
    return Metrics.ACC_1 + " " + Widths.key(width);
  }

  /** Returns the epochs as one width saw them; of training pictures only the mean is known. */
  private static List<EpochRecord> history(TrainingResult result, double width) {
    return result.history().stream()
        .map(
            epoch ->
                new EpochRecord(
                    epoch.phase(),
                    epoch.epoch(),
                    epoch.loss(),
                    epoch.losses(),
                    Double.NaN,
                    new Score(Metrics.ACC_1, epoch.score().value(accuracy(width)), Map.of()),
                    epoch.seconds()))
        .toList();
  }

  /** Returns the mean over networks of how well they did on a batch, for a step. */
  static double meanScore(List<Tensor> logits, int[] labels) {
    return logits.stream()
        .mapToDouble(one -> Metrics.sumOfTop1(one.toDoubleArray(), labels))
        .average()
        .orElseThrow();
  }
}
