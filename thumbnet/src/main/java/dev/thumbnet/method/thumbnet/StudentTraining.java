package dev.thumbnet.method.thumbnet;

import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.train.RunOptions;
import java.util.List;

/**
 * The training of one student.
 *
 * @param setting with the student's recipe
 * @param options what is done
 * @param point what that is called
 */
record StudentTraining(Setting setting, StudentOptions options, OperatingPoint point)
    implements Training {
  @Override
  public List<OperatingPoint> points() {
    return List.of(point);
  }

  @Override
  public Trained run(TrainingContext context, RunOptions run) {
    return new ThumbNetTraining(
            context.teacher(), options, context.data(), setting.student().withSeed(context.seed()))
        .run(run);
  }
}
