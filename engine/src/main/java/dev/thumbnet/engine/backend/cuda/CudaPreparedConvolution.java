package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.Storage;

/**
 * A convolution with prepared weights: they are kept in the layout and the element type that cuDNN
 * wants, and bias, residual and ReLU are done in the same pass if cuDNN can.
 */
final class CudaPreparedConvolution implements PreparedConvolution {
  private final CudaBackend backend;
  private final CudaConvolutions convolutions;
  private final Conv2dProblem problem;
  private final boolean relu;
  private final CudaConvolutions.PreparedWeights weights;
  private final String algorithm;

  /** Whether cuDNN has not refused the whole yet; read and written under the queue's lock. */
  private boolean fusable = true;

  /** Copies the weights; to be called in the queue. */
  CudaPreparedConvolution(
      CudaBackend backend,
      CudaConvolutions convolutions,
      Conv2dProblem problem,
      boolean relu,
      CudaStorage weight,
      CudaStorage bias) {
    this.backend = backend;
    this.convolutions = convolutions;
    this.problem = problem;
    this.relu = relu;
    weights = convolutions.prepare(problem, weight, bias);
    algorithm = convolutions.algorithm(problem);
  }

  @Override
  public Runnable bind(int n, Storage x, Storage residual, Storage y) {
    if (n < 1 || n > problem.n()) {
      throw new IllegalArgumentException(
          "prepare: " + n + " pictures, but 1 to " + problem.n() + " were announced");
    }
    Conv2dProblem p = problem.withBatch(n);
    CudaStorage from = backend.checked("prepare", "x", x, p.inputSize());
    CudaStorage added =
        residual == null ? null : backend.checked("prepare", "residual", residual, p.outputSize());
    CudaStorage to = backend.checked("prepare", "y", y, p.outputSize());
    return () -> backend.queue().run(() -> run(p, from, added, to));
  }

  private void run(Conv2dProblem p, CudaStorage x, CudaStorage residual, CudaStorage y) {
    fusable &= convolutions.forward(p, x, weights, residual, relu, fusable, y);
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
