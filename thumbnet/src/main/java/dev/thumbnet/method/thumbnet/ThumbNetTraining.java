package dev.thumbnet.method.thumbnet;

import dev.thumbnet.data.Batch;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.loss.CrossEntropy;
import dev.thumbnet.loss.Distillation;
import dev.thumbnet.loss.FeatureMapping;
import dev.thumbnet.loss.MomentMatching;
import dev.thumbnet.measure.Evaluator;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.method.LearntDownscaler;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.TeacherAnswers;
import dev.thumbnet.method.TeacherCheck;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Models;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Losses;
import dev.thumbnet.train.Phase;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.Trainer.Course;
import dev.thumbnet.train.TrainingData;
import dev.thumbnet.train.TrainingResult;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ThumbNet's training of a downscaler E and a student S with the help of a teacher T that is well
 * trained on full pictures x and no longer changes. Thumbnails are z = E(x). S is cut into a left
 * and a right segment, and a throw-away mapper U enlarges its features in between.
 *
 * <ol>
 *   <li>S starts with T's weights, E and U by chance.
 *   <li>Phase 1, without labels: E, the left segment of S, and U learn by moment matching (MM) and
 *       feature mapping (FM) alone.
 *   <li>Phase 2: E, all of S, and U learn by all four losses: classification (CL), knowledge
 *       distillation (KD), MM and FM.
 *   <li>U is thrown away; what remains is E and S.
 * </ol>
 *
 * <p>T and S see the same variation of a picture, for z is made of it. {@link StudentOptions} leave
 * out parts of this, which gives the methods that ThumbNet is compared with.
 */
public final class ThumbNetTraining {
  private static final long DOWNSCALER_STREAM = 1;
  private static final long MAPPER_STREAM = 2;
  private static final long STUDENT_STREAM = 3;

  private final TrainedModel teacher;
  private final TeacherAnswers answers;
  private final StudentOptions options;
  private final TrainingData data;
  private final Recipe recipe;
  private final Device device;

  private final Classifier t;
  private final Learners learners;
  private final FeatureMapping featureMapping;
  private final Distillation distillation;
  private final CrossEntropy crossEntropy;
  private boolean prepared;

  /** All that learns, as one tree: E, S, and U if there is one. */
  private static final class Learners extends Module {
    private final DownscalerNet e;
    private final Classifier s;
    private final @Nullable FeatureMapper u;
    private final Tensor featureVariance;

    Learners(DownscalerNet e, Classifier s, @Nullable FeatureMapper u, Device device) {
      this.e = child("downscaler", e);
      this.s = child("student", s);
      this.u = u == null ? null : child("mapper", u);
      this.featureVariance = buffer("feature_variance", Tensor.zeros(device));
    }

    @Override
    public Tensor forward(Tensor x) {
      return s.forward(e.forward(x));
    }
  }

  /**
   * Prepares a training.
   *
   * @param context with a teacher T on full pictures, whose architecture the student has, perhaps
   *     narrower, and the pictures, shown as they were to T
   * @param options the method
   * @param recipe how, but for the seed; {@link Recipe#student} is a start
   * @throws IllegalArgumentException if the teacher and the data do not fit, sizes do not divide,
   *     thumbnails or batches are too small for the network, or the teacher lacks what E or S is to
   *     take over from it
   */
  public ThumbNetTraining(TrainingContext context, StudentOptions options, Recipe recipe) {
    this(context, options, recipe, Optional.empty());
  }

  /**
   * Prepares a training of a student alone, behind a downscaler that has learnt before.
   *
   * @param context as above
   * @param options the method, with the downscaler's kind and reduction
   * @param recipe how, but for the seed
   * @param frozen has the downscaler, which is copied and stays as it is; its network is not used
   * @throws IllegalArgumentException as above, or if the downscaler is another one or of pictures
   *     that are normalised otherwise
   */
  public ThumbNetTraining(
      TrainingContext context, StudentOptions options, Recipe recipe, TrainedModel frozen) {
    this(context, options, recipe, Optional.of(frozen));
  }

  private ThumbNetTraining(
      TrainingContext context,
      StudentOptions options,
      Recipe recipe,
      Optional<TrainedModel> frozen) {
    TrainedModel teacher = context.teacher();
    TrainingData data = context.data();
    check(teacher, options, data);
    int side = options.reduction().reduce(data.preprocessing().size());
    teacher.network().architecture().checkTraining(side, recipe.batchSize());
    this.teacher = teacher;
    this.answers = context.answers();
    this.options = options;
    this.data = data;
    this.recipe = recipe.withSeed(context.seed());
    this.device = teacher.device();
    this.t = teacher.network();
    Rng rng = new Rng(context.seed());
    DownscalerNet e =
        frozen.map(this::copyOf).orElseGet(() -> downscaler(rng.split(DOWNSCALER_STREAM)));
    FeatureMapper u =
        options.mapsFeatures()
            ? new FeatureMapper(
                t.featureChannels(), options.reduction(), device, rng.split(MAPPER_STREAM))
            : null;
    this.learners = new Learners(e, student(rng.split(STUDENT_STREAM)), u, device);
    this.featureMapping = new FeatureMapping(learners.featureVariance);
    this.distillation = new Distillation(options.temperature());
    this.crossEntropy = new CrossEntropy(recipe.labelSmoothing());
  }

  private static void check(TrainedModel teacher, StudentOptions options, TrainingData data) {
    TeacherCheck.check(teacher, data);
    int size = data.preprocessing().size();
    if (!options.reduction().divides(size)) {
      throw new IllegalArgumentException(
          "pictures of "
              + size
              + " pixels cannot be shrunk at "
              + options.reduction()
              + ": their side must be a multiple of "
              + options.reduction().from());
    }
  }

  /** E with the values that it starts from. */
  private DownscalerNet downscaler(Rng rng) {
    DownscalerNet e =
        Models.downscaler(
            options.downscaler(), options.reduction(), data.preprocessing().colors(), device, rng);
    e.takeFrom(t);
    return e;
  }

  /** A copy of the E of a model, which no longer learns. */
  private DownscalerNet copyOf(TrainedModel model) {
    DownscalerNet e =
        LearntDownscaler.copy(
            model, options.downscaler(), options.reduction(), data.preprocessing());
    e.freeze();
    return e;
  }

  private Classifier student(Rng rng) {
    Architecture same = t.architecture();
    Architecture own = options.width() == 1 ? same : same.withWidth(same.width() * options.width());
    if (!options.fromTeacher()) {
      return Models.classifier(own, device, rng);
    }
    Classifier s = Models.classifier(own, device);
    if (options.width() == 1) {
      s.load(t.state());
    } else {
      Models.inherit(s, t);
    }
    return s;
  }

  /**
   * Prepares to train, or to go on from a checkpoint. Works once, for it is this one's networks
   * that learn.
   *
   * @throws IllegalStateException if this was called before
   */
  public PreparedTraining prepare(RunOptions run) {
    if (prepared) {
      throw new IllegalStateException("this training has been prepared; make a new one");
    }
    prepared = true;
    Provenance provenance = provenance();
    TrainedModel model =
        new TrainedModel(
            device, learners.s, learners.e, teacher.classes(), data.preprocessing(), provenance);
    List<Phase> phases = new ArrayList<>();
    int first = options.pretrainingEpochs(recipe.epochs());
    if (first > 0) {
      phases.add(featureMappingPhase(first));
    }
    phases.add(supervisedPhase(recipe.epochs() - first, model));
    return new PreparedTraining(
        data,
        recipe.batchSize(),
        new Course(learners, device, recipe.seed(), provenance, phases, run),
        result -> finish(model, result));
  }

  private Trained finish(TrainedModel model, TrainingResult result) {
    if (options.reestimates() && result.outcome() != Outcome.STOPPED) {
      model.reestimateDownscaler(
          data.train(), StudentOptions.STATISTICS_BATCHES, recipe.batchSize(), recipe.seed());
    }
    return new Trained(model, result);
  }

  private Provenance provenance() {
    Provenance provenance =
        Provenance.on(device)
            .with("training", "student")
            .with("teacher", Provenance.fingerprint(t))
            .withAll("network", learners.s.architecture().settings())
            .withAll("student", options.settings())
            .withAll("recipe", recipe.settings());
    return data.describe(
        learners.e.frozen()
            ? provenance.with("frozenDownscaler", Provenance.fingerprint(learners.e))
            : provenance);
  }

  // ---------------------------------------------------------------- the phases

  /** Phase 1: E, the left segment of S, and U learn from pictures and T's features. */
  private Phase featureMappingPhase(int epochs) {
    return recipe.earlyPhase(
        "feature mapping",
        epochs,
        (x, _) -> unsupervised(x),
        () -> parameters("student.left.", learners.s.left()),
        null);
  }

  /** Phase 2: E, all of S, and U learn from labels and T as well. */
  private Phase supervisedPhase(int epochs, TrainedModel model) {
    Evaluator evaluator = data.evaluator(recipe.batchSize(), device);
    return recipe.lastPhase(
        "supervised",
        epochs,
        this::supervised,
        () -> parameters("student.", learners.s),
        () -> evaluator.evaluate(model).metrics().score());
  }

  /** Returns the parameters of a part of S and those of E and U, which may learn faster. */
  private List<ParamGroup> parameters(String prefix, Module partOfStudent) {
    double decay = recipe.weightDecay();
    List<ParamGroup> groups = new ArrayList<>(ParamGroup.split(prefix, partOfStudent, decay));
    double scale = options.fromTeacher() ? options.scratchRate() : 1;
    groups.addAll(ParamGroup.split("downscaler.", learners.e, decay, scale));
    if (learners.u != null) {
      groups.addAll(ParamGroup.split("mapper.", learners.u, decay, scale));
    }
    return groups;
  }

  // ---------------------------------------------------------------- the steps

  /** L = a · MM + b · FM. */
  private Losses unsupervised(Tensor x) {
    LossWeights w = options.pretrainingWeights();
    Tensor z = thumbnails(x);
    Losses losses = new Losses();
    addMomentMatching(losses, w, x, z);
    if (w.featureMapping() > 0) {
      addFeatureMapping(losses, w, learners.s.left().forward(z), answers.features(x));
      losses.sharing(answers.takeSeconds());
    }
    return losses;
  }

  /** L = c · CL + d · KD + a · MM + b · FM. */
  private Losses supervised(Tensor x, Batch batch) {
    LossWeights w = options.weights();
    Tensor z = thumbnails(x);
    Tensor features = learners.s.left().forward(z);
    Tensor logits = learners.s.right().forward(features);
    int[] labels = batch.labels();
    Losses losses = new Losses().scoring(() -> Metrics.sumOfTop1(logits.toDoubleArray(), labels));
    if (w.classification() > 0) {
      losses.add("CL", w.classification(), crossEntropy.of(logits, labels));
    }
    if (w.distillation() > 0) {
      losses.add("KD", w.distillation(), distillation.of(logits, answers.logits(x)));
    }
    if (w.featureMapping() > 0) {
      addFeatureMapping(losses, w, features, answers.features(x));
    }
    if (w.distillation() > 0 || w.featureMapping() > 0) {
      losses.sharing(answers.takeSeconds());
    }
    addMomentMatching(losses, w, x, z);
    return losses;
  }

  private Tensor thumbnails(Tensor x) {
    return options.straightThrough() ? learners.e.forwardStraightThrough(x) : learners.e.forward(x);
  }

  private static void addMomentMatching(Losses losses, LossWeights w, Tensor x, Tensor z) {
    if (w.momentMatching() > 0) {
      losses.add("MM", w.momentMatching(), MomentMatching.of(x, z));
    }
  }

  private void addFeatureMapping(Losses losses, LossWeights w, Tensor features, Tensor targets) {
    FeatureMapper u = Objects.requireNonNull(learners.u); // there is one if features are mapped
    Tensor mapped = u.forward(features, targets.dim(1), targets.dim(2));
    losses.add("FM", w.featureMapping(), featureMapping.of(mapped, targets));
  }
}
