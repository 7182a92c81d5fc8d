package dev.thumbnet.loss;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;

/**
 * Knowledge distillation (KD, Hinton et al. 2015) makes the student's softened class probabilities
 * follow the teacher's: with logits s and t, temperature τ and p(v) = softmax(v / τ),
 *
 * <pre>L_KD = τ² · Σ_classes p(t) · (log p(t) − log p(s)),</pre>
 *
 * averaged over the batch. The factor τ² keeps the size of the gradient, τ · (p(s) − p(t)) for each
 * picture, of the order of that of cross entropy. The teacher is a constant.
 *
 * @param temperature τ, above 0; 4 for small data, 1 to 2 for many classes
 */
public record Distillation(double temperature) {
  /**
   * Checks the temperature.
   *
   * @throws IllegalArgumentException if it is not a positive number
   */
  public Distillation {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException("the temperature must be above 0, got " + temperature);
    }
  }

  /**
   * Returns the loss, a scalar.
   *
   * @param student logits s, (n, classes)
   * @param teacher logits t, (n, classes)
   * @throws IllegalArgumentException if the shapes differ
   */
  public Tensor of(Tensor student, Tensor teacher) {
    Tensor wanted = Ops.softmax(Ops.mul(teacher.detach(), 1 / temperature));
    Tensor got = Ops.logSoftmax(Ops.mul(student, 1 / temperature));
    return Ops.mul(Ops.klDiv(got, wanted), temperature * temperature);
  }
}
