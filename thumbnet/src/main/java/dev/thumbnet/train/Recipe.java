package dev.thumbnet.train;

import dev.thumbnet.engine.optim.LrSchedule;
import dev.thumbnet.engine.optim.Optimizer;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.engine.optim.Sgd;
import dev.thumbnet.measure.Score;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The hyper-parameters of a training by stochastic gradient descent with Nesterov momentum. The
 * learning rate follows one cycle over each phase: up to its peak in the first 30 % of the steps,
 * then down to almost nothing. Weights decay, biases and normalisation do not.
 *
 * @param epochs passes over the training set, over all phases
 * @param batchSize pictures in a step
 * @param learningRate peak of the learning rate, for this batch size
 * @param momentum share of the velocity that is kept
 * @param weightDecay L2 penalty
 * @param labelSmoothing share of the target that cross entropy spreads over all classes
 * @param gradientClip largest norm of all gradients together; 0 for no limit
 * @param emaDecay decay of the average of weights that becomes the result; 0 for the last weights
 * @param patience epochs without a better score after which training ends with the weights of the
 *     best epoch; 0 for never. Choosing an epoch by the validation set flatters its accuracy there
 * @param seed decides initial values, order and variation of the pictures
 */
public record Recipe(
    int epochs,
    int batchSize,
    double learningRate,
    double momentum,
    double weightDecay,
    double labelSmoothing,
    double gradientClip,
    double emaDecay,
    int patience,
    long seed) {
  private static final double RISE = 0.3;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public Recipe {
    check(epochs >= 1, "epochs must be at least 1, got " + epochs);
    check(batchSize >= 1, "the batch size must be at least 1, got " + batchSize);
    check(
        learningRate > 0 && Double.isFinite(learningRate),
        "the learning rate must be above 0, got " + learningRate);
    check(momentum >= 0 && momentum < 1, "momentum must be in [0, 1), got " + momentum);
    check(weightDecay >= 0, "weight decay must not be negative, got " + weightDecay);
    check(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "label smoothing must be in [0, 1), got " + labelSmoothing);
    check(gradientClip >= 0, "the gradient clip must not be negative, got " + gradientClip);
    check(emaDecay >= 0 && emaDecay < 1, "the EMA decay must be in [0, 1), got " + emaDecay);
    check(patience >= 0, "patience must not be negative, got " + patience);
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /**
   * For a teacher from scratch on a small data set: peak 0.1 at batches of 128. No label smoothing:
   * it would teach the network to treat all wrong classes alike, and how alike they are is what a
   * student learns from it.
   */
  public static Recipe teacher(int epochs) {
    return new Recipe(epochs, 128, 0.1, 0.9, 5e-4, 0, 0, 0, 0, 0);
  }

  /**
   * For a student that starts from its teacher's weights: peak 0.02 at batches of 64. The limit of
   * 10 for the gradient is above what ordinary steps have; it catches a downscaler whose rate is
   * too high for moment matching.
   */
  public static Recipe student(int epochs) {
    return new Recipe(epochs, 64, 0.02, 0.9, 5e-4, 0, 10, 0, 0, 0);
  }

  /** Returns the same with another number of passes over the training set. */
  public Recipe withEpochs(int count) {
    return new Recipe(
        count,
        batchSize,
        learningRate,
        momentum,
        weightDecay,
        labelSmoothing,
        gradientClip,
        emaDecay,
        patience,
        seed);
  }

  /** Returns the same with another batch size; the learning rate is scaled in proportion. */
  public Recipe withBatchSize(int size) {
    return new Recipe(
        epochs,
        size,
        learningRate * size / batchSize,
        momentum,
        weightDecay,
        labelSmoothing,
        gradientClip,
        emaDecay,
        patience,
        seed);
  }

  /** Returns the same with batches that so many pictures can fill, one at least. */
  public Recipe forPictures(int pictures) {
    return batchSize <= pictures ? this : withBatchSize(pictures);
  }

  /** Returns the same with another peak of the learning rate. */
  public Recipe withLearningRate(double rate) {
    return new Recipe(
        epochs,
        batchSize,
        rate,
        momentum,
        weightDecay,
        labelSmoothing,
        gradientClip,
        emaDecay,
        patience,
        seed);
  }

  /** Returns the same with an average of weights; 0 for none. */
  public Recipe withEma(double decay) {
    return new Recipe(
        epochs,
        batchSize,
        learningRate,
        momentum,
        weightDecay,
        labelSmoothing,
        gradientClip,
        decay,
        patience,
        seed);
  }

  /** Returns the same with early stopping; 0 for never. */
  public Recipe withPatience(int count) {
    return new Recipe(
        epochs,
        batchSize,
        learningRate,
        momentum,
        weightDecay,
        labelSmoothing,
        gradientClip,
        emaDecay,
        count,
        seed);
  }

  /** Returns the same with another seed. */
  public Recipe withSeed(long other) {
    return new Recipe(
        epochs,
        batchSize,
        learningRate,
        momentum,
        weightDecay,
        labelSmoothing,
        gradientClip,
        emaDecay,
        patience,
        other);
  }

  /** Returns all of it by the names that files have, which never change. */
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("epochs", epochs);
    settings.put("batchSize", batchSize);
    settings.put("learningRate", learningRate);
    settings.put("momentum", momentum);
    settings.put("weightDecay", weightDecay);
    settings.put("labelSmoothing", labelSmoothing);
    settings.put("gradientClip", gradientClip);
    settings.put("emaDecay", emaDecay);
    settings.put("patience", patience);
    settings.put("seed", seed);
    return settings;
  }

  /**
   * Returns the phase that a training ends with: one cycle of the rates, and of the weights that it
   * had those that the recipe wants.
   *
   * @param name for reports
   * @param epochs passes over the training set
   * @param objective what is computed for a batch
   * @param groups what learns
   * @param evaluation scores the model after each epoch
   */
  public Phase lastPhase(
      String name,
      int epochs,
      Objective objective,
      Supplier<List<ParamGroup>> groups,
      Supplier<Score> evaluation) {
    return phase(name, epochs, objective, groups, emaDecay, patience, evaluation);
  }

  /**
   * Returns a phase before the last: as {@link #lastPhase}, but it ends with the weights of its
   * last step.
   *
   * @param evaluation scores the model after each epoch; none for never
   */
  public Phase earlyPhase(
      String name,
      int epochs,
      Objective objective,
      Supplier<List<ParamGroup>> groups,
      @Nullable Supplier<Score> evaluation) {
    return phase(name, epochs, objective, groups, 0, 0, evaluation);
  }

  private Phase phase(
      String name,
      int count,
      Objective objective,
      Supplier<List<ParamGroup>> groups,
      double decay,
      int patient,
      @Nullable Supplier<Score> evaluation) {
    return new Phase(
        name,
        count,
        objective,
        () -> optimizer(groups.get()),
        this::schedule,
        gradientClip,
        decay,
        patient,
        evaluation);
  }

  /** Returns a new optimiser for groups of parameters. */
  public Optimizer optimizer(List<ParamGroup> groups) {
    return new Sgd(groups, momentum, momentum > 0);
  }

  /** Returns the learning rates of a phase of so many steps. */
  public LrSchedule schedule(long steps) {
    return steps < 2
        ? LrSchedule.constant(learningRate)
        : LrSchedule.oneCycle(learningRate, steps, RISE);
  }
}
