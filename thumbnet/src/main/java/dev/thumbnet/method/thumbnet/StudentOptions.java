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
 * @param fromTeacher whether the student starts with its teacher's weights, otherwise from scratch;
 *     a narrower student starts with those of the first channels of each layer
 * @param pretraining share of the epochs in the first phase, which needs no labels; 0 for none
 * @param pretrainingWeights losses of the first phase: MM and FM only
 * @param weights losses of the second phase
 * @param temperature of the distillation
 * @param scratchRate factor on the learning rate of E and U, which start from scratch, if the
 *     student does not
 * @param width the student's width as a share of its teacher's, in (0, 1]
 * @param straightThrough whether E gets gradients where its thumbnails are cut off, see {@link
 *     dev.thumbnet.model.DownscalerNet#forwardStraightThrough}
 * @param reestimates whether the statistics of E's normalisation are estimated anew when training
 *     has ended, as the plain average over the training pictures
 */
public record StudentOptions(
    DownscalerKind downscaler,
    Reduction reduction,
    boolean fromTeacher,
    double pretraining,
    LossWeights pretrainingWeights,
    LossWeights weights,
    double temperature,
    double scratchRate,
    double width,
    boolean straightThrough,
    boolean reestimates) {
  /** Batches that are enough to estimate the statistics of batch normalisation. */
  static final int STATISTICS_BATCHES = 200;

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
    downscaler.check(reduction);
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
    if (!(width > 0 && width <= 1)) {
      throw new IllegalArgumentException(
          "a student is as wide as its teacher or narrower, which is a width in (0, 1], not "
              + width);
    }
    double mapping = weights.featureMapping() + pretraining * pretrainingWeights.featureMapping();
    if (width < 1 && mapping > 0) {
      throw new IllegalArgumentException(
          "feature mapping compares channels, so the student must be as wide as its teacher, not "
              + width
              + " of it; set the weights of feature mapping to 0");
    }
    if (!downscaler.learned() && straightThrough) {
      throw new IllegalArgumentException(
          "no gradient goes through a downscaler that is not learned");
    }
    if (!downscaler.normalises() && reestimates) {
      throw new IllegalArgumentException(
          "the downscaler " + downscaler.label() + " has no statistics that could be estimated");
    }
  }

  private static StudentOptions of(
      DownscalerKind downscaler, Reduction reduction, double pretraining, LossWeights weights) {
    return new StudentOptions(
        downscaler,
        reduction,
        true,
        pretraining,
        UNSUPERVISED,
        weights,
        TEMPERATURE,
        SCRATCH_RATE,
        1,
        false,
        false);
  }

  /** The baseline: S learns from labels on bicubic thumbnails. */
  public static StudentOptions bicubic(Reduction reduction) {
    return of(DownscalerKind.BICUBIC, reduction, 0, LABELS);
  }

  /** Bicubic + Distill: S also learns from T's answers. */
  public static StudentOptions bicubicDistill(Reduction reduction) {
    return of(DownscalerKind.BICUBIC, reduction, 0, LABELS_AND_TEACHER);
  }

  /** Supervised: E and S learn from labels. */
  public static StudentOptions supervised(DownscalerKind downscaler, Reduction reduction) {
    return of(downscaler, reduction, 0, LABELS);
  }

  /** Supervised + Distill: E and S also learn from T's answers. */
  public static StudentOptions supervisedDistill(DownscalerKind downscaler, Reduction reduction) {
    return of(downscaler, reduction, 0, LABELS_AND_TEACHER);
  }

  /** ThumbNet: all four losses, after a first phase with MM and FM only. */
  public static StudentOptions thumbNet(DownscalerKind downscaler, Reduction reduction) {
    return of(
        downscaler,
        reduction,
        PRETRAINING,
        new LossWeights(1 - DISTILLATION, DISTILLATION, 0.1, 0.1));
  }

  /** Returns the same with another downscaler. */
  public StudentOptions withDownscaler(DownscalerKind other) {
    return new StudentOptions(
        other,
        reduction,
        fromTeacher,
        pretraining,
        pretrainingWeights,
        weights,
        temperature,
        scratchRate,
        width,
        straightThrough,
        reestimates);
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
        scratchRate,
        width,
        straightThrough,
        reestimates);
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
        scratchRate,
        width,
        straightThrough,
        reestimates);
  }

  /** Returns the same with another first phase; a share of 0 leaves it out. */
  public StudentOptions withPretraining(double share, LossWeights other) {
    return new StudentOptions(
        downscaler,
        reduction,
        fromTeacher,
        share,
        other,
        weights,
        temperature,
        scratchRate,
        width,
        straightThrough,
        reestimates);
  }

  /** Returns the same with another temperature of the distillation. */
  public StudentOptions withTemperature(double other) {
    return new StudentOptions(
        downscaler,
        reduction,
        fromTeacher,
        pretraining,
        pretrainingWeights,
        weights,
        other,
        scratchRate,
        width,
        straightThrough,
        reestimates);
  }

  /** Returns the same with a student of another share of its teacher's width. */
  public StudentOptions withWidth(double share) {
    return new StudentOptions(
        downscaler,
        reduction,
        fromTeacher,
        pretraining,
        pretrainingWeights,
        weights,
        temperature,
        scratchRate,
        share,
        straightThrough,
        reestimates);
  }

  /** Returns the same with gradients for E where its thumbnails are cut off. */
  public StudentOptions withStraightThrough() {
    return new StudentOptions(
        downscaler,
        reduction,
        fromTeacher,
        pretraining,
        pretrainingWeights,
        weights,
        temperature,
        scratchRate,
        width,
        true,
        reestimates);
  }

  /** Returns the same with statistics of E that are estimated anew in the end. */
  public StudentOptions withReestimatedStatistics() {
    return new StudentOptions(
        downscaler,
        reduction,
        fromTeacher,
        pretraining,
        pretrainingWeights,
        weights,
        temperature,
        scratchRate,
        width,
        straightThrough,
        true);
  }

  /**
   * Returns all of it by the names that files have, which never change. What came later is there if
   * it is not as it was before.
   */
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("downscaler", downscaler.key());
    settings.put("factor", reduction.factor());
    settings.put("fromTeacher", fromTeacher);
    settings.put("pretraining", pretraining);
    settings.put("pretrainingWeights", pretrainingWeights);
    settings.put("weights", weights);
    settings.put("temperature", temperature);
    settings.put("scratchRate", scratchRate);
    if (width != 1) {
      settings.put("width", width);
      settings.put("start", fromTeacher ? "first channels of the teacher" : "scratch");
    }
    if (straightThrough) {
      settings.put("straightThrough", true);
    }
    if (reestimates) {
      settings.put("statisticsBatches", STATISTICS_BATCHES);
    }
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
