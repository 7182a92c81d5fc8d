package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.Compilation;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.conv.Epilogue;
import dev.thumbnet.engine.backend.cpu.conv.PreparedWeights;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.problem.Unary;
import org.jspecify.annotations.Nullable;

/** A convolution with prepared weights. */
record CpuPreparedConvolution(
    CpuPrimitives primitives,
    Direction direction,
    String algorithm,
    PreparedWeights weights,
    @Nullable Unary activation)
    implements PreparedConvolution<CpuStorage> {

  @Override
  public Runnable bind(int n, CpuStorage x, @Nullable CpuStorage residual, CpuStorage y) {
    Direction c = direction.withBatch(n);
    Epilogue epilogue = new Epilogue(primitives.elements(), activation, residual, y);
    return primitives.convolutions().named(algorithm).bind(weights, c, x, epilogue);
  }

  @Override
  public PreparedConvolution<CpuStorage> on(Compilation<CpuStorage> other) {
    return new CpuPreparedConvolution(
        (CpuPrimitives) other, direction, algorithm, weights, activation);
  }

  @Override
  public long weightBytes() {
    return weights.bytes();
  }
}
