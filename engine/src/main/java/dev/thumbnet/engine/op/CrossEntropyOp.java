package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * y = −(1/n) Σ over rows and classes of t_j · log p_j, with p = softmax(x) and t = (1 − smoothing)
 * · onehot(label) + smoothing / classes; dx = (p − t) · dy / n.
 */
final class CrossEntropyOp extends Op {
  private final int[] labels;
  private final double smoothing;
  private final int rows;
  private final int cols;
  private @Nullable Tensor probabilities;

  private CrossEntropyOp(int[] labels, double smoothing, int rows, int cols) {
    this.labels = labels;
    this.smoothing = smoothing;
    this.rows = rows;
    this.cols = cols;
  }

  static Tensor of(Tensor logits, int[] labels, double smoothing) {
    Require.rank("crossEntropy", "logits", logits.shape(), "(n, classes)", 2);
    if (labels.length != logits.dim(0)) {
      throw new IllegalArgumentException(
          "crossEntropy: " + labels.length + " labels for logits of shape " + logits.shape());
    }
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "crossEntropy: smoothing must be in [0, 1) but is " + smoothing);
    }
    return new CrossEntropyOp(labels.clone(), smoothing, logits.dim(0), logits.dim(1))
        .apply(logits);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    throw new IllegalArgumentException(
        name()
            + " on "
            + in[0].shape()
            + " cannot be traced: a loss compares with labels, which inference does not have;"
            + " trace what computes the logits");
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor p = save(Tensor.empty(in[0].device(), in[0].shape()));
    probabilities = p;
    Tensor perRow = Tensor.empty(in[0].device(), Shape.of(rows));
    backend()
        .crossEntropy(
            rows, cols, in[0].storage(), labels, smoothing, p.storage(), perRow.storage());
    Tensor loss = Tensor.empty(in[0].device(), Shape.of());
    backend().sum(new AxisProblem(1, rows, 1), 1.0 / rows, perRow.storage(), loss.storage());
    perRow.release();
    return loss;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor p = Objects.requireNonNull(probabilities);
    Tensor dx = Tensor.empty(y.device(), in[0].shape());
    backend()
        .crossEntropyBackward(rows, cols, p.storage(), labels, smoothing, 1.0 / rows, dx.storage());
    AxisProblem byScalar = new AxisProblem(1, dx.size(), 1);
    backend().broadcastMultiply(byScalar, dx.storage(), dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }
}
