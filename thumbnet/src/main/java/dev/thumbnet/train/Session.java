package dev.thumbnet.train;

import dev.thumbnet.data.Batch;
import dev.thumbnet.data.Loader;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.engine.optim.Ema;
import dev.thumbnet.measure.Score;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A training from where it begins or is resumed to where it ends or is stopped: where it is, and
 * what belongs to its current phase. It does a step when it is given a batch and the end of an
 * epoch when it is told so; {@link Trainer} does both, for one session or several.
 */
final class Session {
  private static final System.Logger LOG = System.getLogger(Trainer.class.getName());

  private static final String MODEL = "model";
  private static final State NOTHING = new State(Map.of(), Map.of());

  private final Trainer.Course course;
  private final Module model;
  private final RunOptions options;
  private final List<Phase> phases;
  private final int batches;
  private final Rng rng;
  private final Position position;
  private final Clock clock;
  private OptionalDouble shared = OptionalDouble.empty();
  private final Set<String> warnings = new HashSet<>();

  /** None when all phases are done, or the training has diverged. */
  private @Nullable PhaseState current;

  private @Nullable ArithmeticException failure;

  /** Begins with the first phase, or where the checkpoint is. */
  Session(Trainer.Course course, Loader loader) {
    this.course = course;
    this.model = course.model();
    this.options = course.options();
    this.phases = course.phases();
    this.batches = loader.batches();
    this.rng = new Rng(course.seed());
    Path file = options.checkpoint();
    if (file != null && Files.exists(file)) {
      try (TensorScope _ = new TensorScope()) {
        Checkpoint checkpoint = Checkpoint.read(file, course.device(), course.provenance());
        position = checkpoint.position();
        resume(file, checkpoint.states(), loader.batchSize());
      }
    } else {
      position = new Position();
      current = begin(phases.getFirst());
    }
    clock = new Clock(stepsDone(), totalSteps(), options.every());
    endPhases();
  }

  private void resume(Path file, Map<String, State> states, int batchSize) {
    try {
      PositionCheck.check(position, phases, batches, batchSize);
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

  private PhaseState begin(Phase phase) {
    return new PhaseState(phase, stepsOf(phase), model);
  }

  // ---------------------------------------------------------------- where it is

  /** Tells whether there is something left to do. */
  boolean active() {
    return current != null;
  }

  /** Returns the number of epochs that are finished. */
  int epoch() {
    return position.history.size();
  }

  /** Returns the number of batches of the current epoch that are done. */
  int step() {
    return position.step;
  }

  boolean stopRequested() {
    return options.stop().getAsBoolean();
  }

  private long stepsOf(Phase phase) {
    return (long) phase.epochs() * batches;
  }

  private long totalSteps() {
    return phases.stream().mapToLong(this::stepsOf).sum();
  }

  private int totalEpochs() {
    return phases.stream().mapToInt(Phase::epochs).sum();
  }

  private long stepOfPhase() {
    return (long) position.epoch * batches + position.step;
  }

  private long stepsDone() {
    return (long) position.history.size() * batches + position.step;
  }

  private PhaseState current() {
    if (current == null) {
      throw new IllegalStateException("the training has ended");
    }
    return current;
  }

  // ---------------------------------------------------------------- beginning and end

  void tellStart() {
    options.listeners().forEach(l -> l.onStart(stepsDone(), totalSteps()));
  }

  /**
   * Writes the last checkpoint; the model is ready for use. What has diverged keeps the checkpoint
   * that it has.
   *
   * @return gives the result, or throws why there is none
   */
  Supplier<TrainingResult> end() {
    ArithmeticException why = failure;
    if (why != null) {
      return () -> {
        throw why;
      };
    }
    writeCheckpoint();
    model.zeroGrad();
    model.eval();
    Outcome outcome = position.outcome == null ? Outcome.STOPPED : position.outcome;
    TrainingResult result = new TrainingResult(outcome, position.history);
    options.listeners().forEach(l -> l.onEnd(result));
    return () -> result;
  }

  // ---------------------------------------------------------------- phases and epochs

  void startEpoch() {
    model.train();
  }

  /**
   * Evaluates the model, and goes on to the next phase if this one is over.
   *
   * @throws CancellationException if the thread is interrupted; the state is that after the last
   *     step
   */
  void endEpoch() {
    try {
      finishEpoch();
    } catch (ArithmeticException e) {
      fail(e);
    }
  }

  private void finishEpoch() {
    clock.resume();
    Phase phase = current().phase();
    Score score = evaluate(current());
    position.addSeconds(clock.lap());
    EpochRecord epoch = position.endEpoch(phase.name(), score);
    options.listeners().forEach(l -> l.onEpoch(epoch));
    writeCheckpointIfDue();
    endPhases();
  }

  private void endPhases() {
    while (current != null) {
      Phase phase = current.phase();
      boolean early = position.epoch < phase.epochs();
      if (early && !patienceIsOver(phase)) {
        return;
      }
      current.chooseWeights();
      position.endPhase();
      if (position.phase < phases.size()) {
        current = begin(phases.get(position.phase));
      } else {
        position.outcome = early ? Outcome.STOPPED_EARLY : Outcome.FINISHED;
        current = null;
      }
    }
  }

  private boolean patienceIsOver(Phase phase) {
    return phase.patience() > 0 && position.epochsSinceBest >= phase.patience();
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

  /**
   * Does a step; if it diverges, the training has ended.
   *
   * @param batch the pictures
   * @param x the same on the device
   * @param waited seconds that it took to get them
   * @throws CancellationException if the thread is interrupted; the step is taken back
   */
  void runStep(Batch batch, Tensor x, double waited) {
    try {
      step(batch, x, waited);
    } catch (ArithmeticException e) {
      fail(e);
    }
  }

  private void fail(ArithmeticException why) {
    failure = why;
    current = null;
  }

  /** Returns how long the last step worked on what others use, too; none if it used no such. */
  OptionalDouble shared() {
    return shared;
  }

  /** Counts a part of what all worked on in place of what this one did. */
  void share(double seconds) {
    position.addSeconds(seconds - shared.orElseThrow());
  }

  private void step(Batch batch, Tensor x, double waited) {
    clock.resume();
    shared = OptionalDouble.empty();
    PhaseState state = current();
    Phase phase = state.phase();
    double rate = state.rate(stepOfPhase());
    double loss;
    Map<String, Double> parts;
    try (TensorScope _ = new TensorScope()) {
      model.reseed(rng.split(stepsDone()));
      state.zeroGrad();
      State before = beforeStep();
      try (TensorScope _ = TensorScope.interruptible()) {
        Losses losses = phase.objective().losses(x, batch);
        Tensor total = losses.total();
        total.backward();
        // Here the step waits for the device (feature mapping has to before): all is started,
        // and the weights are not yet spoiled if the losses are no numbers.
        loss = total.item();
        parts = losses.values();
        shared = losses.shared();
        checkLoss(loss, parts, rate);
        losses.score().ifPresent(sum -> position.addScores(sum.getAsDouble(), batch.size()));
      } catch (CancellationException e) {
        model.load(before);
        throw e;
      }
      state.step(rate);
    }
    position.addBatch(loss, parts);
    position.addSeconds(waited + clock.lap());
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
    if (!(Math.abs(loss) < Trainer.DIVERGED)) {
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
            batches,
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
      new Checkpoint(course.provenance(), position, states).write(file);
    } catch (SafeTensorsException e) {
      warn(String.valueOf(e.getMessage()));
    }
    clock.checkpointWritten();
  }

  /** A disk that is full stays so for a while: each reason is given once. */
  private void warn(String reason) {
    if (warnings.add(reason)) {
      LOG.log(System.Logger.Level.WARNING, "training goes on without a new checkpoint: " + reason);
    }
  }
}
