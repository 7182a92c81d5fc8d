package dev.thumbnet.data.image.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures have the bits that Pillow gives them, whole, reduced and in parts. */
class JpegDecoderTest {
  static List<PillowJpeg> goldens() {
    return PillowJpeg.ALL;
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void they_have_the_bits_of_pillow(PillowJpeg golden) throws IOException {
    for (int i = 0; i < 4; i++) {
      assertThat(PillowJpeg.crc(golden.decode(1 << i)))
          .as("1/%d", 1 << i)
          .isEqualTo(golden.crcs().get(i));
    }
  }

  @Test
  void all_kinds_are_there() {
    String names = goldens().stream().map(PillowJpeg::name).collect(Collectors.joining("\n"));
    assertThat(names)
        .contains(
            "gray",
            "cmyk",
            "ycck",
            "rgb",
            "other-hint",
            "scan-for-each",
            "no-scan-of-red",
            "successive",
            "spectral")
        .contains("progressive", "restart", "2x2,1x1,1x1", "1x2,1x1,1x1", "quality-100", "1x1-")
        .contains("dc-alone", "dc-coarse", "ac-coarse");
  }

  @Property(tries = 1000)
  void a_rectangle_has_the_bits_of_the_whole(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    PillowJpeg golden = goldens().get(random.nextInt(goldens().size()));
    JpegWindow whole = golden.whole(1 << random.nextInt(4));
    int left = random.nextInt(whole.width());
    int top = random.nextInt(whole.height());
    int width = 1 + random.nextInt(whole.width() - left);
    int height = 1 + random.nextInt(whole.height() - top);
    byte[] pixels = golden.decode(whole.scale());
    byte[] expected = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      int from = 3 * ((top + y) * whole.width() + left);
      System.arraycopy(pixels, from, expected, 3 * y * width, 3 * width);
    }
    JpegWindow window = new JpegWindow(whole.scale(), left, top, width, height);
    assertThat(JpegDecoder.decode(golden.file(), window, _ -> {})).isEqualTo(expected);
  }

  @Test
  void nothing_is_read_below_a_rectangle() throws IOException {
    PillowJpeg golden = PillowJpeg.named("one-colour");
    byte[] half = Arrays.copyOf(golden.file(), golden.file().length - 4);
    JpegWindow top = new JpegWindow(1, 0, 0, 40, 8);
    assertThat(JpegDecoder.decode(half, top, _ -> {}))
        .isEqualTo(JpegDecoder.decode(golden.file(), top, _ -> {}));
    assertThatThrownBy(() -> JpegDecoder.decode(half, golden.whole(1), _ -> {}))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void windows_must_lie_in_the_picture() {
    PillowJpeg golden = PillowJpeg.named("gray");
    JpegWindow wide = JpegWindow.whole(golden.width() + 1, golden.height(), 1);
    assertThatThrownBy(() -> JpegDecoder.decode(golden.file(), wide, _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leaves");
    for (JpegWindow far :
        List.of(
            new JpegWindow(1, Integer.MAX_VALUE, 0, 8, 8),
            new JpegWindow(1, 0, Integer.MAX_VALUE, 8, 8))) {
      assertThatThrownBy(() -> JpegDecoder.decode(golden.file(), far, _ -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("leaves");
    }
    assertThatThrownBy(() -> JpegWindow.whole(65535, 65535, 1)).hasMessageContaining("an array");
    assertThatThrownBy(() -> new JpegWindow(3, 0, 0, 1, 1)).hasMessageContaining("got 3");
    assertThatThrownBy(() -> new JpegWindow(1, 0, 0, 0, 1)).hasMessageContaining("0x1");
    assertThatThrownBy(() -> new JpegWindow(1, -1, 0, 1, 1)).hasMessageContaining("-1");
  }

  @Test
  void what_must_be_kept_must_fit_an_array() {
    byte[] file = new HandmadeJpeg(65535, 65535, 0).scan(1).end();
    JpegWindow corner = new JpegWindow(8, 0, 0, 1, 1);
    assertThatThrownBy(() -> JpegDecoder.decode(file, corner, _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessage("4294967296 coefficients to keep, more than an array holds");
  }

  @Test
  void what_the_watch_throws_ends_decoding() {
    for (PillowJpeg golden : goldens()) {
      assertThatThrownBy(
              () ->
                  JpegDecoder.decode(
                      golden.file(),
                      golden.whole(1),
                      _ -> {
                        throw new CancellationException("enough");
                      }))
          .isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void the_watch_is_asked_for_each_segment() throws IOException {
    int before = asked(new HandmadeJpeg(8, 8, 0).scan(3).fill(1, 0).end());
    HandmadeJpeg more = new HandmadeJpeg(8, 8, 0);
    for (int i = 0; i < 1000; i++) {
      more.segment(0xDD, 0, 0);
    }
    assertThat(asked(more.scan(3).fill(1, 0).end())).isEqualTo(before + 1000);
  }

  private static int asked(byte[] file) throws IOException {
    AtomicInteger times = new AtomicInteger();
    JpegDecoder.decode(file, JpegWindow.whole(8, 8, 1), _ -> times.incrementAndGet());
    return times.get();
  }

  @Test
  void fill_bytes_are_passed_over_within_data_and_before_markers() throws IOException {
    PillowJpeg golden = PillowJpeg.named("gray-2x1-restart");
    byte[] file = golden.file();
    ByteArrayOutputStream filled = new ByteArrayOutputStream();
    int data = golden.indexOf(0xDA);
    filled.write(file, 0, data);
    for (int i = data; i < file.length; i++) {
      if (file[i] == -1) {
        filled.write(0xFF);
        filled.write(0xFF);
      }
      filled.write(file[i]);
    }
    assertThat(JpegDecoder.decode(filled.toByteArray(), golden.whole(1), _ -> {}))
        .isEqualTo(golden.decode(1));
  }

  @Test
  void restarts_must_stand_where_they_belong() {
    PillowJpeg golden = PillowJpeg.named("gray-2x1-restart");
    byte[] file = golden.file();
    int first = golden.indexOf(0xDA);
    while (file[first] != -1 || (file[first + 1] & 0xF8) != 0xD0) {
      first++;
    }
    byte[] other = file.clone();
    other[first + 1]++;
    assertDamaged(other, golden, "restart marker 0 is not where it must be");
    byte[] more = new byte[file.length + 2];
    System.arraycopy(file, 0, more, 0, first);
    System.arraycopy(file, first, more, first + 2, file.length - first);
    assertDamaged(more, golden, "restart marker 0 is not where it must be");
  }

  private static void assertDamaged(byte[] file, PillowJpeg golden, String how) {
    assertThatThrownBy(() -> JpegDecoder.decode(file, golden.whole(1), _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(how);
  }

  @Test
  void what_a_scan_needs_must_be_there() {
    PillowJpeg golden = PillowJpeg.named("gray");
    assertDamaged(without(golden, 0xDB), golden, "before its quantisation table");
    assertDamaged(without(golden, 0xC4), golden, "before its Huffman table");
    assertDamaged(without(golden, 0xC0), golden, "no frame header");
  }

  /** The file without the first segment of a kind. */
  private static byte[] without(PillowJpeg golden, int marker) {
    byte[] file = golden.file();
    int at = golden.indexOf(marker);
    int end = at + 2 + ((file[at + 2] & 0xFF) << 8 | file[at + 3] & 0xFF);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, at);
    out.write(file, end, file.length - end);
    return out.toByteArray();
  }
}
