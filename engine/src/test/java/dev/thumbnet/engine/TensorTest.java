package dev.thumbnet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.thumbnet.engine.op.Ops;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Making, reading and copying tensors on each device. */
final class TensorTest {
  static List<Device> devices() {
    return List.of(Device.reference(), Device.cpu());
  }

  @ParameterizedTest
  @MethodSource("devices")
  void valuesGoInAndOut(Device device) {
    Tensor t = Tensor.of(device, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertThat(t.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(t.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(t.toDoubleArray()).containsExactly(1, 2, 3, 4, 5, 6);
    t.copyFrom(new double[] {6, 5, 4, 3, 2, 1});
    assertThat(t.toArray()).containsExactly(6, 5, 4, 3, 2, 1);
    assertThat(t.toString()).contains("(2, 3)", device.name(), "6.0");
    assertThat(Tensor.scalar(device, 4).item()).isEqualTo(4);
    assertThat(Tensor.full(device, 2, 2).toArray()).containsExactly(2, 2);
  }

  @ParameterizedTest
  @MethodSource("devices")
  void fillTakesEveryNumberOfItsSourceInOrder(Device device) {
    Tensor t = Tensor.zeros(device, 3, 50_000); // more than one piece
    t.fill(IntStream.iterate(0, i -> i + 1).mapToDouble(i -> i).iterator()::nextDouble);
    float[] expected = new float[150_000];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = i;
    }
    assertThat(t.toArray()).isEqualTo(expected);
    Tensor result = Ops.square(Tensor.zeros(device, 1).requiresGrad(true));
    assertThatIllegalStateException().isThrownBy(() -> result.fill(() -> 1));
  }

  @ParameterizedTest
  @MethodSource("devices")
  void copiesAreIndependent(Device device) {
    Tensor t = Tensor.full(device, 1, 3);
    Tensor copy = t.copy();
    t.copyFrom(Tensor.full(device, 2, 3));
    assertThat(copy.toArray()).containsExactly(1, 1, 1);
    assertThat(t.toArray()).containsExactly(2, 2, 2);
    assertThat(t.to(device)).isSameAs(t);
    Device other = device == Device.cpu() ? Device.reference() : Device.cpu();
    assertThat(t.to(other).device()).isSameAs(other);
    assertThat(t.to(other).toArray()).containsExactly(2, 2, 2);
  }

  @ParameterizedTest
  @MethodSource("devices")
  void whatDoesNotFitIsRefused(Device device) {
    Tensor t = Tensor.zeros(device, 2, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> t.copyFrom(new float[5]))
        .withMessageContaining("5 values")
        .withMessageContaining("(2, 3)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of(device, new double[2], 3))
        .withMessageContaining("2 values");
    assertThatIllegalArgumentException().isThrownBy(() -> t.copyFrom(Tensor.zeros(device, 3, 2)));
    assertThatIllegalStateException().isThrownBy(t::item).withMessageContaining("(2, 3)");
    Tensor result = Ops.square(t.requiresGrad(true));
    assertThatIllegalStateException().isThrownBy(() -> result.requiresGrad(false));
  }
}
