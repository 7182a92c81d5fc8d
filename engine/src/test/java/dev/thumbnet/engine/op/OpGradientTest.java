package dev.thumbnet.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation's gradient equals central differences, for every input. */
final class OpGradientTest {
  static List<OpCase> cases() {
    return OpCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsEqualCentralDifferences(OpCase op) {
    GradientCheck.check(op.function(), op.tensors(Device.reference()));
  }

  /** What is not wanted is not computed, see {@link Op}, and does not change what is. */
  @ParameterizedTest
  @MethodSource("cases")
  void gradientsOfSomeInputsAreThoseOfAll(OpCase op) {
    for (Device device : List.of(Device.reference(), Device.cpu())) {
      Tensor[] all = op.tensors(device);
      differentiate(op, all, -1);
      for (int alone = 0; alone < all.length; alone++) {
        Tensor[] some = op.tensors(device);
        differentiate(op, some, alone);
        for (int i = 0; i < all.length; i++) {
          if (i == alone) {
            assertThat(some[i].grad().toDoubleArray()).isEqualTo(all[i].grad().toDoubleArray());
          } else {
            assertThat(some[i].grad()).isNull();
          }
        }
      }
    }
  }

  /** Computes the gradient of one input, or of all. */
  private static void differentiate(OpCase op, Tensor[] inputs, int alone) {
    for (int i = 0; i < inputs.length; i++) {
      inputs[i].requiresGrad(alone < 0 || i == alone);
    }
    Tensor y = op.function().apply(inputs);
    Rng rng = new Rng(9);
    double[] weights = new double[y.size()];
    Arrays.setAll(weights, _ -> rng.nextGaussian());
    y.backward(Tensor.of(y.device(), weights, y.shape().toArray()));
  }

  @Test
  void aWrongGradientIsFound() {
    Tensor x = Tensor.of(Device.reference(), new double[] {0.5, -1, 2}, 3);
    assertThatThrownBy(() -> GradientCheck.check(in -> new SlightlyWrong().of(in[0]), x))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("central difference");
  }

  /** Claims that the derivative of x² is 2.0001 x. */
  private static final class SlightlyWrong extends Op {
    Tensor of(Tensor x) {
      return apply(x);
    }

    @Override
    protected Shape shape(Tensor[] in) {
      return in[0].shape();
    }

    @Override
    protected Tensor forward(Tensor[] in) {
      Tensor y = Tensor.empty(in[0].device(), in[0].shape());
      backend().multiply(y.size(), in[0].storage(), in[0].storage(), y.storage());
      return y;
    }

    @Override
    protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
      Tensor dx = Tensor.empty(y.device(), y.shape());
      backend().multiply(y.size(), in[0].storage(), dy.storage(), dx.storage());
      backend().affine(y.size(), 2.0001, dx.storage(), 0, dx.storage());
      return new Tensor[] {dx};
    }
  }
}
