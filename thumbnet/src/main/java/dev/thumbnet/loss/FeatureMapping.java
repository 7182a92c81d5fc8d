package dev.thumbnet.loss;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;

/**
 * Feature mapping (FM) makes the features f_S of the student's left segment, enlarged by the mapper
 * U, follow those of the teacher, f_T:
 *
 * <pre>L_FM = mean over all elements of (U(f_S) − f_T)² / v,</pre>
 *
 * where v is the running variance of all elements of f_T, so that the loss has no scale: 1 is what
 * the best constant would reach. The teacher is a constant.
 *
 * <p>v is the one number that a step must know before it goes backward, because 1/v scales the
 * gradient. It is read and computed on the host: in the device's precision it would be another one.
 */
public final class FeatureMapping {
  private static final double MOMENTUM = 0.1;

  private final Tensor variance;

  /**
   * Makes a loss.
   *
   * @param runningVariance keeps v, a scalar, so that it can be saved with a model; 0 stands for
   *     none yet
   */
  public FeatureMapping(Tensor runningVariance) {
    this.variance = runningVariance;
  }

  /**
   * Takes the teacher's features into the running variance, v = 0.9 v + 0.1 · variance, the first
   * wholly, and returns the loss, a scalar.
   *
   * @param mapped U(f_S), (n, h, w, c)
   * @param target f_T, the same shape
   * @throws IllegalArgumentException if the shapes differ
   * @throws IllegalStateException if the target does not vary or is not finite
   */
  public Tensor of(Tensor mapped, Tensor target) {
    double now = Ops.variance(target.detach(), false).item();
    double before = variance.item();
    double v = before == 0 ? now : (1 - MOMENTUM) * before + MOMENTUM * now;
    if (!(v > 0) || Double.isInfinite(v)) {
      throw new IllegalStateException(
          "the variance of the teacher's features is "
              + v
              + ", so they cannot be imitated; train the teacher first");
    }
    variance.copyFrom(new double[] {v});
    return of(mapped, target, v);
  }

  /** Returns the loss for a given variance v, a scalar. */
  public static Tensor of(Tensor mapped, Tensor target, double v) {
    return Ops.mul(Ops.mse(mapped, target.detach()), 1 / v);
  }
}
