package dev.thumbnet.method.slimmable;

import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
          (teacher, data, recipe) -> new SlimmableTraining(teacher, data, recipe, Widths.POINTS),
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
    JointTraining of(TrainedModel teacher, TrainingData data, Recipe recipe);
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
    public Trained run(TrainingContext context, RunOptions options) {
      return form.of(context.teacher(), context.data(), setting.student().withSeed(context.seed()))
          .run(options);
    }
  }
}
