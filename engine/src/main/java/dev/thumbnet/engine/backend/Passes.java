package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import dev.thumbnet.engine.backend.problem.Unary;

/**
 * Those {@link Primitives} that compute one result from operands that inference knows, and that it
 * repeats on the same storages; see {@link Compilation#bind}. The contract is that of all
 * primitives.
 *
 * @param <S> the storages, see {@link Primitives}
 */
public interface Passes<S extends Storage> {
  /** out = alpha·a + beta·b over {@code length} elements. May be in place. */
  void linearCombination(int length, double alpha, S a, double beta, S b, S out);

  /** out = max(a + b, 0) over {@code length} elements, the end of a residual block. In place ok. */
  void addRelu(int length, S a, S b, S out);

  /** out = scale·x + shift over {@code length} elements. May be in place. */
  void affine(int length, double scale, S x, double shift, S out);

  /** out = a·b over {@code length} elements. May be in place. */
  void multiply(int length, S a, S b, S out);

  /** out = a / b over {@code length} elements. May be in place. */
  void divide(int length, S a, S b, S out);

  /** out = the larger of a and b, NaN if one is NaN. May be in place. */
  void maximum(int length, S a, S b, S out);

  /** out = the smaller of a and b, NaN if one is NaN. May be in place. */
  void minimum(int length, S a, S b, S out);

  /** y = f(x) over {@code length} elements. May be in place. */
  void unary(Unary f, int length, S x, S y);

  /** y = x where x &gt; 0, else slope·x. May be in place. */
  void leakyRelu(int length, double slope, S x, S y);

  /** y = scale·x where x &gt; 0, else alpha·(exp(rate·x) − 1). May be in place. */
  void elu(int length, double scale, double alpha, double rate, S x, S y);

  /** out[o][r][i] = big[o][r][i] + scale·small[o][i]. May be in place of {@code big}. */
  void broadcastAdd(AxisProblem p, S big, double scale, S small, S out);

  /** out[o][r][i] = big[o][r][i] · small[o][i]. May be in place of {@code big}. */
  void broadcastMultiply(AxisProblem p, S big, S small, S out);

  /** out[o][r][i] = scale · small[o][i]. */
  void broadcast(AxisProblem p, double scale, S small, S out);

  /** small[o][i] = scale · Σ over r of big[o][r][i]. */
  void sum(AxisProblem p, double scale, S big, S small);

  /** y[o][r][i] = x[o][r][i], but at least low[o][i] and at most high[o][i]; NaN stays. */
  void clamp(AxisProblem p, S x, S low, S high, S y);

  /** Normalises with given statistics. May be in place of x. */
  void batchNormEval(BatchNormProblem p, S x, S gamma, S beta, S mean, S variance, S y);

  /** y = maximum over each window; padding never wins. NaN wins. */
  void maxPool(PoolProblem p, S x, S y);

  /**
   * y = sum over each window divided by its size; {@code countPad} tells whether padding counts
   * towards the size.
   */
  void averagePool(PoolProblem p, boolean countPad, S x, S y);

  /** y = x resampled to another spatial size. */
  void resize(ResizeProblem p, S x, S y);

  /** y = softmax over each row of (rows, cols), computed without overflow. May be in place. */
  void softmax(int rows, int cols, S x, S y);

  /** y = x − log Σ exp(x) over each row of (rows, cols), without overflow. May be in place. */
  void logSoftmax(int rows, int cols, S x, S y);

  /** y = x with its axes in another order. */
  void transpose(TransposeProblem p, S x, S y);

  /** y = chosen rows and columns of x, and {@code value} where none is chosen. */
  void gather(GatherProblem p, double value, S x, S y);
}
