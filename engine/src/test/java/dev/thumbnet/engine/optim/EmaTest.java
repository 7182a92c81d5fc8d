package dev.thumbnet.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Init;
import org.junit.jupiter.api.Test;

/** The moving average of weights, with a layer that has both parameters and buffers. */
final class EmaTest {
  private static BatchNorm2d layer() {
    return new BatchNorm2d(Device.reference(), 1);
  }

  private static void set(BatchNorm2d layer, double value) {
    Init.constant(layer.weight().tensor(), value);
    Init.constant(layer.runningMean(), 10 * value);
  }

  @Test
  void averagesParametersAndBuffersWithAWarmUp() {
    BatchNorm2d layer = layer();
    set(layer, 0);
    Ema ema = new Ema(layer, 0.25);
    set(layer, 1);
    ema.update(); // d = 2/11
    double first = 9.0 / 11;
    assertThat(ema.state().tensors().get("weight").item()).isCloseTo(first, within(1e-12));
    set(layer, 2);
    ema.update(); // d = min(0.25, 3/12)
    ema.update(); // d = 0.25 from here on
    double third = 0.25 * (0.25 * first + 0.75 * 2) + 0.75 * 2;
    assertThat(ema.state().tensors().get("weight").item()).isCloseTo(third, within(1e-12));
    assertThat(ema.state().tensors().get("running_mean").item())
        .isCloseTo(10 * third, within(1e-11));
    assertThat(layer.weight().tensor().item()).isEqualTo(2);
  }

  @Test
  void theModuleWorksWithTheAveragesForAWhile() {
    BatchNorm2d layer = layer();
    set(layer, 1);
    Ema ema = new Ema(layer, 0.9);
    set(layer, 5);
    try (var _ = ema.apply()) {
      assertThat(layer.weight().tensor().item()).isEqualTo(1);
      assertThat(layer.runningMean().item()).isEqualTo(10);
      assertThatIllegalStateException().isThrownBy(ema::update).withMessageContaining("apply()");
      assertThatIllegalStateException().isThrownBy(ema::apply);
      assertThatIllegalStateException().isThrownBy(ema::state);
    }
    assertThat(layer.weight().tensor().item()).isEqualTo(5);
    assertThat(ema.state().tensors().get("weight").item()).isEqualTo(1);
  }

  /** An average of equal numbers may differ from them by rounding. */
  @Test
  void whatIsFrozenKeepsItsBits() {
    BatchNorm2d frozen = new BatchNorm2d(Device.cpu(), 1);
    Init.constant(frozen.weight().tensor(), 0.1);
    frozen.freeze();
    Ema ema = new Ema(frozen, 0.7);
    Init.constant(frozen.weight().tensor(), 0.3);
    ema.update();
    assertThat(ema.state().tensors().get("weight").item()).isEqualTo(0.1f);
  }

  @Test
  void continuesFromItsState() {
    BatchNorm2d layer = layer();
    Ema ema = new Ema(layer, 0.9);
    set(layer, 3);
    ema.update();
    Ema resumed = new Ema(layer(), 0.9);
    resumed.load(ema.state());
    assertThat(resumed.state().counters()).containsEntry("updates", 1L);
    assertThat(resumed.state().tensors().get("weight").item())
        .isEqualTo(ema.state().tensors().get("weight").item());
    assertThatIllegalArgumentException().isThrownBy(() -> new Ema(layer, 1));
  }
}
