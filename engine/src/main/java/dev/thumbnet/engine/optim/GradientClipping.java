package dev.thumbnet.engine.optim;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.op.InPlace;
import dev.thumbnet.engine.op.Ops;

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
      squares += p.tensor().grad() == null ? 0 : squares(p.tensor().grad());
    }
    double norm = Math.sqrt(squares);
    if (norm > max) {
      for (Parameter p : parameters) {
        if (p.tensor().grad() != null) {
          InPlace.scale(max / norm, p.tensor().grad());
        }
      }
    }
    return norm;
  }

  private static double squares(Tensor grad) {
    try (var _ = new TensorScope()) {
      return Ops.sum(Ops.square(grad)).item();
    }
  }
}
