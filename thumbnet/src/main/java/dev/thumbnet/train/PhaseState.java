package dev.thumbnet.train;

import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.engine.optim.Ema;
import dev.thumbnet.engine.optim.GradientClipping;
import dev.thumbnet.engine.optim.LrSchedule;
import dev.thumbnet.engine.optim.Optimizer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one phase of a training and ends with it: the optimiser, the learning rates, the
 * average of the weights and the best ones.
 */
final class PhaseState {
  private static final String OPTIMIZER = "optimizer";
  private static final String EMA = "ema";
  private static final String BEST = "best";
  private static final State NOTHING = new State(Map.of(), Map.of());

  private final Phase phase;
  private final Module model;
  private final Optimizer optimizer;
  private final LrSchedule schedule;
  private final @Nullable Ema ema;
  private @Nullable Snapshot best;

  /**
   * Begins a phase.
   *
   * @param steps number of its steps
   * @param model what is trained
   */
  PhaseState(Phase phase, long steps, Module model) {
    this.phase = phase;
    this.model = model;
    this.optimizer = phase.optimizer().get();
    this.schedule = phase.schedule().apply(steps);
    this.ema = phase.emaDecay() > 0 ? new Ema(model, phase.emaDecay()) : null;
  }

  Phase phase() {
    return phase;
  }

  /** Returns the learning rate of a step of the phase. */
  double rate(long step) {
    return schedule.at(step);
  }

  void zeroGrad() {
    optimizer.zeroGrad();
  }

  /** Changes the weights by their gradients. */
  void step(double rate) {
    if (phase.gradientClip() > 0) {
      GradientClipping.byNorm(model.parameters(), phase.gradientClip());
    }
    optimizer.step(rate);
    if (ema != null) {
      ema.update();
    }
  }

  /** Lets the model work with the averaged weights, if there are any, until it is closed. */
  Ema.@Nullable Applied applyAverage() {
    return ema == null ? null : ema.apply();
  }

  /** Keeps the weights that the model has now, if the phase may end with them. */
  void rememberBest() {
    if (phase.patience() > 0) {
      if (best != null) {
        best.release();
      }
      best = Snapshot.of(model.state());
    }
  }

  /** Gives the model the weights that the phase is to end with. */
  void chooseWeights() {
    optimizer.zeroGrad();
    if (best != null) {
      model.load(best.state());
      best.release();
    } else if (ema != null) {
      ema.apply();
    }
  }

  // ---------------------------------------------------------------- checkpoints

  /** Returns all that a checkpoint needs besides the model, by name. */
  Map<String, State> states() {
    Map<String, State> states = new LinkedHashMap<>();
    states.put(OPTIMIZER, optimizer.state());
    if (ema != null) {
      states.put(EMA, ema.state());
    }
    if (best != null) {
      states.put(BEST, best.state());
    }
    return states;
  }

  /** Takes over what {@link #states} returned. */
  void load(Map<String, State> states) {
    optimizer.load(states.getOrDefault(OPTIMIZER, NOTHING));
    if (ema != null) {
      ema.load(states.getOrDefault(EMA, NOTHING));
    }
    State kept = states.get(BEST);
    best = kept == null ? null : Snapshot.of(kept);
  }
}
