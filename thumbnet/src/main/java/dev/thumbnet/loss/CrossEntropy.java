package dev.thumbnet.loss;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;

/**
 * Cross entropy with the labels, the classification loss (CL): with logits s and C classes,
 *
 * <pre>L_CL = − Σ_classes q · log softmax(s),   q = (1 − ε) · onehot(label) + ε / C,</pre>
 *
 * averaged over the batch.
 *
 * @param smoothing ε, the share of the target that is spread over all classes, in [0, 1); 0.1 suits
 *     a teacher, 0 a student who also learns from one
 */
public record CrossEntropy(double smoothing) {
  /**
   * Checks the smoothing.
   *
   * @throws IllegalArgumentException if it is not in [0, 1)
   */
  public CrossEntropy {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException("label smoothing must be in [0, 1), got " + smoothing);
    }
  }

  /**
   * Returns the loss, a scalar.
   *
   * @param logits s, (n, classes)
   * @param labels one class number for each picture
   * @throws IllegalArgumentException if there are not n labels or one is out of range
   */
  public Tensor of(Tensor logits, int[] labels) {
    return Ops.crossEntropy(logits, labels, smoothing);
  }
}
