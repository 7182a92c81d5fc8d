package dev.thumbnet.pipeline;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.engine.plan.StepTime;
import java.util.List;
import java.util.Optional;

/**
 * A trained model compiled for use, downscaler and classifier as one {@link Plan}: much faster than
 * the model itself on single pictures, with the same answers up to rounding. Its two parts can be
 * run alone, with the same bits and without keeping weights twice. Immutable but for workspaces;
 * any number of threads may use it at once. A call allocates nothing once its number of pictures
 * has been seen.
 */
public final class CompiledModel {
  private final Plan plan;
  private final Optional<Plan> downscaler;
  private final Plan classifier;

  private CompiledModel(TrainedModel model, int most, WeightFormat format) {
    int size = model.preprocessing().size();
    List<Module> parts =
        model.usesThumbnails()
            ? List.of(model.downscaler(), model.network())
            : List.of(model.network());
    plan = Plan.compile(parts, model.device(), Shape.of(most, size, size, 3), format);
    downscaler = model.usesThumbnails() ? Optional.of(plan.part(0)) : Optional.empty();
    classifier = model.usesThumbnails() ? plan.part(1) : plan;
  }

  /**
   * Compiles a model; what is done to the model afterwards does not matter.
   *
   * @param most the largest number of pictures in a call
   * @param format how weights may be kept
   */
  public static CompiledModel of(TrainedModel model, int most, WeightFormat format) {
    return new CompiledModel(model, most, format);
  }

  /** Returns the number of classes, so of logits for a picture. */
  public int classes() {
    return plan.output().dim(1);
  }

  /** Returns the side of what the classifier takes, thumbnails or full pictures, in pixels. */
  public int inputSize() {
    return classifier.input().dim(1);
  }

  /** Returns the bytes of all weights as they are kept. */
  public long weightBytes() {
    return plan.weightBytes();
  }

  /** Returns the bytes of all weights and of the intermediate results of one call. */
  public long memoryBytes() {
    return plan.weightBytes() + plan.workspaceBytes();
  }

  /**
   * Makes thumbnails.
   *
   * @param n how many
   * @param pictures (n, size, size, 3), normalised
   * @param thumbnails receives (n, inputSize, inputSize, 3) in the same normalised colours
   * @throws IllegalStateException if the model takes full pictures
   */
  public void thumbnails(int n, float[] pictures, float[] thumbnails) {
    downscaler
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the model takes full pictures of "
                        + inputSize()
                        + " pixels and has no downscaler"))
        .run(n, pictures, thumbnails);
  }

  /**
   * Classifies thumbnails, or full pictures if the model takes those.
   *
   * @param n how many
   * @param thumbnails (n, inputSize, inputSize, 3), normalised
   * @param logits receives (n, classes)
   */
  public void classify(int n, float[] thumbnails, float[] logits) {
    classifier.run(n, thumbnails, logits);
  }

  /**
   * Makes thumbnails and classifies them.
   *
   * @param n how many
   * @param pictures (n, size, size, 3), normalised
   * @param logits receives (n, classes)
   */
  public void logits(int n, float[] pictures, float[] logits) {
    plan.run(n, pictures, logits);
  }

  /**
   * Measures the steps; see {@link Plan#profile}.
   *
   * @param n how many
   * @param pictures (n, size, size, 3), normalised
   * @param runs how often, after as many that do not count
   */
  public List<StepTime> profile(int n, float[] pictures, int runs) {
    return plan.profile(n, pictures, runs);
  }

  /** Tells whether another model is the same program, see {@link Plan#sameProgram}. */
  public boolean sameProgram(CompiledModel other) {
    return plan.sameProgram(other.plan);
  }

  /** Returns the program. */
  @Override
  public String toString() {
    return plan.toString();
  }
}
