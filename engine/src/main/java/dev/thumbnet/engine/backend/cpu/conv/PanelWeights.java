package dev.thumbnet.engine.backend.cpu.conv;

import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The packed weights of one panel of output channels: as floats, or, if there are {@code packed},
 * as pairs in bf16 (see {@link TileKernels#packBf16}), or, if there are {@code factors}, too, as
 * fours in int8 (see {@link TileKernels#packInt8}).
 *
 * @param base where they begin in the array that holds them
 * @param width lanes of the panel
 * @param factors by which the sums of the lanes must be multiplied
 */
record PanelWeights(
    float @Nullable [] floats,
    int @Nullable [] packed,
    int base,
    int width,
    float @Nullable [] factors) {
  static PanelWeights ofFloats(float[] floats, int base, int width) {
    return new PanelWeights(floats, null, base, width, null);
  }

  /**
   * Adds the products of some windows with rows of this panel, see {@link TileKernels#multiply}.
   *
   * @param row first row, counted in steps of the sum
   * @param rowStep distance of the rows of two runs
   * @param sums of rows of {@code sumStep} floats, those of this panel from {@code sumBase}
   */
  void multiply(
      TileKernels tiles,
      int[] pixels,
      int begin,
      int count,
      int runs,
      int len,
      float[] a,
      int aBase,
      int aStep,
      int row,
      int rowStep,
      float[] sums,
      int sumBase,
      int sumStep) {
    if (packed == null) {
      int first = base + row * width;
      int step = rowStep * width;
      float[] b = Objects.requireNonNull(floats);
      tiles.multiply(
          pixels, begin, count, runs, len, a, aBase, aStep, b, first, step, sums, sumBase, sumStep,
          width);
    } else if (factors == null) {
      int first = base + row * width / 2;
      int step = rowStep * width / 2;
      tiles.multiplyBf16(
          pixels, begin, count, runs, len, a, aBase, aStep, packed, first, step, sums, sumBase,
          sumStep);
    } else {
      int first = base + row * width / 4;
      int step = rowStep * width / 4;
      tiles.multiplyInt8(
          pixels, begin, count, runs, len, a, aBase, aStep, packed, first, step, sums, sumBase,
          sumStep);
    }
  }

  /** Returns the bytes that {@code rows} rows take, with their factors. */
  long bytes(int rows) {
    long numbers = (long) rows * width;
    if (packed == null) {
      return Float.BYTES * numbers;
    }
    return factors == null ? 2 * numbers : numbers + Float.BYTES * width;
  }
}
