package dev.thumbnet.cli;

import dev.thumbnet.method.Trained;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** How to train one model. */
final class TrainingOptions {
  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "40",
      description = "Passes over the training pictures. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Pictures per step. Default: 128 for a teacher, 64 for a student.")
  private Integer batch;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description =
          "Peak of the learning rate. Default: 0.1 for a teacher, 0.02 for a student, in proportion"
              + " to the batch size.")
  private Double rate;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Decides initial weights, order and variation of the pictures. Default:"
              + " ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--resume",
      description = "Go on from the checkpoint of a training that was interrupted.")
  private boolean resume;

  /** Completes a recipe by what the user chose. */
  Recipe complete(Recipe recipe) {
    Recipe chosen = batch == null ? recipe : recipe.withBatchSize(batch);
    return (rate == null ? chosen : chosen.withLearningRate(rate)).withSeed(seed);
  }

  int epochs() {
    return epochs;
  }

  /**
   * Trains with a checkpoint beside the file of the model, and saves the model.
   *
   * @param out new file of the model
   * @param training does it
   * @throws CancellationException if it was stopped
   */
  Trained train(Path out, Console console, Function<RunOptions, Trained> training) {
    Path checkpoint = out.resolveSibling(out.getFileName() + ".checkpoint");
    if (Files.exists(checkpoint) && !resume) {
      throw new IllegalArgumentException(
          checkpoint
              + ": is left from a training that was interrupted; go on with --resume, or remove"
              + " it");
    }
    ProgressDisplay progress = new ProgressDisplay(console);
    RunOptions options =
        RunOptions.plain()
            .withCheckpoint(checkpoint)
            .withStop(console.interruption()::requested)
            .withListener(progress);
    try {
      Trained trained = training.apply(options);
      if (trained.result().outcome() == Outcome.STOPPED) {
        throw new CancellationException(
            "stopped; the same command with --resume goes on from " + checkpoint);
      }
      trained.model().save(out);
      options.removeCheckpoint();
      return trained;
    } finally {
      progress.close();
    }
  }
}
