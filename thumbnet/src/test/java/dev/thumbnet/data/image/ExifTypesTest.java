package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.testing.TestPictures;
import dev.thumbnet.testing.TestTiff;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The orientation is understood whatever type of number and byte order it was written in. */
class ExifTypesTest {
  private static final byte[] JPEG = TestPictures.encode(TestPictures.noise(64, 48), "jpg");
  private static final byte[] PNG = TestPictures.encode(TestPictures.noise(64, 48), "png");

  private final ImageDecoder decoder = new ImageDecoder();

  /** An EXIF block with orientation 6 as a number of some type. */
  private static byte[] exif(String order, int type) {
    ByteBuffer tiff = ByteBuffer.allocate(40);
    tiff.order(order.equals("MM") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    tiff.put(order.getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
    tiff.putShort((short) 1).putShort((short) 274).putShort((short) type).putInt(1);
    switch (type) {
      case 1, 6 -> tiff.put((byte) 6);
      case 3, 8 -> tiff.putShort((short) 6);
      case 4, 9, 13 -> tiff.putInt(6);
      case 5, 10 -> tiff.putInt(30).position(30).putInt(12).putInt(2);
      case 11 -> tiff.putFloat(6);
      case 12 -> tiff.putInt(30).position(30).putDouble(6);
      case 16 -> tiff.putInt(30).position(30).putLong(6);
      default -> tiff.put((byte) '6');
    }
    return tiff.array();
  }

  @ParameterizedTest
  @CsvSource({
    "II, 1", "MM, 1", "II, 3", "MM, 3", "II, 4", "MM, 4", "II, 5", "MM, 5", "II, 6", "MM, 6",
    "II, 8", "MM, 8", "II, 9", "MM, 9", "II, 10", "MM, 10", "II, 11", "MM, 11", "II, 12", "MM, 12",
    "II, 13", "MM, 13", "II, 16", "MM, 16"
  })
  void numbers_of_any_type_turn_the_picture(String order, int type) throws IOException {
    byte[] exif = exif(order, type);
    assertTurned(TestPictures.withExif(JPEG, exif));
    assertTurned(TestPictures.insert(PNG, 33, TestPictures.pngChunk("eXIf", exif)));
  }

  private void assertTurned(byte[] file) {
    RgbImage image = decoder.decode(file, "p");
    assertThat(image.width()).isEqualTo(48);
    assertThat(image.height()).isEqualTo(64);
  }

  @ParameterizedTest
  @CsvSource({"II, 2", "MM, 7", "II, 99"})
  void letters_and_unknown_types_do_not(String order, int type) {
    byte[] file = TestPictures.withExif(JPEG, exif(order, type));
    assertThat(decoder.decode(file, "p").width()).isEqualTo(64);
  }

  @Test
  void a_png_may_say_it_in_a_text() throws IOException {
    byte[] exif = exif("MM", 3);
    String digits = HexFormat.of().formatHex(exif).replaceAll("(.{72})", "$1\n");
    String text = "\nexif\n      " + exif.length + "\n" + digits + "\n";
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    plain.writeBytes(("Raw profile type exif\0" + text).getBytes(StandardCharsets.ISO_8859_1));
    assertTurned(TestPictures.insert(PNG, 33, TestPictures.pngChunk("tEXt", plain.toByteArray())));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.writeBytes("Raw profile type exif\0\0".getBytes(StandardCharsets.ISO_8859_1));
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    assertTurned(TestPictures.insert(PNG, 33, TestPictures.pngChunk("zTXt", packed.toByteArray())));
  }

  @ParameterizedTest
  @CsvSource({"II, 6, 20", "MM, 8, 20", "II, 3, 30"})
  void a_tiff_says_it_itself(String order, int orientation, int width) {
    ByteOrder byteOrder = order.equals("MM") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    byte[] file = TestTiff.of(byteOrder, 30, 20, 2, 3, 8).tag(274, orientation).bytes();
    assertThat(decoder.decode(file, "p").width()).isEqualTo(width);
  }
}
