package dev.thumbnet.pipeline;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.engine.plan.StepTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trained model compiled for use, as {@link Plan}s of its downscaler and its classifier: much
 * faster than the model itself on single pictures, with the same answers up to rounding. Immutable
 * but for workspaces; any number of threads may use it at once.
 */
public final class CompiledModel {
  private final @Nullable Plan downscaler;
  private final Plan classifier;
  private final int thumbnail;
  private final int classes;

  private CompiledModel(TrainedModel model, int most, WeightFormat format) {
    int size = model.preprocessing().size();
    int side = model.inputSize();
    downscaler =
        model.usesThumbnails()
            ? Plan.compile(
                model.downscaler(), model.device(), Shape.of(most, size, size, 3), format)
            : null;
    classifier =
        Plan.compile(model.network(), model.device(), Shape.of(most, side, side, 3), format);
    thumbnail = 3 * side * side;
    classes = model.classes().size();
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
    return classes;
  }

  /** Returns the bytes of all weights and of the intermediate results of one call. */
  public long memoryBytes() {
    long bytes = classifier.weightBytes() + classifier.workspaceBytes();
    if (downscaler != null) {
      bytes += downscaler.weightBytes() + downscaler.workspaceBytes();
    }
    return bytes;
  }

  /**
   * Makes thumbnails.
   *
   * @param n how many
   * @param pictures (n, size, size, 3), normalised
   * @return (n, inputSize, inputSize, 3) in the same normalised colours; the pictures themselves if
   *     full ones are used
   */
  public float[] thumbnails(int n, float[] pictures) {
    if (downscaler == null) {
      return pictures;
    }
    float[] thumbnails = new float[n * thumbnail];
    downscaler.run(n, pictures, thumbnails);
    return thumbnails;
  }

  /**
   * Classifies thumbnails.
   *
   * @param n how many
   * @param thumbnails (n, inputSize, inputSize, 3), normalised
   * @return logits (n, classes)
   */
  public float[] classify(int n, float[] thumbnails) {
    float[] logits = new float[n * classes];
    classifier.run(n, thumbnails, logits);
    return logits;
  }

  /**
   * Makes thumbnails and classifies them.
   *
   * @param n how many
   * @param pictures (n, size, size, 3), normalised
   * @return logits (n, classes)
   */
  public float[] logits(int n, float[] pictures) {
    return classify(n, thumbnails(n, pictures));
  }

  /**
   * Measures the steps of both plans; see {@link Plan#profile}.
   *
   * @param n how many
   * @param pictures (n, size, size, 3), normalised
   * @param runs how often, after as many that do not count
   */
  public List<StepTime> profile(int n, float[] pictures, int runs) {
    List<StepTime> times = new ArrayList<>();
    if (downscaler != null) {
      times.addAll(downscaler.profile(n, pictures, runs));
    }
    times.addAll(classifier.profile(n, thumbnails(n, pictures), runs));
    return times;
  }

  /** Returns the programs of both plans. */
  @Override
  public String toString() {
    return downscaler == null ? classifier.toString() : downscaler + "\n" + classifier;
  }
}
