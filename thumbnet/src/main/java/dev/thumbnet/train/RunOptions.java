package dev.thumbnet.train;

import dev.thumbnet.engine.io.AtomicFile;
import dev.thumbnet.engine.io.SafeTensorsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

  /** What Linux, macOS and Windows say of a full disk and of a quota that is used up. */
  private static final Pattern NO_SPACE =
      Pattern.compile(
          "no space left|quota exceeded|not enough space|not enough quota",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern STAGE = Pattern.compile("[a-z0-9][a-z0-9.-]*");

  /** Stands between the name of a checkpoint and that of a stage. */
  private static final String STAGE_MARK = "~";

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

  /**
   * Returns the options of one of several trainings that make up this one, one after the other:
   * with a checkpoint of its own beside this one's, if there is one. A stage that has ended keeps
   * its checkpoint, from which it has its weights when all is resumed, until {@link
   * #removeCheckpoint} of this.
   *
   * @param name differs from those of the other stages; small letters, digits, '.' and '-'
   */
  public RunOptions stage(String name) {
    if (!STAGE.matcher(name).matches()) {
      throw new IllegalArgumentException("no name of a stage: " + name);
    }
    if (checkpoint == null) {
      return this;
    }
    Path own = checkpoint.resolveSibling(checkpoint.getFileName() + STAGE_MARK + name);
    return new RunOptions(own, every, stop, listeners);
  }

  /**
   * Returns the files from which the training would go on: its checkpoint and those of its stages,
   * as far as they are there.
   *
   * @throws UncheckedIOException if the folder cannot be read
   */
  public List<Path> checkpoints() {
    List<Path> found = new ArrayList<>();
    if (checkpoint != null) {
      if (Files.exists(checkpoint)) {
        found.add(checkpoint);
      }
      try {
        found.addAll(stages(checkpoint));
      } catch (IOException e) {
        throw new UncheckedIOException(checkpoint + ": its folder cannot be read: " + e, e);
      }
    }
    return found;
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
   * Writes what a training gave. On a full disk the checkpoint makes room for it: if there is no
   * space for the file and the checkpoint lies on the same disk, writing is tried once more without
   * the checkpoint, which is put back if that fails, too.
   *
   * <p>The checkpoint is read into memory before it is deleted, and deleting it is the last thing
   * before the file is written again. In between, for as long as writing one file takes, the
   * training is in memory alone: an interrupt does no harm, but who kills the process just then
   * loses it. There is no space for both.
   *
   * @param file the model's
   * @param write writes the model there
   * @throws SafeTensorsException if it cannot be written
   * @throws IllegalStateException if it cannot be written without the checkpoint either; the
   *     message says whether that could be put back
   */
  public void saveResult(Path file, Consumer<Path> write) {
    try {
      write.accept(file);
    } catch (SafeTensorsException e) {
      if (checkpoint == null || !lacksSpace(e) || !onSameDisk(checkpoint, file)) {
        throw e;
      }
      saveInPlaceOf(checkpoint, () -> write.accept(file), e);
    }
  }

  /**
   * Java has no class for this reason. Where the system speaks another language than English it is
   * not found, and the checkpoint stays.
   */
  private static boolean lacksSpace(Throwable failure) {
    Throwable first = failure;
    for (Throwable e = failure; e != null; e = e.getCause()) {
      first = e;
    }
    String reason = first instanceof FileSystemException e ? e.getReason() : first.getMessage();
    return reason != null && NO_SPACE.matcher(reason).find();
  }

  private static boolean onSameDisk(Path checkpoint, Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      return folder != null
          && Files.exists(checkpoint)
          && Files.getFileStore(folder).equals(Files.getFileStore(checkpoint));
    } catch (IOException e) {
      return false;
    }
  }

  private static void saveInPlaceOf(Path checkpoint, Runnable write, SafeTensorsException failure) {
    byte[] kept;
    try {
      kept = Files.readAllBytes(checkpoint);
      Files.delete(checkpoint);
    } catch (IOException | OutOfMemoryError e) {
      failure.addSuppressed(e);
      throw failure;
    }
    try {
      write.run();
    } catch (Throwable e) { // whatever it is, what was learnt must not be lost by it
      throw putBack(checkpoint, kept, e);
    }
  }

  /** Returns what to tell of the failure, which is no cause, for this says more than it does. */
  private static IllegalStateException putBack(Path checkpoint, byte[] kept, Throwable failure) {
    String reason =
        failure instanceof SafeTensorsException ? failure.getMessage() : failure.toString();
    try {
      AtomicFile.write(checkpoint, stream -> stream.write(kept));
      reason +=
          "; the training is done and kept in "
              + checkpoint
              + ": once it can be written, resume, and nothing is trained again";
    } catch (IOException | RuntimeException | Error e) {
      failure.addSuppressed(e);
      reason +=
          "; the checkpoint was removed to make room and cannot be put back ("
              + (e instanceof IOException ? e.getMessage() : e)
              + "): the training is lost";
    }
    IllegalStateException told = new IllegalStateException(reason);
    told.addSuppressed(failure);
    return told;
  }

  /**
   * Removes the checkpoint, if there is one, of a training whose result is safe, those of its
   * stages, and what killed processes left beside them of checkpoints they did not finish. If that
   * fails, a warning says so.
   */
  public void removeCheckpoint() {
    if (checkpoint == null) {
      return;
    }
    try {
      AtomicFile.remove(checkpoint);
      for (Path stage : stages(checkpoint)) {
        AtomicFile.remove(stage);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, checkpoint + ": cannot be removed: " + e);
    }
  }

  private static List<Path> stages(Path checkpoint) throws IOException {
    Path folder = checkpoint.toAbsolutePath().getParent();
    String prefix = checkpoint.getFileName() + STAGE_MARK;
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }
}
