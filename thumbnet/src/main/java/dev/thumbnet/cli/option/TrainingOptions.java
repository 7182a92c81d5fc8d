package dev.thumbnet.cli.option;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.train.Recipe;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to train one model. */
public final class TrainingOptions {
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
  private @Nullable Integer batch;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description =
          "Peak of the learning rate. Default: 0.1 for a teacher, 0.02 for a student, in proportion"
              + " to the batch size.")
  private @Nullable Double rate;

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

  /**
   * Completes a recipe by what the user chose.
   *
   * @param pictures how many there are to learn from; batches are not larger
   */
  public Recipe complete(Recipe recipe, int pictures) {
    Recipe chosen = (batch == null ? recipe : recipe.withBatchSize(batch)).forPictures(pictures);
    return (rate == null ? chosen : chosen.withLearningRate(rate)).withSeed(seed);
  }

  /**
   * Completes a recipe by what the user chose.
   *
   * @param pictures to learn from; batches are not larger
   * @param notes are told if batches become smaller for that
   */
  public Recipe complete(Recipe recipe, DataSet pictures, Consumer<String> notes) {
    Recipe completed = complete(recipe, pictures.size());
    int wanted = batch == null ? recipe.batchSize() : batch;
    if (completed.batchSize() < wanted) {
      notes.accept(
          "batches have "
              + completed.batchSize()
              + " pictures instead of "
              + wanted
              + ", for there are no more to learn from");
    }
    return completed;
  }

  /** Returns the passes over the training pictures. */
  public int epochs() {
    return epochs;
  }

  /** Tells whether to go on from a checkpoint. */
  public boolean resume() {
    return resume;
  }
}
