package dev.thumbnet.engine.op;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Tensor;
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
