package dev.thumbnet.method.teacher;

import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.train.RunOptions;
import java.util.List;
import java.util.Map;

/** The teacher at full size, which all other methods start from and are compared with. */
public final class TeacherMethod implements Method {
  /** The only one. */
  public static final TeacherMethod ORIGINAL = new TeacherMethod();

  private TeacherMethod() {}

  @Override
  public String key() {
    return "original";
  }

  @Override
  public String name() {
    return "Original";
  }

  @Override
  public String explanation() {
    return "The full-size network, called the teacher, looks at the full picture. All other rows"
        + " try to come close to it at a fraction of its cost.";
  }

  @Override
  public boolean trainsStudent() {
    return false;
  }

  @Override
  public List<Training> trainings(Setting setting) {
    return List.of(
        new FromScratch(setting, List.of(OperatingPoint.fullSize(setting.size(), Map.of()))));
  }

  @Override
  public String fileName(OperatingPoint point) {
    return "teacher";
  }

  private record FromScratch(Setting setting, List<OperatingPoint> points) implements Training {
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
}
