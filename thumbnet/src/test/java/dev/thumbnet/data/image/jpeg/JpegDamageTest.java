package dev.thumbnet.data.image.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ImageException;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that were damaged give a picture or say so, and soon. */
class JpegDamageTest {
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final ImageDecoder images = new ImageDecoder();

  private static PillowJpeg any(Random random) {
    return PillowJpeg.ALL.get(random.nextInt(PillowJpeg.ALL.size()));
  }

  /** Some bytes changed, bits turned, pieces taken out, doubled or filled, or the end cut off. */
  private static byte[] damaged(byte[] file, Random random) {
    byte[] out = file;
    for (int i = random.nextInt(4); i >= 0 && out.length > 8; i--) {
      byte[] before = out;
      int at = 2 + random.nextInt(before.length - 4);
      int end = Math.min(before.length, at + 1 + random.nextInt(20));
      switch (random.nextInt(7)) {
        case 0 -> out = Arrays.copyOf(before, Math.max(8, at));
        case 1 -> {
          out = new byte[before.length - (end - at)];
          System.arraycopy(before, 0, out, 0, at);
          System.arraycopy(before, end, out, at, before.length - end);
        }
        case 2 -> {
          out = new byte[before.length + (end - at)];
          System.arraycopy(before, 0, out, 0, end);
          System.arraycopy(before, at, out, end, before.length - at);
        }
        case 3 -> {
          out = before.clone();
          Arrays.fill(out, at, end, (byte) (random.nextBoolean() ? 0xFF : 0));
        }
        case 4 -> {
          out = before.clone();
          out[at] ^= (byte) (1 << random.nextInt(8));
        }
        case 5 -> {
          // A marker made another, or none.
          out = before.clone();
          int place = marker(out, at);
          out[place + 1] = (byte) (random.nextBoolean() ? 0 : 0xC0 + random.nextInt(64));
        }
        default -> {
          out = before.clone();
          out[at] = (byte) random.nextInt(256);
        }
      }
    }
    return out;
  }

  private static int marker(byte[] file, int from) {
    for (int i = from; i + 1 < file.length; i++) {
      if (file[i] == -1 && file[i + 1] != 0) {
        return i;
      }
    }
    return 0;
  }

  @Property(tries = 4000)
  void they_give_a_picture_or_one_kind_of_exception(@ForAll long seed) {
    Random random = new Random(seed);
    PillowJpeg golden = any(random);
    byte[] file = damaged(golden.file(), random);
    JpegWindow window = golden.whole(1 << random.nextInt(4));
    long begin = System.nanoTime();
    Throwable thrown = catchThrowable(() -> JpegDecoder.decode(file, window, _ -> {}));
    if (thrown instanceof IllegalArgumentException) {
      assertThat(thrown).hasMessageContaining("leaves"); // the file says another size now
    } else if (thrown != null) {
      assertThat(thrown).isInstanceOf(IOException.class);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST);
  }

  @Property(tries = 4000)
  void they_give_a_picture_or_one_line(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] file = damaged(any(random).file(), random);
    long begin = System.nanoTime();
    Throwable thrown = catchThrowable(() -> images.decode(file, "damaged"));
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(ImageException.class);
      assertThat(thrown.getMessage()).startsWith("damaged: ").doesNotContain("\n");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST);
  }

  @Test
  void those_that_end_early_say_so_wherever_they_end() {
    for (PillowJpeg golden : PillowJpeg.ALL) {
      byte[] file = golden.file();
      for (int end = 8; end < file.length; end += 1 + file.length / 100) {
        byte[] shorter = Arrays.copyOf(file, end);
        assertThatThrownBy(() -> JpegDecoder.decode(shorter, golden.whole(1), _ -> {}))
            .as("%s to %d", golden, end)
            .isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> images.decode(shorter, "p"))
            .isInstanceOf(ImageException.class)
            .hasMessage("p: the file ends before the picture does");
      }
    }
  }

  @Test
  void data_that_end_early_are_noticed_although_the_end_is_marked() {
    PillowJpeg golden = PillowJpeg.named("black-white-noise");
    byte[] file = golden.file();
    int data = golden.indexOf(0xDA) + 14;
    for (int end = data; end < file.length - 4; end += 7) {
      byte[] shorter = Arrays.copyOf(file, end + 2);
      shorter[end] = -1;
      shorter[end + 1] = (byte) 0xD9;
      assertThatThrownBy(() -> JpegDecoder.decode(shorter, golden.whole(1), _ -> {}))
          .as("to %d", end)
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void fill_bytes_before_a_marker_are_passed_over_once() {
    // Data that a scan lacks are zeros: here 126 bytes of them for each of 24576 blocks.
    byte[] file = new HandmadeJpeg(65535, 8, 0x0F).scan(3).fill(100_000, 0xFF).end();
    long begin = System.nanoTime();
    JpegWindow whole = JpegWindow.whole(65535, 8, 8);
    assertThatThrownBy(() -> JpegDecoder.decode(file, whole, _ -> {}))
        .isInstanceOf(EOFException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST);
  }

  @ParameterizedTest
  @ValueSource(ints = {0xDD, 0xE5, 0xFE})
  void a_segment_does_not_mark_the_end(int marker) {
    for (PillowJpeg golden : PillowJpeg.ALL) {
      byte[] file = Arrays.copyOf(golden.file(), golden.file().length + 4);
      file[file.length - 5] = (byte) marker;
      file[file.length - 3] = 4; // its length; two bytes of 0 follow
      assertThatThrownBy(() -> images.decode(file, "p"))
          .as("%s", golden)
          .hasMessage("p: the file ends before the picture does");
    }
  }
}
