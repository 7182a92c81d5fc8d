package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.testing.TestPictures;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Resampling gives the bits of Pillow. */
class ResamplerTest {
  @Provide
  Arbitrary<RgbImage> pictures() {
    return TestPictures.arbitrary();
  }

  static List<String> resizesByPillow() {
    return PillowGolden.lines("resize");
  }

  @ParameterizedTest
  @MethodSource("resizesByPillow")
  void is_bit_for_bit_what_pillow_computes(String line) {
    String[] f = line.split(" ");
    RgbImage image = TestPictures.of(f[1], Integer.parseInt(f[2]), Integer.parseInt(f[3]));
    Resampler.Box box =
        new Resampler.Box(
            Float.parseFloat(f[5]),
            Float.parseFloat(f[6]),
            Float.parseFloat(f[7]),
            Float.parseFloat(f[8]));
    int width = Integer.parseInt(f[9]);
    int height = Integer.parseInt(f[10]);
    RgbImage out = Resampler.resize(image, box, width, height, ResampleFilter.valueOf(f[4]));
    assertThat(out.width()).isEqualTo(width);
    assertThat(out.height()).isEqualTo(height);
    assertThat(HexFormat.of().formatHex(out.data())).isEqualTo(f[11]);
  }

  @Test
  void knows_the_published_taps_of_bicubic_thumbnails() {
    PillowTaps half = new PillowTaps(64, 0, 64, 32, ResampleFilter.BICUBIC, 0, 32);
    assertThat(half.first(10)).isEqualTo(17);
    assertThat(weights(half, 10))
        .containsExactly(
            new double[] {
              -.01171875,
              -.03515625,
              .11328125,
              .43359375,
              .43359375,
              .11328125,
              -.03515625,
              -.01171875
            },
            within(1e-12));
    PillowTaps quarter = new PillowTaps(64, 0, 64, 16, ResampleFilter.BICUBIC, 0, 16);
    assertThat(quarter.count(8)).isEqualTo(16);
    double[] left = {
      -.00170898, -.01098633, -.01831055, -.01196289, .02270508, .09741211, .18188477, .24096680
    };
    for (int k = 0; k < 8; k++) {
      assertThat(quarter.weight(8, k)).isCloseTo(left[k], within(5e-9));
      assertThat(quarter.weight(8, 15 - k)).isCloseTo(left[k], within(5e-9));
    }
  }

  private static double[] weights(PillowTaps taps, int i) {
    double[] w = new double[taps.count(i)];
    for (int k = 0; k < w.length; k++) {
      w[k] = taps.weight(i, k);
    }
    return w;
  }

  @Property(tries = 200)
  void weights_of_each_output_sum_to_one_and_stay_inside(
      @ForAll @IntRange(min = 1, max = 300) int in,
      @ForAll @IntRange(min = 1, max = 300) int out,
      @ForAll ResampleFilter filter) {
    PillowTaps taps = new PillowTaps(in, 0, in, out, filter, 0, out);
    assertThat(taps.outSize()).isEqualTo(out);
    for (int i = 0; i < out; i++) {
      assertThat(taps.first(i)).isNotNegative();
      assertThat(taps.first(i) + taps.count(i)).isLessThanOrEqualTo(in);
      double sum = 0;
      for (int k = 0; k < taps.count(i); k++) {
        sum += taps.weight(i, k);
      }
      assertThat(sum).isCloseTo(1, within(1e-12));
    }
  }

  @Property(tries = 100)
  void a_picture_of_one_colour_stays_so(
      @ForAll @IntRange(min = 1, max = 50) int w,
      @ForAll @IntRange(min = 1, max = 50) int h,
      @ForAll @IntRange(max = 0xFFFFFF) int rgb,
      @ForAll ResampleFilter filter) {
    byte[] data = new byte[3 * 37 * 23];
    for (int i = 0; i < data.length; i += 3) {
      data[i] = (byte) (rgb >> 16);
      data[i + 1] = (byte) (rgb >> 8);
      data[i + 2] = (byte) rgb;
    }
    RgbImage out = Resampler.resize(new RgbImage(37, 23, data), w, h, filter);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        assertThat(out.rgb(x, y)).isEqualTo(rgb);
      }
    }
  }

  @Property(tries = 100)
  void agrees_with_the_engine_where_nothing_is_clamped(
      @ForAll("pictures") RgbImage image,
      @ForAll @IntRange(min = 1, max = 60) int w,
      @ForAll @IntRange(min = 1, max = 60) int h) {
    RgbImage bytes = Resampler.resize(image, w, h, ResampleFilter.BILINEAR);
    double[] in = new double[image.data().length];
    for (int i = 0; i < in.length; i++) {
      in[i] = image.data()[i] & 0xFF;
    }
    Tensor x = Tensor.of(Device.reference(), in, 1, image.height(), image.width(), 3);
    double[] out = Ops.resize(x, h, w, Filter.BILINEAR_ANTIALIAS).toDoubleArray();
    for (int i = 0; i < out.length; i++) {
      // Two passes that round, each by half a level.
      assertThat(out[i]).isCloseTo(bytes.data()[i] & 0xFF, within(1.01));
    }
  }

  @Property(tries = 200)
  void a_part_is_a_part_of_the_whole(
      @ForAll @IntRange(min = 1, max = 150) int width,
      @ForAll @IntRange(min = 1, max = 90) int height,
      @ForAll ResampleFilter filter,
      @ForAll Random random) {
    RgbImage image = TestPictures.noise(90, 140);
    int left = random.nextInt(width);
    int top = random.nextInt(height);
    int w = 1 + random.nextInt(width - left);
    int h = 1 + random.nextInt(height - top);
    assertThat(Resampler.resizePart(image, width, height, filter, left, top, w, h))
        .isEqualTo(Resampler.resize(image, width, height, filter).crop(left, top, w, h));
  }

  @Test
  void a_part_must_lie_inside() {
    RgbImage image = TestPictures.noise(8, 9);
    assertThatThrownBy(() -> Resampler.resizePart(image, 5, 6, ResampleFilter.BILINEAR, 2, 3, 4, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4x3 pixels at (2, 3) leave 5x6");
  }

  @Test
  void the_same_size_is_the_same_picture() {
    RgbImage image = TestPictures.noise(8, 9);
    assertThat(Resampler.resize(image, 8, 9, ResampleFilter.BICUBIC)).isSameAs(image);
  }

  @Test
  void nonsense_is_refused_with_the_numbers() {
    RgbImage image = TestPictures.noise(8, 9);
    assertThatThrownBy(() -> Resampler.resize(image, 0, 5, ResampleFilter.BICUBIC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8 samples to 0");
    assertThatThrownBy(() -> new Resampler.Box(3, 0, 3, 5)).hasMessageContaining("right 3.0");
    assertThatThrownBy(() -> new Resampler.Box(Float.NaN, 0, 3, 5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                Resampler.resize(
                    image, new Resampler.Box(0, 0, 8.5f, 9), 2, 2, ResampleFilter.BICUBIC))
        .hasMessageContaining("8.5")
        .hasMessageContaining("8x9");
    assertThatThrownBy(() -> Resampler.resize(image, 100_000, 100_000, ResampleFilter.BICUBIC))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
