package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;
import org.jspecify.annotations.Nullable;

/**
 * y = x · w + bias for x of (rows, in) and w of (in, out); dx = dy · wᵀ, dw = xᵀ · dy, dbias = Σ
 * over rows of dy.
 */
final class LinearOp extends Op implements Traceable {
  private final int rows;
  private final int in;
  private final int out;

  private LinearOp(int rows, int in, int out) {
    this.rows = rows;
    this.in = in;
    this.out = out;
  }

  static Tensor of(Tensor x, Tensor weight, @Nullable Tensor bias) {
    Require.rank("linear", "weight", weight.shape(), "(in, out)", 2);
    int in = weight.dim(0);
    int out = weight.dim(1);
    if (x.shape().rank() < 1 || x.dim(-1) != in) {
      throw new IllegalArgumentException(
          "linear: the last axis of x "
              + x.shape()
              + " must be "
              + in
              + " for a weight of shape "
              + weight.shape()
              + ", which is (in, out); transpose a weight that is (out, in), flatten an x that is"
              + " an image");
    }
    LinearOp op = new LinearOp(x.size() / in, in, out);
    if (bias == null) {
      return op.apply(x, weight);
    }
    Require.shape("linear", "bias", bias, out);
    return op.apply(x, weight, bias);
  }

  @Override
  protected Shape shape(Tensor[] inputs) {
    return inputs[0].shape().with(-1, out);
  }

  @Override
  protected Tensor forward(Tensor[] inputs) {
    Tensor x = inputs[0];
    Tensor y = Tensor.empty(x.device(), shape(inputs));
    backend()
        .gemm(
            new GemmProblem(rows, out, in, false, false),
            x.storage(),
            inputs[1].storage(),
            inputs.length == 3 ? inputs[2].storage() : null,
            y.storage());
    return y;
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor y, Tensor dy) {
    @Nullable Tensor[] grads = new @Nullable Tensor[inputs.length];
    if (wantsGrad(0)) {
      Tensor dx = Tensor.empty(y.device(), inputs[0].shape());
      GemmProblem dyTimesTransposed = new GemmProblem(rows, in, out, false, true);
      backend().gemm(dyTimesTransposed, dy.storage(), inputs[1].storage(), null, dx.storage());
      grads[0] = dx;
    }
    if (wantsGrad(1)) {
      Tensor dWeight = Tensor.empty(y.device(), inputs[1].shape());
      GemmProblem transposedTimesDy = new GemmProblem(in, out, rows, true, false);
      backend().gemm(transposedTimesDy, inputs[0].storage(), dy.storage(), null, dWeight.storage());
      grads[1] = dWeight;
    }
    if (inputs.length == 3 && wantsGrad(2)) {
      Tensor dBias = Tensor.empty(y.device(), inputs[2].shape());
      backend().sum(new AxisProblem(1, rows, out), 1, dy.storage(), dBias.storage());
      grads[2] = dBias;
    }
    return grads;
  }

  @Override
  public Action action() {
    return new Action.Linear();
  }
}
