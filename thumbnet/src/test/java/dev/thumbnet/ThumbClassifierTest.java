package dev.thumbnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.thumbnet.data.ImageDecoder;
import dev.thumbnet.data.RgbImage;
import dev.thumbnet.data.SyntheticPictures;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.train.Preprocessing;
import dev.thumbnet.train.Provenance;
import dev.thumbnet.train.TrainedModel;
import java.nio.file.Path;
import java.util.List;
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
        kind == null ? null : Models.downscaler(kind, 2, SHOWN.colors(), device, rng),
        PICTURES.classes(),
        SHOWN,
        Provenance.on(device));
  }

  @Test
  void ranksAllClassesByProbability() {
    List<Prediction> ranked = new ThumbClassifier(model(null)).classify(PICTURES.get(0));
    assertThat(ranked).extracting(Prediction::className).hasSameElementsAs(PICTURES.classes());
    assertThat(ranked.stream().mapToDouble(Prediction::probability).sum())
        .isCloseTo(1, offset(1e-12));
    for (int i = 1; i < ranked.size(); i++) {
      assertThat(ranked.get(i).probability()).isLessThanOrEqualTo(ranked.get(i - 1).probability());
    }
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
    double full = classifier.classify(PICTURES.get(3)).getFirst().probability();
    double small = classifier.classifyThumbnail(stored).getFirst().probability();
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
    List<List<Prediction>> alone =
        IntStream.range(0, 12).mapToObj(i -> classifier.classify(PICTURES.get(i))).toList();
    List<List<Prediction>> together =
        IntStream.range(0, 48)
            .parallel()
            .mapToObj(i -> classifier.classify(PICTURES.get(i % 12)))
            .toList();
    for (int i = 0; i < together.size(); i++) {
      assertThat(together.get(i)).isEqualTo(alone.get(i % 12));
    }
  }

  @Test
  void misuseIsExplained() {
    ThumbClassifier small = new ThumbClassifier(model(DownscalerKind.BICUBIC));
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
