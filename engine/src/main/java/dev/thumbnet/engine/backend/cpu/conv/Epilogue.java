package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.problem.Unary;
import org.jspecify.annotations.Nullable;

/**
 * What is done to the results of a convolution on their way to y: a residual of the shape of y is
 * added, and an activation function taken, or either, or neither. It happens piece by piece while
 * the results are in L1, so that no further pass over memory is needed.
 *
 * @param activation what is taken of results, after the sum
 * @param residual what is added to results
 */
public record Epilogue(
    ElementKernels kernels,
    @Nullable Unary activation,
    @Nullable CpuStorage residual,
    CpuStorage y) {
  /** Stores {@code count} results at {@code to} in the array of y, where they may stand already. */
  public void store(int count, float[] results, int from, int to) {
    if (residual == null) {
      if (activation != null) {
        kernels.unary(activation, count, results, from, y.array, to);
      } else if (results != y.array) {
        System.arraycopy(results, from, y.array, to, count);
      }
      return;
    }
    int other = residual.offset - y.offset + to;
    if (activation == Unary.RELU) {
      kernels.addRelu(count, results, from, residual.array, other, y.array, to);
      return;
    }
    kernels.linearCombination(count, 1, results, from, 1, residual.array, other, y.array, to);
    if (activation != null) {
      kernels.unary(activation, count, y.array, to, y.array, to);
    }
  }

  /** Tells whether results only have to be stored. */
  public boolean none() {
    return activation == null && residual == null;
  }
}
