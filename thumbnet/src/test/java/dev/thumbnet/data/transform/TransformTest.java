package dev.thumbnet.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.data.image.PillowGolden;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.testing.TestPictures;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Transforms compute what torchvision's do, and draw at random only from what they are given. */
class TransformTest {
  @Provide
  Arbitrary<RgbImage> pictures() {
    return TestPictures.arbitrary();
  }

  static List<String> coloursByPillow() {
    return List.of("brightness", "contrast", "saturation").stream()
        .flatMap(operation -> PillowGolden.lines(operation).stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("coloursByPillow")
  void colours_change_bit_for_bit_as_in_pillow(String line) {
    String[] f = line.split(" ");
    RgbImage image = TestPictures.of(f[1], Integer.parseInt(f[2]), Integer.parseInt(f[3]));
    float factor = Float.parseFloat(f[4]);
    RgbImage out =
        switch (f[0]) {
          case "brightness" -> ColorJitter.brightness(image, factor);
          case "contrast" -> ColorJitter.contrast(image, factor);
          default -> ColorJitter.saturation(image, factor);
        };
    assertThat(HexFormat.of().formatHex(out.data())).isEqualTo(f[5]);
  }

  @Property(tries = 100)
  void jitter_of_strength_zero_changes_nothing(@ForAll("pictures") RgbImage image) {
    assertThat(new ColorJitter(0, 0, 0).apply(image, new Rng(1))).isEqualTo(image);
  }

  @Property(tries = 300)
  void random_parts_lie_inside_and_have_the_wanted_area_and_ratio(
      @ForAll @IntRange(min = 20, max = 500) int w,
      @ForAll @IntRange(min = 20, max = 500) int h,
      @ForAll long seed) {
    RandomResizedCrop crop = new RandomResizedCrop(32, 0.35);
    RandomResizedCrop.Part part = crop.choose(w, h, new Rng(seed));
    assertThat(part.x()).isNotNegative();
    assertThat(part.y()).isNotNegative();
    assertThat(part.x() + part.width()).isLessThanOrEqualTo(w);
    assertThat(part.y() + part.height()).isLessThanOrEqualTo(h);
    // Sides are rounded to whole pixels, which matters for small pictures.
    double ratio = (double) part.width() / part.height();
    assertThat(ratio).isBetween(0.75 * 0.94, 4 / 3.0 * 1.06);
    double fraction = (double) part.width() * part.height() / (w * h);
    double possible = Math.min(1, Math.min(w / (0.75 * h), 4.0 * h / (3 * w)));
    assertThat(fraction).isBetween(Math.min(0.35, possible) * 0.9, 1.0);
  }

  @ParameterizedTest
  @CsvSource({
    "50, 30, 20, 16",
    "30, 50, 20, 20",
    "40, 40, 24, 21",
    "33, 20, 16, 24",
    "20, 9, 9, 9"
  })
  void crops_while_it_resizes(int w, int h, int shortSide, int size) {
    RgbImage image = TestPictures.noise(w, h);
    Resize resize = new Resize(shortSide);
    assertThat(resize.resizeAndCrop(image, size))
        .isEqualTo(new CenterCrop(size).crop(resize.resize(image)));
  }

  @Test
  void random_parts_are_spread_over_area_ratio_and_place() {
    RandomResizedCrop crop = new RandomResizedCrop(8, 0.25);
    Rng rng = new Rng(5);
    double area = 0;
    double logRatio = 0;
    double centerX = 0;
    int n = 4000;
    for (int i = 0; i < n; i++) {
      RandomResizedCrop.Part part = crop.choose(1000, 1000, rng);
      area += part.width() * part.height() / 1e6 / n;
      logRatio += Math.log((double) part.width() / part.height()) / n;
      centerX += (part.x() + part.width() / 2.0) / 1000 / n;
    }
    // The largest areas fit at few ratios only, so the mean is a little below (0.25 + 1) / 2.
    assertThat(area).isBetween(0.55, 0.625);
    assertThat(logRatio).isCloseTo(0, within(0.01));
    assertThat(centerX).isCloseTo(0.5, within(0.01));
  }

  @ParameterizedTest
  @CsvSource({
    // A ratio of 4/3 at most: 1000x20 allows 27x20 pixels.
    "1000, 20, 486, 0, 27, 20",
    "20, 1000, 0, 486, 20, 27",
  })
  void where_nothing_fits_the_centre_is_taken(int w, int h, int x, int y, int pw, int ph) {
    RandomResizedCrop crop = new RandomResizedCrop(8, 0.9);
    assertThat(crop.choose(w, h, new Rng(3))).isEqualTo(new RandomResizedCrop.Part(x, y, pw, ph));
  }

  @Property(tries = 50)
  void everything_random_comes_from_the_given_source(
      @ForAll("pictures") RgbImage image, @ForAll long seed) {
    Transform transform =
        Transform.compose(
            new RandomResizedCrop(16, 0.3),
            new RandomHorizontalFlip(),
            new ColorJitter(0.4, 0.4, 0.4),
            new RandomCrop(16, 2));
    RgbImage first = transform.apply(image, new Rng(seed));
    assertThat(first.width()).isEqualTo(16);
    assertThat(first.height()).isEqualTo(16);
    assertThat(transform.apply(image, new Rng(seed))).isEqualTo(first);
  }

  @Test
  void flips_as_often_as_asked() {
    RgbImage image = TestPictures.noise(5, 5);
    Rng rng = new Rng(9);
    int flips = 0;
    for (int i = 0; i < 1000; i++) {
      flips += new RandomHorizontalFlip(0.3).apply(image, rng).equals(image) ? 0 : 1;
    }
    assertThat(flips).isBetween(250, 350);
    assertThat(new RandomHorizontalFlip(0).apply(image, rng)).isSameAs(image);
    assertThat(new RandomHorizontalFlip(1).apply(image, rng)).isEqualTo(image.flipHorizontal());
  }

  @ParameterizedTest
  @CsvSource({
    "300, 200, 96, 144, 96",
    "200, 300, 96, 96, 144",
    "301, 200, 96, 144, 96",
    "50, 50, 96, 96, 96",
    "100, 80, 80, 100, 80"
  })
  void resizes_the_short_side_and_rounds_the_long_one_down(
      int w, int h, int shortSide, int outWidth, int outHeight) {
    RgbImage out = new Resize(shortSide).resize(TestPictures.noise(w, h));
    assertThat(out.width()).isEqualTo(outWidth);
    assertThat(out.height()).isEqualTo(outHeight);
  }

  @Test
  void refuses_to_blow_up_a_line_of_pixels() {
    assertThatThrownBy(() -> new Resize(256).resize(TestPictures.noise(30_000, 2)))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("30000x2")
        .hasMessageContaining("256");
  }

  @ParameterizedTest
  @CsvSource({"9, 9, 4, 2, 2", "8, 9, 4, 2, 2", "7, 11, 4, 2, 4", "4, 4, 4, 0, 0"})
  void crops_the_centre_and_rounds_halves_to_even(int w, int h, int size, int x, int y) {
    RgbImage image = TestPictures.noise(w, h);
    assertThat(new CenterCrop(size).crop(image)).isEqualTo(image.crop(x, y, size, size));
  }

  @Test
  void frames_what_is_smaller_than_the_crop_in_black() {
    RgbImage image = TestPictures.noise(3, 6);
    RgbImage out = new CenterCrop(6).crop(image);
    assertThat(out.crop(1, 0, 3, 6)).isEqualTo(image);
    assertThat(out.rgb(0, 3)).isZero();
    assertThat(out.rgb(4, 3)).isZero();
  }

  @Test
  void random_crops_reach_every_shift_within_the_frame() {
    RgbImage image = TestPictures.noise(6, 6);
    Rng rng = new Rng(2);
    boolean[] seen = new boolean[9];
    for (int i = 0; i < 500; i++) {
      RgbImage out = new RandomCrop(6, 1).apply(image, rng);
      int matches = 0;
      for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
          if (out.equals(CenterCrop.cut(image, dx, dy, 6))) {
            seen[(dy + 1) * 3 + dx + 1] = true;
            matches++;
          }
        }
      }
      assertThat(matches).isEqualTo(1);
    }
    assertThat(seen).containsOnly(true);
  }

  @Test
  void a_frame_wider_than_the_picture_is_black() {
    RgbImage image = TestPictures.noise(2, 2);
    assertThat(CenterCrop.cut(image, 5, 0, 3).data()).containsOnly(0);
    assertThat(CenterCrop.cut(image, -5, -5, 3).data()).containsOnly(0);
  }

  @Test
  void a_crop_larger_than_picture_and_frame_is_refused() {
    assertThatThrownBy(() -> new RandomCrop(9, 1).apply(TestPictures.noise(6, 6), new Rng(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("9")
        .hasMessageContaining("6x6");
  }

  @Test
  void normalises_as_torchvision_does() {
    RgbImage image = new RgbImage(2, 1, new byte[] {0, (byte) 128, (byte) 255, 10, 20, 30});
    float[] out = Normalize.imageNet().apply(image);
    // (v / 255 - mean) / std in 32-bit floats of numpy 2.4
    assertThat(out)
        .containsExactly(
            new float[] {-2.1179039f, 0.20518212f, 2.64f, -1.9466565f, -1.6855742f, -1.2815686f},
            within(1e-6f));
  }

  @Property(tries = 50)
  void normalising_can_be_undone(@ForAll("pictures") RgbImage image) {
    Normalize normalize = Normalize.imageNet();
    float[] out = new float[image.data().length + 5];
    normalize.apply(image, out, 5);
    assertThat(normalize.toImage(out, 5, image.width(), image.height())).isEqualTo(image);
  }

  @Test
  void the_way_back_clamps() {
    Normalize plain = new Normalize(new float[3], new float[] {1, 1, 1});
    assertThat(plain.toImage(new float[] {-0.5f, 2f, 0.5f}, 0, 1, 1).rgb(0, 0)).isEqualTo(0x00FF80);
  }

  @Test
  void bad_settings_are_refused() {
    assertThatThrownBy(() -> new RandomResizedCrop(0, 0.5)).hasMessageContaining("size 0");
    assertThatThrownBy(() -> new RandomResizedCrop(8, 0)).hasMessageContaining("scale 0.0");
    assertThatThrownBy(() -> new RandomResizedCrop(8, 1.5)).hasMessageContaining("scale 1.5 to 1");
    assertThatThrownBy(() -> new RandomHorizontalFlip(1.5)).hasMessageContaining("1.5");
    assertThatThrownBy(() -> new ColorJitter(-1, 0, 0)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new Normalize(new float[3], new float[3]))
        .hasMessageContaining("above 0");
    assertThatThrownBy(() -> new Resize(0)).hasMessageContaining("0");
    assertThatThrownBy(() -> new CenterCrop(0)).hasMessageContaining("0");
    assertThatThrownBy(() -> new RandomCrop(4, -1)).hasMessageContaining("-1");
  }
}
