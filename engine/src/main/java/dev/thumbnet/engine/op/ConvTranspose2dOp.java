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
 * y = Wᵀ x + bias, where W is the convolution with the weight w, from y's shape to x's: y[n][i][j]
 * is the sum of w[a][b] · x[n][p][q] over all with p·stride − pad + a·dilation = i, and the same
 * for columns. So the gradients are dx = W dy, that of W for w with x and dy in exchanged roles,
 * and dbias[c] = Σ dy[..][c].
 */
final class ConvTranspose2dOp extends Op implements Traceable {
  /** The convolution whose input is y. */
  private final Conv2dProblem problem;

  private ConvTranspose2dOp(Conv2dProblem problem) {
    this.problem = problem;
  }

  static Tensor of(Tensor x, Tensor weight, @Nullable Tensor bias, Conv2dProblem problem) {
    ConvTranspose2dOp op = new ConvTranspose2dOp(problem);
    if (bias == null) {
      return op.apply(x, weight);
    }
    Require.shape("convTranspose2d", "bias", bias, problem.c());
    return op.apply(x, weight, bias);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return Shape.of(problem.n(), problem.h(), problem.w(), problem.c());
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape(in));
    backend().conv2dBackwardData(problem, in[0].storage(), in[1].storage(), y.storage());
    if (in.length == 3) {
      backend().broadcastAdd(perChannel(), y.storage(), 1, in[2].storage(), y.storage());
    }
    return y;
  }

  private AxisProblem perChannel() {
    return new AxisProblem(1, problem.inputSize() / problem.c(), problem.c());
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    @Nullable Tensor[] grads = new @Nullable Tensor[in.length];
    if (wantsGrad(0)) {
      Tensor dx = Tensor.empty(y.device(), in[0].shape());
      backend().conv2d(problem, dy.storage(), in[1].storage(), null, dx.storage());
      grads[0] = dx;
    }
    if (wantsGrad(1)) {
      Tensor dWeight = Tensor.empty(y.device(), in[1].shape());
      backend().conv2dBackwardWeights(problem, dy.storage(), in[0].storage(), dWeight.storage());
      grads[1] = dWeight;
    }
    if (in.length == 3 && wantsGrad(2)) {
      Tensor dBias = Tensor.empty(y.device(), in[2].shape());
      backend().sum(perChannel(), 1, dy.storage(), dBias.storage());
      grads[2] = dBias;
    }
    return grads;
  }

  @Override
  public Action action() {
    return new Action.ConvTranspose2d(problem);
  }
}
