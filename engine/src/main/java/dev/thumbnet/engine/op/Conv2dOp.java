package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;
import org.jspecify.annotations.Nullable;

/**
 * y[n][i][j][k] = Σ over a, b, c of x[n][i·stride − pad + a·dilation][j·stride − pad +
 * b·dilation][c] · w[a][b][c][k] + bias[k]. The gradients are the transposed maps: dx of dy and w,
 * dw of x and dy, dbias[k] = Σ dy[..][k].
 */
final class Conv2dOp extends Op implements Traceable {
  private final Conv2dProblem problem;

  private Conv2dOp(Conv2dProblem problem) {
    this.problem = problem;
  }

  static Tensor of(Tensor x, Tensor weight, @Nullable Tensor bias, Conv2dOptions options) {
    Conv2dOp op = new Conv2dOp(options.problem(x.shape(), weight.shape()));
    if (bias == null) {
      return op.apply(x, weight);
    }
    Require.shape("conv2d", "bias", bias, weight.dim(3));
    return op.apply(x, weight, bias);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return Shape.of(problem.n(), problem.outH(), problem.outW(), problem.k());
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    backend()
        .conv2d(
            problem,
            in[0].storage(),
            in[1].storage(),
            in.length == 3 ? in[2].storage() : null,
            y.storage());
    return y;
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    @Nullable Tensor[] grads = new @Nullable Tensor[in.length];
    if (wantsGrad(0)) {
      Tensor dx = Tensor.empty(y.device(), in[0].shape());
      backend().conv2dBackwardData(problem, dy.storage(), in[1].storage(), dx.storage());
      grads[0] = dx;
    }
    if (wantsGrad(1)) {
      Tensor dWeight = Tensor.empty(y.device(), in[1].shape());
      backend().conv2dBackwardWeights(problem, in[0].storage(), dy.storage(), dWeight.storage());
      grads[1] = dWeight;
    }
    if (in.length == 3 && wantsGrad(2)) {
      Tensor dBias = Tensor.empty(y.device(), in[2].shape());
      AxisProblem perChannel = new AxisProblem(1, dy.size() / problem.k(), problem.k());
      backend().sum(perChannel, 1, dy.storage(), dBias.storage());
      grads[2] = dBias;
    }
    return grads;
  }

  @Override
  public Action action() {
    return new Action.Conv2d(problem);
  }
}
