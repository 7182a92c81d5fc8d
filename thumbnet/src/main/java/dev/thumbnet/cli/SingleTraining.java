package dev.thumbnet.cli;

import dev.thumbnet.method.Trained;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Trains one model for a file. */
final class SingleTraining {
  private SingleTraining() {}

  /**
   * Trains with a checkpoint beside the file of the model, and saves the model.
   *
   * @param out new file of the model
   * @param resume whether there may be a checkpoint to go on from
   * @param training does it
   * @throws CancellationException if it was stopped
   */
  static Trained run(
      Path out, boolean resume, Console console, Function<RunOptions, Trained> training) {
    Path checkpoint = out.resolveSibling(out.getFileName() + ".checkpoint");
    TrainingProgress progress = new TrainingProgress(console);
    RunOptions options =
        RunOptions.plain()
            .withCheckpoint(checkpoint)
            .withStop(console.interruption()::requested)
            .withListener(progress);
    List<Path> left = options.checkpoints();
    if (!left.isEmpty() && !resume) {
      throw new IllegalArgumentException(
          left.stream().map(Path::toString).collect(Collectors.joining(", "))
              + ": is left from a training that was interrupted; go on with --resume, or remove"
              + " it");
    }
    if (left.isEmpty() && resume) {
      console.note("there is no checkpoint " + checkpoint + ", so training starts anew");
    }
    try {
      Trained trained = training.apply(options);
      if (trained.result().outcome() == Outcome.STOPPED) {
        throw new CancellationException(
            options.checkpoints().isEmpty()
                ? "stopped; nothing is kept, for no checkpoint could be written"
                : "stopped; the same command with --resume goes on from " + checkpoint);
      }
      options.saveResult(out, trained.model()::save);
      options.removeCheckpoint();
      return trained;
    } finally {
      progress.close();
    }
  }
}
