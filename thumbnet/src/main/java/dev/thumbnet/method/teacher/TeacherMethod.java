package dev.thumbnet.method.teacher;

import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.RateChoice;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingData;
import java.util.List;
import java.util.Map;

/** The teacher at full size, which all other methods start from and are compared with. */
public final class TeacherMethod implements Method {
  /** The teacher itself. */
  public static final TeacherMethod ORIGINAL =
      new TeacherMethod(
          "original",
          "Original",
          "The full-size network, called the teacher, looks at the full picture. All other rows"
              + " try to come close to it at a fraction of its cost.");

  /** The teacher of the trials in which learning rates are chosen: see {@link RateChoice}. */
  public static final TeacherMethod FOR_TRIALS =
      new TeacherMethod(
          "trial-teacher",
          "Trial teacher",
          "As Original, but it never saw the fifth of the training pictures that is held out when"
              + " learning rates are chosen. It teaches in the trials for that only.");

  private final String key;
  private final String name;
  private final String explanation;

  private TeacherMethod(String key, String name, String explanation) {
    this.key = key;
    this.name = name;
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
    return false;
  }

  @Override
  public List<Training> trainings(Setting setting) {
    return List.of(this == ORIGINAL ? new FromScratch(setting) : new OnTrialData(setting));
  }

  @Override
  public String fileName(OperatingPoint point) {
    return this == ORIGINAL ? "teacher" : Method.super.fileName(point);
  }

  private record FromScratch(Setting setting) implements Training {
    @Override
    public List<OperatingPoint> points() {
      return List.of(OperatingPoint.fullSize(setting.size(), Map.of()));
    }

    @Override
    public Trained run(TrainingContext context, RunOptions options) {
      return new TeacherTraining(
              setting.network(),
              context.data(),
              setting.teacher().withSeed(context.seed()),
              context.device())
          .run(options);
    }
  }

  private record OnTrialData(Setting setting) implements Training {
    @Override
    public List<OperatingPoint> points() {
      Map<String, Object> settings = Map.of("rateChoice.heldOut", RateChoice.HELD_OUT);
      return List.of(OperatingPoint.fullSize(setting.size(), settings));
    }

    @Override
    public Trained run(TrainingContext context, RunOptions options) {
      TrainingData data = RateChoice.trialData(context.data());
      Recipe recipe = setting.teacher().withSeed(context.seed());
      return new TeacherTraining(
              setting.network(), data, recipe.forPictures(data.train().size()), context.device())
          .run(options);
    }
  }
}
