package dev.thumbnet.method;

import dev.thumbnet.data.Split;
import dev.thumbnet.measure.Baselines;
import dev.thumbnet.measure.Evaluator;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingData;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A training whose peak learning rate is chosen by trials, in the same way whatever the method, for
 * the rate decides more than how a network is made cheaper: a ResNet-34 that was pruned to a
 * twelfth of its multiply-adds ends at 79.6 % with a peak of 0.1 and at 29.9 % with 0.0001 (H. Wang
 * et al., Why is the State of Neural Network Pruning so Confusing?, 2023, table 4).
 *
 * <ol>
 *   <li>A fifth of the training pictures, of each class alike, is held out. The validation
 *       pictures, by which results are judged, are not looked at.
 *   <li>With each of the peaks 0.1, 0.01 and 0.001 for batches of 256, in proportion for others,
 *       the method is run on the rest for a quarter of its epochs, at least one.
 *   <li>The rate wins whose models are right most often about the pictures held out, on average if
 *       there are several; of equals the largest. A trial that diverges counts as guessing, and
 *       wins never.
 *   <li>With that rate the method is run on all training pictures, for all its epochs. Should it
 *       diverge only there, the next best one takes its place, and a note says so.
 * </ol>
 *
 * <p>The trials have a teacher of their own that has not seen the pictures held out, either. From
 * the usual one, which has learnt them, a student would know them as well, and the better the
 * smaller its rate.
 *
 * <p>The method knows nothing of all this: it is offered settings with other recipes. What was
 * found is in the {@linkplain Trained#notes notes}. Each trial is a {@linkplain RunOptions#stage
 * stage}, so that nothing is trained twice after an interruption.
 */
public final class RateChoice implements Training {
  /** Name of the note that tells the peak that was chosen, for batches of 256. */
  public static final String CHOSEN = "peakRatePer256";

  /** Share of the training pictures that is held out. */
  public static final double HELD_OUT = 0.2;

  private static final String ACCURACY = "heldOutAcc1At";
  private static final String DIVERGED = "divergedAt";
  private static final String DIVERGED_LATER = "divergedInTheEndAt";

  /** From the largest, which is taken among equals. */
  private static final List<Double> PEAKS = List.of(0.1, 0.01, 0.001);

  private static final int BATCH = 256;
  private static final double EPOCHS = 0.25;

  private final Method method;
  private final Setting setting;
  private final String point;
  private final Need trialTeacher;

  /** Worked out once: a method may have to search for what it offers. */
  private final List<OperatingPoint> points;

  /**
   * Makes one.
   *
   * @param method whose training it is
   * @param setting with the recipes whose rates are replaced, that of the teacher and that of
   *     students
   * @param point key of one of the training's operating points
   * @param trialTeacher the teacher of the trials: a network trained on {@link #trialData} only
   * @throws IllegalArgumentException if the method does not offer such a training
   */
  public RateChoice(Method method, Setting setting, String point, Need trialTeacher) {
    this.method = method;
    this.setting = setting;
    this.point = point;
    this.trialTeacher = trialTeacher;
    this.points =
        training(method, setting, point).points().stream()
            .map(offered -> chosen(offered, trialTeacher))
            .toList();
  }

  /** Returns one for each training that a method offers for a setting. */
  public static List<Training> all(Method method, Setting setting, Need trialTeacher) {
    return method.trainings(setting).stream()
        .map(training -> training.points().getFirst().key())
        .<Training>map(point -> new RateChoice(method, setting, point, trialTeacher))
        .toList();
  }

  /** Returns pictures to learn from without those held out, and these in place of validation. */
  public static TrainingData trialData(TrainingData data) {
    Split split = Split.of(data.train(), HELD_OUT);
    return new TrainingData(
        split.rest(), split.heldOut(), data.augmentation(), data.preprocessing(), data.threads());
  }

  private static Training training(Method method, Setting setting, String point) {
    return method.trainings(setting).stream()
        .filter(training -> training.points().stream().anyMatch(p -> p.key().equals(point)))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(method.key() + " does not offer a point " + point));
  }

  /** Returns those of the method, whose settings now say how the rate is chosen. */
  @Override
  public List<OperatingPoint> points() {
    return points;
  }

  private static OperatingPoint chosen(OperatingPoint offered, Need trialTeacher) {
    Map<String, Object> settings = new LinkedHashMap<>(offered.settings());
    settings.put(
        "rateChoice.peaksPer256",
        PEAKS.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    settings.put("rateChoice.heldOut", HELD_OUT);
    settings.put("rateChoice.epochs", EPOCHS);
    settings.put("rateChoice.teacher", trialTeacher.toString());
    return new OperatingPoint(offered.key(), offered.label(), offered.inputSize(), settings);
  }

  @Override
  public Trained run(TrainingContext context, RunOptions options) {
    TrainingContext onTrial =
        context.with(trialData(context.data())).withTeacher(context.model(trialTeacher));
    Map<String, Object> accuracies = new LinkedHashMap<>();
    Map<Double, Double> possible = new LinkedHashMap<>();
    for (double peak : PEAKS) {
      try {
        Trained trial = trial(peak, onTrial.data()).run(onTrial, options.stage("rate-" + peak));
        if (trial.result().outcome() == Outcome.STOPPED) {
          return trial;
        }
        double accuracy = accuracy(trial.models(), onTrial);
        accuracies.put(ACCURACY + peak, accuracy);
        possible.put(peak, accuracy);
      } catch (ArithmeticException e) {
        accuracies.put(ACCURACY + peak, Baselines.chance(onTrial.data().validation()));
        accuracies.put(DIVERGED + peak, true);
      }
    }
    return whole(context, options, possible, accuracies);
  }

  /**
   * The whole training, with the best of some rates that does not diverge.
   *
   * @param possible the accuracy of each rate, the largest first
   * @param found notes on the trials
   */
  private Trained whole(
      TrainingContext context,
      RunOptions options,
      Map<Double, Double> possible,
      Map<String, Object> found) {
    // Of equals the one that was put there first.
    List<Double> order =
        possible.entrySet().stream()
            .sorted(Comparator.comparingDouble(rate -> -rate.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    RunOptions run = options;
    for (double peak : order) {
      Setting all = setting.with(at(peak, setting.teacher()), at(peak, setting.student()));
      try {
        Trained trained = training(method, all, point).run(context, run);
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put(CHOSEN, peak);
        notes.putAll(found);
        return trained.withNotes(notes);
      } catch (ArithmeticException e) {
        found.put(DIVERGED_LATER + peak, true);
        // With a checkpoint of its own: that of before is of another training.
        run = options.stage("instead-of-" + peak);
      }
    }
    throw new ArithmeticException(
        method.key() + " " + point + " diverges at every learning rate that was tried: " + PEAKS);
  }

  private Training trial(double peak, TrainingData data) {
    int pictures = data.train().size();
    Recipe teacher = at(peak, shortened(setting.teacher(), pictures));
    Recipe student = at(peak, shortened(setting.student(), pictures));
    return training(method, setting.with(teacher, student), point);
  }

  /** A share of the epochs, with batches that the pictures can fill. */
  private static Recipe shortened(Recipe recipe, int pictures) {
    int epochs = Math.max(1, (int) Math.rint(EPOCHS * recipe.epochs()));
    return recipe.withEpochs(epochs).forPictures(pictures);
  }

  private static Recipe at(double peak, Recipe recipe) {
    return recipe.withLearningRate(peak * recipe.batchSize() / BATCH);
  }

  /** Mean Acc@1 of models on the pictures held out. */
  private double accuracy(List<TrainedModel> models, TrainingContext onTrial) {
    Evaluator evaluator = onTrial.data().evaluator(setting.student().batchSize(), onTrial.device());
    return models.stream()
        .mapToDouble(model -> evaluator.evaluate(model).metrics().top1())
        .average()
        .orElseThrow();
  }
}
