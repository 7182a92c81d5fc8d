package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.GroupKernels;
import dev.thumbnet.engine.backend.cpu.vector.tile.GroupGradientTiles;
import dev.thumbnet.engine.backend.cpu.vector.tile.GroupTiles;
import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;

/** Hands each call to the tiles. */
class VectorGroupKernels implements GroupKernels {
  @Override
  public int width() {
    return Lanes.F.length();
  }

  @Override
  public void copy(int count, int valid, float[] x, int xBase, int xStep, float[] to, int toBase) {
    GroupTiles.copy(count, valid, x, xBase, xStep, to, toBase);
  }

  @Override
  public void spread(
      int count,
      int valid,
      int size,
      int member,
      float[] x,
      int xBase,
      int xStep,
      float[] to,
      int toBase) {
    GroupTiles.spread(count, valid, size, member, x, xBase, xStep, to, toBase);
  }

  @Override
  public void multiply(
      int count,
      int stride,
      int[] rows,
      int elements,
      int elementStep,
      float[] x,
      int xBase,
      float[] w,
      int wBase,
      float[] y,
      int yBase,
      int yStep) {
    GroupTiles.multiply(
        count, stride, rows, elements, elementStep, x, xBase, w, wBase, y, yBase, yStep);
  }

  @Override
  public void addGradient(
      int count,
      int stride,
      int[] rows,
      int elements,
      int elementStep,
      float[] x,
      int xBase,
      float[] dy,
      int dyBase,
      float[] sums) {
    GroupGradientTiles.addGradient(
        count, stride, rows, elements, elementStep, x, xBase, dy, dyBase, sums);
  }
}
