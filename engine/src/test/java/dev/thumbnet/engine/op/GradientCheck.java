package dev.thumbnet.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Compares gradients with central differences in double precision. A function of any output shape
 * is made a scalar by a random weighting, so each output element counts differently. Inputs must
 * stay further than {@link #STEP} from points where the function has a kink.
 */
public final class GradientCheck {
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-7;

  private GradientCheck() {}

  /**
   * Checks the gradient of every element of every input.
   *
   * @param function gives the same value each time it is called with the same inputs
   * @param inputs tensors of the reference device
   */
  public static void check(Function<Tensor[], Tensor> function, Tensor... inputs) {
    for (Tensor x : inputs) {
      assertThat(x.device()).isSameAs(Device.reference());
      x.requiresGrad(true);
      x.zeroGrad();
    }
    Tensor y = function.apply(inputs);
    double[] weights = weights(y.size());
    y.backward(Tensor.of(y.device(), weights, y.shape().toArray()));
    for (int i = 0; i < inputs.length; i++) {
      assertThat(inputs[i].grad()).as("gradient of input %d", i).isNotNull();
      double[] actual = inputs[i].grad().toDoubleArray();
      double[] expected = differences(function, inputs, i, weights);
      for (int j = 0; j < actual.length; j++) {
        double allowed = TOLERANCE * Math.max(1, Math.abs(expected[j]));
        if (!(Math.abs(actual[j] - expected[j]) <= allowed)) {
          throw new AssertionError(
              "input "
                  + i
                  + " of shape "
                  + inputs[i].shape()
                  + ", element "
                  + j
                  + ": gradient "
                  + actual[j]
                  + " but central difference "
                  + expected[j]
                  + "\nall gradients   "
                  + Arrays.toString(actual)
                  + "\nall differences "
                  + Arrays.toString(expected));
        }
      }
    }
  }

  private static double[] differences(
      Function<Tensor[], Tensor> function, Tensor[] inputs, int index, double[] weights) {
    double[] values = inputs[index].toDoubleArray();
    double[] slopes = new double[values.length];
    for (int j = 0; j < values.length; j++) {
      double here = values[j];
      values[j] = here + STEP;
      double above = weighted(function, inputs, index, values, weights);
      values[j] = here - STEP;
      double below = weighted(function, inputs, index, values, weights);
      values[j] = here;
      slopes[j] = (above - below) / (2 * STEP);
    }
    return slopes;
  }

  private static double weighted(
      Function<Tensor[], Tensor> function,
      Tensor[] inputs,
      int index,
      double[] values,
      double[] weights) {
    Tensor[] changed = inputs.clone();
    changed[index] = Tensor.of(Device.reference(), values, inputs[index].shape().toArray());
    double sum = 0;
    try (var _ = Autograd.noGrad()) {
      double[] y = function.apply(changed).toDoubleArray();
      for (int i = 0; i < y.length; i++) {
        sum += weights[i] * y[i];
      }
    }
    return sum;
  }

  private static double[] weights(int length) {
    Rng rng = new Rng(length);
    double[] weights = new double[length];
    Arrays.setAll(weights, i -> 0.5 + rng.nextDouble());
    for (int i = 0; i < length; i += 2) {
      weights[i] = -weights[i];
    }
    return weights;
  }
}
