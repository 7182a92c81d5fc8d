package dev.thumbnet.experiment;

import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.ResultsFile;
import java.nio.file.Path;

/** What an experiment has found so far, and the file that it is safe in. */
final class RunningResults {
  private final Path file;
  private final long begin;
  private final double secondsBefore;
  private Results results;

  /**
   * Goes on from results, which tell how long the sessions before this one took.
   *
   * @param begin of this session, as {@link System#nanoTime} gave it
   */
  RunningResults(Results results, Path file, long begin) {
    this.results = results;
    this.file = file;
    this.begin = begin;
    this.secondsBefore = results.origin().seconds();
  }

  Results results() {
    return results;
  }

  /** Takes other results in place of those so far; they are not written yet. */
  void replace(Results other) {
    results = other;
  }

  /** Writes the results. */
  void save(boolean finished) {
    double seconds = secondsBefore + (System.nanoTime() - begin) / 1e9;
    results = results.with(results.origin().after(seconds, finished));
    ResultsFile.write(results, file);
  }
}
