package dev.thumbnet.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** The median is the middle, or the mean of the two in the middle; the worst is the largest. */
class ScatterTest {
  @Test
  void oddAndEvenNumbers() {
    assertThat(Scatter.of(DoubleStream.of(9, 1, 5))).isEqualTo(new Scatter(5, 9));
    assertThat(Scatter.of(DoubleStream.of(8, 1, 2, 100))).isEqualTo(new Scatter(5, 100));
    assertThat(Scatter.of(DoubleStream.of(3))).isEqualTo(new Scatter(3, 3));
  }

  @Test
  void nothingHasNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> Scatter.of(DoubleStream.empty()));
  }
}
