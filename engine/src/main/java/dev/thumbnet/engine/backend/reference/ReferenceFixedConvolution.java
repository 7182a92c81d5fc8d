package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.FixedConvolution;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.Unary;

/** A convolution, a sum and a maximum, one after the other. */
final class ReferenceFixedConvolution implements FixedConvolution {
  private final ReferenceBackend backend;
  private final Conv2dProblem problem;
  private final Storage weight;
  private final Storage bias;
  private final boolean relu;

  ReferenceFixedConvolution(
      ReferenceBackend backend, Conv2dProblem p, Storage weight, Storage bias, boolean relu) {
    this.backend = backend;
    this.problem = p;
    this.weight = weight;
    this.bias = bias;
    this.relu = relu;
  }

  @Override
  public Runnable bind(int n, Storage x, Storage residual, Storage y) {
    Conv2dProblem p = problem.withBatch(n);
    Storage sums = residual == null ? y : backend.allocate(p.outputSize());
    return () -> {
      backend.conv2d(p, x, weight, bias, sums);
      if (residual != null) {
        backend.linearCombination(p.outputSize(), 1, sums, 1, residual, y);
      }
      if (relu) {
        backend.unary(Unary.RELU, p.outputSize(), y, y);
      }
    };
  }

  @Override
  public String algorithm() {
    return "reference";
  }

  @Override
  public long weightBytes() {
    return (long) Double.BYTES * problem.weightSize();
  }
}
