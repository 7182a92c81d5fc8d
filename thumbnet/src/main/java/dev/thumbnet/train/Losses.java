package dev.thumbnet.train;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an {@link Objective} found for one batch: named losses, their weighted sum, which is
 * minimised, and the logits from which training accuracy is counted.
 */
public final class Losses {
  private final Map<String, Double> values = new LinkedHashMap<>();
  private Tensor total;
  private Tensor logits;

  /** Starts without any. */
  public Losses() {}

  /**
   * Adds a loss.
   *
   * @param name short name for reports
   * @param weight factor in the sum
   * @param loss a scalar
   */
  public Losses add(String name, double weight, Tensor loss) {
    values.put(name, loss.item());
    Tensor weighted = Ops.mul(loss, weight);
    total = total == null ? weighted : Ops.add(total, weighted);
    return this;
  }

  /** Says what the network answered, (n, classes). */
  public Losses answering(Tensor answer) {
    logits = answer;
    return this;
  }

  /** Returns the values before weighting, by name, in the order of adding. */
  public Map<String, Double> values() {
    return Collections.unmodifiableMap(values);
  }

  /**
   * Returns the weighted sum.
   *
   * @throws IllegalStateException if there are no losses
   */
  public Tensor total() {
    if (total == null) {
      throw new IllegalStateException("the step has no loss: all weights are zero");
    }
    return total;
  }

  /** Returns the logits, or null if the step gives none. */
  public Tensor logits() {
    return logits;
  }
}
