package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.FixedConvolution;
import dev.thumbnet.engine.backend.Storage;

/** Checks and unwraps the operands of a convolution with fixed weights. */
record CpuFixedConvolution(
    Conv2dProblem problem,
    String algorithm,
    FixedCorrelation fixed,
    ElementKernels kernels,
    boolean relu)
    implements FixedConvolution {

  @Override
  public Runnable bind(int n, Storage x, Storage residual, Storage y) {
    if (n < 1 || n > problem.n()) {
      throw new IllegalArgumentException(
          n + " pictures, but the convolution was prepared for 1 to " + problem.n());
    }
    Conv2dProblem p = problem.withBatch(n);
    CpuStorage results = unwrap("y", y, p.outputSize());
    CpuStorage other = residual == null ? null : unwrap("residual", residual, p.outputSize());
    Epilogue epilogue = new Epilogue(kernels, relu, other, results);
    return fixed.bind(Correlation.forward(p), unwrap("x", x, p.inputSize()), epilogue);
  }

  private static CpuStorage unwrap(String name, Storage storage, int length) {
    if (!(storage instanceof CpuStorage s) || s.released() || s.length() < length) {
      throw new IllegalArgumentException(
          name + " must be a storage of this backend with at least " + length + " elements");
    }
    return s;
  }

  @Override
  public long weightBytes() {
    return fixed.weightBytes();
  }
}
