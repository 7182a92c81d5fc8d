package dev.thumbnet.method;

import dev.thumbnet.train.RunOptions;
import java.util.List;

/**
 * Something that can be run and gives models: most give one, some several that share their weights.
 * It may be run for several contexts; nothing is computed before.
 */
public interface Training {
  /** Returns the operating points of the models that it gives, at least one. */
  List<OperatingPoint> points();

  /**
   * Trains, or goes on from the checkpoint of the options.
   *
   * @return one model for each of the points, in their order
   * @throws ArithmeticException if training diverges
   * @throws IllegalStateException if the checkpoint belongs to another training
   */
  Trained run(TrainingContext context, RunOptions options);
}
