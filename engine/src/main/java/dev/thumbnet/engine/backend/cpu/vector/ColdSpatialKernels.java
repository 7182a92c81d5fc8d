package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.SpatialKernels;

/** Pooling, see {@link ColdKernels}: the scalar loop has the same bits. */
final class ColdSpatialKernels extends VectorSpatialKernels {
  private final SpatialKernels scalar = Kernels.scalar().spatial();

  @Override
  public void maximum(
      int rows,
      int cols,
      int rowStride,
      int pixelStride,
      int channels,
      float[] x,
      int xo,
      float[] y,
      int yo) {
    scalar.maximum(rows, cols, rowStride, pixelStride, channels, x, xo, y, yo);
  }
}
