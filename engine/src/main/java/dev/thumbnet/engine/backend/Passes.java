package dev.thumbnet.engine.backend;

/**
 * Those primitives of a {@link Backend} that read their operands once and write one result, and
 * that inference repeats on the same storages; see {@link Backend#bind}. The contract is that of
 * {@link Backend}.
 */
public interface Passes {
  /** out = alpha·a + beta·b over {@code length} elements. May be in place. */
  void linearCombination(int length, double alpha, Storage a, double beta, Storage b, Storage out);

  /** out = max(a + b, 0) over {@code length} elements, the end of a residual block. In place ok. */
  void addRelu(int length, Storage a, Storage b, Storage out);

  /** y = f(x) over {@code length} elements. May be in place. */
  void unary(Unary f, int length, Storage x, Storage y);

  /** y = x where x &gt; 0, else slope·x. May be in place. */
  void leakyRelu(int length, double slope, Storage x, Storage y);

  /** y[o][r][i] = x[o][r][i], but at least low[o][i] and at most high[o][i]; NaN stays. */
  void clamp(AxisProblem p, Storage x, Storage low, Storage high, Storage y);

  /** Normalises with given statistics. May be in place of x. */
  void batchNormEval(
      BatchNormProblem p,
      Storage x,
      Storage gamma,
      Storage beta,
      Storage mean,
      Storage variance,
      Storage y);

  /** y = maximum over each window; padding never wins. NaN wins. */
  void maxPool(PoolProblem p, Storage x, Storage y);

  /**
   * y = sum over each window divided by its size; {@code countPad} tells whether padding counts
   * towards the size.
   */
  void averagePool(PoolProblem p, boolean countPad, Storage x, Storage y);

  /** y = x resampled to another spatial size. */
  void resize(ResizeProblem p, Storage x, Storage y);
}
