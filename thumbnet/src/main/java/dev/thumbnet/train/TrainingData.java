package dev.thumbnet.train;

import dev.thumbnet.data.ClassDifference;
import dev.thumbnet.data.ClassNames;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.Loader;
import dev.thumbnet.data.LoaderOptions;
import dev.thumbnet.data.transform.Augmentation;
import dev.thumbnet.engine.Device;
import dev.thumbnet.measure.Evaluator;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import java.util.Arrays;

/**
 * The pictures of a training and how they come to the network.
 *
 * @param train pictures to learn from
 * @param validation pictures that are never learnt from, of the same classes
 * @param augmentation how training pictures are varied
 * @param preprocessing how all others are shown
 * @param threads background threads that decode and augment
 */
public record TrainingData(
    DataSet train,
    DataSet validation,
    Augmentation augmentation,
    Preprocessing preprocessing,
    int threads) {
  /**
   * Checks that the sets belong together.
   *
   * @throws IllegalArgumentException if their classes differ, or how they are turned upright
   */
  public TrainingData {
    if (!ClassNames.same(train.classes(), validation.classes())) {
      throw new IllegalArgumentException(
          "training and validation pictures must have the same classes in the same order; "
              + ClassDifference.of(
                  "training pictures",
                  train.classes(),
                  "validation pictures",
                  validation.classes()));
    }
    if (train.exifOrientation() != preprocessing.exifOrientation()
        || validation.exifOrientation() != preprocessing.exifOrientation()) {
      throw new IllegalArgumentException(
          "pictures must be turned upright by their EXIF orientation everywhere or nowhere, but"
              + " training, validation and preprocessing say "
              + train.exifOrientation()
              + ", "
              + validation.exifOrientation()
              + " and "
              + preprocessing.exifOrientation());
    }
  }

  /** Photographs of any size, cut and resized at random to squares. */
  public static TrainingData photographs(DataSet train, DataSet validation, int size) {
    return shownAs(
        Preprocessing.photographs(size).withExifOrientation(train.exifOrientation()),
        train,
        validation);
  }

  /** Pictures of the right size, shifted at random by up to an eighth of it. */
  public static TrainingData unscaled(DataSet train, DataSet validation, int size) {
    return shownAs(
        Preprocessing.unscaled(size).withExifOrientation(train.exifOrientation()),
        train,
        validation);
  }

  /** Pictures as a model is shown them, varied as is usual for pictures of that kind. */
  public static TrainingData shownAs(Preprocessing shown, DataSet train, DataSet validation) {
    int size = shown.size();
    Augmentation augmentation =
        shown.shortSide() == 0
            ? Augmentation.shifts(size, size / 8)
            : Augmentation.photographs(size);
    return new TrainingData(train, validation, augmentation, shown, 1);
  }

  /** Returns the same with another number of background threads. */
  public TrainingData withThreads(int count) {
    return new TrainingData(train, validation, augmentation, preprocessing, count);
  }

  /** Returns a loader of training batches. */
  public Loader loader(int batchSize, long seed) {
    return new Loader(
        train,
        augmentation.transform(),
        preprocessing.normalize(),
        preprocessing.size(),
        LoaderOptions.training(batchSize, seed).withThreads(threads));
  }

  /** Returns what measures networks on the validation pictures. */
  public Evaluator evaluator(int batchSize, Device device) {
    return new Evaluator(validation, preprocessing, batchSize, threads, device);
  }

  /** Returns a provenance with all that is known about the pictures. */
  public Provenance describe(Provenance provenance) {
    Provenance described =
        provenance
            .with("data.train", Provenance.fingerprint(train))
            .with("data.validation", Provenance.fingerprint(validation))
            .with("data.augmentation", augmentation.description())
            .with("data.shortSide", preprocessing.shortSide())
            .with("data.size", preprocessing.size())
            .with("data.mean", Arrays.toString(preprocessing.normalize().mean()))
            .with("data.std", Arrays.toString(preprocessing.normalize().std()));
    // As in the first version, which knew upright pictures only, unless it must be said.
    return preprocessing.exifOrientation()
        ? described
        : described.with("data.exifOrientation", false);
  }
}
