package dev.thumbnet.train;

import dev.thumbnet.measure.Metrics;
import dev.thumbnet.measure.Score;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.util.List;
import java.util.Map;

/**
 * Whether a {@link Position} that was read can be one of a training. All that decides how training
 * goes on must follow from the rest: a training that went on from somewhere else would end with
 * other weights, and nobody would know.
 */
final class PositionCheck {
  /** What the first version wrote as the score of a phase that has none. */
  private static final double NO_SCORE = -1;

  private final Position position;
  private final List<Phase> phases;
  private final int batches;
  private final int batchSize;

  private PositionCheck(Position position, List<Phase> phases, int batches, int batchSize) {
    this.position = position;
    this.phases = phases;
    this.batches = batches;
    this.batchSize = batchSize;
  }

  /**
   * Checks a position.
   *
   * @param phases of the training
   * @param batches in an epoch
   * @param batchSize pictures in a batch
   * @throws IllegalArgumentException if the training cannot have come there; the message says what
   *     does not fit
   */
  static void check(Position position, List<Phase> phases, int batches, int batchSize) {
    new PositionCheck(position, phases, batches, batchSize).check();
  }

  private static void require(boolean holds, String name, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " cannot be " + value);
    }
  }

  private void check() {
    int all = phases.size();
    require(position.phase >= 0 && position.phase <= all, "phase", position.phase);
    boolean ended = position.phase == all;
    require(position.outcome != Outcome.STOPPED, "outcome", Outcome.STOPPED.key());
    if (ended != (position.outcome != null)) {
      throw new IllegalArgumentException(
          "phase " + position.phase + " of " + all + " and the outcome do not fit");
    }
    int epochs = ended ? 0 : phases.get(position.phase).epochs();
    require(position.epoch >= 0 && position.epoch <= epochs, "epoch", position.epoch);
    int steps = position.epoch < epochs ? batches : 0;
    require(position.step >= 0 && position.step <= steps, "step", position.step);
    checkHistory(ended);
    checkBest(ended);
    checkSums();
  }

  // ---------------------------------------------------------------- finished epochs

  private void checkHistory(boolean ended) {
    int before = position.history.size() - position.epoch;
    List<Phase> done = phases.subList(0, position.phase);
    // A phase with patience may have ended at any epoch.
    int fewest = done.stream().mapToInt(phase -> phase.patience() > 0 ? 1 : phase.epochs()).sum();
    int most = done.stream().mapToInt(Phase::epochs).sum();
    boolean fits = before >= fewest && before <= most;
    if (ended && position.outcome == Outcome.STOPPED_EARLY) {
      fits &= before < most && phases.getLast().patience() > 0;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          position.history.size()
              + " epochs in the history do not fit phase "
              + position.phase
              + ", epoch "
              + position.epoch);
    }
    for (int i = 0; i < position.history.size(); i++) {
      EpochRecord epoch = position.history.get(i);
      require(epoch.epoch() == i + 1, "the number of epoch " + (i + 1), epoch.epoch());
      boolean current = i >= before;
      boolean known =
          current
              ? epoch.phase().equals(phases.get(position.phase).name())
              : done.stream().anyMatch(phase -> phase.name().equals(epoch.phase()));
      require(known, "the phase of epoch " + (i + 1), epoch.phase());
      checkNumbers(epoch);
    }
  }

  private static void checkNumbers(EpochRecord epoch) {
    String of = " of epoch " + epoch.epoch();
    require(Math.abs(epoch.loss()) < Trainer.DIVERGED, "the loss" + of, epoch.loss());
    epoch.losses().forEach((name, loss) -> require(Double.isFinite(loss), name + of, loss));
    require(!Double.isInfinite(epoch.trainingScore()), "the score" + of, epoch.trainingScore());
    require(isTime(epoch.seconds()), "the seconds" + of, epoch.seconds());
    Score score = epoch.score();
    if (score.name().equals(Metrics.ACC_1)) {
      for (String name : List.of(Metrics.ACC_1, Metrics.ACC_5)) {
        double percent = score.value(name);
        require(percent >= 0 && percent <= 100, name + of, percent);
      }
    }
  }

  /** No training takes three hundred years. */
  private static boolean isTime(double seconds) {
    return seconds >= 0 && seconds < 1e10;
  }

  /** The best score and its age follow from the epochs of the phase. */
  private void checkBest(boolean ended) {
    double best = Double.NEGATIVE_INFINITY;
    int since = 0;
    if (!ended && phases.get(position.phase).evaluation() != null) {
      int size = position.history.size();
      for (EpochRecord epoch : position.history.subList(size - position.epoch, size)) {
        if (epoch.score().value() > best) {
          best = epoch.score().value();
          since = 0;
        } else {
          since++;
        }
      }
    }
    boolean none = Double.isInfinite(best) && position.bestScore == NO_SCORE;
    require(none || position.bestScore == best, "the best score", position.bestScore);
    require(position.epochsSinceBest == since, "epochsSinceBest", position.epochsSinceBest);
  }

  // ---------------------------------------------------------------- the epoch that is going on

  private void checkSums() {
    double most = Trainer.DIVERGED * position.step;
    require(Math.abs(position.loss()) <= most, "loss", position.loss());
    for (Map.Entry<String, Double> part : position.losses().entrySet()) {
      boolean finite = position.step > 0 && Double.isFinite(part.getValue());
      require(finite, "the loss " + part.getKey(), part.getValue());
    }
    long pictures = (long) position.step * batchSize;
    require(position.scored() >= 0 && position.scored() <= pictures, "answered", position.scored());
    boolean scored = position.scored() > 0 || position.scores() == 0;
    require(scored && Double.isFinite(position.scores()), "scores", position.scores());
    require(isTime(position.seconds()), "seconds", position.seconds());
  }
}
