package dev.thumbnet.method.thumbnet;

import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ThumbNet with one thing done otherwise, which tells what that thing is worth: an ablation. The
 * points are the {@linkplain #ablation variants} at each reduction.
 */
public final class VariantMethod implements Method {
  /** The only one. */
  public static final VariantMethod VARIANTS = new VariantMethod();

  /** Downscalers of which there is one without normalisation. */
  private static final Map<DownscalerKind, DownscalerKind> WITHOUT_BN =
      Map.of(
          DownscalerKind.PLAIN, DownscalerKind.PLAIN_NO_BN,
          DownscalerKind.RESIDUAL, DownscalerKind.RESIDUAL_NO_BN);

  private VariantMethod() {}

  /**
   * A way to do ThumbNet.
   *
   * @param key short name for files and options
   * @param label what is done otherwise, for people
   * @param options all that is done
   */
  public record Variant(String key, String label, StudentOptions options) {}

  /**
   * Returns all variants that make sense for a downscaler: each loss left out, in both phases;
   * without the first phase, and with a longer one; other temperatures; a student from scratch; a
   * downscaler without normalisation, with gradients where thumbnails are cut off, and with
   * statistics that are estimated anew.
   */
  public static List<Variant> ablation(DownscalerKind downscaler, Reduction reduction) {
    StudentOptions whole = StudentOptions.thumbNet(downscaler, reduction);
    List<Variant> variants = new ArrayList<>(losses(whole));
    variants.addAll(phases(whole));
    variants.addAll(downscalers(whole));
    return variants;
  }

  private static List<Variant> losses(StudentOptions whole) {
    LossWeights w = whole.weights();
    double mm = w.momentMatching();
    double fm = w.featureMapping();
    double share = whole.pretraining();
    StudentOptions withoutMm = whole.withPretraining(share, new LossWeights(0, 0, 0, 1));
    StudentOptions withoutFm = whole.withPretraining(share, new LossWeights(0, 0, 1, 0));
    return List.of(
        new Variant("no-cl", "without CL", whole.withWeights(new LossWeights(0, 1, mm, fm))),
        new Variant("no-kd", "without KD", whole.withWeights(new LossWeights(1, 0, mm, fm))),
        new Variant(
            "no-mm",
            "without MM",
            withoutMm.withWeights(new LossWeights(w.classification(), w.distillation(), 0, fm))),
        new Variant(
            "no-fm",
            "without FM",
            withoutFm.withWeights(new LossWeights(w.classification(), w.distillation(), mm, 0))));
  }

  private static List<Variant> phases(StudentOptions whole) {
    LossWeights unsupervised = whole.pretrainingWeights();
    return List.of(
        new Variant("no-pretraining", "without phase 1", whole.withPretraining(0, unsupervised)),
        new Variant("pretraining30", "phase 1 of 30 %", whole.withPretraining(0.3, unsupervised)),
        new Variant("pretraining50", "phase 1 of 50 %", whole.withPretraining(0.5, unsupervised)),
        new Variant("tau2", "temperature 2", whole.withTemperature(2)),
        new Variant("tau8", "temperature 8", whole.withTemperature(8)),
        new Variant("scratch", "S from scratch", whole.fromScratch()));
  }

  private static List<Variant> downscalers(StudentOptions whole) {
    List<Variant> variants = new ArrayList<>();
    variants.add(
        new Variant("straight-through", "straight-through clamp", whole.withStraightThrough()));
    if (whole.downscaler().normalises()) {
      variants.add(new Variant("bn", "BN of E re-estimated", whole.withReestimatedStatistics()));
    }
    DownscalerKind without = WITHOUT_BN.get(whole.downscaler());
    if (without != null) {
      variants.add(new Variant("no-bn", "E without BN", whole.withDownscaler(without)));
    }
    return variants;
  }

  @Override
  public String key() {
    return "thumbnet-variant";
  }

  @Override
  public String name() {
    return "ThumbNet variant";
  }

  @Override
  public String explanation() {
    return "ThumbNet with one thing left out or done otherwise, to see what it is worth. CL are the"
        + " labels, KD the teacher's answers, MM brightness and contrast of the thumbnails, FM the"
        + " teacher's features; S is the student, E the downscaler, BN its batch normalisation.";
  }

  @Override
  public boolean trainsStudent() {
    return true;
  }

  @Override
  public List<Training> trainings(Setting setting) {
    setting.checkThumbnails();
    setting.downscaler().checkTeacher(setting.network());
    List<Training> trainings = new ArrayList<>();
    for (Reduction reduction : setting.reductions()) {
      for (Variant variant : ablation(setting.downscaler(), reduction)) {
        trainings.add(training(setting, reduction, variant));
      }
    }
    return trainings;
  }

  private static Training training(Setting setting, Reduction reduction, Variant variant) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("variant", variant.key());
    settings.putAll(variant.options().flatSettings());
    OperatingPoint whole = OperatingPoint.thumbnail(reduction, setting.size(), settings);
    return new StudentTraining(
        setting,
        variant.options(),
        new OperatingPoint(
            whole.key() + "-" + variant.key(),
            whole.label() + " " + variant.label(),
            whole.inputSize(),
            settings));
  }
}
