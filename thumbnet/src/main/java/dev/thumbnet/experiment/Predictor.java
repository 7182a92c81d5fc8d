package dev.thumbnet.experiment;

import dev.thumbnet.data.Normalize;
import dev.thumbnet.data.RgbImage;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.train.TrainedModel;
import java.util.function.UnaryOperator;

/** Uses a model on one picture at a time. Thread-safe. */
public final class Predictor {
  private final TrainedModel model;
  private final Normalize normalize;

  /** Makes a predictor. */
  public Predictor(TrainedModel model) {
    this.model = model;
    this.normalize = model.preprocessing().normalize();
  }

  /**
   * Classifies a picture.
   *
   * @param picture a square of the size of the model's full pictures, see {@code
   *     Preprocessing.crop}
   * @return the probability of each class
   */
  public double[] classify(RgbImage picture) {
    return probabilities(picture, model.preprocessing().size(), model::logits);
  }

  /**
   * Classifies a thumbnail that {@link #thumbnail} made.
   *
   * @param thumbnail a square of the size of the model's input
   * @return the probability of each class
   */
  public double[] classifyThumbnail(RgbImage thumbnail) {
    return probabilities(thumbnail, model.inputSize(), model::classify);
  }

  private double[] probabilities(RgbImage picture, int side, UnaryOperator<Tensor> network) {
    try (TensorScope _ = new TensorScope()) {
      return softmax(network.apply(tensor(picture, side)).toDoubleArray());
    }
  }

  /**
   * Makes the thumbnail of a picture as it is stored, with 8 bits for each colour.
   *
   * @param picture a square of the size of the model's full pictures
   */
  public RgbImage thumbnail(RgbImage picture) {
    try (TensorScope _ = new TensorScope()) {
      Tensor thumbnail = model.thumbnails(tensor(picture, model.preprocessing().size()));
      return normalize.toImage(thumbnail.toArray(), 0, model.inputSize(), model.inputSize());
    }
  }

  private Tensor tensor(RgbImage picture, int side) {
    if (picture.width() != side || picture.height() != side) {
      throw new IllegalArgumentException(
          "the model takes " + side + "x" + side + " pixels here, not a " + picture);
    }
    return Tensor.of(model.device(), normalize.apply(picture), 1, side, side, 3);
  }

  private static double[] softmax(double[] logits) {
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
