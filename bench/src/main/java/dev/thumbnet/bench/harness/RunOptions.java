package dev.thumbnet.bench.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The options that all have: about the files of a run. */
public final class RunOptions {
  /** The usual folder, seen from that of the project. */
  public static final Path FOLDER = Path.of("bench", "results");

  private final Path folder;
  private final Supplier<String> suffix;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "of the files in bench/results: raw figures as JSON and tables (default: today's date)")
  private String name = LocalDate.now(ZoneOffset.UTC).toString();

  @Option(
      names = "--resume",
      description = "go on with the files of a run that was stopped, if it measured the same")
  private boolean resume;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this and end")
  private boolean help;

  /**
   * Makes the options of one program.
   *
   * @param suffix what follows the name in those of the files
   */
  public RunOptions(String suffix) {
    this(FOLDER, suffix);
  }

  /** As {@link #RunOptions(String)}, with another folder for the files. */
  public RunOptions(Path folder, String suffix) {
    this(folder, () -> suffix);
  }

  /** As {@link #RunOptions(Path, String)}, with a suffix that other options decide about. */
  public RunOptions(Path folder, Supplier<String> suffix) {
    this.folder = folder;
    this.suffix = suffix;
  }

  /** Returns the files. */
  public ResultFiles files() {
    return new ResultFiles(folder, name + suffix.get());
  }

  /** Begins a run or goes on with one, as was wished. */
  public <S, R extends Results<S>> Run<S, R> begin(R none, Class<R> type) throws IOException {
    return Run.begin(files(), resume, none, type);
  }
}
