package dev.thumbnet.train;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How a training ended.
 *
 * @param outcome why it ended
 * @param history one entry for each finished epoch, those before an interruption included
 */
public record TrainingResult(Outcome outcome, List<EpochRecord> history) {
  /** Why a training ended. */
  public enum Outcome {
    /** All epochs are done. */
    FINISHED("FINISHED"),
    /** The score did not rise any more; the model has the weights of the best epoch. */
    STOPPED_EARLY("STOPPED_EARLY"),
    /** Someone asked for it; if there is a checkpoint, training can be resumed from it. */
    STOPPED("STOPPED");

    private final String key;

    Outcome(String key) {
      this.key = key;
    }

    /** Returns its name in files, which never changes. */
    String key() {
      return key;
    }

    /** Returns the outcome with a {@link #key}. */
    static Outcome ofKey(String key) {
      return Arrays.stream(values())
          .filter(outcome -> outcome.key.equals(key))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("there is no outcome '" + key + "'"));
    }
  }

  /** Keeps a copy of the list. */
  public TrainingResult {
    history = List.copyOf(history);
  }

  /** Returns the epoch with the highest score, the first of equals, if any was evaluated. */
  public Optional<EpochRecord> best() {
    return history.stream()
        .filter(e -> !Double.isNaN(e.score().value()))
        .max(
            Comparator.comparingDouble((EpochRecord e) -> e.score().value())
                .thenComparing(e -> -e.epoch()));
  }
}
