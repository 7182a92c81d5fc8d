package dev.thumbnet.bench.embedding;

import dev.thumbnet.bench.Noise;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.synthetic.SyntheticPictures;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Models with random weights for pictures of 224 pixels, and pictures as they come from a camera.
 */
final class Material {
  static final int SIZE = 224;
  static final int CLASSES = 1000;

  /** Makes a picture of as many pixels as the mean of ImageNet. */
  private static final int SIDE = 432;

  private Material() {}

  /**
   * Makes a model.
   *
   * @param factor by which its downscaler shrinks sides; 1 for a model of full pictures
   */
  static TrainedModel model(String network, int factor, Device device) {
    Preprocessing shown = Preprocessing.photographs(SIZE);
    Rng rng = new Rng(1);
    Classifier classifier =
        Models.classifier(Architecture.of(network, CLASSES).withHidden(0), device, rng);
    DownscalerNet downscaler =
        factor == 1
            ? null
            : Models.downscaler(
                DownscalerKind.PLAIN, Reduction.ofSide(factor), shown.colors(), device, rng);
    Noise.fillStatistics(classifier, rng);
    if (downscaler != null) {
      Noise.fillStatistics(downscaler, rng);
    }
    return new TrainedModel(
        device,
        classifier,
        downscaler,
        IntStream.range(0, CLASSES).mapToObj(i -> "class " + i).toList(),
        shown,
        Provenance.on(device));
  }

  /**
   * Returns JPEG files.
   *
   * @param folder is searched for them; null for made-up ones
   */
  static List<byte[]> jpegs(Path folder, int most) throws IOException {
    List<byte[]> files = new ArrayList<>();
    if (folder == null) {
      SyntheticPictures pictures = SyntheticPictures.val(SIDE, 1, 7);
      for (int i = 0; i < most; i++) {
        files.add(jpeg(pictures.get(i % pictures.size())));
      }
      return files;
    }
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path file :
          found.filter(f -> f.toString().matches("(?i).*\\.jpe?g")).sorted().limit(most).toList()) {
        files.add(Files.readAllBytes(file));
      }
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException(folder + " has no JPEG files");
    }
    return files;
  }

  private static byte[] jpeg(RgbImage picture) throws IOException {
    BufferedImage image = picture.toBufferedImage();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", out);
    return out.toByteArray();
  }
}
