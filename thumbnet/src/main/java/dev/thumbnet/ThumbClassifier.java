package dev.thumbnet;

import dev.thumbnet.data.image.DecodeLimits;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.ModelException;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.TrainedModel;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Recognises pictures with a trained model, and makes their thumbnails. Any number of threads may
 * use one classifier at once; there is nothing to close: whoever lets go of it frees everything
 * within seconds, threads, memory and, where it came with a web application, the class loader.
 *
 * <pre>{@code
 * ThumbClassifier classifier = ThumbClassifier.load(Path.of("student.safetensors"));
 * Prediction best = classifier.classify(Path.of("cat.jpg")).best();
 *
 * classifier.thumbnail(Path.of("cat.jpg")).writePng(Path.of("cat-small.png"));
 * Prediction later = classifier.classifyThumbnail(Path.of("cat-small.png")).best();
 * }</pre>
 *
 * <p>Pictures are decoded by {@link ImageDecoder}, turned upright by their EXIF orientation if
 * those were that the model learnt from; those that cannot be used give an {@link ImageException}
 * with one line that names the picture and the reason. What a picture may take of pixels, memory
 * and time is bounded, see {@link DecodeLimits} and {@link #within}. A thread that is interrupted
 * gets a {@link CancellationException}, also while it decodes, and stays interrupted. {@link
 * BatchClassifier} serves many callers who each have one picture.
 *
 * <p>If no picture comes soon after the first classifier of a process was made, it warms up in the
 * background for some seconds, on all threads of its device, so that all answers come fast.
 */
public final class ThumbClassifier {
  private final CompiledModel compiled;
  private final Preprocessing preprocessing;
  private final ImageDecoder decoder;
  private final List<String> classes;
  private final int inputSize;
  private final boolean usesThumbnails;
  private final int most;

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
    this(model, format, 1);
  }

  /**
   * Makes a classifier of a model.
   *
   * @param format how weights may be kept, see {@link #ThumbClassifier(TrainedModel, WeightFormat)}
   * @param most how many pictures {@link #classifyAll} may take through the network at once: more
   *     take less time each, but single ones more
   * @throws IllegalArgumentException if {@code most} is less than 1
   */
  public ThumbClassifier(TrainedModel model, WeightFormat format, int most) {
    // The model itself is not kept: the compiled one has weights of its own.
    this.compiled = CompiledModel.of(model, most, format);
    this.preprocessing = model.preprocessing();
    this.decoder = preprocessing.decoder();
    this.classes = model.classes();
    this.inputSize = model.inputSize();
    this.usesThumbnails = model.usesThumbnails();
    this.most = most;
  }

  private ThumbClassifier(ThumbClassifier other, DecodeLimits limits) {
    this.compiled = other.compiled;
    this.preprocessing = other.preprocessing;
    this.decoder = new ImageDecoder(limits, other.preprocessing.exifOrientation());
    this.classes = other.classes;
    this.inputSize = other.inputSize;
    this.usesThumbnails = other.usesThumbnails;
    this.most = other.most;
  }

  /**
   * Returns the same classifier with other limits for pictures in files and bytes, at no cost: a
   * service may give each request what is left of its time.
   *
   * <pre>{@code
   * classifier.within(DecodeLimits.DEFAULT.withTimeout(Duration.ofSeconds(2))).classify(body);
   * }</pre>
   */
  public ThumbClassifier within(DecodeLimits limits) {
    return new ThumbClassifier(this, limits);
  }

  // ---------------------------------------------------------------- loading

  /**
   * Reads a model that was trained by the command line or saved by {@link TrainedModel#save}, and
   * uses all processors.
   *
   * @throws SafeTensorsException if the file cannot be read or is damaged
   * @throws ModelException if it is no model of this program
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

  /**
   * Reads a model from a stream, for instance a resource of the application, to its end. The stream
   * is not closed.
   *
   * @param name what error messages call the model
   * @throws SafeTensorsException if the stream fails or its content is damaged
   * @throws ModelException if it holds no model of this program
   */
  public static ThumbClassifier load(InputStream in, String name) {
    return new ThumbClassifier(TrainedModel.load(in, name, Device.cpu()));
  }

  // ---------------------------------------------------------------- what it is

  /** Returns the names of the classes. */
  public List<String> classes() {
    return classes;
  }

  /** Returns how a full picture is brought before the model. */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /** Tells whether the model classifies thumbnails; if not, it takes full pictures. */
  public boolean usesThumbnails() {
    return usesThumbnails;
  }

  /** Returns the side of what the network takes, thumbnails or full pictures, in pixels. */
  public int inputSize() {
    return inputSize;
  }

  /**
   * Returns the bytes of the heap that the weights take and, each time, the intermediate results of
   * one call; calls at the same time have their own.
   */
  public long memoryBytes() {
    return compiled.memoryBytes();
  }

  // ---------------------------------------------------------------- full pictures

  /**
   * Classifies a picture. It is brought to the size of the model first: short side, then the square
   * in the middle. Its size says nothing about what it is: a picture that happens to have the size
   * of this model's thumbnails is a picture here, and a thumbnail in {@link
   * #classifyThumbnail(RgbImage)}.
   *
   * @param picture of any size
   */
  public Classification classify(RgbImage picture) {
    return classify(prepared(picture));
  }

  /** As {@link #classify(RgbImage)}, from a picture of Java's. */
  public Classification classify(BufferedImage picture) {
    return classify(RgbImage.of(picture));
  }

  /**
   * As {@link #classify(RgbImage)}, from a file.
   *
   * @throws ImageException if it is no usable picture
   */
  public Classification classify(Path file) {
    return classify(decoder.decode(file, this::prepared));
  }

  /**
   * As {@link #classify(RgbImage)}, from the content of a file, such as the body of a request.
   *
   * @param encoded a picture in a format of {@link ImageDecoder}, which is not kept
   * @throws ImageException if it is no usable picture
   */
  public Classification classify(byte[] encoded) {
    return classify(decoder.decode(encoded, "picture", this::prepared));
  }

  /**
   * Classifies what was brought to the size and the colours of the model by the application.
   *
   * @param pixels (size, size, 3), normalised as {@code preprocessing()} says
   * @throws IllegalArgumentException if there are more or fewer numbers, or one is not finite
   * @throws ArithmeticException if they are so large that the network's numbers overflow
   */
  public Classification classify(float[] pixels) {
    int size = preprocessing.size();
    if (pixels.length != 3 * size * size) {
      throw new IllegalArgumentException(
          "the model takes pictures of "
              + size
              + "x"
              + size
              + " pixels with three colours, "
              + 3 * size * size
              + " numbers, but here are "
              + pixels.length);
    }
    for (int i = 0; i < pixels.length; i++) {
      if (!Float.isFinite(pixels[i])) {
        throw new IllegalArgumentException(
            "the picture has " + pixels[i] + " at index " + i + ", which is no colour");
      }
    }
    checkInterrupted();
    return classify(1, pixels).getFirst();
  }

  /**
   * Classifies several pictures, some of them at once if the classifier was made for that.
   *
   * @return in the same order
   */
  public List<Classification> classifyAll(List<RgbImage> pictures) {
    int length = 3 * preprocessing.size() * preprocessing.size();
    List<Classification> results = new ArrayList<>(pictures.size());
    float[] pixels = new float[Math.min(most, pictures.size()) * length];
    for (int from = 0; from < pictures.size(); from += most) {
      checkInterrupted();
      int count = Math.min(most, pictures.size() - from);
      for (int i = 0; i < count; i++) {
        RgbImage shown = preprocessing.crop(pictures.get(from + i));
        preprocessing.normalize().apply(shown, pixels, i * length);
      }
      results.addAll(classify(count, pixels));
    }
    return results;
  }

  /** Returns how many pictures are taken through the network at once. */
  int most() {
    return most;
  }

  /** Returns a picture as it is brought before the model. */
  float[] prepared(RgbImage picture) {
    return pixels(preprocessing.crop(picture));
  }

  /** Classifies pictures that stand prepared one after the other. */
  List<Classification> classify(int count, float[] pixels) {
    float[] logits = new float[count * compiled.classes()];
    compiled.logits(count, pixels, logits);
    return IntStream.range(0, count).mapToObj(i -> result(logits, i)).toList();
  }

  // ---------------------------------------------------------------- thumbnails

  /**
   * Makes the thumbnail of a picture, with 8 bits for each colour, which can be stored and looked
   * at like any picture. {@link Thumbnailer} does the same where nothing is classified.
   *
   * @param picture of any size, treated as by {@link #classify(RgbImage)}
   * @throws IllegalStateException if the model takes full pictures
   */
  public RgbImage thumbnail(RgbImage picture) {
    checkUsesThumbnails();
    return thumbnail(prepared(picture));
  }

  /** As {@link #thumbnail(RgbImage)}, from a picture of Java's. */
  public RgbImage thumbnail(BufferedImage picture) {
    return thumbnail(RgbImage.of(picture));
  }

  /**
   * As {@link #thumbnail(RgbImage)}, from a file.
   *
   * @throws ImageException if it is no usable picture
   */
  public RgbImage thumbnail(Path file) {
    checkUsesThumbnails();
    return thumbnail(decoder.decode(file, this::prepared));
  }

  /**
   * As {@link #thumbnail(RgbImage)}, from the content of a file.
   *
   * @throws ImageException if it is no usable picture
   */
  public RgbImage thumbnail(byte[] encoded) {
    checkUsesThumbnails();
    return thumbnail(decoder.decode(encoded, "picture", this::prepared));
  }

  private RgbImage thumbnail(float[] pixels) {
    checkInterrupted();
    int side = inputSize;
    float[] values = new float[3 * side * side];
    compiled.thumbnails(1, pixels, values);
    return preprocessing.normalize().toImage(values, 0, side, side);
  }

  /**
   * Classifies a thumbnail that {@link #thumbnail} made, now or long ago. A picture of that size
   * that is none belongs to {@link #classify(RgbImage)}.
   *
   * @param thumbnail a square with a side of {@code inputSize()} pixels
   * @throws IllegalArgumentException if it has another size
   * @throws IllegalStateException if the model takes full pictures
   */
  public Classification classifyThumbnail(RgbImage thumbnail) {
    checkUsesThumbnails();
    int side = inputSize;
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
    checkInterrupted();
    float[] logits = new float[compiled.classes()];
    compiled.classify(1, pixels(thumbnail), logits);
    return result(logits, 0);
  }

  /** As {@link #classifyThumbnail(RgbImage)}, from a picture of Java's. */
  public Classification classifyThumbnail(BufferedImage thumbnail) {
    return classifyThumbnail(RgbImage.of(thumbnail));
  }

  /**
   * As {@link #classifyThumbnail(RgbImage)}, from a file.
   *
   * @throws ImageException if it is no usable picture
   */
  public Classification classifyThumbnail(Path file) {
    return decoder.decode(file, this::classifyThumbnail);
  }

  /**
   * As {@link #classifyThumbnail(RgbImage)}, from the content of a file.
   *
   * @throws ImageException if it is no usable picture
   */
  public Classification classifyThumbnail(byte[] encoded) {
    return decoder.decode(encoded, "thumbnail", this::classifyThumbnail);
  }

  // ---------------------------------------------------------------- parts

  private void checkUsesThumbnails() {
    if (!usesThumbnails) {
      throw new IllegalStateException(
          "the model takes full pictures of " + inputSize + " pixels and has no downscaler");
    }
  }

  private static void checkInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("the thread was interrupted, the picture is not classified");
    }
  }

  private float[] pixels(RgbImage shown) {
    return preprocessing.normalize().apply(shown);
  }

  private Classification result(float[] logits, int index) {
    return Classification.ofLogits(classes, logits, index * compiled.classes());
  }
}
