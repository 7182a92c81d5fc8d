package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import org.jspecify.annotations.Nullable;

/** Checks the operands of a prepared convolution, see {@link CheckedBackend}. */
record CheckedConvolution<S extends Storage>(
    CheckedBackend<S> backend,
    Conv2dProblem problem,
    boolean transposed,
    PreparedConvolution<S> convolution)
    implements PreparedConvolution<Storage> {

  @Override
  public Runnable bind(int n, Storage x, @Nullable Storage residual, Storage y) {
    String method = transposed ? "prepareTransposed" : "prepare";
    if (n < 1 || n > problem.n()) {
      throw new IllegalArgumentException(
          method + ": " + n + " pictures, but 1 to " + problem.n() + " were announced");
    }
    Conv2dProblem p = problem.withBatch(n);
    int input = transposed ? p.outputSize() : p.inputSize();
    int output = transposed ? p.inputSize() : p.outputSize();
    return convolution.bind(
        n,
        backend.checked(method, "x", x, input),
        residual == null ? null : backend.checked(method, "residual", residual, output),
        backend.checked(method, "y", y, output));
  }

  @Override
  @SuppressWarnings("unchecked") // it has storages of the same kind, or its compilation refuses
  public PreparedConvolution<Storage> on(Compilation<Storage> other) {
    CheckedBackend<S> that = (CheckedBackend<S>) other;
    return new CheckedConvolution<>(that, problem, transposed, convolution.on(that.compilation()));
  }

  @Override
  public String algorithm() {
    return convolution.algorithm();
  }

  @Override
  public long weightBytes() {
    return convolution.weightBytes();
  }
}
