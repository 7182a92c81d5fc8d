package dev.thumbnet.train;

import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.engine.optim.Ema;
import dev.thumbnet.engine.optim.GradientClipping;
import dev.thumbnet.engine.optim.LrSchedule;
import dev.thumbnet.engine.optim.Optimizer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
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

  /**
   * Takes over what {@link #states} returned.
   *
   * @param steps of the phase that were done
   * @param hasBest whether an epoch of the phase was the best
   * @throws IllegalArgumentException if parts are missing, too many, or not of this phase
   */
  void load(Map<String, State> states, long steps, boolean hasBest) {
    Set<String> expected = new LinkedHashSet<>(states().keySet());
    if (phase.patience() > 0 && hasBest) {
      expected.add(BEST);
    }
    // What has no numbers, as an optimiser without momentum, leaves no trace in a file.
    for (String name : states.keySet()) {
      if (!expected.contains(name)) {
        throw new IllegalArgumentException("phase " + phase.name() + " has no part " + name);
      }
    }
    optimizer.load(part(states, OPTIMIZER, steps));
    if (ema != null) {
      ema.load(part(states, EMA, steps));
    }
    if (expected.contains(BEST)) {
      State kept = states.getOrDefault(BEST, NOTHING);
      Snapshot now = Snapshot.of(model.state());
      now.state().copyFrom(kept);
      now.release();
      best = Snapshot.of(kept);
    }
  }

  /** Nothing counts more than the steps. */
  private static State part(Map<String, State> states, String name, long steps) {
    State part = states.getOrDefault(name, NOTHING);
    part.counters()
        .forEach(
            (counter, value) -> {
              boolean average = name.equals(EMA);
              if (value > steps || average && value != steps) {
                throw new IllegalArgumentException(
                    "counter " + name + "/" + counter + " cannot be " + value);
              }
            });
    return part;
  }
}
