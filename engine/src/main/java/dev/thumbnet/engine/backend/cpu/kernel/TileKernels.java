package dev.thumbnet.engine.backend.cpu.kernel;

/**
 * The register tiles that convolution and matrix product are made of. All of them <em>add to</em>
 * what the result array holds, so that a long sum can be made in pieces; the caller writes zeros or
 * the bias there first. None allocates, none knows of threads.
 */
public interface TileKernels {
  /**
   * Returns the widths of panel, in floats, that {@link #multiply} and {@link #outerProducts} take,
   * the widest first. Each is a multiple of the last one.
   */
  int[] widths();

  /**
   * Windows of A times a packed panel of B: c[cBase + rowᵢ·cStep + j] += Σᵣₖ a[aBase + offsetᵢ +
   * r·aStep + k] · b[bBase + r·bStep + k·width + j] for each i below {@code count} and j below
   * {@code width}, r below {@code rows} and k below {@code len}.
   *
   * @param pixels pairs (offsetᵢ, rowᵢ): where a window begins in A, and which row of the result it
   *     adds to
   * @param begin index of the first pair's first number in {@code pixels}
   * @param count number of pairs
   * @param width one of {@link #widths}
   */
  void multiply(
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
      int width);

  /**
   * As {@link #multiply} for the widest panel, with weights that {@link #packBf16} made.
   *
   * @param bBase counted in pairs, as {@code bStep}
   */
  void multiplyBf16(
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
      int cStep);

  /**
   * Rounds {@code rows} rows of the widest panel to the upper 16 bits of each number (bfloat16) and
   * stores two in an int, in the order that suits {@link #multiplyBf16}.
   */
  void packBf16(int rows, float[] from, int fromBase, int[] to);

  /**
   * Returns how many rows of the widest panel {@link #packInt8} packs together; {@link
   * #multiplyInt8} takes runs of a multiple of it.
   */
  int int8Rows();

  /**
   * As {@link #multiply} for the widest panel, with weights that {@link #packInt8} made, without
   * their factors.
   *
   * @param bBase counted in ints, as {@code bStep}
   */
  void multiplyInt8(
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
      int cStep);

  /**
   * Rounds {@code rows} rows of the widest panel to 8 bits, as {@link Int8} does, and stores four
   * in an int, in the order that suits {@link #multiplyInt8}.
   *
   * @param factors of the panel's columns
   */
  void packInt8(int rows, float[] from, int fromBase, float[] factors, int[] to);

  /**
   * Sum of outer products over a rectangle of pixels: c[cBase + i·width + j] += Σᵧₓ a[aBase +
   * y·aStepY + x·aStepX + i] · b[bBase + y·bStepY + x·bStepX + j] for each i below {@code rows} and
   * j below {@code width}, y below {@code ny}, x below {@code nx}.
   */
  void outerProducts(
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
      int width);

  /**
   * Scalar products of rectangles: c[cBase + rowᵢ·cStep + j] += Σᵣₖ a[aBase + offsetᵢ + r·aStep +
   * k] · b[bBase + j·bColumn + r·bStep + k] for each i below {@code count}, j below {@code
   * columns}, r below {@code rows}, k below {@code len}. The order of the sum is fixed.
   *
   * @param pixels pairs (offsetᵢ, rowᵢ) as in {@link #multiply}
   */
  void dots(
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
      int cStep);

  /**
   * A few rows times a matrix as it lies: c[cBase + i·cStep + j] += Σₖ a[aBase + i·aStep + k] ·
   * b[bBase + k·bStep + j] for each i below {@code rows}, j below {@code columns}, k below {@code
   * len}. The products are added one by one in the order of k, so the bits are those of {@link
   * #multiply}.
   */
  void multiplyRows(
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
      int cStep);

  /** Returns how many results of a row {@link #planes} computes at once. */
  int planesWidth();

  /**
   * Weighted sums of shifted planes: c[cBase + i·cStep + j] += Σₜₖ a[aBase + (t·len + k)·rows + i]
   * · b[bBase + shiftₜ + k·bStep + j] for each i below {@code rows} and j below {@link
   * #planesWidth}, t below the number of shifts and k below {@code len}.
   */
  void planes(
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
      int cStep);

  /** b[bBase + j·bStep + i] = a[aBase + i·aStep + j] for each i below rows and j below cols. */
  void transpose(
      int rows, int cols, float[] a, int aBase, int aStep, float[] b, int bBase, int bStep);
}
