package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.testing.TestPictures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are decoded by the stated rules, or refused with one line that names them. */
class ImageDecoderTest {
  private static final byte[] JPEG = TestPictures.encode(TestPictures.noise(64, 48), "jpg");
  private static final byte[] PNG = TestPictures.encode(TestPictures.noise(64, 48), "png");

  private final ImageDecoder decoder = new ImageDecoder();

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "tiff", "gif"})
  void lossless_formats_come_back_as_they_were(String format) {
    // GIF has 256 colours; this gray ramp fits.
    byte[] data = new byte[3 * 16 * 16];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i / 3);
    }
    RgbImage image = new RgbImage(16, 16, data);
    byte[] file = TestPictures.encode(image, format);
    assertThat(decoder.decode(file, "wrong-extension.jpg")).isEqualTo(image);
  }

  @Test
  void jpeg_comes_back_nearly_as_it_was() {
    RgbImage image = TestPictures.soft(64, 48);
    RgbImage decoded = decoder.decode(TestPictures.encode(image, "jpg"), "soft.jpg");
    for (int i = 0; i < image.data().length; i++) {
      assertThat(decoded.data()[i] & 0xFF).isCloseTo(image.data()[i] & 0xFF, within(8));
    }
  }

  @Test
  void files_streams_and_bytes_give_the_same_picture(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("a picture, übel.jpg"), JPEG);
    RgbImage image = decoder.decode(JPEG, "bytes");
    assertThat(decoder.decode(file)).isEqualTo(image);
    assertThat(decoder.decode(new ByteArrayInputStream(JPEG), "stream")).isEqualTo(image);
  }

  @Property(tries = 60)
  void a_jpeg_cut_off_anywhere_is_refused(@ForAll @IntRange(min = 0, max = 10_000) int at) {
    int length = at % (JPEG.length - 2);
    assertRefused(Arrays.copyOf(JPEG, length));
  }

  @Property(tries = 60)
  void a_png_cut_off_anywhere_in_its_pixels_is_refused(
      @ForAll @IntRange(min = 0, max = 10_000) int at) {
    // The last 16 bytes are a checksum and the end mark, which carry no pixels.
    int length = at % (PNG.length - 16 - 4);
    assertRefused(Arrays.copyOf(PNG, length));
  }

  @Property(tries = 200)
  void damaged_files_give_a_picture_or_one_line(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int changes, @ForAll boolean png) {
    byte[] file = (png ? PNG : JPEG).clone();
    Random random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      file[random.nextInt(file.length)] = (byte) random.nextInt(256);
    }
    Throwable thrown = catchThrowable(() -> decoder.decode(file, "damaged"));
    if (thrown != null) {
      assertOneLine(thrown);
    }
  }

  @Property(tries = 100)
  void noise_is_refused(@ForAll byte[] file) {
    assertRefused(file);
  }

  private void assertRefused(byte[] file) {
    assertOneLine(catchThrowable(() -> decoder.decode(file, "damaged")));
  }

  private static void assertOneLine(Throwable thrown) {
    assertThat(thrown).isInstanceOf(ImageException.class);
    assertThat(thrown.getMessage()).startsWith("damaged: ").doesNotContain("\n", "\r");
  }

  @Test
  void missing_empty_and_foreign_files_say_so(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing.jpg");
    assertThatThrownBy(() -> decoder.decode(missing))
        .isInstanceOf(ImageException.class)
        .hasMessage(missing + ": there is no such file");
    Path empty = Files.createFile(folder.resolve("empty.jpg"));
    assertThatThrownBy(() -> decoder.decode(empty)).hasMessage(empty + ": the file is empty");
    byte[] text = "no picture at all".getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> decoder.decode(text, "text.jpg"))
        .hasMessage("text.jpg: is a text, not a picture");
    assertThatThrownBy(() -> decoder.decode(folder))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith(folder.toString());
  }

  @Test
  void a_failing_stream_is_reported_by_name() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the line is dead");
          }
        };
    assertThatThrownBy(() -> decoder.decode(failing, "remote"))
        .isInstanceOf(ImageException.class)
        .hasMessage("remote: cannot be read: the line is dead");
  }

  @Test
  void a_header_that_claims_too_much_is_refused_before_anything_is_allocated() {
    byte[] png = PNG.clone();
    ByteBuffer.wrap(png).putInt(16, 30_000).putInt(20, 20_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    assertThatThrownBy(() -> decoder.decode(png, "bomb.png"))
        .hasMessageStartingWith(
            "bomb.png: 30000x20000 pixels are more than the limit of 64000000; ")
        .hasMessageContaining("-Dthumbnet.decode.pixels");
    ImageDecoder unlimited =
        new ImageDecoder(
            new DecodeLimits(Long.MAX_VALUE, Long.MAX_VALUE, DecodeLimits.NO_TIMEOUT), true);
    assertThatThrownBy(() -> unlimited.decode(png, "bomb.png"))
        .hasMessageContaining("MB that all pictures together may take");
  }

  @Test
  void the_limit_is_inclusive() {
    DecodeLimits limits = DecodeLimits.DEFAULT;
    ImageDecoder enough = new ImageDecoder(limits.withMaxPixels(64 * 48), true);
    assertThat(enough.decode(JPEG, "p").width()).isEqualTo(64);
    ImageDecoder less = new ImageDecoder(limits.withMaxPixels(64 * 48 - 1), true);
    assertThatThrownBy(() -> less.decode(JPEG, "p")).hasMessageContaining("limit of 3071");
    assertThatThrownBy(() -> limits.withMaxPixels(0)).hasMessageContaining("got 0,");
    assertThatThrownBy(() -> limits.withMaxWork(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> limits.withTimeout(Duration.ZERO)).hasMessageContaining("PT0S");
  }

  private static RgbImage upright(RgbImage image, int orientation) {
    DecodeWatch watch = new DecodeWatch("p", DecodeLimits.NO_TIMEOUT);
    return ExifOrientation.upright(image, orientation, watch);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0 1 2 3 4 5",
    "2, 2 1 0 5 4 3",
    "3, 5 4 3 2 1 0",
    "4, 3 4 5 0 1 2",
    "5, 0 3 1 4 2 5",
    "6, 3 0 4 1 5 2",
    "7, 5 2 4 1 3 0",
    "8, 2 5 1 4 0 3"
  })
  void pictures_are_turned_upright(int orientation, String pixels) {
    byte[] data = new byte[18];
    for (int i = 0; i < 6; i++) {
      data[3 * i] = (byte) i;
    }
    RgbImage upright = upright(new RgbImage(3, 2, data), orientation);
    assertThat(upright.width()).isEqualTo(orientation < 5 ? 3 : 2);
    StringBuilder reds = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      reds.append(i == 0 ? "" : " ").append(upright.data()[3 * i]);
    }
    assertThat(reds).hasToString(pixels);
  }

  @ParameterizedTest
  @CsvSource({"1, MM", "6, MM", "8, II", "9, II", "0, MM"})
  void the_orientation_is_found_in_a_jpeg_and_can_be_ignored(int orientation, String byteOrder) {
    byte[] file = TestPictures.withExif(JPEG, TestPictures.exif(orientation, byteOrder));
    RgbImage stored = decoder.decode(JPEG, "p");
    int valid = orientation >= 1 && orientation <= 8 ? orientation : 1;
    assertThat(decoder.decode(file, "p")).isEqualTo(upright(stored, valid));
    ImageDecoder asStored = new ImageDecoder(DecodeLimits.DEFAULT, false);
    assertThat(asStored.decode(file, "p")).isEqualTo(stored);
  }

  @Test
  void the_orientation_is_found_in_a_png() {
    byte[] exif = TestPictures.exif(3, "MM");
    ByteBuffer chunk = ByteBuffer.allocate(12 + exif.length);
    chunk.putInt(exif.length).put("eXIf".getBytes(StandardCharsets.US_ASCII)).put(exif);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + exif.length);
    chunk.putInt((int) crc.getValue());
    // After the signature and the header chunk.
    byte[] file = TestPictures.insert(PNG, 33, chunk.array());
    assertThat(decoder.decode(file, "p")).isEqualTo(upright(TestPictures.noise(64, 48), 3));
  }

  @Property(tries = 200)
  void damaged_exif_does_not_matter(@ForAll long seed) {
    byte[] exif = TestPictures.exif(6, "MM");
    Random random = new Random(seed);
    for (int i = 0; i < 4; i++) {
      exif[random.nextInt(exif.length)] = (byte) random.nextInt(256);
    }
    RgbImage image = decoder.decode(TestPictures.withExif(JPEG, exif), "p");
    assertThat(image.width() * image.height()).isEqualTo(64 * 48);
  }

  @Test
  void colour_profiles_of_a_jpeg_are_ignored() throws IOException {
    // The JDK writes the profile of a picture whose colour space is not sRGB.
    byte[] profile =
        java.awt.color.ICC_Profile.getInstance(java.awt.color.ColorSpace.CS_LINEAR_RGB).getData();
    byte[] name = "ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer segment = ByteBuffer.allocate(4 + name.length + profile.length);
    segment.putShort((short) 0xFFE2).putShort((short) (2 + name.length + profile.length));
    segment.put(name).put(profile);
    byte[] file = TestPictures.insert(JPEG, 20, segment.array());
    byte[] before = file.clone();
    assertThat(decoder.decode(file, "p")).isEqualTo(decoder.decode(JPEG, "p"));
    assertThat(file).isEqualTo(before);
  }

  @Test
  void sixteen_bits_become_eight_by_rounding() throws IOException {
    BufferedImage gray = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    gray.getRaster().setSamples(0, 0, 3, 1, 0, new int[] {0x00FF, 0x7FFF, 0xFFFF});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(gray, "png", out);
    RgbImage image = decoder.decode(out.toByteArray(), "gray16.png");
    assertThat(image.rgb(0, 0)).isEqualTo(0x010101);
    assertThat(image.rgb(1, 0)).isEqualTo(0x7F7F7F);
    assertThat(image.rgb(2, 0)).isEqualTo(0xFFFFFF);
  }
}
