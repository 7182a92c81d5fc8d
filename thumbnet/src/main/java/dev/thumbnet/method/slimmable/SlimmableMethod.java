package dev.thumbnet.method.slimmable;

import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Networks of several widths in one set of weights, all from one training: slimmable networks and
 * US-Nets. There is a point for each width, and its finished model is an ordinary network of the
 * teacher's family.
 */
public final class SlimmableMethod implements Method {
  /** Slimmable networks. */
  public static final SlimmableMethod SLIMMABLE =
      new SlimmableMethod(
          SlimmableTraining.KEY,
          "Slimmable",
          SlimmableTraining.settings(Widths.POINTS),
          (context, recipe) -> new SlimmableTraining(context, recipe, Widths.POINTS),
          "One network that can be used with all of its channels or with the first of them only,"
              + " on the full picture. It starts as a copy of the teacher, and in each step all its"
              + " widths learn together, from labels and from the teacher's answers. Each width has"
              + " batch normalisation of its own.");

  /** Universally slimmable networks. */
  public static final SlimmableMethod US_NET =
      new SlimmableMethod(
          UsNetTraining.KEY,
          "US-Net",
          UsNetTraining.settings(Widths.POINTS),
          UsNetTraining::new,
          "As Slimmable, but for any width: in each step the widest network learns, which alone"
              + " sees labels and teacher, and the narrowest and two of random width, which imitate"
              + " the widest. Only the statistics of batch normalisation differ between widths;"
              + " they are measured at the end.");

  /** Makes a training, to be run once. */
  @FunctionalInterface
  private interface Form {
    JointTraining of(TrainingContext context, Recipe recipe);
  }

  private final String key;
  private final String name;
  private final Map<String, Object> settings;
  private final Form form;
  private final String explanation;

  private SlimmableMethod(
      String key, String name, Map<String, Object> settings, Form form, String explanation) {
    this.key = key;
    this.name = name;
    this.settings = new LinkedHashMap<>(settings);
    this.settings.putAll(GuidedTraining.settings());
    this.form = form;
    this.explanation = explanation;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String explanation() {
    return explanation;
  }

  @Override
  public boolean trainsStudent() {
    return true;
  }

  @Override
  public List<Training> trainings(Setting setting) {
    Widths.check(setting);
    List<OperatingPoint> points =
        Widths.POINTS.stream().map(width -> Widths.point(width, setting, settings)).toList();
    return List.of(new AllWidths(form, setting, points));
  }

  private record AllWidths(Form form, Setting setting, List<OperatingPoint> points)
      implements Training {
    @Override
    public Optional<PreparedTraining> prepare(TrainingContext context, RunOptions options) {
      return Optional.of(form.of(context, setting.student()).prepare(options));
    }
  }
}
