package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.conv.Epilogue;
import dev.thumbnet.engine.backend.cpu.conv.PreparedWeights;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;

/** Checks and unwraps the operands of a convolution with prepared weights. */
record CpuPreparedConvolution(
    CpuBackend backend,
    Conv2dProblem problem,
    String algorithm,
    PreparedWeights weights,
    boolean relu)
    implements PreparedConvolution {

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
    Direction c = Direction.forward(p);
    return backend.convolutions().named(algorithm).bind(weights, c, from, epilogue);
  }

  @Override
  public PreparedConvolution on(Backend other) {
    return new CpuPreparedConvolution((CpuBackend) other, problem, algorithm, weights, relu);
  }

  @Override
  public long weightBytes() {
    return weights.bytes();
  }
}
