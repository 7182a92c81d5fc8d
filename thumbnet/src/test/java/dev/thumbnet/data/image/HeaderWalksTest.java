package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thumbnet.data.image.format.Format;
import dev.thumbnet.testing.TestPictures;
import dev.thumbnet.testing.TestTiff;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers are walked through once, in little memory, and can be left, whatever they say. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeaderWalksTest {
  private static final RgbImage IMAGE = TestPictures.noise(64, 48);
  private static final byte[] JPEG = TestPictures.encode(IMAGE, "jpg");
  private static final byte[] PNG = TestPictures.encode(IMAGE, "png");
  private static final int PNG_HEADER = 33;

  private final ImageDecoder decoder = new ImageDecoder();

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] many(int times, byte[]... parts) {
    return joined(Collections.nCopies(times, joined(parts)).toArray(byte[][]::new));
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] segment(int marker) {
    return new byte[] {(byte) 0xFF, (byte) marker, 0, 2};
  }

  // ---------------------------------------------------------------- WebP

  private static byte[] webp(byte[] chunks) {
    ByteBuffer header = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    header.put(latin("RIFF")).putInt(4 + chunks.length).put(latin("WEBP"));
    return joined(header.array(), chunks);
  }

  /** The beginning of a frame, whose length may be anything. */
  private static byte[] frame(int length) {
    ByteBuffer frame = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    return frame.put(latin("ANMF")).putInt(length).array();
  }

  @Test
  void frames_that_overlap_are_looked_at_once() {
    byte[] file = webp(many(200, frame(72), frame(40)));
    assertThatThrownBy(() -> decoder.decode(file, "p.webp"))
        .hasMessage("p.webp: the file ends before the picture does");
  }

  @Test
  void frames_within_frames_are_none() {
    ByteBuffer nested = ByteBuffer.allocate(24 * 20_000);
    while (nested.hasRemaining()) {
      nested.put(frame(nested.remaining() - 8));
    }
    assertThatThrownBy(() -> decoder.decode(webp(nested.array()), "p.webp"))
        .hasMessage("p.webp: the file ends before the picture does");
  }

  @Test
  void pixels_that_leave_their_frame_are_refused() {
    ByteBuffer pixels = ByteBuffer.allocate(30).order(ByteOrder.LITTLE_ENDIAN);
    pixels.put(latin("VP8 ")).putInt(22).put(new byte[] {0, 0, 0, (byte) 0x9D, 1, 0x2A});
    pixels.putShort((short) 20).putShort((short) 10);
    byte[] whole = webp(joined(frame(16 + 30), pixels.array()));
    byte[] cut = webp(joined(frame(16 + 20), pixels.array()));
    assertThat(catchThrowable(() -> Format.read(whole, () -> {}))).isNull();
    assertThatThrownBy(() -> Format.read(cut, () -> {})).hasMessageContaining("the file ends");
  }

  // ---------------------------------------------------------------- PNG

  @ParameterizedTest
  @ValueSource(strings = {"PLTE", "IHDR", "tEXt", "IEND"})
  void what_follows_the_pixels_of_a_png_may_claim_any_length(String name) {
    for (int length : new int[] {Integer.MAX_VALUE, -1, 0x7FFF_FFF0, 1 << 30, 0x8000_0000, 5}) {
      byte[] claim = ByteBuffer.allocate(8).putInt(length).put(latin(name)).array();
      byte[] file = TestPictures.insert(PNG, PNG.length - 12, claim);
      assertThat(decoder.decode(file, "p.png")).isEqualTo(IMAGE);
    }
  }

  @Test
  void pixels_that_lack_their_sum_are_read() {
    for (int cut = 12; cut <= 16; cut++) {
      byte[] file = Arrays.copyOf(PNG, PNG.length - cut);
      assertThat(decoder.decode(file, "p.png")).isEqualTo(IMAGE);
    }
  }

  /** A text as ImageMagick writes it, which says how the camera was held. */
  private static byte[] text(int orientation) {
    String digits = HexFormat.of().formatHex(TestPictures.exif(orientation, "MM"));
    return TestPictures.pngChunk("tEXt", latin("Raw profile type exif\0\nexif\n  26\n" + digits));
  }

  @Test
  void one_text_alone_is_asked_for_the_orientation() {
    byte[] other = TestPictures.pngChunk("tEXt", latin("Comment\0nothing"));
    byte[] first = TestPictures.insert(PNG, PNG_HEADER, joined(other, text(6), text(1)));
    assertThat(decoder.decode(first, "p.png").width()).isEqualTo(48);
    byte[] second = TestPictures.insert(PNG, PNG_HEADER, joined(other, text(1), text(6)));
    assertThat(decoder.decode(second, "p.png").width()).isEqualTo(64);
  }

  // ---------------------------------------------------------------- memory

  @Test
  void pieces_beside_each_other_are_one_whatever_their_number() {
    byte[] tables = TestPictures.insert(JPEG, 2, many(100_000, segment(0xC4)));
    assertThat(decoder.decode(tables, "p.jpg")).isEqualTo(decoder.decode(JPEG, "q.jpg"));
    byte[] pixels =
        TestPictures.insert(
            PNG, PNG_HEADER, many(100_000, TestPictures.pngChunk("IDAT", new byte[0])));
    assertThat(decoder.decode(pixels, "p.png")).isEqualTo(IMAGE);
  }

  @Test
  void too_many_scattered_pieces_are_refused() {
    byte[] comment = segment(0xFE);
    byte[] jpeg = TestPictures.insert(JPEG, 2, many(70_000, segment(0xC4), comment));
    byte[] empty = TestPictures.pngChunk("IDAT", new byte[0]);
    byte[] png =
        TestPictures.insert(
            PNG, 33, many(70_000, empty, TestPictures.pngChunk("teXt", new byte[0])));
    for (byte[] file : new byte[][] {jpeg, png}) {
      assertThatThrownBy(() -> decoder.decode(file, "p"))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("lies scattered in more than 65536 pieces");
    }
  }

  @Test
  void a_tiff_has_no_more_than_a_million_strips() {
    byte[] file = TestTiff.of(ByteOrder.LITTLE_ENDIAN, 1, 2_000_000, 2, 3, 8).tag(278, 1).bytes();
    assertThatThrownBy(() -> decoder.decode(file, "p.tif"))
        .hasMessageContaining("is a TIFF of 2000000 strips or tiles");
  }

  // ---------------------------------------------------------------- time

  @Test
  void scans_and_chunks_cost_time_however_little_they_hold() {
    byte[] scan = {(byte) 0xFF, (byte) 0xDA, 0, 8, 1, 1, 0, 1, 63, 0};
    byte[] jpeg = TestPictures.insert(JPEG, JPEG.length - 2, many(330_000, scan));
    byte[] empty = TestPictures.pngChunk("IDAT", new byte[0]);
    byte[] png = TestPictures.insert(PNG, PNG_HEADER, many(650_000, empty));
    for (byte[] file : new byte[][] {jpeg, png}) {
      assertThatThrownBy(() -> decoder.decode(file, "p"))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("million steps to decode");
    }
  }

  @Test
  void every_walk_asks_whether_to_go_on() throws IOException {
    byte[] comment = latin("#" + "x".repeat(100_000) + "\n8 8 255\n");
    byte[] block = {0x21, (byte) 0xFE, 1, 0, 0};
    byte[] scan = {(byte) 0xFF, (byte) 0xDA, 0, 8, 1, 1, 0, 0, 63, 0};
    int scans = JPEG.length - 2;
    byte[] exif = TestPictures.pngChunk("eXIf", TestPictures.exif(1, "MM"));
    byte[] gif = TestPictures.encode(IMAGE, "gif");
    Map<String, byte[]> files =
        Map.of(
            "jpeg", TestPictures.insert(JPEG, 2, many(50_000, segment(0xE5))),
            "jpeg of scans", TestPictures.insert(JPEG, scans, many(20_000, scan)),
            "png", TestPictures.insert(PNG, PNG_HEADER, many(20_000, exif)),
            "gif", TestPictures.insert(gif, 13 + 3 * (2 << (gif[10] & 7)), many(30_000, block)),
            "webp", webp(many(50_000, frame(16))),
            "pnm", joined(latin("P6 "), comment, new byte[192]));
    files.forEach(
        (name, file) ->
            assertThat(
                    catchThrowable(
                        () ->
                            Format.read(
                                file,
                                () -> {
                                  throw new CancellationException("asked");
                                })))
                .as(name)
                .isInstanceOf(CancellationException.class));
  }
}
