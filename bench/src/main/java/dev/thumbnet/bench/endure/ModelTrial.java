package dev.thumbnet.bench.endure;

import dev.thumbnet.Classification;
import dev.thumbnet.Prediction;
import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.Thumbnailer;
import dev.thumbnet.bench.endure.trial.Wording;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.ModelException;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedDownscaler;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tries a file that may be the damaged one of a model: it must be refused with a {@link
 * ModelException} or {@link SafeTensorsException} of one line that begins with its name, or be
 * loaded and classify a picture.
 */
final class ModelTrial {
  private static final String NAME = "the mutant";

  private final Device device;
  private final RgbImage picture;

  /** Tries files on a device. */
  ModelTrial(Device device) {
    this.device = device;
    byte[] pixels = new byte[3 * 40 * 50];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 7);
    }
    this.picture = new RgbImage(40, 50, pixels);
  }

  /** Returns the files of small models of all kinds that there are. */
  static List<byte[]> models(Device device) throws IOException {
    Architecture residual = Architecture.of("resnet18", 2).withWidth(1 / 64.0);
    Architecture small = residual.withSmallInput();
    Architecture plain = Architecture.of("vgg11", 2).withWidth(1 / 64.0).withHidden(0);
    Architecture hidden = Architecture.of("vgg11_bn", 2).withWidth(1 / 64.0).withHidden(64);
    List<byte[]> models = new ArrayList<>();
    models.add(file(residual, Optional.empty(), 32, device));
    models.add(file(hidden, Optional.empty(), 32, device));
    models.add(file(plain, Optional.of(DownscalerKind.PLAIN), 64, device));
    models.add(file(small, Optional.of(DownscalerKind.RESIDUAL_LARGE), 32, device));
    return models;
  }

  private static byte[] file(
      Architecture network, Optional<DownscalerKind> kind, int size, Device device)
      throws IOException {
    Preprocessing shown = Preprocessing.photographs(size);
    Reduction reduction = Reduction.FOUR_TO_ONE;
    TrainedModel model =
        new TrainedModel(
            device,
            Models.classifier(network, device, new Rng(1)),
            kind.map(k -> Models.downscaler(k, reduction, shown.colors(), device, new Rng(2)))
                .orElse(null),
            List.of("cat", "dog"),
            shown,
            Provenance.on(device).with("recipe.epochs", 3));
    Path file = Files.createTempFile("model", ".safetensors");
    try {
      model.save(file);
      return Files.readAllBytes(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * What became of a file.
   *
   * @param accepted whether it was loaded
   * @param violation what went wrong, if something did
   */
  record Outcome(boolean accepted, Optional<String> violation) {}

  /** Loads a file and, if it is a model, classifies a picture; makes its thumbnail, too. */
  Outcome run(byte[] content) {
    Outcome whole = run(() -> TrainedModel.load(stream(content), NAME, device), this::classify);
    return whole.violation.isPresent()
        ? whole
        : new Outcome(
            whole.accepted,
            run(() -> TrainedDownscaler.load(stream(content), NAME, device), this::shrink)
                .violation);
  }

  private static InputStream stream(byte[] content) {
    return new ByteArrayInputStream(content);
  }

  /** Loads something and uses it; what is wrong with its use is a text. */
  private static <T> Outcome run(Supplier<T> loading, Function<T, Optional<String>> use) {
    T loaded;
    try {
      loaded = loading.get();
    } catch (ModelException | SafeTensorsException e) {
      return new Outcome(false, Wording.fault(NAME, e.getMessage()));
    } catch (RuntimeException | Error e) {
      return new Outcome(false, Optional.of("loading: " + e));
    }
    try {
      return new Outcome(true, use.apply(loaded));
    } catch (RuntimeException | Error e) {
      return new Outcome(true, Optional.of("in use: " + e));
    }
  }

  private Optional<String> classify(TrainedModel model) {
    Classification found = new ThumbClassifier(model).classify(picture);
    double sum = found.all().stream().mapToDouble(Prediction::probability).sum();
    return Math.abs(sum - 1) < 1e-6
        ? Optional.empty()
        : Optional.of("in use: probabilities add up to " + sum);
  }

  private Optional<String> shrink(TrainedDownscaler downscaler) {
    Thumbnailer thumbnailer = new Thumbnailer(downscaler);
    int width = thumbnailer.thumbnail(picture).width();
    return width == thumbnailer.side()
        ? Optional.empty()
        : Optional.of("in use: a thumbnail of " + width + " pixels");
  }
}
