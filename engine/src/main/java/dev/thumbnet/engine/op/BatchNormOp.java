package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * y = γ (x − μ) / √(σ² + eps) + β per channel, then max(y, 0) if {@code relu}. In training μ and σ²
 * are the batch's own mean and biased variance and depend on x; in evaluation they are given
 * constants.
 */
final class BatchNormOp extends Op implements Traceable {
  private final BatchNormProblem problem;
  private final boolean training;
  private final Tensor runningMean;
  private final Tensor runningVariance;
  private final double momentum;
  private @Nullable Tensor mean;
  private @Nullable Tensor variance;

  private BatchNormOp(
      BatchNormProblem problem,
      boolean training,
      Tensor runningMean,
      Tensor runningVariance,
      double momentum) {
    this.problem = problem;
    this.training = training;
    this.runningMean = runningMean;
    this.runningVariance = runningVariance;
    this.momentum = momentum;
  }

  static Tensor train(
      Tensor x,
      Tensor gamma,
      Tensor beta,
      Tensor runningMean,
      Tensor runningVariance,
      double momentum,
      double eps,
      boolean relu) {
    BatchNormProblem problem = problem(x, gamma, beta, runningMean, runningVariance, eps, relu);
    if (problem.rows() == 1) {
      throw new IllegalArgumentException(
          "batchNorm: training needs more than one value per channel, but x has shape "
              + x.shape()
              + "; use a larger batch (drop a last batch of 1) or eval()");
    }
    return new BatchNormOp(problem, true, runningMean, runningVariance, momentum)
        .apply(x, gamma, beta);
  }

  static Tensor eval(
      Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double eps, boolean relu) {
    BatchNormProblem problem = problem(x, gamma, beta, mean, variance, eps, relu);
    return new BatchNormOp(problem, false, mean, variance, 0).apply(x, gamma, beta);
  }

  private static BatchNormProblem problem(
      Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double eps, boolean relu) {
    if (x.shape().rank() < 2) {
      throw new IllegalArgumentException(
          "batchNorm: x must be (n, h, w, c) or (n, c), but has shape " + x.shape());
    }
    int channels = x.dim(-1);
    String op = "batchNorm of " + x.shape();
    Require.shape(op, "gamma", gamma, channels);
    Require.shape(op, "beta", beta, channels);
    Require.shape(op, "mean", mean, channels);
    Require.shape(op, "variance", variance, channels);
    return new BatchNormProblem(x.size() / channels, channels, eps, relu);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    if (training) {
      throw new IllegalStateException(
          "a batch normalisation in training mode cannot be traced: its statistics are the"
              + " batch's; call eval() on the module before");
    }
    return in[0].shape();
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), in[0].shape());
    if (training) {
      Shape perChannel = Shape.of(problem.channels());
      Tensor batchMean = save(Tensor.empty(y.device(), perChannel));
      Tensor batchVariance = save(Tensor.empty(y.device(), perChannel));
      mean = batchMean;
      variance = batchVariance;
      backend()
          .batchNormTrain(
              problem,
              in[0].storage(),
              in[1].storage(),
              in[2].storage(),
              batchMean.storage(),
              batchVariance.storage(),
              y.storage());
      updateRunning(batchMean, batchVariance);
    } else {
      // Copies, because a later training pass may change the running statistics in place.
      mean = recording() ? save(runningMean.copy()) : runningMean;
      variance = recording() ? save(runningVariance.copy()) : runningVariance;
      backend()
          .batchNormEval(
              problem,
              in[0].storage(),
              in[1].storage(),
              in[2].storage(),
              mean.storage(),
              variance.storage(),
              y.storage());
    }
    return y;
  }

  /** running = (1 − momentum) · running + momentum · batch, with the unbiased variance. */
  private void updateRunning(Tensor batchMean, Tensor batchVariance) {
    double unbias = problem.rows() / (problem.rows() - 1.0);
    InPlace.mix(1 - momentum, runningMean, momentum, batchMean);
    InPlace.mix(1 - momentum, runningVariance, momentum * unbias, batchVariance);
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    @Nullable Tensor[] grads = new @Nullable Tensor[3];
    @Nullable Storage[] to = new @Nullable Storage[3];
    for (int i = 0; i < grads.length; i++) {
      if (wantsGrad(i)) {
        Tensor grad = Tensor.empty(y.device(), in[i].shape());
        grads[i] = grad;
        to[i] = grad.storage();
      }
    }
    backend()
        .batchNormBackward(
            problem,
            training,
            in[0].storage(),
            y.storage(),
            dy.storage(),
            in[1].storage(),
            Objects.requireNonNull(mean).storage(),
            Objects.requireNonNull(variance).storage(),
            to[0],
            to[1],
            to[2]);
    return grads;
  }

  @Override
  public Action action() {
    return new Action.BatchNorm(runningMean, runningVariance, problem.eps(), problem.relu());
  }
}
