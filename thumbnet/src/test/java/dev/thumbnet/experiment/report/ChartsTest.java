package dev.thumbnet.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.experiment.report.Charts.Ticks;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/**
 * Ticks stand at whole numbers, equally far apart, and what is drawn lies between the outer ones.
 */
final class ChartsTest {
  @Test
  void axesBeginAndEndAtTicks() {
    assertThat(Ticks.of(DoubleStream.of(97.2, 98.5))).isEqualTo(new Ticks(97, 99, 1));
    assertThat(Ticks.of(DoubleStream.of(0, 40))).isEqualTo(new Ticks(0, 40, 5));
    assertThat(Ticks.of(DoubleStream.of(0, 3))).isEqualTo(new Ticks(0, 3, 1));
    assertThat(Ticks.of(DoubleStream.of(-3.4, 1.4))).isEqualTo(new Ticks(-4, 2, 1));
  }

  @Test
  void aSingleValueHasAnAxis() {
    assertThat(Ticks.of(DoubleStream.of(5))).isEqualTo(new Ticks(5, 6, 1));
  }

  @Property(tries = 500)
  void ticksAreFewAndWhole(
      @ForAll @DoubleRange(min = -1000, max = 1000) double a,
      @ForAll @DoubleRange(min = -1000, max = 1000) double b) {
    Ticks ticks = Ticks.of(DoubleStream.of(a, b));
    assertThat(ticks.min()).isLessThanOrEqualTo(Math.min(a, b));
    assertThat(ticks.max()).isGreaterThanOrEqualTo(Math.max(a, b));
    assertThat((ticks.max() - ticks.min()) / ticks.step()).isBetween(1.0, 8.0);
    assertThat(ticks.step()).isGreaterThanOrEqualTo(1);
    assertThat(ticks.min() / ticks.step()).isEqualTo(Math.rint(ticks.min() / ticks.step()));
  }
}
