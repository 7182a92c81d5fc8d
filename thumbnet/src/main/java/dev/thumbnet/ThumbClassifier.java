package dev.thumbnet;

import dev.thumbnet.data.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.train.CompiledModel;
import dev.thumbnet.train.TrainedModel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Recognises pictures with a trained model, and makes their thumbnails. Several threads may use one
 * classifier at once.
 *
 * <pre>{@code
 * ThumbClassifier classifier = ThumbClassifier.load(Path.of("student.safetensors"));
 * RgbImage picture = new ImageDecoder().decode(Path.of("cat.jpg"));
 * Prediction best = classifier.classify(picture).getFirst();
 *
 * classifier.thumbnail(picture).writePng(Path.of("cat-small.png"));
 * RgbImage small = new ImageDecoder().decode(Path.of("cat-small.png"));
 * Prediction later = classifier.classifyThumbnail(small).getFirst();
 * }</pre>
 */
public final class ThumbClassifier {
  private final TrainedModel model;
  private final CompiledModel compiled;

  /** Makes a classifier of a model, which is compiled for single pictures. */
  public ThumbClassifier(TrainedModel model) {
    this(model, WeightFormat.F32);
  }

  /**
   * Makes a classifier of a model, which is compiled for single pictures.
   *
   * @param format how weights may be kept: with {@link WeightFormat#BF16} wide networks answer
   *     sooner, in half the memory, and practically the same
   */
  public ThumbClassifier(TrainedModel model, WeightFormat format) {
    this.model = model;
    this.compiled = CompiledModel.of(model, 1, format);
  }

  /**
   * Reads a model that was trained by the command line or saved by {@link TrainedModel#save}, and
   * uses all processors.
   *
   * @throws IllegalArgumentException if the file is no model of this program
   */
  public static ThumbClassifier load(Path file) {
    return load(file, Device.cpu());
  }

  /**
   * As {@link #load(Path)}, with a device of the application's choice, for instance {@code
   * Device.cpu(1)} for a single thread.
   */
  public static ThumbClassifier load(Path file, Device device) {
    return new ThumbClassifier(TrainedModel.load(file, device));
  }

  /** Returns the model. */
  public TrainedModel model() {
    return model;
  }

  /**
   * Classifies a picture. It is brought to the size of the model first: short side, then the square
   * in the middle.
   *
   * @param picture of any size
   * @return all classes, the most likely first
   */
  public List<Prediction> classify(RgbImage picture) {
    return ranked(compiled.logits(1, pixels(model.preprocessing().crop(picture))));
  }

  /**
   * Classifies a thumbnail that {@link #thumbnail} made, now or long ago.
   *
   * @param thumbnail a square with a side of {@code model().inputSize()} pixels
   * @return all classes, the most likely first
   * @throws IllegalArgumentException if it has another size
   * @throws IllegalStateException if the model takes full pictures
   */
  public List<Prediction> classifyThumbnail(RgbImage thumbnail) {
    checkUsesThumbnails();
    int side = model.inputSize();
    if (thumbnail.width() != side || thumbnail.height() != side) {
      throw new IllegalArgumentException(
          "thumbnails of this model have "
              + side
              + "x"
              + side
              + " pixels, but this is a "
              + thumbnail
              + "; use classify for full pictures");
    }
    return ranked(compiled.classify(1, pixels(thumbnail)));
  }

  /**
   * Makes the thumbnail of a picture, with 8 bits for each colour, which can be stored and looked
   * at like any picture.
   *
   * @param picture of any size, treated as by {@link #classify}
   * @throws IllegalStateException if the model takes full pictures
   */
  public RgbImage thumbnail(RgbImage picture) {
    checkUsesThumbnails();
    int side = model.inputSize();
    float[] values = compiled.thumbnails(1, pixels(model.preprocessing().crop(picture)));
    return model.preprocessing().normalize().toImage(values, 0, side, side);
  }

  private void checkUsesThumbnails() {
    if (!model.usesThumbnails()) {
      throw new IllegalStateException(
          "the model takes full pictures and has no downscaler: " + model);
    }
  }

  private float[] pixels(RgbImage shown) {
    return model.preprocessing().normalize().apply(shown);
  }

  private List<Prediction> ranked(float[] logits) {
    double[] p = softmax(logits);
    return IntStream.range(0, p.length)
        .mapToObj(c -> new Prediction(model.classes().get(c), p[c]))
        .sorted(Comparator.comparingDouble((Prediction x) -> -x.probability()))
        .toList();
  }

  private static double[] softmax(float[] logits) {
    double most = Double.NEGATIVE_INFINITY;
    for (double v : logits) {
      most = Math.max(most, v);
    }
    double sum = 0;
    double[] p = new double[logits.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = StrictMath.exp(logits[i] - most);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }
}
