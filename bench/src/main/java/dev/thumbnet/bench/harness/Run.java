package dev.thumbnet.bench.harness;

import java.io.IOException;
import java.nio.file.Files;

/**
 * A run: makes the starts that it lacks, one after the other, and writes its files after each, so
 * that one that was stopped can go on.
 *
 * @param <S> what one start measures
 * @param <R> what all of them do
 */
public final class Run<S, R extends Results<S>> {
  private final ResultFiles files;
  private final R results;

  private Run(ResultFiles files, R results) {
    this.files = files;
    this.results = results;
  }

  /** Makes one start. */
  @FunctionalInterface
  public interface Start<S> {
    /** Returns what it measured. */
    S measure() throws IOException, InterruptedException;
  }

  /**
   * Begins a run.
   *
   * @param resume whether to go on with what the files hold, if there are any
   * @param none results without a start
   * @throws UsageException if the files hold another run
   */
  public static <S, R extends Results<S>> Run<S, R> begin(
      ResultFiles files, boolean resume, R none, Class<R> type) throws IOException {
    if (!resume || !Files.exists(files.raw())) {
      return new Run<>(files, none);
    }
    R found = ResultFiles.read(files.raw(), type);
    if (!found.conditions().equals(none.conditions())) {
      throw new UsageException(
          files.raw()
              + " was made under other conditions ("
              + String.join(", ", found.conditions())
              + "); leave out --resume, or give another --name");
    }
    return new Run<>(files, found);
  }

  /** Returns what was measured so far. */
  public R results() {
    return results;
  }

  /** Returns whether there are so many starts of a kind. */
  public boolean has(String kind, int number) {
    return results.starts(kind) >= number;
  }

  /**
   * Makes a start unless the run has it.
   *
   * @param number from 1 on
   * @param of how many of this kind there will be
   */
  public void start(String kind, int number, int of, Start<S> start)
      throws IOException, InterruptedException {
    if (has(kind, number)) {
      return;
    }
    System.err.printf("%s, start %d of %d%n", kind, number, of);
    results.add(kind, start.measure());
    write();
  }

  /** Writes the files; needed only after something else than a start. */
  public void write() throws IOException {
    files.write(results);
  }

  /** Says where the figures are. */
  public void end() {
    System.err.println("wrote " + files);
  }
}
