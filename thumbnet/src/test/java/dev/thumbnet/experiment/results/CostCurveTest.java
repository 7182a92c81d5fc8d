package dev.thumbnet.experiment.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.experiment.results.Row.Cost;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.method.OperatingPoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A curve has what is more accurate than all that is cheaper, and logarithms between. */
final class CostCurveTest {
  private static final Row CHEAP = row("cheap", 100, 40);
  private static final Row WORSE = row("worse", 200, 35);
  private static final Row MIDDLE = row("middle", 400, 50);
  private static final Row TWIN = row("twin", 400, 45);
  private static final Row GOOD = row("good", 1600, 60);
  private static final Row WIDE = row("wide", 3200, 60);

  private static final CostCurve CURVE =
      CostCurve.of(List.of(WIDE, MIDDLE, TWIN, GOOD, WORSE, CHEAP), Row::macs);

  private static Row row(String key, long macs, double accuracy) {
    Run run =
        new Run(
            1,
            accuracy,
            accuracy,
            accuracy,
            100,
            Optional.empty(),
            1,
            new Cost(macs, 0, 1, 0),
            Optional.empty(),
            "model",
            Optional.empty(),
            Map.of(),
            Map.of(),
            List.of());
    OperatingPoint point = new OperatingPoint(key, key, 8, Map.of());
    return new Row("set", "method", "Method", point, true, List.of(run));
  }

  @Test
  void whatACheaperRowMatchesIsNotOnIt() {
    assertThat(CURVE.rows()).containsExactly(CHEAP, MIDDLE, GOOD);
  }

  @Test
  void betweenRowsTheLogarithmOfTheCostCounts() {
    assertThat(CURVE.accuracyAt(100)).hasValue(40);
    assertThat(CURVE.accuracyAt(200).orElseThrow()).isCloseTo(45, within(1e-12));
    assertThat(CURVE.accuracyAt(400)).hasValue(50);
    assertThat(CURVE.accuracyAt(800).orElseThrow()).isCloseTo(55, within(1e-12));
  }

  @Test
  void itBeginsAtTheCheapestAndIsLevelBehindTheLast() {
    assertThat(CURVE.accuracyAt(99)).isEmpty();
    assertThat(CURVE.accuracyAt(1600)).hasValue(60);
    assertThat(CURVE.accuracyAt(1e6)).hasValue(60);
    assertThat(CURVE.endsBefore(3200)).isFalse();
    assertThat(CURVE.endsBefore(3201)).isTrue();
  }

  @Test
  void theNearestIsThatOfTheNearestRatio() {
    assertThat(CURVE.nearest(1)).isEqualTo(CHEAP);
    assertThat(CURVE.nearest(199)).isEqualTo(CHEAP);
    assertThat(CURVE.nearest(201)).isEqualTo(MIDDLE);
    assertThat(CURVE.nearest(1e6)).isEqualTo(GOOD);
  }

  @Test
  void ofNothingThereIsNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> CostCurve.of(List.of(), Row::macs));
  }
}
