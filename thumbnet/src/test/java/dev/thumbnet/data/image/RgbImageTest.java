package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.testing.TestPictures;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A picture keeps its pixels on the way from and to Java's pictures and PNG files. */
class RgbImageTest {
  @Provide
  Arbitrary<RgbImage> pictures() {
    return TestPictures.arbitrary();
  }

  @Property(tries = 100)
  void buffered_image_and_back_is_the_same_picture(@ForAll("pictures") RgbImage image) {
    assertThat(RgbImage.of(image.toBufferedImage())).isEqualTo(image);
  }

  @Property(tries = 100)
  void png_and_back_is_the_same_picture(@ForAll("pictures") RgbImage image) {
    byte[] png = TestPictures.encode(image, "png");
    assertThat(new ImageDecoder().decode(png, "p.png")).isEqualTo(image);
  }

  @Property(tries = 100)
  void flipping_twice_is_the_same_picture(@ForAll("pictures") RgbImage image) {
    assertThat(image.flipHorizontal().flipHorizontal()).isEqualTo(image);
    assertThat(image.flipHorizontal().rgb(0, 0)).isEqualTo(image.rgb(image.width() - 1, 0));
  }

  @Property(tries = 100)
  void a_crop_shows_the_pixels_beneath(@ForAll("pictures") RgbImage image) {
    int x = image.width() / 3;
    int y = image.height() / 2;
    RgbImage crop = image.crop(x, y, image.width() - x, image.height() - y);
    for (int v = 0; v < crop.height(); v++) {
      for (int u = 0; u < crop.width(); u++) {
        assertThat(crop.rgb(u, v)).isEqualTo(image.rgb(x + u, y + v));
      }
    }
  }

  @Test
  void a_crop_must_stay_inside() {
    RgbImage image = TestPictures.noise(5, 4);
    assertThatThrownBy(() -> image.crop(2, 0, 4, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4x4 at (2, 0)")
        .hasMessageContaining("5x4");
    assertThatThrownBy(() -> image.crop(0, 0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> image.crop(Integer.MAX_VALUE, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void size_and_bytes_must_agree() {
    assertThatThrownBy(() -> new RgbImage(2, 2, new byte[11]))
        .hasMessageContaining("2x2")
        .hasMessageContaining("12 bytes, got 11");
    assertThatThrownBy(() -> new RgbImage(0, 2, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_INT_ARGB_PRE,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_4BYTE_ABGR_PRE
      })
  void every_kind_of_java_picture_keeps_its_colours(int type) {
    BufferedImage image = new BufferedImage(3, 2, type);
    image.setRGB(0, 0, 0xFF102030);
    image.setRGB(2, 1, 0xFFFE01C8);
    RgbImage rgb = RgbImage.of(image);
    assertThat(rgb.rgb(0, 0)).isEqualTo(0x102030);
    assertThat(rgb.rgb(2, 1)).isEqualTo(0xFE01C8);
  }

  @Test
  void samples_of_five_and_six_bits_are_scaled_to_eight() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_565_RGB);
    image.getRaster().setPixel(0, 0, new int[] {31, 63, 31});
    image.getRaster().setPixel(1, 0, new int[] {15, 32, 1});
    assertThat(RgbImage.of(image).rgb(0, 0)).isEqualTo(0xFFFFFF);
    assertThat(RgbImage.of(image).rgb(1, 0)).isEqualTo(0x7B8208);
  }

  @Test
  void gray_is_replicated_and_not_brightened() {
    BufferedImage bytes = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    bytes.getRaster().setSample(0, 0, 0, 100);
    assertThat(RgbImage.of(bytes).rgb(0, 0)).isEqualTo(0x646464);
    BufferedImage shorts = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    shorts.getRaster().setSample(0, 0, 0, 0x8000);
    assertThat(RgbImage.of(shorts).rgb(0, 0)).isEqualTo(0x808080);
  }

  @Test
  void a_transparent_pixel_keeps_the_colour_beneath() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00336699);
    assertThat(RgbImage.of(image).rgb(0, 0)).isEqualTo(0x336699);
  }

  @Test
  void a_part_of_a_java_picture_is_just_that_part() {
    BufferedImage image = TestPictures.noise(9, 7).toBufferedImage();
    RgbImage part = RgbImage.of(image.getSubimage(3, 2, 4, 5));
    assertThat(part).isEqualTo(TestPictures.noise(9, 7).crop(3, 2, 4, 5));
  }

  @Test
  void palettes_are_looked_up() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_INDEXED);
    image.setRGB(0, 0, Color.RED.getRGB());
    assertThat(RgbImage.of(image).rgb(0, 0)).isEqualTo(0xFF0000);
  }

  @Test
  void writes_a_png_that_replaces_the_old_one_and_leaves_nothing_else(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("p.png");
    TestPictures.noise(3, 3).writePng(file);
    TestPictures.noise(20, 10).writePng(file);
    assertThat(new ImageDecoder().decode(file)).isEqualTo(TestPictures.noise(20, 10));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void a_png_that_cannot_be_written_is_named(@TempDir Path folder) {
    Path file = folder.resolve("missing").resolve("p.png");
    assertThatThrownBy(() -> TestPictures.noise(3, 3).writePng(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void equality_is_about_size_and_pixels() {
    RgbImage image = TestPictures.noise(4, 3);
    assertThat(image)
        .isEqualTo(TestPictures.noise(4, 3))
        .hasSameHashCodeAs(TestPictures.noise(4, 3));
    assertThat(image).isNotEqualTo(new RgbImage(3, 4, image.data()));
    assertThat(image).isNotEqualTo(image.flipHorizontal());
  }
}
