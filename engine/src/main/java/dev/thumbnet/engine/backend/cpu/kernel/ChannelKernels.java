package dev.thumbnet.engine.backend.cpu.kernel;

/**
 * Loops over a block of a matrix whose columns are channels: {@code rows} rows of {@code width}
 * columns, row r starting at the offset plus r·stride. Arrays of one row (sums, means, factors)
 * start at 0 and have {@code width} elements. Sums are added to what is in the array, each column
 * for itself, so a column's bits do not depend on its neighbours.
 */
public interface ChannelKernels {
  /** Vectors of a row for which there are faster loops, if rows follow each other without gaps. */
  int NARROW = 4;

  /** sum[j] += Σ x. */
  void sum(int rows, int stride, int width, float[] x, int xo, float[] sum);

  /** sum[j] += Σ a·b. */
  void sumOfProducts(
      int rows, int stride, int width, float[] a, int ao, float[] b, int bo, float[] sum);

  /** With d = x − centre[j]: sum[j] += Σ d and squares[j] += Σ d². */
  void centredSums(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] centre,
      float[] sum,
      float[] squares);

  /** sum[j] += Σ dy and products[j] += Σ dy·(x − mean[j]). */
  void gradientSums(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] sum,
      float[] products);

  /** As {@link #gradientSums}, dy counting only where y &gt; 0. */
  void gradientSumsRelu(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] y,
      int yo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] sum,
      float[] products);

  /** y = (x − mean[j])·scale[j] + shift[j]; y may be x. */
  void normalise(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] mean,
      float[] scale,
      float[] shift,
      float[] y,
      int yo);

  /** y = max((x − mean[j])·scale[j] + shift[j], 0); y may be x. */
  void normaliseRelu(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] mean,
      float[] scale,
      float[] shift,
      float[] y,
      int yo);

  /** dx = a[j]·dy + b[j]·(x − mean[j]) + c[j]. */
  void inputGradient(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] a,
      float[] b,
      float[] c,
      float[] dx,
      int dxo);

  /** As {@link #inputGradient}, dy counting only where y &gt; 0. */
  void inputGradientRelu(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] y,
      int yo,
      float[] dy,
      int dyo,
      float[] mean,
      float[] a,
      float[] b,
      float[] c,
      float[] dx,
      int dxo);

  /** out = big + small[j]; out may be big. */
  void add(
      int rows, int stride, int width, float[] big, int bo, float[] small, float[] out, int oo);

  /** out = big·small[j]; out may be big. */
  void multiply(
      int rows, int stride, int width, float[] big, int bo, float[] small, float[] out, int oo);

  /** y = x, but at least low[j] and at most high[j]; NaN stays; y may be x. */
  void clamp(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] low,
      float[] high,
      float[] y,
      int yo);

  /** dx = dy where low[j] &lt;= x &lt;= high[j], else 0; dx may be dy. */
  void clampGradient(
      int rows,
      int stride,
      int width,
      float[] x,
      int xo,
      float[] low,
      float[] high,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo);
}
