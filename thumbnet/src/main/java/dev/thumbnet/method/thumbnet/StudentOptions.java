package dev.thumbnet.method.thumbnet;

import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What makes one way of training a student differ from another: ThumbNet, and the methods that the
 * paper compares it with, which leave out parts of it.
 *
 * @param downscaler how thumbnails are made
 * @param reduction how much smaller thumbnails are
 * @param fromTeacher whether the student starts with its teacher's weights, otherwise from scratch
 * @param pretraining share of the epochs in the first phase, which needs no labels; 0 for none
 * @param pretrainingWeights losses of the first phase: MM and FM only
 * @param weights losses of the second phase
 * @param temperature of the distillation
 * @param scratchRate factor on the learning rate of E and U, which start from scratch, if the
 *     student does not
 */
public record StudentOptions(
    DownscalerKind downscaler,
    Reduction reduction,
    boolean fromTeacher,
    double pretraining,
    LossWeights pretrainingWeights,
    LossWeights weights,
    double temperature,
    double scratchRate) {
  private static final double TEMPERATURE = GuidedTraining.TEMPERATURE;
  private static final double DISTILLATION = GuidedTraining.DISTILLATION;
  private static final double PRETRAINING = 0.15;

  /** With moment matching a rate of E above 0.05 is not stable, and students learn at 0.02. */
  private static final double SCRATCH_RATE = 2;

  private static final LossWeights UNSUPERVISED = new LossWeights(0, 0, 1, 1);
  private static final LossWeights LABELS = new LossWeights(1, 0, 0, 0);
  private static final LossWeights LABELS_AND_TEACHER =
      new LossWeights(1 - DISTILLATION, DISTILLATION, 0, 0);

  /**
   * Checks that the parts fit.
   *
   * @throws IllegalArgumentException if not
   */
  public StudentOptions {
    if (!(pretraining >= 0 && pretraining < 1)) {
      throw new IllegalArgumentException(
          "the share of pre-training must be in [0, 1), got " + pretraining);
    }
    if (pretrainingWeights.classification() > 0 || pretrainingWeights.distillation() > 0) {
      throw new IllegalArgumentException(
          "pre-training knows only moment matching and feature mapping: " + pretrainingWeights);
    }
    double matching = weights.momentMatching() + pretraining * pretrainingWeights.momentMatching();
    if (!downscaler.learned() && matching > 0) {
      throw new IllegalArgumentException(
          "moment matching has nothing to learn from a downscaler that is not learned; set its"
              + " weights to 0");
    }
    if (!(temperature > 0 && scratchRate > 0)) {
      throw new IllegalArgumentException(
          "temperature and scratchRate must be above 0, got " + temperature + ", " + scratchRate);
    }
  }

  private static StudentOptions of(
      DownscalerKind downscaler, Reduction reduction, LossWeights weights) {
    return new StudentOptions(
        downscaler, reduction, true, 0, UNSUPERVISED, weights, TEMPERATURE, SCRATCH_RATE);
  }

  /** The baseline: S learns from labels on bicubic thumbnails. */
  public static StudentOptions bicubic(Reduction reduction) {
    return of(DownscalerKind.BICUBIC, reduction, LABELS);
  }

  /** Bicubic + Distill: S also learns from T's answers. */
  public static StudentOptions bicubicDistill(Reduction reduction) {
    return of(DownscalerKind.BICUBIC, reduction, LABELS_AND_TEACHER);
  }

  /** Supervised: E and S learn from labels. */
  public static StudentOptions supervised(DownscalerKind downscaler, Reduction reduction) {
    return of(downscaler, reduction, LABELS);
  }

  /** Supervised + Distill: E and S also learn from T's answers. */
  public static StudentOptions supervisedDistill(DownscalerKind downscaler, Reduction reduction) {
    return of(downscaler, reduction, LABELS_AND_TEACHER);
  }

  /** ThumbNet: all four losses, after a first phase with MM and FM only. */
  public static StudentOptions thumbNet(DownscalerKind downscaler, Reduction reduction) {
    return new StudentOptions(
        downscaler,
        reduction,
        true,
        PRETRAINING,
        UNSUPERVISED,
        new LossWeights(1 - DISTILLATION, DISTILLATION, 0.1, 0.1),
        TEMPERATURE,
        SCRATCH_RATE);
  }

  /** Returns the same with a student that starts from scratch. */
  public StudentOptions fromScratch() {
    return new StudentOptions(
        downscaler,
        reduction,
        false,
        pretraining,
        pretrainingWeights,
        weights,
        temperature,
        scratchRate);
  }

  /** Returns the same with other losses in the second phase. */
  public StudentOptions withWeights(LossWeights other) {
    return new StudentOptions(
        downscaler,
        reduction,
        fromTeacher,
        pretraining,
        pretrainingWeights,
        other,
        temperature,
        scratchRate);
  }

  /** Returns the same with another first phase; a share of 0 leaves it out. */
  public StudentOptions withPretraining(double share, LossWeights other) {
    return new StudentOptions(
        downscaler, reduction, fromTeacher, share, other, weights, temperature, scratchRate);
  }

  /** Returns all of it by the names that files have, which never change. */
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("downscaler", downscaler.key());
    settings.put("factor", reduction.side());
    settings.put("fromTeacher", fromTeacher);
    settings.put("pretraining", pretraining);
    settings.put("pretrainingWeights", pretrainingWeights);
    settings.put("weights", weights);
    settings.put("temperature", temperature);
    settings.put("scratchRate", scratchRate);
    return settings;
  }

  /** Returns the same without nesting: each loss's weight has a name of its own. */
  Map<String, Object> flatSettings() {
    Map<String, Object> flat = new LinkedHashMap<>();
    settings()
        .forEach(
            (name, value) -> {
              if (value instanceof LossWeights losses) {
                losses.settings().forEach((loss, weight) -> flat.put(name + "." + loss, weight));
              } else {
                flat.put(name, value);
              }
            });
    return flat;
  }

  /** Returns the epochs of the first phase: some if any are wanted and the second keeps one. */
  int pretrainingEpochs(int epochs) {
    return pretraining == 0
        ? 0
        : Math.min(epochs - 1, Math.max(1, (int) Math.rint(pretraining * epochs)));
  }

  /** Tells whether teacher's features are imitated in any phase. */
  boolean mapsFeatures() {
    return weights.featureMapping() > 0
        || pretraining > 0 && pretrainingWeights.featureMapping() > 0;
  }
}
