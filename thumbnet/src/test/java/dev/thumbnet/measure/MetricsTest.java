package dev.thumbnet.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;
import org.junit.jupiter.api.Test;

/** Metrics of a classifier are those counted by hand. */
final class MetricsTest {
  @Test
  void countsByHand() {
    Metrics.Meter meter = new Metrics.Meter(7);
    // Label 2 is first, second, fifth and sixth.
    meter.add(new double[] {0, 0, 9, 0, 0, 0, 0}, new int[] {2});
    meter.add(new double[] {0, 5, 4, 0, 0, 0, 0, 9, 8, 5, 7, 6, 0, 0}, new int[] {2, 2});
    meter.add(new double[] {9, 8, 4, 7, 6, 5, 0}, new int[] {2});
    Metrics metrics = meter.metrics();
    assertThat(metrics.top1()).isEqualTo(25);
    assertThat(metrics.top5()).isEqualTo(75);
    assertThat(metrics.pictures()).isEqualTo(4);
    assertThat(metrics.confusion().count(2, 2)).isEqualTo(1);
    assertThat(metrics.confusion().count(2, 1)).isEqualTo(1);
    assertThat(metrics.confusion().count(2, 0)).isEqualTo(2);
    assertThat(metrics.confusion().recall(2)).isEqualTo(25);
    assertThat(metrics.confusion().recall(3)).isNaN();
  }

  @Test
  void equalLogitsAreNoAnswer() {
    Metrics.Meter meter = new Metrics.Meter(10);
    for (int label = 0; label < 10; label++) {
      meter.add(new double[10], new int[] {label});
    }
    assertThat(meter.metrics().top1()).isEqualTo(10);
    assertThat(meter.metrics().top5()).isEqualTo(50);
    assertThat(meter.metrics().loss()).isCloseTo(Math.log(10), within(1e-12));
  }

  @Test
  void lossIsCrossEntropy() {
    Rng rng = new Rng(5);
    double[] logits = new double[12];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = 300 * rng.nextGaussian();
    }
    int[] labels = {3, 0, 1};
    Metrics.Meter meter = new Metrics.Meter(4);
    meter.add(logits, labels);
    double expected =
        Ops.crossEntropy(Tensor.of(Device.reference(), logits, 3, 4), labels, 0).item();
    assertThat(meter.metrics().loss()).isCloseTo(expected, within(1e-9));
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    Metrics.Meter meter = new Metrics.Meter(2);
    assertThatThrownBy(meter::metrics).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> meter.add(new double[3], new int[2]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> meter.add(new double[] {0, Double.NaN}, new int[1]))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("NaN");
  }
}
