package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;

/** What ends a convolution, see {@link ColdKernels}: the scalar loops have the same bits. */
final class ColdElementKernels extends VectorElementKernels {
  private final ElementKernels scalar = Kernels.scalar().elements();

  @Override
  public void relu(int n, float[] x, int xo, float[] y, int yo) {
    scalar.relu(n, x, xo, y, yo);
  }

  @Override
  public void ramp(int n, float shift, float scale, float[] x, int xo, float[] y, int yo) {
    scalar.ramp(n, shift, scale, x, xo, y, yo);
  }

  @Override
  public void hardSwish(int n, float[] x, int xo, float[] y, int yo) {
    scalar.hardSwish(n, x, xo, y, yo);
  }

  @Override
  public void addRelu(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    scalar.addRelu(n, a, ao, b, bo, out, oo);
  }
}
