package dev.thumbnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.thumbnet.data.ImageFolder;
import dev.thumbnet.data.image.DecodeLimits;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.synthetic.SyntheticPictures;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.backend.WeightFormat;
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
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A classifier with random weights knows nothing, but must be consistent. */
final class ThumbClassifierTest {
  private static final int SIZE = 32;
  private static final Preprocessing SHOWN = Preprocessing.photographs(SIZE);
  private static final SyntheticPictures PICTURES = SyntheticPictures.val(48, 1, 5);

  @TempDir Path temp;

  private static TrainedModel model(DownscalerKind kind) {
    Device device = Device.cpu();
    Rng rng = new Rng(3);
    return new TrainedModel(
        device,
        Models.classifier(Architecture.of("resnet18", 12).withWidth(0.0625), device, rng),
        kind == null
            ? null
            : Models.downscaler(kind, Reduction.FOUR_TO_ONE, SHOWN.colors(), device, rng),
        PICTURES.classes(),
        SHOWN,
        Provenance.on(device));
  }

  @Test
  void ranksAllClassesByProbability() {
    Classification found = new ThumbClassifier(model(null)).classify(PICTURES.get(0));
    List<Prediction> ranked = found.top(99);
    assertThat(found.best()).isEqualTo(ranked.getFirst());
    assertThat(found.top(3)).isEqualTo(ranked.subList(0, 3));
    assertThat(found.all())
        .extracting(Prediction::className)
        .containsExactlyElementsOf(PICTURES.classes());
    assertThatThrownBy(() -> found.top(0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(ranked).extracting(Prediction::className).hasSameElementsAs(PICTURES.classes());
    assertThat(ranked.stream().mapToDouble(Prediction::probability).sum())
        .isCloseTo(1, offset(1e-12));
    for (int i = 1; i < ranked.size(); i++) {
      assertThat(ranked.get(i).probability()).isLessThanOrEqualTo(ranked.get(i - 1).probability());
    }
  }

  @Test
  void limitsHoldForOneUseAndLeaveTheClassifierAsItIs() throws IOException {
    ThumbClassifier classifier = new ThumbClassifier(model(DownscalerKind.RESIDUAL));
    Path file = temp.resolve("picture.png");
    PICTURES.get(0).writePng(file);
    byte[] encoded = Files.readAllBytes(file);
    ThumbClassifier small = classifier.within(DecodeLimits.DEFAULT.withMaxPixels(100));
    assertThatThrownBy(() -> small.classify(file)).hasMessageContaining("limit of 100;");
    assertThatThrownBy(() -> small.classify(encoded)).hasMessageContaining("limit of 100;");
    assertThatThrownBy(() -> small.thumbnail(encoded)).hasMessageContaining("limit of 100;");
    ThumbClassifier hasty =
        classifier.within(DecodeLimits.DEFAULT.withTimeout(Duration.ofNanos(1)));
    assertThatThrownBy(() -> hasty.classify(encoded))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.isTemporary()).isTrue());
    assertThat(classifier.classify(encoded)).isEqualTo(classifier.classify(PICTURES.get(0)));
  }

  @Test
  void aVeryNarrowPictureIsClassified() {
    ThumbClassifier classifier = new ThumbClassifier(model(null));
    assertThat(classifier.classify(new RgbImage(1, 60_000, new byte[180_000]))).isNotNull();
    assertThat(classifier.classify(new RgbImage(60_000, 1, new byte[180_000]))).isNotNull();
  }

  @Test
  void aThumbnailCanBeStoredAndClassifiedLater() {
    ThumbClassifier classifier = new ThumbClassifier(model(DownscalerKind.RESIDUAL));
    RgbImage thumbnail = classifier.thumbnail(PICTURES.get(3));
    assertThat(thumbnail.width()).isEqualTo(SIZE / 2);
    Path file = temp.resolve("small.png");
    thumbnail.writePng(file);
    RgbImage stored = new ImageDecoder().decode(file);
    assertThat(classifier.classifyThumbnail(stored))
        .isEqualTo(classifier.classifyThumbnail(thumbnail));
    double full = classifier.classify(PICTURES.get(3)).best().probability();
    double small = classifier.classifyThumbnail(stored).best().probability();
    // Eight bits move a colour by at most 1/510 of its range, and these networks are tame.
    assertThat(small).isCloseTo(full, offset(0.02));
  }

  @Test
  void aSavedModelGivesTheSameAnswers() {
    TrainedModel model = model(DownscalerKind.PLAIN);
    Path file = temp.resolve("model.safetensors");
    model.save(file);
    assertThat(ThumbClassifier.load(file).classify(PICTURES.get(1)))
        .isEqualTo(new ThumbClassifier(model).classify(PICTURES.get(1)));
  }

  @Test
  void severalThreadsMayAskAtOnce() {
    ThumbClassifier classifier = new ThumbClassifier(model(DownscalerKind.PLAIN));
    List<Classification> alone =
        IntStream.range(0, 12).mapToObj(i -> classifier.classify(PICTURES.get(i))).toList();
    List<Classification> together =
        IntStream.range(0, 48)
            .parallel()
            .mapToObj(i -> classifier.classify(PICTURES.get(i % 12)))
            .toList();
    for (int i = 0; i < together.size(); i++) {
      assertThat(together.get(i)).isEqualTo(alone.get(i % 12));
    }
  }

  @Test
  void takesPicturesHoweverTheyCome() throws IOException {
    TrainedModel model = model(DownscalerKind.PLAIN);
    ThumbClassifier classifier = new ThumbClassifier(model);
    RgbImage picture = PICTURES.get(4);
    Path file = temp.resolve("picture.png");
    picture.writePng(file);
    float[] pixels = model.preprocessing().normalize().apply(model.preprocessing().crop(picture));
    Classification expected = classifier.classify(picture);
    assertThat(classifier.classify(file)).isEqualTo(expected);
    assertThat(classifier.classify(Files.readAllBytes(file))).isEqualTo(expected);
    assertThat(classifier.classify(picture.toBufferedImage())).isEqualTo(expected);
    assertThat(classifier.classify(pixels)).isEqualTo(expected);
    RgbImage thumbnail = classifier.thumbnail(picture);
    assertThat(classifier.thumbnail(file)).isEqualTo(thumbnail);
    assertThat(classifier.thumbnail(Files.readAllBytes(file))).isEqualTo(thumbnail);
    assertThat(classifier.thumbnail(picture.toBufferedImage())).isEqualTo(thumbnail);
    Path small = temp.resolve("small.png");
    thumbnail.writePng(small);
    assertThat(classifier.classifyThumbnail(small))
        .isEqualTo(classifier.classifyThumbnail(Files.readAllBytes(small)))
        .isEqualTo(classifier.classifyThumbnail(thumbnail))
        .isEqualTo(classifier.classifyThumbnail(thumbnail.toBufferedImage()));
  }

  @Test
  void severalPicturesGiveTheAnswersOfEach() {
    TrainedModel model = model(DownscalerKind.PLAIN);
    List<RgbImage> pictures = IntStream.range(0, 7).mapToObj(PICTURES::get).toList();
    for (int most : new int[] {1, 3, 16}) {
      ThumbClassifier classifier = new ThumbClassifier(model, WeightFormat.F32, most);
      List<Classification> found = classifier.classifyAll(pictures);
      assertThat(found).hasSameSizeAs(pictures);
      for (int i = 0; i < found.size(); i++) {
        Prediction expected = new ThumbClassifier(model).classify(pictures.get(i)).best();
        assertThat(found.get(i).best().className()).isEqualTo(expected.className());
        assertThat(found.get(i).best().probability())
            .isCloseTo(expected.probability(), offset(1e-4));
      }
    }
    assertThat(new ThumbClassifier(model).classifyAll(List.of())).isEmpty();
  }

  @Test
  void aThumbnailerNeedsTheDownscalerOnly() throws IOException {
    TrainedModel model = model(DownscalerKind.RESIDUAL);
    Path file = temp.resolve("model.safetensors");
    model.save(file);
    RgbImage expected = new ThumbClassifier(model).thumbnail(PICTURES.get(2));
    Thumbnailer thumbnailer = Thumbnailer.load(file);
    assertThat(thumbnailer.side()).isEqualTo(SIZE / 2);
    assertThat(thumbnailer.thumbnail(PICTURES.get(2))).isEqualTo(expected);
    assertThat(thumbnailer.thumbnail(PICTURES.get(2).toBufferedImage())).isEqualTo(expected);
    Path picture = temp.resolve("picture.png");
    PICTURES.get(2).writePng(picture);
    assertThat(thumbnailer.thumbnail(picture)).isEqualTo(expected);
    assertThat(thumbnailer.thumbnail(Files.readAllBytes(picture))).isEqualTo(expected);
    try (InputStream in = Files.newInputStream(file)) {
      assertThat(Thumbnailer.load(in, "model").thumbnail(PICTURES.get(2))).isEqualTo(expected);
    }
  }

  @Test
  void modelsComeFromStreamsToo() throws IOException {
    TrainedModel model = model(DownscalerKind.PLAIN);
    Path file = temp.resolve("model.safetensors");
    model.save(file);
    try (InputStream in = Files.newInputStream(file)) {
      assertThat(ThumbClassifier.load(in, "model").classify(PICTURES.get(1)))
          .isEqualTo(new ThumbClassifier(model).classify(PICTURES.get(1)));
    }
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection lost");
          }
        };
    assertThatThrownBy(() -> ThumbClassifier.load(failing, "the model"))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessage("the model: its stream cannot be read: connection lost");
    Path full = temp.resolve("full.safetensors");
    model(null).save(full);
    assertThatThrownBy(() -> Thumbnailer.load(full))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("has no downscaler");
  }

  @Test
  void anInterruptedThreadIsToldSo() {
    TrainedModel model = model(DownscalerKind.PLAIN);
    ThumbClassifier classifier = new ThumbClassifier(model);
    Thumbnailer thumbnailer = new Thumbnailer(TrainedDownscaler.of(model));
    RgbImage picture = PICTURES.get(0);
    try {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> classifier.classify(picture))
          .isInstanceOf(CancellationException.class);
      assertThatThrownBy(() -> classifier.classifyAll(List.of(picture)))
          .isInstanceOf(CancellationException.class);
      assertThatThrownBy(() -> thumbnailer.thumbnail(picture))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(classifier.classify(picture).all()).hasSize(12);
  }

  /** A number that is no colour is found where it comes in, not in the answer. */
  @Test
  void numbersThatAreNoColoursAreNamed() {
    ThumbClassifier classifier = new ThumbClassifier(model(DownscalerKind.PLAIN));
    int size = classifier.preprocessing().size();
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] pixels = new float[3 * size * size];
      pixels[1234] = wrong;
      assertThatThrownBy(() -> classifier.classify(pixels))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(wrong + " at index 1234");
    }
    ThumbClassifier full = new ThumbClassifier(model(null));
    float[] huge = new float[3 * size * size];
    Arrays.fill(huge, Float.MAX_VALUE);
    assertThatThrownBy(() -> full.classify(huge))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("too large");
  }

  /** A jar of the application, or any other file system. */
  @Test
  void filesMayBeInsideOfAZip() throws IOException {
    TrainedModel model = model(DownscalerKind.PLAIN);
    ThumbClassifier expected = new ThumbClassifier(model);
    Path zip = temp.resolve("all.zip");
    try (FileSystem inside =
        FileSystems.newFileSystem(URI.create("jar:" + zip.toUri()), Map.of("create", "true"))) {
      Path file = inside.getPath("model.safetensors");
      Path picture = inside.getPath("/pictures/class/a.png");
      Path other = inside.getPath("/pictures/class\u0308/b.png");
      model.save(file);
      Files.createDirectories(picture.getParent());
      Files.createDirectories(other.getParent());
      PICTURES.get(0).writePng(picture);
      PICTURES.get(1).writePng(other);
      ThumbClassifier classifier = ThumbClassifier.load(file);
      assertThat(classifier.classify(picture)).isEqualTo(expected.classify(PICTURES.get(0)));
      Path small = inside.getPath("small.png");
      Thumbnailer.load(file).thumbnail(picture).writePng(small);
      assertThat(classifier.classifyThumbnail(small))
          .isEqualTo(expected.classifyThumbnail(expected.thumbnail(PICTURES.get(0))));
      ImageFolder folder = new ImageFolder(inside.getPath("pictures"));
      assertThat(folder.classes()).containsExactly("class", "class\u0308");
      assertThat(folder.get(1)).isEqualTo(PICTURES.get(1));
    }
    try (FileSystem inside = FileSystems.newFileSystem(zip)) {
      Path file = inside.getPath("model.safetensors");
      assertThat(ThumbClassifier.load(file).classes()).isEqualTo(model.classes());
    }
  }

  @Test
  void misuseIsExplained() {
    ThumbClassifier small = new ThumbClassifier(model(DownscalerKind.BICUBIC));
    assertThatThrownBy(() -> small.classify(new float[7]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32x32")
        .hasMessageContaining("7");
    assertThatThrownBy(() -> small.classifyThumbnail(PICTURES.get(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16x16")
        .hasMessageContaining("48x48");
    ThumbClassifier full = new ThumbClassifier(model(null));
    assertThatThrownBy(() -> full.thumbnail(PICTURES.get(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no downscaler");
    assertThatThrownBy(() -> full.classifyThumbnail(PICTURES.get(0)))
        .isInstanceOf(IllegalStateException.class);
  }
}
