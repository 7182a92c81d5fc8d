package dev.thumbnet.train;

import dev.thumbnet.data.Batch;
import dev.thumbnet.data.Loader;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.engine.optim.Ema;
import dev.thumbnet.engine.optim.GradientClipping;
import dev.thumbnet.engine.optim.LrSchedule;
import dev.thumbnet.engine.optim.Optimizer;
import dev.thumbnet.measure.Score;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Does the steps of a training: batches, gradients, optimiser, averages, evaluation, checkpoints.
 * What a step computes is said by {@link Phase}s.
 *
 * <p>Training stops after a step when {@link RunOptions#stop} says so, and at once when the thread
 * is interrupted, which it stays: then the step that was begun is taken back. A checkpoint is
 * written, and {@link #train} returns. If the checkpoint of the options exists, training goes on
 * from there, and ends with the same bits as if it had not been interrupted. A checkpoint that
 * cannot be written is warned of, and training goes on without.
 *
 * <p>Memory does not grow: what a step allocates goes back to the pool. For one thread.
 */
public final class Trainer {

  private static final System.Logger LOG = System.getLogger(Trainer.class.getName());

  /** No sensible loss comes near. */
  private static final double DIVERGED = 1e6;

  private static final State NOTHING = new State(Map.of(), Map.of());

  private final Module model;
  private final Loader loader;
  private final Device device;
  private final Rng rng;
  private final Provenance provenance;
  private final RunOptions options;
  private final Set<String> warnings = new HashSet<>();

  // The state of train(): where it is, and what belongs to the current phase.
  private List<Phase> phases;
  private Position position;
  private Clock clock;
  private Optimizer optimizer;
  private LrSchedule schedule;
  private Ema ema;
  private Snapshot best;

  /**
   * Makes a trainer.
   *
   * @param model all that is learnt or changes with training, in one tree, so that it can be saved
   * @param loader yields the training pictures; not used by others meanwhile
   * @param device where the model is
   * @param seed for what layers draw, such as dropout
   * @param provenance what decides the result; a checkpoint must agree with it
   * @param options how to run
   */
  public Trainer(
      Module model,
      Loader loader,
      Device device,
      long seed,
      Provenance provenance,
      RunOptions options) {
    this.model = model;
    this.loader = loader;
    this.device = device;
    this.rng = new Rng(seed);
    this.provenance = provenance;
    this.options = options;
  }

  /**
   * Trains through all phases, or what a checkpoint has left of them. Afterwards the model is in
   * evaluation mode and without gradients.
   *
   * @param all the phases, at least one
   * @throws ArithmeticException if the loss grows beyond all bounds
   * @throws IllegalStateException if the checkpoint belongs to another training
   */
  public TrainingResult train(List<Phase> all) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("a training has at least one phase");
    }
    phases = List.copyOf(all);
    if (options.checkpoint() != null && Files.exists(options.checkpoint())) {
      resume();
    } else {
      position = new Position();
      begin(phases.getFirst());
    }
    clock = new Clock(stepsDone(), totalSteps(), options.every());
    options.listeners().forEach(l -> l.onStart(stepsDone(), totalSteps()));
    while (position.outcome == null) {
      if (!runPhase(phases.get(position.phase))) {
        return end(Outcome.STOPPED);
      }
    }
    return end(position.outcome);
  }

  private TrainingResult end(Outcome outcome) {
    writeCheckpoint();
    model.zeroGrad();
    model.eval();
    TrainingResult result = new TrainingResult(outcome, position.history);
    options.listeners().forEach(l -> l.onEnd(result));
    return result;
  }

  private long stepsOf(Phase phase) {
    return (long) phase.epochs() * loader.batches();
  }

  private long totalSteps() {
    return phases.stream().mapToLong(this::stepsOf).sum();
  }

  private int totalEpochs() {
    return phases.stream().mapToInt(Phase::epochs).sum();
  }

  private long stepsDone() {
    return (long) position.history.size() * loader.batches() + position.step;
  }

  // ---------------------------------------------------------------- phases and epochs

  private void begin(Phase phase) {
    optimizer = phase.optimizer().get();
    schedule = phase.schedule().apply(stepsOf(phase));
    ema = phase.emaDecay() > 0 ? new Ema(model, phase.emaDecay()) : null;
    best = null;
  }

  /** Returns false if it was stopped before the end of the phase. */
  private boolean runPhase(Phase phase) {
    while (position.epoch < phase.epochs() && !patienceIsOver(phase)) {
      if (!runEpoch(phase)) {
        return false;
      }
    }
    boolean early = position.epoch < phase.epochs();
    chooseWeights();
    position.endPhase();
    if (position.phase < phases.size()) {
      begin(phases.get(position.phase));
    } else {
      position.outcome = early ? Outcome.STOPPED_EARLY : Outcome.FINISHED;
    }
    return true;
  }

  private boolean patienceIsOver(Phase phase) {
    return phase.patience() > 0 && position.epochsSinceBest >= phase.patience();
  }

  /** Gives the model the weights that the phase is to end with. */
  private void chooseWeights() {
    optimizer.zeroGrad();
    if (best != null) {
      model.load(best.state());
      best.release();
    } else if (ema != null) {
      ema.apply();
    }
  }

  /** Returns false if it was stopped before the end of the epoch. */
  private boolean runEpoch(Phase phase) {
    loader.startEpoch(position.history.size(), position.step);
    model.train();
    try {
      while (loader.hasNext()) {
        if (stopRequested()) {
          return false;
        }
        runStep(phase, loader.next());
      }
      Score score = evaluate(phase);
      position.addSeconds(clock.lap());
      EpochRecord epoch = position.endEpoch(phase.name(), score);
      options.listeners().forEach(l -> l.onEpoch(epoch));
    } catch (CancellationException e) {
      // Interrupted. The state is that after the last step, perhaps the last of the epoch.
      return false;
    }
    writeCheckpointIfDue();
    return true;
  }

  private boolean stopRequested() {
    return Thread.currentThread().isInterrupted() || options.stop().getAsBoolean();
  }

  /** Measures the model, with the averaged weights if there are any, and remembers the best. */
  private Score evaluate(Phase phase) {
    if (phase.evaluation() == null) {
      return Score.NONE;
    }
    model.eval();
    try (Ema.Applied _ = ema == null ? null : ema.apply()) {
      Score score = phase.evaluation().get();
      if (score.value() > position.bestScore) {
        position.bestScore = score.value();
        position.epochsSinceBest = 0;
        rememberBest(phase);
      } else {
        position.epochsSinceBest++;
      }
      return score;
    }
  }

  private void rememberBest(Phase phase) {
    if (phase.patience() > 0) {
      if (best != null) {
        best.release();
      }
      best = Snapshot.of(model.state());
    }
  }

  // ---------------------------------------------------------------- steps

  private void runStep(Phase phase, Batch batch) {
    long stepOfPhase = (long) position.epoch * loader.batches() + position.step;
    double rate = schedule.at(stepOfPhase);
    double loss;
    Map<String, Double> parts;
    try (TensorScope _ = new TensorScope()) {
      model.reseed(rng.split(stepsDone()));
      optimizer.zeroGrad();
      State before = beforeStep();
      try (TensorScope _ = TensorScope.interruptible()) {
        Losses losses = phase.objective().losses(batch.on(device), batch);
        Tensor total = losses.total();
        total.backward();
        // The one place where the step waits for the device: all that takes long has been started,
        // and the weights are not yet spoiled if the losses are no numbers.
        loss = total.item();
        parts = losses.values();
        checkLoss(loss, parts, rate);
        losses.score().ifPresent(sum -> position.addScores(sum.getAsDouble(), batch.size()));
      } catch (CancellationException e) {
        model.load(before);
        throw e;
      }
      if (phase.gradientClip() > 0) {
        GradientClipping.byNorm(model.parameters(), phase.gradientClip());
      }
      optimizer.step(rate);
      if (ema != null) {
        ema.update();
      }
    }
    position.addBatch(loss, parts);
    position.addSeconds(clock.lap());
    clock.addPictures(batch.size());
    report(phase, rate, loss, parts);
    writeCheckpointIfDue();
  }

  /** The weights themselves, which only the optimiser changes, and copies of all else. */
  private State beforeStep() {
    State now = model.state();
    Map<String, Tensor> tensors = new LinkedHashMap<>(now.tensors());
    model.namedBuffers().forEach((name, buffer) -> tensors.put(name, buffer.copy()));
    return new State(tensors, now.counters());
  }

  private void checkLoss(double loss, Map<String, Double> parts, double rate) {
    if (!(Math.abs(loss) < DIVERGED)) {
      throw new ArithmeticException(
          "training has diverged: the loss is "
              + loss
              + " "
              + parts
              + " in step "
              + (position.step + 1)
              + " of epoch "
              + (position.history.size() + 1)
              + " at a learning rate of "
              + rate
              + "; try a lower one");
    }
  }

  private void report(Phase phase, double rate, double loss, Map<String, Double> parts) {
    if (options.listeners().isEmpty()) {
      return;
    }
    StepReport report =
        new StepReport(
            phase.name(),
            position.history.size() + 1,
            totalEpochs(),
            position.step,
            loader.batches(),
            rate,
            loss,
            parts,
            clock.picturesPerSecond(),
            clock.remaining(stepsDone()));
    options.listeners().forEach(l -> l.onStep(report));
  }

  // ---------------------------------------------------------------- checkpoints

  private void writeCheckpointIfDue() {
    if (clock.checkpointDue()) {
      writeCheckpoint();
    }
  }

  private void writeCheckpoint() {
    if (options.checkpoint() == null) {
      return;
    }
    Map<String, State> states = new LinkedHashMap<>();
    states.put("model", model.state());
    if (position.outcome == null) {
      states.put("optimizer", optimizer.state());
      if (ema != null) {
        states.put("ema", ema.state());
      }
      if (best != null) {
        states.put("best", best.state());
      }
    }
    try {
      new Checkpoint(provenance, position, states).write(options.checkpoint());
    } catch (SafeTensorsException e) {
      warn(e.getMessage());
    }
    clock.checkpointWritten();
  }

  /** A disk that is full stays so for a while: each reason is given once. */
  private void warn(String reason) {
    if (warnings.add(reason)) {
      LOG.log(System.Logger.Level.WARNING, "training goes on without a new checkpoint: " + reason);
    }
  }

  private void resume() {
    try (TensorScope _ = new TensorScope()) {
      Checkpoint checkpoint = Checkpoint.read(options.checkpoint(), device, provenance);
      Map<String, State> states = checkpoint.states();
      position = checkpoint.position();
      model.load(states.get("model"));
      if (position.outcome == null) {
        begin(phases.get(position.phase));
        optimizer.load(states.getOrDefault("optimizer", NOTHING));
        if (ema != null) {
          ema.load(states.getOrDefault("ema", NOTHING));
        }
        best = states.containsKey("best") ? Snapshot.of(states.get("best")) : null;
      }
    }
  }
}
