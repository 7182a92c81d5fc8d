package dev.thumbnet.method.slimmable;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import dev.thumbnet.train.RunOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The baseline of all methods with fewer channels: a narrow network that is trained alone, from
 * scratch, with the same lesson, pictures and epochs. Its learning rate is that of the teacher's
 * recipe, for batches of the students' size: the students' own is for networks that start from the
 * teacher's weights.
 */
public final class NarrowMethod implements Method {
  /** The only one. */
  public static final NarrowMethod NARROW = new NarrowMethod();

  private static final String KEY = "narrow";

  private NarrowMethod() {}

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public String name() {
    return "Narrow";
  }

  @Override
  public String explanation() {
    return "A network with fewer channels in every layer looks at the full picture. It is trained"
        + " alone and from scratch, from labels and from the teacher's answers. Methods that cut"
        + " channels must be better than this.";
  }

  @Override
  public boolean trainsStudent() {
    return true;
  }

  @Override
  public List<Training> trainings(Setting setting) {
    Widths.check(setting);
    return Widths.POINTS.stream()
        .filter(width -> width < 1)
        .<Training>map(width -> new Alone(setting, width))
        .toList();
  }

  private record Alone(Setting setting, double width) implements Training {
    @Override
    public List<OperatingPoint> points() {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("fromTeacher", false);
      settings.putAll(GuidedTraining.settings());
      return List.of(Widths.point(width, setting, settings));
    }

    @Override
    public Optional<PreparedTraining> prepare(TrainingContext context, RunOptions options) {
      Architecture whole = context.teacher().network().architecture();
      Classifier network =
          Models.classifier(
              whole.withWidth(whole.width() * width), context.device(), new Rng(context.seed()));
      GuidedTraining lesson = new GuidedTraining(context, setting.fromScratch());
      return Optional.of(lesson.prepare(network, lesson.provenance(KEY, network), options));
    }
  }
}
