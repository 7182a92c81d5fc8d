package dev.thumbnet.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** The noise of drawn pictures has the statistics that its drawing relies on. */
class SmoothNoiseTest {
  @Property(tries = 500)
  void the_sine_by_table_is_a_sine(@ForAll @DoubleRange(min = -50, max = 50) double turns) {
    assertThat(SmoothNoise.sine(turns))
        .isCloseTo(StrictMath.sin(2 * Math.PI * turns), within(1e-6));
  }

  @Test
  void grain_has_mean_zero_deviation_one_and_no_neighbourly_likeness() {
    SmoothNoise noise = new SmoothNoise(3);
    int n = 400;
    double sum = 0;
    double squares = 0;
    double across = 0;
    double down = 0;
    for (int y = 0; y < n; y++) {
      for (int x = 0; x < n; x++) {
        double v = noise.grain(x, y);
        sum += v;
        squares += v * v;
        across += v * noise.grain(x + 1, y);
        down += v * noise.grain(x, y + 1);
      }
    }
    assertThat(sum / (n * n)).isCloseTo(0, within(0.01));
    assertThat(squares / (n * n)).isCloseTo(1, within(0.015));
    assertThat(across / (n * n)).isCloseTo(0, within(0.01));
    assertThat(down / (n * n)).isCloseTo(0, within(0.01));
  }

  @Property(tries = 200)
  void fractal_noise_is_continuous_and_within_bounds(
      @ForAll long seed, @ForAll @DoubleRange(min = -20, max = 20) double x) {
    SmoothNoise noise = new SmoothNoise(seed);
    double here = noise.fractal(x, -x / 3, 4);
    assertThat(here).isBetween(0.0, 1.0);
    assertThat(noise.fractal(x + 1e-6, -x / 3, 4)).isCloseTo(here, within(1e-4));
  }
}
