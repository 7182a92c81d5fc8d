package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thumbnet.testing.TestPictures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lossless WebP files that libwebp wrote come back bit for bit, and damaged ones end soon. */
class LosslessWebpTest {
  private static final List<String> FILES = lines();

  private final ImageDecoder decoder = new ImageDecoder();

  /** Made by pillow_webp.py. */
  private static List<String> lines() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    LosslessWebpTest.class.getResourceAsStream("pillow_webp.txt")),
                StandardCharsets.US_ASCII))) {
      return in.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> files() {
    return FILES;
  }

  private static byte[] file(String line) {
    return Base64.getDecoder().decode(line.split(" ")[3]);
  }

  private static RgbImage picture(String kind, int w, int h) {
    if (!kind.equals("mixed")) {
      return TestPictures.of(kind, w, h);
    }
    byte[] out = TestPictures.of("gradient", w, h).data().clone();
    copy(TestPictures.noise(w / 2, h / 2), out, w, 0, 0);
    copy(TestPictures.of("edges", w / 2, h / 2), out, w, w / 2, h / 2);
    return new RgbImage(w, h, out);
  }

  private static void copy(RgbImage part, byte[] out, int w, int left, int top) {
    int row = 3 * part.width();
    for (int y = 0; y < part.height(); y++) {
      System.arraycopy(part.data(), y * row, out, 3 * ((top + y) * w + left), row);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void they_come_back(String line) {
    String[] f = line.split(" ");
    assertThat(decoder.decode(file(line), "p.webp"))
        .isEqualTo(picture(f[0], Integer.parseInt(f[1]), Integer.parseInt(f[2])));
  }

  @Property(tries = 500)
  void damaged_ones_give_a_picture_or_one_line(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] file = file(FILES.get(random.nextInt(FILES.size())));
    for (int i = random.nextInt(6); i >= 0; i--) {
      file[20 + random.nextInt(file.length - 20)] = (byte) random.nextInt(256);
    }
    Throwable thrown = catchThrowable(() -> decoder.decode(file, "damaged"));
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(ImageException.class);
      assertThat(thrown.getMessage()).startsWith("damaged: ").doesNotContain("\n");
    }
  }

  @Test
  void those_that_end_early_say_so() {
    byte[] file = file(FILES.get(FILES.size() - 1));
    for (int cut = 1; cut < 60; cut++) {
      byte[] shorter = Arrays.copyOf(file, file.length - cut);
      assertThatThrownBy(() -> decoder.decode(shorter, "p"))
          .hasMessage("p: the file ends before the picture does");
      // The container says that all is there.
      int length = shorter.length - 20 & ~1;
      byte[] sound = Arrays.copyOf(shorter, 20 + length);
      sound[16] = (byte) length;
      sound[17] = (byte) (length >> 8);
      if (cut > 2) {
        assertThatThrownBy(() -> decoder.decode(sound, "p"))
            .hasMessage("p: the file ends before the picture does");
      }
    }
  }
}
