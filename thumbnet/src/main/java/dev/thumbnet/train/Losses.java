package dev.thumbnet.train;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.measure.Score;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Objective} found for one batch: named losses, their weighted sum, which is
 * minimised, and perhaps how well the network did. All of it stays where it was computed until it
 * is asked for, once, at the end of the step: a device that works behind the program's back need
 * not be waited for in between.
 */
public final class Losses {
  private final Map<String, Tensor> parts = new LinkedHashMap<>();
  private @Nullable Tensor total;
  private @Nullable DoubleSupplier score;
  private OptionalDouble shared = OptionalDouble.empty();

  /** Starts without any. */
  public Losses() {}

  /**
   * Adds a loss.
   *
   * @param name short name for reports and checkpoints, see {@link Score#checkName}
   * @param weight factor in the sum
   * @param loss a scalar
   */
  public Losses add(String name, double weight, Tensor loss) {
    Score.checkName(name);
    parts.put(name, loss);
    Tensor weighted = Ops.mul(loss, weight);
    total = total == null ? weighted : Ops.add(total, weighted);
    return this;
  }

  /**
   * Adds the sum of others, as of another network that learns in the same step. How well that did
   * is not taken over.
   *
   * @param ending follows their names here, to tell them apart
   */
  public Losses addAll(Losses others, String ending) {
    others.parts.forEach(
        (name, loss) -> {
          Score.checkName(name + ending);
          parts.put(name + ending, loss);
        });
    Tensor sum = others.total();
    total = total == null ? sum : Ops.add(total, sum);
    others.shared.ifPresent(this::sharing);
    return this;
  }

  /**
   * Says that the step uses what others on the same batch may use, too, and is worked out once: the
   * time for it belongs to all of them alike.
   *
   * @param seconds that it took in this step; 0 if it was there already
   */
  public Losses sharing(double seconds) {
    shared = OptionalDouble.of(shared.orElse(0) + seconds);
    return this;
  }

  /**
   * Says how well the network did.
   *
   * @param sum returns the sum of the scores of all pictures of the batch, of the kind that the
   *     phase is evaluated by; asked once, at the end of the step
   */
  public Losses scoring(DoubleSupplier sum) {
    score = sum;
    return this;
  }

  /** Reads the values before weighting, by name, in the order of adding. */
  Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    parts.forEach((name, loss) -> values.put(name, loss.item()));
    return Collections.unmodifiableMap(values);
  }

  /**
   * Returns the weighted sum.
   *
   * @throws IllegalStateException if there are no losses
   */
  Tensor total() {
    if (total == null) {
      throw new IllegalStateException("the step has no loss: all weights are zero");
    }
    return total;
  }

  /** Returns how long the step worked on what others use, too; none if it uses nothing such. */
  OptionalDouble shared() {
    return shared;
  }

  /** Returns what sums up the scores of the pictures, if the step gives any. */
  Optional<DoubleSupplier> score() {
    return Optional.ofNullable(score);
  }
}
