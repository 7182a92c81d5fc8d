package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.data.transform.CenterCrop;
import dev.thumbnet.data.transform.RandomResizedCrop;
import dev.thumbnet.data.transform.Resize;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.testing.TestPictures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Very narrow and very flat pictures are cropped from a resized one that is never made. */
class NarrowPicturesTest {
  @ParameterizedTest
  @CsvSource({"1, 60000", "60000, 1", "1, 64000000", "64000000, 1", "2, 30000", "3, 1"})
  void the_square_in_the_middle_can_be_cut_from_any_picture(int w, int h) {
    RgbImage image = new RgbImage(w, h, new byte[3 * w * h]);
    byte[] data = image.data();
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) 77;
    }
    for (int side : new int[] {224, 300}) {
      RgbImage square = new Resize(256).resizeAndCrop(image, side);
      assertThat(square.width()).isEqualTo(side);
      assertThat(square.height()).isEqualTo(side);
      assertThat(square.rgb(side / 2, side / 2)).isEqualTo(0x4D4D4D);
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 500", "500, 3", "7, 90", "1, 200", "40, 41", "16, 16", "640, 480"})
  void it_has_the_same_bits_as_the_square_of_the_whole(int w, int h) {
    RgbImage image = TestPictures.noise(w, h);
    for (ResampleFilter filter : ResampleFilter.values()) {
      for (int side : new int[] {1, 14, 16, 21}) {
        Resize resize = new Resize(16, filter);
        assertThat(resize.resizeAndCrop(image, side))
            .isEqualTo(new CenterCrop(side).crop(resize.resize(image)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 60000", "60000, 1"})
  void random_parts_of_them_can_be_taken(int w, int h) {
    RgbImage image = new RgbImage(w, h, new byte[3 * w * h]);
    for (int seed = 0; seed < 20; seed++) {
      RgbImage part = new RandomResizedCrop(32, .35).apply(image, new Rng(seed));
      assertThat(part.width()).isEqualTo(32);
      RandomResizedCrop thin = new RandomResizedCrop(8, .1, 1, .1, .2, ResampleFilter.BILINEAR);
      assertThat(thin.apply(image, new Rng(seed)).height()).isEqualTo(8);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 20000, 1", "1, 20000, 6", "20000, 1, 8", "20000, 1, 1"})
  void they_are_read_and_turned(int w, int h, int orientation) {
    byte[] jpeg = TestPictures.encode(new RgbImage(w, h, new byte[3 * w * h]), "jpg");
    byte[] file = TestPictures.withExif(jpeg, TestPictures.exif(orientation, "MM"));
    RgbImage image = new ImageDecoder().decode(file, "p");
    assertThat(image.width()).isEqualTo(orientation == 1 ? w : h);
    assertThat(new Resize(36).resizeAndCrop(image, 32).width()).isEqualTo(32);
  }
}
