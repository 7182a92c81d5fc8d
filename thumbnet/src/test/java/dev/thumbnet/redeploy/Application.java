package dev.thumbnet.redeploy;

import dev.thumbnet.BatchClassifier;
import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.Thumbnailer;
import dev.thumbnet.data.image.ImageDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.UnaryOperator;

/** What is deployed: answers requests with ThumbNet, which came with it. Kept by no static. */
public final class Application implements UnaryOperator<String> {
  /** A lossy WebP of libwebp: the one format that only a plug-in reads. */
  private static final String WEBP =
      "UklGRoQAAABXRUJQVlA4IHgAAABwBQCdASoYABIAPw10sVAwJySisBgMAgAhiWwAnTKEcDDdg79zp7kfAsl9"
          + "ONfAo7zlkOa4AP7y292kNL3SYpPGnxJKXxUsl7pPHfzCkh349khyWYKlHYc0hxjr3nOfsG44Ps1O56ekYIIq"
          + "nPPyw/npveX2FdHWAAA=";

  private final Path model;
  private final Path picture;

  /** Made by {@link ApplicationServer} by reflection. */
  public Application(String model, String picture) {
    this.model = Path.of(model);
    this.picture = Path.of(picture);
  }

  /** Does what a request is named after. */
  @Override
  public String apply(String request) {
    try {
      return switch (request) {
        case "classify" -> ThumbClassifier.load(model).classify(picture).toString();
        case "warm up" -> {
          ThumbClassifier classifier = ThumbClassifier.load(model);
          Thread.sleep(600); // its warming up has begun
          yield classifier.classes().getFirst();
        }
        case "batches" -> {
          ThumbClassifier classifier = ThumbClassifier.load(model);
          try (BatchClassifier batches = new BatchClassifier(classifier, 4)) {
            yield batches.submit(new ImageDecoder().decode(picture)).get().toString();
          }
        }
        case "thumbnail" -> {
          Path thumbnail = Files.createTempFile(picture.getParent(), "small", ".png");
          Thumbnailer.load(model).thumbnail(picture).writePng(thumbnail);
          yield new ImageDecoder().decode(thumbnail).toString();
        }
        case "plug-in" ->
            new ImageDecoder().decode(Base64.getDecoder().decode(WEBP), "webp").toString();
        default -> throw new IllegalArgumentException(request);
      };
    } catch (Exception e) {
      throw new IllegalStateException(request, e);
    }
  }
}
