package dev.thumbnet.method.thumbnet;

import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.RunOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fresh student behind the downscaler E of a finished ThumbNet, perhaps of other pictures, which
 * no longer changes: whether thumbnails are made for one student and one set of pictures, or are of
 * use to others.
 */
public final class TransferMethod implements Method {
  /** The only one. */
  public static final TransferMethod TRANSFER = new TransferMethod();

  /** Name of the setting that tells whose pictures E learnt from, if those are of another set. */
  public static final String DATA = "frozenDownscalerData";

  private TransferMethod() {}

  /** Returns the ThumbNet whose E is taken, of the same pictures. */
  public static Need source(Setting setting, Reduction reduction) {
    String point = OperatingPoint.thumbnail(reduction, setting.size(), Map.of()).key();
    return new Need(StudentMethod.THUMBNET.key(), point);
  }

  @Override
  public String key() {
    return "transfer";
  }

  @Override
  public String name() {
    return "Transferred E";
  }

  @Override
  public String explanation() {
    return "The downscaler E of a finished ThumbNet, which learnt with another student and perhaps"
        + " from another set of pictures, makes the thumbnails and no longer changes. Only the"
        + " student learns, from labels and from the answers of the teacher of its own pictures.";
  }

  /** It needs a finished ThumbNet besides the teacher, so that it cannot be run on its own. */
  @Override
  public boolean trainsStudent() {
    return false;
  }

  /** Returns one for each reduction, with the E of the same pictures. */
  @Override
  public List<Training> trainings(Setting setting) {
    setting.checkThumbnails();
    setting.downscaler().checkTeacher(setting.network());
    return setting.reductions().stream()
        .map(
            reduction ->
                at(setting, reduction, source(setting, reduction), "own", "E of the same pictures"))
        .toList();
  }

  /**
   * Returns the training of a student behind a given downscaler.
   *
   * @param source the model whose downscaler is taken, which has the setting's form; the training
   *     must be given it
   * @param key what the point's key has after the ratio
   * @param label what its label has after the ratio
   */
  public Training at(Setting setting, Reduction reduction, Need source, String key, String label) {
    StudentOptions options = StudentOptions.supervisedDistill(setting.downscaler(), reduction);
    Map<String, Object> settings = new LinkedHashMap<>(options.flatSettings());
    settings.put("frozenDownscalerOf", source.method() + " " + source.point());
    source.data().ifPresent(set -> settings.put(DATA, set));
    OperatingPoint plain = OperatingPoint.thumbnail(reduction, setting.size(), settings);
    return new BehindFrozen(
        setting,
        options,
        source,
        new OperatingPoint(
            plain.key() + "-" + key,
            plain.label() + ", " + label,
            plain.inputSize(),
            plain.settings()));
  }

  private record BehindFrozen(
      Setting setting, StudentOptions options, Need source, OperatingPoint point)
      implements Training {
    @Override
    public List<OperatingPoint> points() {
      return List.of(point);
    }

    @Override
    public Optional<PreparedTraining> prepare(TrainingContext context, RunOptions run) {
      return Optional.of(
          new ThumbNetTraining(context, options, setting.student(), context.model(source))
              .prepare(run));
    }
  }
}
