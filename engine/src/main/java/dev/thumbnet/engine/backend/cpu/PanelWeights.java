package dev.thumbnet.engine.backend.cpu;

/**
 * The packed weights of one panel of output channels: as floats, or, if {@code halves} is not null,
 * as pairs of halves (see {@link TileKernels#packHalves}).
 *
 * @param base where they begin in the array that holds them
 * @param width lanes of the panel
 */
record PanelWeights(float[] floats, int[] halves, int base, int width) {
  /**
   * Adds the products of some windows with rows of this panel, see {@link TileKernels#multiply}.
   *
   * @param row first row, counted in steps of the sum
   * @param rowStep distance of the rows of two runs
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
      float[] sums) {
    if (halves == null) {
      tiles.multiply(
          pixels,
          begin,
          count,
          runs,
          len,
          a,
          aBase,
          aStep,
          floats,
          base + row * width,
          rowStep * width,
          sums,
          width);
    } else {
      int pairs = width / 2;
      tiles.multiplyHalves(
          pixels,
          begin,
          count,
          runs,
          len,
          a,
          aBase,
          aStep,
          halves,
          base + row * pairs,
          rowStep * pairs,
          sums);
    }
  }
}
