package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.FixedConvolution;
import dev.thumbnet.engine.backend.Storage;

/** Checks and unwraps the operands of a convolution with fixed weights. */
record CpuFixedConvolution(
    CpuBackend backend, Conv2dProblem problem, String algorithm, FixedWeights weights, boolean relu)
    implements FixedConvolution {

  @Override
  public Runnable bind(int n, Storage x, Storage residual, Storage y) {
    if (n < 1 || n > problem.n()) {
      throw new IllegalArgumentException(
          "prepare: " + n + " pictures, but 1 to " + problem.n() + " were announced");
    }
    Conv2dProblem p = problem.withBatch(n);
    CpuStorage from = backend.checked("prepare", "x", x, p.inputSize());
    CpuStorage added =
        residual == null ? null : backend.checked("prepare", "residual", residual, p.outputSize());
    CpuStorage to = backend.checked("prepare", "y", y, p.outputSize());
    Epilogue epilogue = new Epilogue(backend.elements(), relu, added, to);
    Correlation c = Correlation.forward(p);
    return backend.convolutions().named(algorithm).bind(weights, c, from, epilogue);
  }

  @Override
  public FixedConvolution on(Backend other) {
    return new CpuFixedConvolution((CpuBackend) other, problem, algorithm, weights, relu);
  }

  @Override
  public long weightBytes() {
    return weights.bytes();
  }
}
