package dev.thumbnet.engine.backend;

/**
 * Those primitives of a {@link Backend} that compute one result from operands that inference knows,
 * and that it repeats on the same storages; see {@link Backend#bind}. The contract is that of
 * {@link Backend}.
 */
public interface Passes {
  /** out = alpha·a + beta·b over {@code length} elements. May be in place. */
  void linearCombination(int length, double alpha, Storage a, double beta, Storage b, Storage out);

  /** out = max(a + b, 0) over {@code length} elements, the end of a residual block. In place ok. */
  void addRelu(int length, Storage a, Storage b, Storage out);

  /** out = scale·x + shift over {@code length} elements. May be in place. */
  void affine(int length, double scale, Storage x, double shift, Storage out);

  /** out = a·b over {@code length} elements. May be in place. */
  void multiply(int length, Storage a, Storage b, Storage out);

  /** out = a / b over {@code length} elements. May be in place. */
  void divide(int length, Storage a, Storage b, Storage out);

  /** y = f(x) over {@code length} elements. May be in place. */
  void unary(Unary f, int length, Storage x, Storage y);

  /** y = x where x &gt; 0, else slope·x. May be in place. */
  void leakyRelu(int length, double slope, Storage x, Storage y);

  /** out[o][r][i] = big[o][r][i] + scale·small[o][i]. May be in place of {@code big}. */
  void broadcastAdd(AxisProblem p, Storage big, double scale, Storage small, Storage out);

  /** out[o][r][i] = big[o][r][i] · small[o][i]. May be in place of {@code big}. */
  void broadcastMultiply(AxisProblem p, Storage big, Storage small, Storage out);

  /** out[o][r][i] = scale · small[o][i]. */
  void broadcast(AxisProblem p, double scale, Storage small, Storage out);

  /** small[o][i] = scale · Σ over r of big[o][r][i]. */
  void sum(AxisProblem p, double scale, Storage big, Storage small);

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

  /** y = softmax over each row of (rows, cols), computed without overflow. May be in place. */
  void softmax(int rows, int cols, Storage x, Storage y);

  /** y = x − log Σ exp(x) over each row of (rows, cols), without overflow. May be in place. */
  void logSoftmax(int rows, int cols, Storage x, Storage y);
}
