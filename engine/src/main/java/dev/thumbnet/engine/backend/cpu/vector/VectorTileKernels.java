package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.Bfloat16;
import dev.thumbnet.engine.backend.cpu.kernel.Int8;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Tiles;
import dev.thumbnet.engine.backend.cpu.vector.tile.Bf16Tiles;
import dev.thumbnet.engine.backend.cpu.vector.tile.Int8Tiles;
import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;
import dev.thumbnet.engine.backend.cpu.vector.tile.MultiplyTiles;
import dev.thumbnet.engine.backend.cpu.vector.tile.PlaneTiles;
import dev.thumbnet.engine.backend.cpu.vector.tile.VectorDots;
import dev.thumbnet.engine.backend.cpu.vector.tile.VectorRows;
import dev.thumbnet.engine.backend.cpu.vector.tile.VectorTranspose;
import dev.thumbnet.engine.backend.cpu.vector.tile.WeightGradientTiles;

/** Hands each call to the tiles of the panel's width. */
class VectorTileKernels implements TileKernels {
  private static final int L = Lanes.F.length();

  private final int[] widths =
      Tiles.widestPanel(L) == 4 ? new int[] {4 * L, 2 * L, L} : new int[] {2 * L, L};

  @Override
  public int[] widths() {
    return widths.clone();
  }

  @Override
  public void multiply(
      int[] pixels,
      int begin,
      int count,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase,
      int cStep,
      int width) {
    switch (width / L) {
      case 4 ->
          MultiplyTiles.width4(
              pixels, begin, count, rows, len, a, aBase, aStep, b, bBase, bStep, c, cBase, cStep);
      case 2 ->
          MultiplyTiles.width2(
              pixels, begin, count, rows, len, a, aBase, aStep, b, bBase, bStep, c, cBase, cStep);
      default ->
          MultiplyTiles.width1(
              pixels, begin, count, rows, len, a, aBase, aStep, b, bBase, bStep, c, cBase, cStep);
    }
  }

  @Override
  public void multiplyBf16(
      int[] pixels,
      int begin,
      int count,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      int[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase,
      int cStep) {
    if (widths[0] == 4 * L) {
      Bf16Tiles.width4(
          pixels, begin, count, rows, len, a, aBase, aStep, b, bBase, bStep, c, cBase, cStep);
    } else {
      Bf16Tiles.width2(
          pixels, begin, count, rows, len, a, aBase, aStep, b, bBase, bStep, c, cBase, cStep);
    }
  }

  @Override
  public void packBf16(int rows, float[] from, int fromBase, int[] to) {
    Bfloat16.pack(rows * widths[0], L, from, fromBase, to);
  }

  @Override
  public int int8Rows() {
    return 4 * L / widths[0];
  }

  @Override
  public void multiplyInt8(
      int[] pixels,
      int begin,
      int count,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      int[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase,
      int cStep) {
    if (widths[0] == 4 * L) {
      Int8Tiles.width4(
          pixels, begin, count, rows, len, a, aBase, aStep, b, bBase, bStep, c, cBase, cStep);
    } else {
      Int8Tiles.width2(
          pixels, begin, count, rows, len, a, aBase, aStep, b, bBase, bStep, c, cBase, cStep);
    }
  }

  @Override
  public void packInt8(int rows, float[] from, int fromBase, float[] factors, int[] to) {
    Int8.pack(rows, L, from, fromBase, factors, to);
  }

  @Override
  public void outerProducts(
      int rows,
      int ny,
      int nx,
      float[] a,
      int aBase,
      int aStepY,
      int aStepX,
      float[] b,
      int bBase,
      int bStepY,
      int bStepX,
      float[] c,
      int cBase,
      int width) {
    switch (width / L) {
      case 4 ->
          WeightGradientTiles.width4(
              rows, ny, nx, a, aBase, aStepY, aStepX, b, bBase, bStepY, bStepX, c, cBase);
      case 2 ->
          WeightGradientTiles.width2(
              rows, ny, nx, a, aBase, aStepY, aStepX, b, bBase, bStepY, bStepX, c, cBase);
      default ->
          WeightGradientTiles.width1(
              rows, ny, nx, a, aBase, aStepY, aStepX, b, bBase, bStepY, bStepX, c, cBase);
    }
  }

  @Override
  public void dots(
      int[] pixels,
      int begin,
      int count,
      int columns,
      int rows,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bColumn,
      int bStep,
      float[] c,
      int cBase,
      int cStep) {
    VectorDots.dots(
        pixels, begin, count, columns, rows, len, a, aBase, aStep, b, bBase, bColumn, bStep, c,
        cBase, cStep);
  }

  @Override
  public void multiplyRows(
      int rows,
      int columns,
      int len,
      float[] a,
      int aBase,
      int aStep,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase,
      int cStep) {
    VectorRows.multiplyRows(rows, columns, len, a, aBase, aStep, b, bBase, bStep, c, cBase, cStep);
  }

  @Override
  public int planesWidth() {
    return PlaneTiles.WIDTH;
  }

  @Override
  public void planes(
      int rows,
      int[] shifts,
      int len,
      float[] a,
      int aBase,
      float[] b,
      int bBase,
      int bStep,
      float[] c,
      int cBase,
      int cStep) {
    PlaneTiles.planes(rows, shifts, len, a, aBase, b, bBase, bStep, c, cBase, cStep);
  }

  @Override
  public void transpose(
      int rows, int cols, float[] a, int aBase, int aStep, float[] b, int bBase, int bStep) {
    VectorTranspose.transpose(rows, cols, a, aBase, aStep, b, bBase, bStep);
  }
}
