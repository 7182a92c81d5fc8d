package dev.thumbnet.method.thumbnet;

import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import java.util.Arrays;
import java.util.List;

/**
 * {@link StudentMethod#SUPERVISED_DISTILL} with downscalers of every kind, whichever the setting
 * names: its points are the kinds at each reduction.
 */
public final class KindMethod implements Method {
  /** The only one. */
  public static final KindMethod KINDS = new KindMethod();

  private KindMethod() {}

  /** Returns the kinds that learn and that a network can teach, in the order of their enum. */
  public static List<DownscalerKind> kinds(Architecture network) {
    return Arrays.stream(DownscalerKind.values())
        .filter(DownscalerKind::learned)
        .filter(kind -> kind.fits(network))
        .toList();
  }

  @Override
  public String key() {
    return "downscaler";
  }

  @Override
  public String name() {
    return "Downscaler";
  }

  @Override
  public String explanation() {
    return "A downscaler of another form than the setting's learns together with its student, from"
        + " labels and the teacher's answers, as Supervised + Distill does. With MM, thumbnails"
        + " must keep brightness and contrast of their pictures, too.";
  }

  @Override
  public boolean trainsStudent() {
    return true;
  }

  @Override
  public List<Training> trainings(Setting setting) {
    setting.checkThumbnails();
    return setting.reductions().stream()
        .flatMap(
            reduction ->
                kinds(setting.network()).stream().map(kind -> at(setting, reduction, kind, false)))
        .toList();
  }

  /**
   * Returns the training of a student behind a downscaler. Its point is called by kind and ratio:
   * {@code patch-16to1}, {@code patch-mm-16to1}.
   *
   * @param momentMatching whether thumbnails have to keep the moments of their pictures, with the
   *     weight that ThumbNet gives it
   * @throws IllegalArgumentException if there is no such downscaler for this reduction
   */
  public Training at(
      Setting setting, Reduction reduction, DownscalerKind kind, boolean momentMatching) {
    StudentOptions options = StudentOptions.supervisedDistill(kind, reduction);
    if (momentMatching) {
      LossWeights without = options.weights();
      double weight = StudentOptions.thumbNet(kind, reduction).weights().momentMatching();
      options =
          options.withWeights(
              new LossWeights(without.classification(), without.distillation(), weight, 0));
    }
    OperatingPoint plain =
        OperatingPoint.thumbnail(reduction, setting.size(), options.flatSettings());
    return new StudentTraining(
        setting,
        options,
        new OperatingPoint(
            kind.label() + (momentMatching ? "-mm-" : "-") + plain.key(),
            plain.label() + " " + kind.label() + (momentMatching ? " with MM" : ""),
            plain.inputSize(),
            plain.settings()));
  }
}
