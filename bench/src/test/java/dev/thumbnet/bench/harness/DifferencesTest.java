package dev.thumbnet.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Differences are relative to the largest element. */
class DifferencesTest {
  private static double relative(float[] expected, float... actual) {
    return Differences.relative(expected, actual);
  }

  @Test
  void overTheLargestElement() {
    float[] expected = {1, -4, 2};
    assertThat(relative(expected, 1, -4, 2)).isZero();
    assertThat(relative(expected, 1, -3.5f, 2.25f)).isEqualTo(0.125);
    assertThat(relative(expected, 1, Float.NaN, 2)).isNaN();
    assertThat(relative(expected, 1, -4)).isInfinite();
  }

  @Test
  void contendersAreComparedWithTheFirst() {
    Fake first = new Fake("first", 1, 2000);
    Fake close = new Fake("close", 1, 2001);
    Fake none = new Fake("none", 1, Float.NaN);
    assertThat(Differences.toFirst(List.of(first, first, close, none)))
        .containsExactly(0, 0, 0.0005, Double.NaN);
  }
}
