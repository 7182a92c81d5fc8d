package dev.thumbnet.bench.endure;

import dev.thumbnet.Prediction;
import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.bench.Noise;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.synthetic.SyntheticPictures;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A model with random weights, pictures, and a program that classifies them on several numbers of
 * threads and prints, for each and each format of weights, a number that all bits of the answers
 * decide. Argument: the seed.
 */
final class Bits {
  static final List<Integer> THREADS = List.of(1, 2, 3, 7);

  private static final int SIZE = 64;
  private static final List<String> CLASSES = List.of("one", "two", "three", "four", "five");
  private static final int PICTURES = 2;

  private Bits() {}

  /** Runs once. */
  public static void main(String[] args) {
    Descendants.endWithParent();
    long seed = Long.parseLong(args[0]);
    for (int threads : THREADS) {
      try (Device device = Device.cpu(threads)) {
        TrainedModel model = model(seed, device);
        for (WeightFormat format : WeightFormat.values()) {
          System.out.println(digest(model, format, seed));
        }
      }
    }
  }

  static List<RgbImage> pictures(long seed) {
    SyntheticPictures drawn = SyntheticPictures.val(SIZE, 1, seed);
    return IntStream.range(0, PICTURES).mapToObj(drawn::get).toList();
  }

  static TrainedModel model(long seed, Device device) {
    Preprocessing shown = Preprocessing.unscaled(SIZE);
    Rng rng = new Rng(seed);
    Architecture network = Architecture.of("resnet18", CLASSES.size()).withWidth(0.25);
    Classifier classifier = Models.classifier(network, device, rng);
    DownscalerNet downscaler =
        Models.downscaler(DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE, shown.colors(), device, rng);
    Noise.fillStatistics(classifier, rng);
    Noise.fillStatistics(downscaler, rng);
    return new TrainedModel(device, classifier, downscaler, CLASSES, shown, Provenance.on(device));
  }

  private static long digest(TrainedModel model, WeightFormat format, long seed) {
    long digest = 0;
    ThumbClassifier classifier = new ThumbClassifier(model, format);
    for (RgbImage picture : pictures(seed)) {
      for (Prediction prediction : classifier.classify(picture).all()) {
        long bits = Double.doubleToRawLongBits(prediction.probability());
        digest = 31 * digest + bits + prediction.className().hashCode();
      }
    }
    return digest;
  }
}
