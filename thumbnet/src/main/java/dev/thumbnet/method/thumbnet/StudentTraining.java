package dev.thumbnet.method.thumbnet;

import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.train.RunOptions;
import java.util.List;
import java.util.Optional;

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
  public Optional<PreparedTraining> prepare(TrainingContext context, RunOptions run) {
    return Optional.of(new ThumbNetTraining(context, options, setting.student()).prepare(run));
  }
}
