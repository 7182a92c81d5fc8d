package dev.thumbnet.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation gives on the CPU what it gives in double precision, forward and backward. */
final class CpuAgreesTest {
  /** A few roundings of float, relative to the largest element; the sums here are short. */
  private static final double TOLERANCE = 2e-6;

  static List<OpCase> cases() {
    return OpCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resultsAndGradientsAgreeWithTheReference(OpCase op) {
    List<Tensor> expected = run(op, Device.reference());
    List<Tensor> actual = run(op, Device.cpu());
    for (int i = 0; i < expected.size(); i++) {
      String what = i == 0 ? "result" : "gradient of input " + (i - 1);
      assertThat(actual.get(i).shape()).as(what).isEqualTo(expected.get(i).shape());
      assertClose(what, actual.get(i).toDoubleArray(), expected.get(i).toDoubleArray());
    }
  }

  /** Returns the result and the gradients of all inputs. */
  private static List<Tensor> run(OpCase op, Device device) {
    Tensor[] inputs = op.tensors(Device.reference());
    for (int i = 0; i < inputs.length; i++) {
      // Through float on both devices, so that both start from the same numbers.
      inputs[i] = Tensor.of(device, inputs[i].toArray(), inputs[i].shape().toArray());
      inputs[i].requiresGrad(true);
    }
    Tensor y = op.function().apply(inputs);
    Rng rng = new Rng(1);
    float[] weights = new float[y.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = rng.nextFloat() - 0.5f;
    }
    y.backward(Tensor.of(device, weights, y.shape().toArray()));
    List<Tensor> results = new ArrayList<>(List.of(y));
    for (Tensor x : inputs) {
      results.add(x.grad());
    }
    return results;
  }

  private static void assertClose(String what, double[] actual, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < actual.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]))
          .as("%s, element %d: %s, expected %s", what, i, actual[i], expected[i])
          .isLessThanOrEqualTo(TOLERANCE * Math.max(1, largest));
    }
  }
}
