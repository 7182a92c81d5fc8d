package dev.thumbnet.train;

import dev.thumbnet.engine.optim.LrSchedule;
import dev.thumbnet.engine.optim.Optimizer;
import dev.thumbnet.measure.Score;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A part of a training in which the same is done in every step.
 *
 * @param name for reports
 * @param epochs passes over the training set
 * @param objective what is computed for a batch
 * @param optimizer makes a new optimiser for what this phase learns
 * @param schedule makes the learning rates for a number of steps
 * @param gradientClip largest Euclidean norm of all gradients together, to which they are scaled
 *     down; 0 for no limit
 * @param emaDecay decay of the average of weights that is evaluated and in the end kept; 0 for none
 * @param patience number of epochs without a better score after which the phase ends, with the
 *     weights of its best epoch; 0 for never
 * @param evaluation scores the model after each epoch; none for never
 */
public record Phase(
    String name,
    int epochs,
    Objective objective,
    Supplier<Optimizer> optimizer,
    LongFunction<LrSchedule> schedule,
    double gradientClip,
    double emaDecay,
    int patience,
    @Nullable Supplier<Score> evaluation) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if they make no sense
   */
  public Phase {
    if (epochs < 1) {
      throw new IllegalArgumentException("a phase has at least one epoch, not " + epochs);
    }
    if (!(gradientClip >= 0 && emaDecay >= 0 && emaDecay < 1)) {
      throw new IllegalArgumentException(
          "the clip must not be negative and the decay in [0, 1), got "
              + gradientClip
              + " and "
              + emaDecay);
    }
    if (patience < 0 || patience > 0 && evaluation == null) {
      throw new IllegalArgumentException(
          "a patience of " + patience + " epochs needs an evaluation and must not be negative");
    }
  }
}
