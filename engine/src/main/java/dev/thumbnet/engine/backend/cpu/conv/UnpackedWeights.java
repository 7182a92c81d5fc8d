package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import org.jspecify.annotations.Nullable;

/** Weights as they are, for algorithms that have no other form, and the bias. */
record UnpackedWeights(CpuStorage weight, @Nullable CpuStorage bias) implements PreparedWeights {
  /** See {@link ConvolutionAlgorithm#bind}; the epilogue is a pass of its own. */
  Runnable bind(ConvolutionAlgorithm algorithm, Direction c, CpuStorage x, Epilogue epilogue) {
    CpuStorage y = epilogue.y();
    // If results are added to, they must not be overwritten first.
    boolean inPlace = epilogue.residual() != null && epilogue.residual().array == y.array;
    CpuStorage results = inPlace ? y.like() : y;
    int length = c.n * c.outH * c.outW * c.outC;
    return () -> {
      algorithm.run(c, x, weight, bias, results);
      if (!epilogue.none()) {
        epilogue.store(length, results.array, results.offset, y.offset);
      }
    };
  }

  @Override
  public long bytes() {
    return (long) Float.BYTES * weight.length();
  }
}
