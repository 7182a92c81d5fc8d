package dev.thumbnet.measure;

import dev.thumbnet.data.Batch;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.Loader;
import dev.thumbnet.data.LoaderOptions;
import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.TrainedModel;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/** Measures networks on a data set. Has no state; may be used by several threads. */
public final class Evaluator {
  private final DataSet pictures;
  private final Preprocessing preprocessing;
  private final int batchSize;
  private final int threads;
  private final Device device;

  /**
   * Makes an evaluator.
   *
   * @param pictures what to measure on
   * @param preprocessing how the pictures are shown
   * @param batchSize pictures at once; changes no result
   * @param threads background threads that decode
   * @param device where the networks are
   * @throws IllegalArgumentException if the pictures are not turned upright as they are to be shown
   */
  public Evaluator(
      DataSet pictures, Preprocessing preprocessing, int batchSize, int threads, Device device) {
    if (pictures.exifOrientation() != preprocessing.exifOrientation()) {
      throw new IllegalArgumentException(
          "the pictures are decoded "
              + (pictures.exifOrientation() ? "with" : "without")
              + " turning them upright by their EXIF orientation, unlike what the network is"
              + " shown");
    }
    this.pictures = pictures;
    this.preprocessing = preprocessing;
    this.batchSize = batchSize;
    this.threads = threads;
    this.device = device;
  }

  /** Returns how many pictures a whole evaluation is of. */
  public int pictures() {
    return pictures.size();
  }

  /**
   * Measures any network.
   *
   * @param network from pictures (n, size, size, 3) to logits (n, classes); in evaluation mode
   * @throws IllegalArgumentException if the number of logits is not that of the classes
   * @throws CancellationException if this thread is interrupted, which it stays
   */
  public Evaluation evaluate(UnaryOperator<Tensor> network) {
    Seen seen = new Seen(pictures);
    run(network, seen, _ -> {});
    return seen.evaluation();
  }

  /** What is known of the pictures that a network has seen so far, the first ones of the set. */
  private static final class Seen {
    private final Metrics.Meter meter;
    private final int[] answers;
    private int count;

    Seen(DataSet pictures) {
      meter = new Metrics.Meter(pictures.classes().size());
      answers = new int[pictures.size()];
    }

    void add(Tensor logits, Batch batch) {
      double[] values = logits.toDoubleArray();
      meter.add(values, batch.labels());
      note(values, logits.dim(1), batch.indices(), answers);
      count += batch.size();
    }

    Evaluation evaluation() {
      return new Evaluation(meter.metrics(), Arrays.copyOf(answers, count));
    }
  }

  private void run(UnaryOperator<Tensor> network, Seen seen, IntConsumer progress) {
    LoaderOptions order = LoaderOptions.evaluation(batchSize).withThreads(threads);
    try (Autograd.NoGrad _ = Autograd.noGrad();
        Loader loader =
            new Loader(
                pictures,
                preprocessing.transform(),
                preprocessing.normalize(),
                preprocessing.size(),
                order)) {
      loader.startEpoch(0, 0);
      while (loader.hasNext()) {
        Batch batch = loader.next();
        try (TensorScope _ = TensorScope.interruptible()) {
          seen.add(network.apply(batch.on(device)), batch);
        }
        progress.accept(seen.count);
      }
    }
  }

  private static void note(double[] logits, int classes, int[] indices, int[] answers) {
    int[] best = Metrics.answers(logits, classes);
    for (int i = 0; i < indices.length; i++) {
      answers[indices[i]] = best[i];
    }
  }

  /** Measures a model with thumbnails as its downscaler makes them. */
  public Evaluation evaluate(TrainedModel model) {
    return evaluate(model::logits);
  }

  /**
   * Measures a model with thumbnails that are stored in between: taken back to colours from 0 to
   * 255, clamped and rounded.
   *
   * @throws IllegalArgumentException if the model does not use thumbnails
   */
  public Evaluation evaluateEightBit(TrainedModel model) {
    if (!model.usesThumbnails()) {
      throw new IllegalArgumentException(model + " takes full pictures, so there is none to store");
    }
    return evaluate(x -> model.classify(eightBit(model.thumbnails(x), preprocessing.normalize())));
  }

  /**
   * Measures a compiled model as an application uses it, one picture at a time. If that is stopped,
   * the result is of the first pictures of the set, as many as {@link Metrics#pictures} says.
   *
   * @param stored whether thumbnails are stored with 8 bits in between
   * @param stop asked before each picture whether to stop; an interrupt of this thread does so, too
   * @param progress is told now and then how many pictures are done
   * @throws CancellationException if it was stopped before anything was measured
   */
  public Evaluation evaluate(
      CompiledModel model, boolean stored, BooleanSupplier stop, IntConsumer progress) {
    Seen seen = new Seen(pictures);
    try {
      run(x -> logits(model, stored, stop, x), seen, progress);
    } catch (CancellationException e) {
      if (seen.count == 0) {
        throw new CancellationException("stopped before a picture was measured");
      }
    }
    return seen.evaluation();
  }

  private Tensor logits(CompiledModel model, boolean stored, BooleanSupplier stop, Tensor x) {
    int n = x.dim(0);
    float[] pictures = x.toArray();
    int size = pictures.length / n;
    int classes = model.classes();
    float[] all = new float[n * classes];
    float[] logits = new float[classes];
    for (int i = 0; i < n; i++) {
      if (stop.getAsBoolean() || Thread.currentThread().isInterrupted()) {
        throw new CancellationException("stopped while measuring accuracy");
      }
      float[] picture = Arrays.copyOfRange(pictures, i * size, (i + 1) * size);
      if (stored) {
        model.classify(1, storedThumbnail(model, picture), logits);
      } else {
        model.logits(1, picture, logits);
      }
      System.arraycopy(logits, 0, all, i * classes, classes);
    }
    return Tensor.of(device, all, n, classes);
  }

  private float[] storedThumbnail(CompiledModel model, float[] picture) {
    int side = model.inputSize();
    float[] thumbnail = new float[3 * side * side];
    model.thumbnails(1, picture, thumbnail);
    round(thumbnail, 0, side, side, preprocessing.normalize());
    return thumbnail;
  }

  /** Returns pictures as they are after being stored with 8 bits for each colour. */
  static Tensor eightBit(Tensor pictures, Normalize normalize) {
    float[] values = pictures.toArray();
    int height = pictures.dim(1);
    int width = pictures.dim(2);
    for (int i = 0; i < values.length; i += height * width * 3) {
      round(values, i, width, height, normalize);
    }
    return Tensor.of(pictures.device(), values, pictures.shape().toArray());
  }

  /** Replaces the picture at {@code from} by what is left of it after being stored. */
  private static void round(float[] values, int from, int width, int height, Normalize normalize) {
    normalize.apply(normalize.toImage(values, from, width, height), values, from);
  }
}
