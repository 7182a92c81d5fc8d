package dev.thumbnet.experiment;

import dev.thumbnet.data.CachedPictures;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.synthetic.SyntheticPictures;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.measure.Baselines;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.train.TrainingData;

/**
 * The pictures of an experiment.
 *
 * @param name for the report
 * @param note what a reader of the report should know about them; may be empty
 * @param pictures the pictures
 */
public record ExperimentData(String name, String note, TrainingData pictures) {
  private static final long CACHE_BYTES = 1L << 30;

  /**
   * Pictures made by code.
   *
   * @param size side in pixels
   * @param trainPerClass number of pictures of each class to learn from
   * @param valPerClass number of pictures of each class that decide accuracies
   * @param seed decides all of them
   */
  public static ExperimentData synthetic(int size, int trainPerClass, int valPerClass, long seed) {
    return new ExperimentData(
        "synthetic pictures",
        "The pictures are made by code. Half of the classes are coarse scenes; the others come in"
            + " pairs that differ only in detail finer than the pixels of a thumbnail, which"
            + " bicubic resizing removes and a learned downscaler can keep. So bicubic loses here"
            + " by design: this shows how the method works, not how much it gains on photographs."
            + " For those, use --data.",
        TrainingData.unscaled(
            new CachedPictures(SyntheticPictures.train(size, trainPerClass, seed), CACHE_BYTES),
            new CachedPictures(SyntheticPictures.val(size, valPerClass, seed), CACHE_BYTES),
            size));
  }

  /** Returns what results say about the pictures; of the neighbours only the caller can know. */
  DataFacts facts(double nearestNeighbours) {
    DataSet train = pictures.train();
    DataSet val = pictures.validation();
    return new DataFacts(
        name,
        note,
        Provenance.fingerprint(train) + "; " + Provenance.fingerprint(val),
        train.classes(),
        train.size(),
        val.size(),
        Baselines.chance(val),
        Baselines.majority(train, val),
        nearestNeighbours);
  }
}
