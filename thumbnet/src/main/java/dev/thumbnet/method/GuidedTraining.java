package dev.thumbnet.method;

import dev.thumbnet.data.Batch;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.loss.CrossEntropy;
import dev.thumbnet.loss.Distillation;
import dev.thumbnet.measure.Evaluator;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Losses;
import dev.thumbnet.train.Phase;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.Trainer.Course;
import dev.thumbnet.train.TrainingData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How networks learn that see the full picture x and are cheaper than their teacher T in another
 * way than by thumbnails: from labels and from T's answers, with the same weights as students that
 * are distilled on thumbnails,
 *
 * <pre>L = (1 − d) · CL + d · KD,   d = 0.9, τ = 4.</pre>
 *
 * All methods that make networks thinner, narrower or of lower rank train by it, so that none has a
 * better lesson than another.
 */
public final class GuidedTraining {
  /** d, the share of T's answers in the loss. */
  public static final double DISTILLATION = 0.9;

  /** τ, by which answers are softened. */
  public static final double TEMPERATURE = 4;

  private final TrainedModel teacher;
  private final TeacherAnswers answers;
  private final TrainingData data;
  private final Recipe recipe;
  private final Device device;
  private final CrossEntropy crossEntropy;
  private final Distillation distillation = new Distillation(TEMPERATURE);

  /**
   * Prepares trainings.
   *
   * @param context with a teacher T and pictures that are shown as they were to it; its seed
   *     decides their order
   * @param recipe how, but for the seed
   * @throws IllegalArgumentException if teacher and pictures do not fit
   */
  public GuidedTraining(TrainingContext context, Recipe recipe) {
    this.teacher = context.teacher();
    this.answers = context.answers();
    this.data = context.data();
    this.recipe = recipe.withSeed(context.seed());
    this.device = context.device();
    TeacherCheck.check(teacher, data);
    this.crossEntropy = new CrossEntropy(recipe.labelSmoothing());
  }

  /** Returns what it does, by the names that an operating point's settings have. */
  public static Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("distillation", DISTILLATION);
    settings.put("temperature", TEMPERATURE);
    return settings;
  }

  /**
   * Returns the losses of a batch.
   *
   * @param logits of the network that learns
   * @param answers T's, see {@link #answers}
   * @param batch whose labels count
   */
  public Losses losses(Tensor logits, Tensor answers, Batch batch) {
    int[] labels = batch.labels();
    return new Losses()
        .add("CL", 1 - DISTILLATION, crossEntropy.of(logits, labels))
        .add("KD", DISTILLATION, distillation.of(logits, answers))
        .sharing(this.answers.takeSeconds())
        .scoring(() -> Metrics.sumOfTop1(logits.toDoubleArray(), labels));
  }

  /** Returns T's logits for the pictures of a batch, as constants. */
  public Tensor answers(Tensor pictures) {
    return answers.logits(pictures);
  }

  /**
   * Returns where a model comes from that is trained by this: pictures, teacher, network, recipe.
   *
   * @param training a word for files that says what is done
   * @param network what is trained
   */
  public Provenance provenance(String training, Classifier network) {
    return data.describe(
        Provenance.on(device)
            .with("training", training)
            .with("teacher", Provenance.fingerprint(teacher.network()))
            .withAll("network", network.architecture().settings())
            .withAll("guided", settings())
            .withAll("recipe", recipe.settings()));
  }

  /** Makes a model of a network: same classes and pictures as the teacher. */
  public TrainedModel model(Classifier network, Provenance provenance) {
    return new TrainedModel(
        device, network, null, teacher.classes(), data.preprocessing(), provenance);
  }

  /**
   * Prepares the training of a network in one phase, from the weights it has.
   *
   * @param network changes; on the teacher's device
   * @param provenance all that decides the result
   */
  public PreparedTraining prepare(Classifier network, Provenance provenance, RunOptions options) {
    return prepare(model(network, provenance), network, provenance, options);
  }

  /**
   * Prepares the training of a student and its downscaler in one phase, from the weights they have.
   *
   * @param network changes; on the teacher's device
   * @param downscaler likewise, but for what is frozen in it
   * @param provenance all that decides the result
   */
  public PreparedTraining prepare(
      Classifier network, DownscalerNet downscaler, Provenance provenance, RunOptions options) {
    TrainedModel model =
        new TrainedModel(
            device, network, downscaler, teacher.classes(), data.preprocessing(), provenance);
    return prepare(model, new BehindDownscaler(downscaler, network), provenance, options);
  }

  /** From full pictures to thumbnails to logits. */
  private static final class BehindDownscaler extends Module {
    private final DownscalerNet downscaler;
    private final Classifier student;

    BehindDownscaler(DownscalerNet downscaler, Classifier student) {
      this.downscaler = child("downscaler", downscaler);
      this.student = child("student", student);
    }

    @Override
    public Tensor forward(Tensor x) {
      return student.forward(downscaler.forward(x));
    }
  }

  /**
   * Prepares a training.
   *
   * @param learns all that learns in the model, from full pictures to logits
   */
  private PreparedTraining prepare(
      TrainedModel model, Module learns, Provenance provenance, RunOptions options) {
    Evaluator evaluator = data.evaluator(recipe.batchSize(), device);
    Phase phase =
        recipe.lastPhase(
            "supervised",
            recipe.epochs(),
            (x, batch) -> losses(learns.forward(x), answers(x), batch),
            () -> ParamGroup.split("", learns, recipe.weightDecay()),
            () -> evaluator.evaluate(model).metrics().score());
    return new PreparedTraining(
        data,
        recipe.batchSize(),
        new Course(learns, device, recipe.seed(), provenance, List.of(phase), options),
        result -> new Trained(model, result));
  }
}
