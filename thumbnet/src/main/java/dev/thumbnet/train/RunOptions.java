package dev.thumbnet.train;

import dev.thumbnet.engine.io.AtomicFile;
import dev.thumbnet.engine.io.SafeTensorsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a training is run, which does not change its result.
 *
 * @param checkpoint file to write now and then and to resume from if it exists, if any. If it
 *     cannot be written, a warning says so, once for each reason, and training goes on
 * @param every longest time at work that may be lost if the program is killed
 * @param stop asked after each step whether to stop; called by the training thread
 * @param listeners are told how it gets on
 */
public record RunOptions(
    @Nullable Path checkpoint,
    Duration every,
    BooleanSupplier stop,
    List<TrainingListener> listeners) {
  private static final System.Logger LOG = System.getLogger(RunOptions.class.getName());

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Keeps a copy of the list. */
  public RunOptions {
    listeners = List.copyOf(listeners);
  }

  /** Returns: no checkpoint, nobody listens, only an interrupt of the thread stops it. */
  public static RunOptions plain() {
    return new RunOptions(null, MINUTE, () -> false, List.of());
  }

  /** Returns the same with a checkpoint, written every minute and at the end. */
  public RunOptions withCheckpoint(Path file) {
    return withCheckpoint(file, MINUTE);
  }

  /** Returns the same with a checkpoint; a duration of zero writes it after every step. */
  public RunOptions withCheckpoint(Path file, Duration interval) {
    return new RunOptions(file, interval, stop, listeners);
  }

  /** Returns the same with a question that is asked after each step: whether to stop. */
  public RunOptions withStop(BooleanSupplier question) {
    return new RunOptions(checkpoint, every, question, listeners);
  }

  /** Returns the same with one more listener. */
  public RunOptions withListener(TrainingListener listener) {
    List<TrainingListener> more = new ArrayList<>(listeners);
    more.add(listener);
    return new RunOptions(checkpoint, every, stop, more);
  }

  /**
   * Writes what a training gave. On a full disk the checkpoint makes room for it: if writing fails,
   * it is tried once more without the checkpoint, which is put back if that fails, too.
   *
   * @param write writes the model
   * @throws SafeTensorsException if it cannot be written
   */
  public void saveResult(Runnable write) {
    try {
      write.run();
    } catch (SafeTensorsException e) {
      if (checkpoint == null || !Files.exists(checkpoint)) {
        throw e;
      }
      saveInPlaceOf(checkpoint, write, e);
    }
  }

  private static void saveInPlaceOf(Path checkpoint, Runnable write, SafeTensorsException failure) {
    try {
      byte[] kept = Files.readAllBytes(checkpoint);
      Files.delete(checkpoint);
      try {
        write.run();
      } catch (SafeTensorsException e) {
        AtomicFile.write(checkpoint, stream -> stream.write(kept));
        throw new IllegalStateException(
            e.getMessage()
                + "; the training is done and kept in "
                + checkpoint
                + ": once it can be written, resume, and nothing is trained again",
            e);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
      throw failure;
    }
  }

  /**
   * Removes the checkpoint, if there is one, of a training whose result is safe, and what killed
   * processes left beside it of checkpoints they did not finish. If that fails, a warning says so.
   */
  public void removeCheckpoint() {
    if (checkpoint == null) {
      return;
    }
    try {
      AtomicFile.remove(checkpoint);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, checkpoint + ": cannot be removed: " + e);
    }
  }
}
