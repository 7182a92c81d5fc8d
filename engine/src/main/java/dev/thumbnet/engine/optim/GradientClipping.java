package dev.thumbnet.engine.optim;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.AxisProblem;
import dev.thumbnet.engine.nn.Parameter;

/** Limits the size of gradients. */
public final class GradientClipping {
  private GradientClipping() {}

  /**
   * Scales all gradients by one factor so that their common Euclidean norm is at most {@code max}.
   *
   * @param parameters those without a gradient are passed over
   * @param max largest norm, positive
   * @return the norm before
   */
  public static double byNorm(Iterable<Parameter> parameters, double max) {
    if (!(max > 0)) {
      throw new IllegalArgumentException("the largest norm must be positive, not " + max);
    }
    double squares = 0;
    for (Parameter p : parameters) {
      Tensor grad = p.tensor().grad();
      squares += grad == null ? 0 : squares(grad);
    }
    double norm = Math.sqrt(squares);
    if (norm > max) {
      for (Parameter p : parameters) {
        Tensor grad = p.tensor().grad();
        if (grad != null) {
          grad.device()
              .backend()
              .affine(grad.size(), max / norm, grad.storage(), 0, grad.storage());
        }
      }
    }
    return norm;
  }

  private static double squares(Tensor grad) {
    Device device = grad.device();
    Tensor sum = Tensor.empty(device, Shape.of());
    device
        .backend()
        .sumOfProducts(
            new AxisProblem(1, grad.size(), 1), 1, grad.storage(), grad.storage(), sum.storage());
    double value = sum.item();
    sum.release();
    return value;
  }
}
