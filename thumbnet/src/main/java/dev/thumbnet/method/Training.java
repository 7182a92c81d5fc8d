package dev.thumbnet.method;

import dev.thumbnet.train.RunOptions;
import java.util.List;
import java.util.Optional;

/**
 * Something that can be run and gives models: most give one, some several that share their weights.
 * It may be run for several contexts; nothing is computed before.
 */
public interface Training {
  /** Returns the operating points of the models that it gives, at least one. */
  List<OperatingPoint> points();

  /**
   * Prepares what {@link #run} does, if that is one pass of a {@link dev.thumbnet.train.Trainer}:
   * then it can also be run side by side with others.
   *
   * @return none if it is several trainings one after the other, or needs no training
   */
  default Optional<PreparedTraining> prepare(TrainingContext context, RunOptions options) {
    return Optional.empty();
  }

  /**
   * Trains, or goes on from the checkpoint of the options. What {@link #prepare}s need not say how.
   *
   * @return one model for each of the points, in their order
   * @throws ArithmeticException if training diverges
   * @throws IllegalStateException if the checkpoint belongs to another training
   */
  default Trained run(TrainingContext context, RunOptions options) {
    return prepare(context, options)
        .orElseThrow(() -> new IllegalStateException("this training does not say how it is run"))
        .run();
  }
}
