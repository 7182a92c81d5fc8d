package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import org.jspecify.annotations.Nullable;

/**
 * A convolution with prepared weights: they are kept in the layout and the element type that cuDNN
 * wants, and bias, residual and ReLU are done in the same pass if cuDNN can.
 */
final class CudaPreparedConvolution implements PreparedConvolution<CudaStorage> {
  private final CudaQueue queue;
  private final CudaConvolutions convolutions;
  private final Conv2dProblem problem;
  private final boolean transposed;
  private final @Nullable Unary activation;
  private final CudaConvolutions.PreparedWeights weights;
  private final String algorithm;

  /** Whether cuDNN has not refused the whole yet; read and written under the queue's lock. */
  private boolean fusable = true;

  /** Copies the weights; to be called in the queue. */
  CudaPreparedConvolution(
      CudaQueue queue,
      CudaConvolutions convolutions,
      Conv2dProblem problem,
      boolean transposed,
      @Nullable Unary activation,
      CudaStorage weight,
      @Nullable CudaStorage bias) {
    this.queue = queue;
    this.convolutions = convolutions;
    this.problem = problem;
    this.transposed = transposed;
    this.activation = activation;
    weights = convolutions.prepare(problem, transposed, weight, bias);
    algorithm = convolutions.algorithm(problem, transposed);
  }

  @Override
  public Runnable bind(int n, CudaStorage x, @Nullable CudaStorage residual, CudaStorage y) {
    Conv2dProblem p = problem.withBatch(n);
    return () -> queue.run(() -> run(p, x, residual, y));
  }

  private void run(Conv2dProblem p, CudaStorage x, @Nullable CudaStorage residual, CudaStorage y) {
    if (transposed) {
      convolutions.transposed(p, x, weights, residual, activation, y);
      return;
    }
    fusable &= convolutions.forward(p, x, weights, residual, activation, fusable, y);
  }

  @Override
  public String algorithm() {
    return algorithm;
  }

  @Override
  public long weightBytes() {
    return (long) problem.weightSize() * weights.type().bytes();
  }
}
