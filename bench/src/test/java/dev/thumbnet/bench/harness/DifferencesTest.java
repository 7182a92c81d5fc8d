package dev.thumbnet.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Differences are relative to the largest element, and one that is too large stops everything. */
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
    assertThat(Differences.check("a case", List.of(first, first, close)))
        .containsExactly(0, 0, 0.0005);
    assertThatIllegalStateException()
        .isThrownBy(() -> Differences.check("a case", List.of(first, new Fake("far", 1, 2003))))
        .withMessageStartingWith("a case: far differs from first by 0.0015 ");
    assertThatIllegalStateException()
        .isThrownBy(
            () -> Differences.check("a case", List.of(first, new Fake("no", 1, Float.NaN))));
  }
}
