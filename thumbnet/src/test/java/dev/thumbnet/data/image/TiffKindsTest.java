package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.image.format.Format;
import dev.thumbnet.testing.TestTiff;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TIFFs of kinds that all programs read in the same way are read, all others refused by name. */
class TiffKindsTest {
  private static final ByteOrder BIG = ByteOrder.BIG_ENDIAN;
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  private final ImageDecoder decoder = new ImageDecoder();

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 0xA5, 0x000000, 0xFFFFFF",
    "1, 1, 1, 0xA5, 0xFFFFFF, 0x000000",
    "1, 1, 2, 0x1B, 0x000000, 0x555555",
    "1, 1, 4, 0x2F, 0x222222, 0xFFFFFF",
    "0, 1, 8, 0x10, 0xEFEFEF, 0xEFEFEF",
    "1, 1, 8, 0x10, 0x101010, 0x101010",
    "1, 1, 16, 0x40, 0x404040, 0x404040",
    "1, 2, 8, 0x33, 0x333333, 0x333333",
    "2, 3, 8, 0x55, 0x555555, 0x555555",
    "2, 4, 8, 0x55, 0x555555, 0x555555",
    "2, 3, 16, 0x55, 0x555555, 0x555555",
    "5, 4, 8, 0x00, 0xFFFFFF, 0xFFFFFF",
    "5, 4, 8, 0xFF, 0x000000, 0x000000"
  })
  void known_kinds_are_read(
      int photometric, int samples, int bits, String fill, String first, String second) {
    for (ByteOrder order : new ByteOrder[] {BIG, LITTLE}) {
      for (int planar = 1; planar <= 2; planar++) {
        int row = (8 * samples * bits + 7) / 8;
        byte[] strip = new byte[planar == 2 ? row / samples : row];
        Arrays.fill(strip, Integer.decode(fill).byteValue());
        byte[][] strips = new byte[planar == 2 ? samples : 1][];
        Arrays.fill(strips, strip);
        TestTiff tiff = TestTiff.of(order, 8, 1, photometric, samples, bits).tag(284, planar);
        if (samples % 2 == 0 && photometric != 5) {
          tiff.tag(338, 2);
        }
        RgbImage image = decoder.decode(tiff.strips(strips).bytes(), "p.tif");
        assertThat(image.rgb(0, 0)).isEqualTo(Integer.decode(first));
        assertThat(image.rgb(1, 0)).isEqualTo(Integer.decode(second));
      }
    }
  }

  @Test
  void tiles_are_cut_to_the_picture() throws IOException {
    ByteArrayOutputStream tile = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(tile)) {
      byte[] content = new byte[16 * 16];
      Arrays.fill(content, (byte) 9);
      out.write(content);
    }
    byte[] file =
        TestTiff.of(LITTLE, 20, 10, 1, 1, 8)
            .tag(259, 8)
            .tag(322, 16)
            .tag(323, 16)
            .tiles(tile.toByteArray(), tile.toByteArray())
            .bytes();
    RgbImage image = decoder.decode(file, "p.tif");
    assertThat(image.width()).isEqualTo(20);
    assertThat(image.rgb(19, 9)).isEqualTo(0x090909);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 32, 1 samples of 32 bits",
    "2, 3, 32, 3 samples of 32 bits",
    "8, 3, 8, photometric interpretation 8",
    "6, 3, 8, photometric interpretation 6",
    "2, 5, 8, 5 samples",
    "1, 1, 12, 12 bits",
    "32844, 1, 16, interpretation 32844"
  })
  void unknown_kinds_are_refused(int photometric, int samples, int bits, String reason) {
    assertRefused(TestTiff.of(BIG, 8, 2, photometric, samples, bits), reason);
  }

  @ParameterizedTest
  @CsvSource({
    "339, 2, signed or floating-point samples",
    "339, 3, signed or floating-point samples",
    "338, 1, multiplied by their transparency",
    "259, 7, compression 7",
    "259, 6, compression 6",
    "259, 50000, compression 50000",
    "259, 4, compression 4",
    "317, 3, predictor 3",
    "266, 2, bits in reverse order"
  })
  void unknown_variants_are_refused(int tag, int value, String reason) {
    assertRefused(TestTiff.of(LITTLE, 8, 2, 2, 4, 8).tag(tag, value), reason);
  }

  @Test
  void samples_of_different_sizes_are_refused() {
    assertRefused(TestTiff.of(LITTLE, 8, 2, 2, 3, 8).tag(258, 8, 8, 16), "different sizes");
  }

  private void assertRefused(TestTiff tiff, String reason) {
    assertThatThrownBy(() -> decoder.decode(tiff.bytes(), "p.tif"))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("p.tif: is a TIFF of a kind that programs read in different ways (")
        .hasMessageContaining(reason)
        .hasMessageContaining("PNG first");
  }

  @Test
  void a_strip_beyond_the_end_is_no_reason_to_make_room_for_it() {
    byte[] file = TestTiff.of(BIG, 8, 2, 1, 1, 8).tag(279, Integer.MAX_VALUE).bytes();
    assertThatThrownBy(() -> decoder.decode(file, "p.tif"))
        .hasMessage("p.tif: the file ends before the picture does");
  }

  @Test
  void the_reader_is_the_same_whatever_plugins_there_are() throws IOException {
    for (Format format : Format.values()) {
      if (format != Format.PNM) {
        ImageReader reader = ImageReaders.of(format, "p");
        boolean fromJdk = reader.getClass().getModule() == ImageIO.class.getModule();
        assertThat(fromJdk).as(format.name()).isEqualTo(format != Format.WEBP);
        reader.dispose();
      }
    }
  }
}
