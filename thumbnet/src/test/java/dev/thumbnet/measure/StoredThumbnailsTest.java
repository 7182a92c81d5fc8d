package dev.thumbnet.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import org.junit.jupiter.api.Test;

/** How large thumbnails are as files, and what is answered to them. */
final class StoredThumbnailsTest {
  private static final Device CPU = Device.cpu();

  @Test
  void filesAreCountedAndSeen() {
    TrainedModel teacher = TinyPictures.teacher(CPU);
    TrainedModel model = teacher.onThumbnails(Reduction.FOUR_TO_ONE);
    TinyPictures pictures = new TinyPictures(21, 2);
    Evaluator evaluator = new Evaluator(pictures, model.preprocessing(), 6, 1, CPU);
    StoredThumbnails stored = StoredThumbnails.of(model, evaluator);
    assertThat(stored.jpeg().metrics().pictures()).isEqualTo(21);
    // A PNG of 8 x 8 pixels of noise is not smaller than its 192 bytes, nor much larger.
    assertThat(stored.pngBytes()).isBetween(150.0, 400.0);
    // The tables of a JPEG file alone take some hundred bytes.
    assertThat(stored.jpegBytes()).isBetween(300.0, 1000.0);
    assertThat(stored.jpeg().agreement(evaluator.evaluate(model))).isGreaterThan(50);
    double png = 0;
    for (int i = 0; i < pictures.size(); i++) {
      float[] x = model.preprocessing().normalize().apply(pictures.get(i));
      float[] z = model.thumbnails(Tensor.of(CPU, x, 1, 16, 16, 3)).toArray();
      RgbImage image = model.preprocessing().normalize().toImage(z, 0, 8, 8);
      png += image.toPng().length / 21.0;
    }
    assertThat(stored.pngBytes()).isCloseTo(png, within(1e-9));
    assertThatThrownBy(() -> StoredThumbnails.of(teacher, evaluator))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("takes full pictures");
  }
}
