package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AdamStep;
import dev.thumbnet.engine.backend.problem.SgdStep;
import org.jspecify.annotations.Nullable;

/**
 * The few operations that overwrite a tensor: what optimisers, averages and running statistics do
 * to leaves. The graph does not see them, so none may come between a forward pass that used the
 * tensor and its backward pass. All tensors of a call have one shape and one device.
 */
public final class InPlace {
  private InPlace() {}

  /** target = keep · target + share · other. */
  public static void mix(double keep, Tensor target, double share, Tensor other) {
    check("mix", target, other);
    target
        .device()
        .backend()
        .linearCombination(
            target.size(), keep, target.storage(), share, other.storage(), target.storage());
  }

  /** target = factor · target. */
  public static void scale(double factor, Tensor target) {
    target.device().backend().affine(target.size(), factor, target.storage(), 0, target.storage());
  }

  /**
   * One step of stochastic gradient descent.
   *
   * @param velocity missing if the momentum is 0
   */
  public static void sgd(SgdStep step, Tensor weight, Tensor gradient, @Nullable Tensor velocity) {
    check("sgd", weight, gradient);
    if (velocity != null) {
      check("sgd", weight, velocity);
    }
    weight
        .device()
        .backend()
        .sgd(
            step,
            weight.size(),
            weight.storage(),
            gradient.storage(),
            velocity == null ? null : velocity.storage());
  }

  /**
   * One step of Adam or AdamW.
   *
   * @param m first moment
   * @param v second moment
   */
  public static void adam(AdamStep step, Tensor weight, Tensor gradient, Tensor m, Tensor v) {
    check("adam", weight, gradient);
    check("adam", weight, m);
    check("adam", weight, v);
    weight
        .device()
        .backend()
        .adam(step, weight.size(), weight.storage(), gradient.storage(), m.storage(), v.storage());
  }

  private static void check(String op, Tensor a, Tensor b) {
    Require.sameShape(op, a, b);
    if (a.device() != b.device()) {
      throw new IllegalArgumentException(
          op + ": tensors on different devices, " + a.device() + " and " + b.device());
    }
  }
}
