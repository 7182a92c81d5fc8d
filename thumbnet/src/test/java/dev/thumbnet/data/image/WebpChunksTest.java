package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** EXIF data and profiles are found among the chunks of a WebP file, damaged ones included. */
class WebpChunksTest {
  private static final byte[] TIFF = {'I', 'I', 42, 0, 8, 0, 0, 0};

  private static byte[] webp(Object... namesAndContents) {
    ByteBuffer out = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    put(out, "RIFF");
    out.putInt(0);
    put(out, "WEBP");
    for (int i = 0; i < namesAndContents.length; i += 2) {
      byte[] content = (byte[]) namesAndContents[i + 1];
      put(out, (String) namesAndContents[i]);
      out.putInt(content.length).put(content);
      if (content.length % 2 == 1) {
        out.put((byte) 0);
      }
    }
    byte[] file = new byte[out.position()];
    return out.putInt(4, file.length - 8).flip().get(file).hasRemaining() ? null : file;
  }

  private static void put(ByteBuffer out, String text) {
    out.put(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void exif_is_found_behind_chunks_of_odd_length_and_with_the_prefix_of_jpeg() {
    byte[] plain = webp("VP8 ", new byte[3], "EXIF", TIFF);
    assertThat(WebpChunks.isWebp(plain)).isTrue();
    assertThat(WebpChunks.exif(plain)).startsWith(TIFF);
    byte[] prefixed =
        ByteBuffer.allocate(14)
            .put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1))
            .put(TIFF)
            .array();
    assertThat(WebpChunks.exif(webp("EXIF", prefixed))).startsWith(TIFF);
    assertThat(WebpChunks.exif(webp("VP8 ", new byte[4]))).isNull();
  }

  @Test
  void the_profile_is_renamed_and_its_flag_cleared_in_a_copy() {
    byte[] header = {0x2C, 0, 0, 0, 9, 0, 0, 9, 0, 0};
    byte[] file = webp("VP8X", header, "ICCP", new byte[5], "VP8 ", new byte[4]);
    byte[] before = file.clone();
    byte[] out = WebpChunks.withoutProfile(file);
    header[0] = 0x0C;
    assertThat(out).isEqualTo(webp("VP8X", header, "XXXX", new byte[5], "VP8 ", new byte[4]));
    assertThat(file).isEqualTo(before);
    assertThat(WebpChunks.withoutProfile(out)).isSameAs(out);
  }

  @Property(tries = 300)
  void damaged_files_are_survived(@ForAll byte[] content) {
    byte[] file = webp("VP8X", new byte[0]);
    byte[] damaged =
        ByteBuffer.allocate(file.length + content.length).put(file).put(content).array();
    assertThat(catchThrowable(() -> WebpChunks.exif(damaged))).isNull();
    assertThat(catchThrowable(() -> WebpChunks.withoutProfile(damaged))).isNull();
    assertThat(ExifOrientation.of(damaged)).isBetween(1, 8);
  }
}
