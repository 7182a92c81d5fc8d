package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thumbnet.data.image.format.Encoded;
import dev.thumbnet.data.image.format.Format;
import dev.thumbnet.testing.TestPictures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PNM is decoded by ourselves; of a WebP its reader sees the first picture and nothing else. */
class RareFormatsTest {
  private final ImageDecoder decoder = new ImageDecoder();

  // ---------------------------------------------------------------- PNM

  @ParameterizedTest
  @CsvSource({
    "P1 2 1 1 0, 0x000000 0xFFFFFF",
    "P1 2 1 10, 0x000000 0xFFFFFF",
    "P1 # bits # here\\n2 1\\n01, 0xFFFFFF 0x000000",
    "P2 2 1 255 7 255, 0x070707 0xFFFFFF",
    "P2 2 1 15 1 99, 0x111111 0xFFFFFF",
    "P2\\n#c\\n2 1 #d\\n255\\n7 #e\\n8, 0x070707 0x080808",
    "P3 2 1 255 1 2 3 4 5 6, 0x010203 0x040506",
    "P4 2 1 \u0040, 0xFFFFFF 0x000000",
    "P5 2 1 255 AB, 0x414141 0x424242",
    "P5 2 1 65 AB, 0xFFFFFF 0xFFFFFF",
    "P6 2 1 255 ABCDEF, 0x414243 0x444546"
  })
  void samples_become_colours(String file, String colours) {
    String[] rgb = colours.split(" ");
    byte[] content = file.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
    RgbImage image = decoder.decode(content, "p.ppm");
    assertThat(image.width()).isEqualTo(2);
    for (int i = 0; i < rgb.length; i++) {
      assertThat(image.rgb(i, 0)).as("pixel %d", i).isEqualTo(Integer.decode(rgb[i]));
    }
  }

  @Test
  void two_bytes_a_sample_are_scaled() {
    byte[] file = "P6 1 1 1000 ......".getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer.wrap(file)
        .putShort(12, (short) 0)
        .putShort(14, (short) 500)
        .putShort(16, (short) 1000);
    assertThat(decoder.decode(file, "p").rgb(0, 0)).isEqualTo(0x0080FF);
  }

  @ParameterizedTest
  @CsvSource({
    "P5 2 2 255 abc, the file ends before the picture does",
    "P5 2, the file ends before the picture does",
    "P5 2 2 0 abcd, largest sample is 0",
    "P5 x 2 255 abcd, lacks a number",
    "P5 0 2 255 abcd, impossible size of 0x2",
    "P2 2 1 255 7 x, a number expected",
    "P1 2 1 0 7, '0' or '1' expected",
    "P5 99999999999 1 255 a, impossible size"
  })
  void damaged_ones_say_how(String file, String reason) {
    assertThatThrownBy(() -> decoder.decode(file.getBytes(StandardCharsets.ISO_8859_1), "p.pgm"))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("p.pgm: ")
        .hasMessageContaining(reason);
  }

  // ---------------------------------------------------------------- WebP

  private static byte[] chunk(String name, byte[] content) {
    ByteBuffer out = ByteBuffer.allocate(8 + content.length + content.length % 2);
    out.order(ByteOrder.LITTLE_ENDIAN).put(name.getBytes(StandardCharsets.ISO_8859_1));
    return out.putInt(content.length).put(content).array();
  }

  private static byte[] webp(byte[]... chunks) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] chunk : chunks) {
      content.writeBytes(chunk);
    }
    ByteBuffer out = ByteBuffer.allocate(12 + content.size()).order(ByteOrder.LITTLE_ENDIAN);
    out.put("RIFF".getBytes(StandardCharsets.ISO_8859_1)).putInt(4 + content.size());
    return out.put("WEBP".getBytes(StandardCharsets.ISO_8859_1)).put(content.toByteArray()).array();
  }

  /** The header of a lossy picture. */
  private static byte[] lossy(int width, int height) {
    ByteBuffer out = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {0, 0, 0, (byte) 0x9D, 1, 0x2A});
    return out.putShort((short) width).putShort((short) height).array();
  }

  private static final byte[] EXTENDED = {0x2C, 0, 0, 0, 99, 0, 0, 49, 0, 0};

  @Test
  void profiles_transparency_and_other_frames_are_left_out() throws IOException {
    byte[] picture = chunk("VP8 ", lossy(100, 50));
    byte[] file =
        webp(
            chunk("VP8X", EXTENDED),
            chunk("ICCP", new byte[5]),
            chunk("ALPH", new byte[9]),
            picture,
            chunk("EXIF", new byte[3]),
            chunk("XMP ", new byte[7]));
    Encoded header = Format.read(file, () -> {});
    assertThat(header.file().toBytes()).isEqualTo(webp(picture));
    assertThat(header.width()).isEqualTo(100);
    assertThat(header.height()).isEqualTo(50);
  }

  @Test
  void the_first_frame_of_an_animation_lies_in_its_place() throws IOException {
    byte[] picture = chunk("VP8 ", lossy(20, 10));
    byte[] frame = new byte[16 + picture.length];
    frame[0] = 15; // twice that to the left
    frame[3] = 4;
    System.arraycopy(picture, 0, frame, 16, picture.length);
    Encoded header = Format.read(webp(chunk("VP8X", EXTENDED), chunk("ANMF", frame)), () -> {});
    assertThat(header.layout()).isEqualTo(new Encoded.Placed(30, 8, 0));
    assertThat(header.width()).isEqualTo(100);
    frame[0] = 50;
    byte[] outside = webp(chunk("VP8X", EXTENDED), chunk("ANMF", frame));
    assertThatThrownBy(() -> Format.read(outside, () -> {}))
        .hasMessageContaining("leaves its canvas");
  }

  @Test
  void the_orientation_is_found_behind_chunks_of_odd_length_and_with_the_prefix_of_jpeg()
      throws IOException {
    byte[] exif = TestPictures.exif(6, "MM");
    byte[] picture = chunk("VP8 ", lossy(100, 50));
    byte[] odd = chunk("ICCP", new byte[3]);
    assertThat(Format.read(webp(odd, picture, chunk("EXIF", exif)), () -> {}).orientation())
        .isEqualTo(6);
    byte[] prefixed =
        ByteBuffer.allocate(6 + exif.length)
            .put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1))
            .put(exif)
            .array();
    assertThat(Format.read(webp(picture, chunk("EXIF", prefixed)), () -> {}).orientation())
        .isEqualTo(6);
    assertThat(Format.read(webp(picture), () -> {}).orientation()).isEqualTo(1);
  }

  @Property(tries = 300)
  void damaged_files_give_one_line(@ForAll byte[] content) {
    for (byte[] file : new byte[][] {webp(content), webp(chunk("VP8X", EXTENDED), content)}) {
      assertThat(catchThrowable(() -> decoder.decode(file, "p.webp")))
          .isInstanceOf(ImageException.class);
    }
  }
}
