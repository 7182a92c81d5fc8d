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
import dev.thumbnet.measure.Score;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
  static final double DIVERGED = 1e6;

  private static final String MODEL = "model";
  private static final State NOTHING = new State(Map.of(), Map.of());

  private final Module model;
  private final Loader loader;
  private final Device device;
  private final Rng rng;
  private final Provenance provenance;
  private final RunOptions options;

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
   * @throws IllegalStateException if the checkpoint belongs to another training, or is damaged
   */
  public TrainingResult train(List<Phase> all) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("a training has at least one phase");
    }
    return new Session(List.copyOf(all)).run();
  }

  /** One call of {@link #train}: where it is, and what belongs to the current phase. */
  private final class Session {
    private final List<Phase> phases;
    private final Position position;
    private final Clock clock;
    private final Set<String> warnings = new HashSet<>();

    /** None when all phases are done. */
    private @Nullable PhaseState current;

    /** Begins with the first phase, or where the checkpoint is. */
    Session(List<Phase> phases) {
      this.phases = phases;
      Path file = options.checkpoint();
      if (file != null && Files.exists(file)) {
        try (TensorScope _ = new TensorScope()) {
          Checkpoint checkpoint = Checkpoint.read(file, device, provenance);
          position = checkpoint.position();
          resume(file, checkpoint.states());
        }
      } else {
        position = new Position();
        current = begin(phases.getFirst());
      }
      clock = new Clock(stepsDone(), totalSteps(), options.every());
    }

    private void resume(Path file, Map<String, State> states) {
      try {
        PositionCheck.check(position, phases, loader.batches(), loader.batchSize());
        Map<String, State> ofPhase = new LinkedHashMap<>(states);
        State ofModel = ofPhase.remove(MODEL);
        model.load(ofModel == null ? NOTHING : ofModel);
        if (position.outcome == null) {
          current = begin(phases.get(position.phase));
          current.load(ofPhase, stepOfPhase(), position.hasBest());
        } else if (!ofPhase.isEmpty()) {
          throw new IllegalArgumentException(
              "its training has ended, but not its " + ofPhase.keySet());
        }
      } catch (IllegalArgumentException e) {
        throw Checkpoint.damaged(file, e);
      }
    }

    TrainingResult run() {
      options.listeners().forEach(l -> l.onStart(stepsDone(), totalSteps()));
      boolean goesOn = true;
      while (goesOn && current != null) {
        goesOn = runPhase(current);
      }
      writeCheckpoint();
      model.zeroGrad();
      model.eval();
      Outcome outcome = position.outcome == null ? Outcome.STOPPED : position.outcome;
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

    private long stepOfPhase() {
      return (long) position.epoch * loader.batches() + position.step;
    }

    private long stepsDone() {
      return (long) position.history.size() * loader.batches() + position.step;
    }

    // ---------------------------------------------------------------- phases and epochs

    private PhaseState begin(Phase phase) {
      return new PhaseState(phase, stepsOf(phase), model);
    }

    /** Returns false if it was stopped before the end of the phase. */
    private boolean runPhase(PhaseState state) {
      Phase phase = state.phase();
      while (position.epoch < phase.epochs() && !patienceIsOver(phase)) {
        if (!runEpoch(state)) {
          return false;
        }
      }
      boolean early = position.epoch < phase.epochs();
      state.chooseWeights();
      position.endPhase();
      if (position.phase < phases.size()) {
        current = begin(phases.get(position.phase));
      } else {
        position.outcome = early ? Outcome.STOPPED_EARLY : Outcome.FINISHED;
        current = null;
      }
      return true;
    }

    private boolean patienceIsOver(Phase phase) {
      return phase.patience() > 0 && position.epochsSinceBest >= phase.patience();
    }

    /** Returns false if it was stopped before the end of the epoch. */
    private boolean runEpoch(PhaseState state) {
      loader.startEpoch(position.history.size(), position.step);
      model.train();
      try {
        while (loader.hasNext()) {
          if (stopRequested()) {
            return false;
          }
          runStep(state, loader.next());
        }
        Score score = evaluate(state);
        position.addSeconds(clock.lap());
        EpochRecord epoch = position.endEpoch(state.phase().name(), score);
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
    private Score evaluate(PhaseState state) {
      Supplier<Score> evaluation = state.phase().evaluation();
      if (evaluation == null) {
        return Score.NONE;
      }
      model.eval();
      try (Ema.Applied _ = state.applyAverage()) {
        Score score = evaluation.get();
        if (score.value() > position.bestScore) {
          position.bestScore = score.value();
          position.epochsSinceBest = 0;
          state.rememberBest();
        } else {
          position.epochsSinceBest++;
        }
        return score;
      }
    }

    // ---------------------------------------------------------------- steps

    private void runStep(PhaseState state, Batch batch) {
      Phase phase = state.phase();
      double rate = state.rate(stepOfPhase());
      double loss;
      Map<String, Double> parts;
      try (TensorScope _ = new TensorScope()) {
        model.reseed(rng.split(stepsDone()));
        state.zeroGrad();
        State before = beforeStep();
        try (TensorScope _ = TensorScope.interruptible()) {
          Losses losses = phase.objective().losses(batch.on(device), batch);
          Tensor total = losses.total();
          total.backward();
          // Here the step waits for the device (feature mapping has to before): all is started,
          // and the weights are not yet spoiled if the losses are no numbers.
          loss = total.item();
          parts = losses.values();
          checkLoss(loss, parts, rate);
          losses.score().ifPresent(sum -> position.addScores(sum.getAsDouble(), batch.size()));
        } catch (CancellationException e) {
          model.load(before);
          throw e;
        }
        state.step(rate);
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
      Path file = options.checkpoint();
      if (file == null) {
        return;
      }
      Map<String, State> states = new LinkedHashMap<>();
      states.put(MODEL, model.state());
      if (current != null) {
        states.putAll(current.states());
      }
      try {
        new Checkpoint(provenance, position, states).write(file);
      } catch (SafeTensorsException e) {
        warn(String.valueOf(e.getMessage()));
      }
      clock.checkpointWritten();
    }

    /** A disk that is full stays so for a while: each reason is given once. */
    private void warn(String reason) {
      if (warnings.add(reason)) {
        LOG.log(
            System.Logger.Level.WARNING, "training goes on without a new checkpoint: " + reason);
      }
    }
  }
}
