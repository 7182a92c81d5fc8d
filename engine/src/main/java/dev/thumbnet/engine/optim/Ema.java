package dev.thumbnet.engine.optim;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.engine.op.InPlace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Exponential moving average of a module's parameters and buffers, which is often better than the
 * last weights: average = d · average + (1 − d) · now. At update t, from 1, d is the smaller of the
 * given decay and (1 + t) / (10 + t), so that a short training is not dominated by its start. What
 * is frozen stays as it is, to the last bit. For one thread at a time.
 */
public final class Ema {
  private static final String UPDATES = "updates";

  private final Module module;
  private final double decay;
  private final Set<String> frozen;
  private final Map<String, Tensor> averages = new LinkedHashMap<>();
  private long updates;
  private boolean applied;

  /**
   * Starts from the module's numbers.
   *
   * @param module what is averaged
   * @param decay weight of the average so far, in [0, 1)
   */
  public Ema(Module module, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("decay must be in [0, 1) but is " + decay);
    }
    this.module = module;
    this.decay = decay;
    this.frozen = module.frozenNames();
    module.state().tensors().forEach((name, t) -> averages.put(name, t.copy().keep()));
  }

  /** Takes the module's numbers into the average; to be called after each optimiser step. */
  public void update() {
    checkNotApplied();
    updates++;
    double d = Math.min(decay, (1.0 + updates) / (10.0 + updates));
    module
        .state()
        .tensors()
        .forEach(
            (name, now) -> {
              if (!frozen.contains(name)) {
                InPlace.mix(d, average(name), 1 - d, now);
              }
            });
  }

  /** The time during which a module works with the averages; see {@link Ema#apply}. */
  public final class Applied implements AutoCloseable {
    private Applied() {}

    /** Gives the module its own numbers back. */
    @Override
    public void close() {
      if (applied) {
        swap();
        applied = false;
      }
    }
  }

  /** Exchanges the module's numbers for the averages until the result is closed. */
  public Applied apply() {
    checkNotApplied();
    swap();
    applied = true;
    return new Applied();
  }

  private void swap() {
    module
        .state()
        .tensors()
        .forEach(
            (name, now) -> {
              Tensor average = average(name);
              Tensor held = now.copy();
              now.copyFrom(average);
              average.copyFrom(held);
              held.release();
            });
  }

  private Tensor average(String name) {
    return Objects.requireNonNull(averages.get(name));
  }

  private void checkNotApplied() {
    if (applied) {
      throw new IllegalStateException(
          "the module works with the averages now; close what apply() returned first");
    }
  }

  /** Returns the averages by name and the counter {@code updates}. */
  public State state() {
    checkNotApplied();
    return new State(averages, Map.of(UPDATES, updates));
  }

  /**
   * Takes over a state.
   *
   * @throws IllegalArgumentException if it belongs to another module; then nothing was changed
   */
  public void load(State state) {
    state().copyFrom(state);
    updates = Objects.requireNonNull(state.counters().get(UPDATES));
  }
}
