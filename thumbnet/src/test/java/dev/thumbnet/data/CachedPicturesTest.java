package dev.thumbnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.transform.Resize;
import dev.thumbnet.testing.TestPictures;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A cache gives the pictures of its source and keeps within its limit. */
class CachedPicturesTest {
  private final AtomicInteger decoded = new AtomicInteger();
  private final DataSet source =
      new TestPictures.FunctionSet(
          6,
          List.of("a", "b"),
          i -> {
            decoded.incrementAndGet();
            return TestPictures.noise(10, 4 + i);
          });

  private static void readTwice(DataSet set) {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < set.size(); i++) {
        assertThat(set.get(i)).isEqualTo(TestPictures.noise(10, 4 + i));
      }
    }
  }

  @Test
  void each_picture_is_decoded_once_if_there_is_room() {
    readTwice(new CachedPictures(source, 1 << 20));
    assertThat(decoded).hasValue(6);
  }

  @Test
  void what_does_not_fit_is_decoded_again() {
    // Pictures take 120, 150, 180, ... bytes: the first two fit.
    readTwice(new CachedPictures(source, 280));
    assertThat(decoded).hasValue(6 + 4);
  }

  @Test
  void without_room_nothing_is_kept() {
    readTwice(new CachedPictures(source, 0));
    assertThat(decoded).hasValue(12);
  }

  @Test
  void large_pictures_are_shrunk_whether_kept_or_not() {
    DataSet kept = new CachedPictures(source, 6, 1 << 20);
    DataSet fetched = new CachedPictures(source, 6, 0);
    for (int i = 0; i < 6; i++) {
      RgbImage image = TestPictures.noise(10, 4 + i);
      RgbImage expected = 4 + i > 6 ? new Resize(6).resize(image) : image;
      assertThat(kept.get(i)).isEqualTo(expected);
      assertThat(fetched.get(i)).isEqualTo(expected);
    }
  }

  @Test
  void several_threads_never_exceed_the_limit() {
    DataSet set = new CachedPictures(source, 280);
    IntStream.range(0, 600).parallel().forEach(i -> set.get(i % 6));
    decoded.set(0);
    IntStream.range(0, 6).forEach(set::get);
    // Which ones are kept depends on the race, but 280 bytes hold one or two of them.
    assertThat(decoded.get()).isBetween(4, 5);
  }

  @Test
  void the_rest_is_that_of_the_source() {
    DataSet set = new CachedPictures(source, 0);
    assertThat(set.size()).isEqualTo(6);
    assertThat(set.classes()).containsExactly("a", "b");
    assertThat(set.label(3)).isEqualTo(1);
    assertThat(set.name(3)).isEqualTo("picture-3");
    assertThatThrownBy(() -> new CachedPictures(source, -1)).hasMessageContaining("-1");
  }
}
