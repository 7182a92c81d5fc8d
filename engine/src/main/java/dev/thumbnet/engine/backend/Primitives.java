package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.problem.AdamStep;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.SgdStep;
import dev.thumbnet.engine.backend.problem.Unary;
import org.jspecify.annotations.Nullable;

/**
 * The list of primitives that everything else is made of. This Javadoc is the contract that each
 * implementation fulfils; {@code backend.reference} is its executable form in double precision.
 *
 * <p><b>Arrays.</b> All are dense and row-major, images NHWC, convolution weights HWIO. A storage
 * argument belongs to this backend, is not released, and is at least as long as the problem says;
 * only that many leading elements are touched. Outputs are overwritten unless the method says
 * otherwise. An output must not overlap an input, except that the elementwise methods (marked "may
 * be in place") accept an output that is the very same storage as an input.
 *
 * <p><b>Determinism.</b> The same inputs give the same bits, for any number of threads, in the
 * first call and in the millionth.
 *
 * <p><b>Threads.</b> Any thread may call any method at any time; calls that write different
 * storages do not disturb each other.
 *
 * <p><b>NaN and infinity</b> go through the formulas as in IEEE arithmetic: max(NaN, 0) is NaN,
 * also in ReLU, and a maximum over values with a NaN is NaN. Only a convolution may spread them
 * further, over other outputs of the same picture (or, in the gradient of the weight, of the same
 * pair of channels), because fast algorithms take differences of neighbouring values.
 *
 * <p><b>Errors.</b> A storage of another backend, a released or too short one, a missing one, a too
 * short array of the host and a negative length give an {@link IllegalArgumentException} that names
 * the method; nothing is written then. Lengths and numbers of rows may be zero. {@link
 * CheckedBackend} sees to that, once for all backends: who implements this list gets arguments that
 * are right.
 *
 * @param <S> the storages: {@link Storage} for whoever calls, its own for who implements
 */
public interface Primitives<S extends Storage> extends Passes<S> {
  // ---------------------------------------------------------------- memory

  /** Returns a storage of {@code length} elements with undefined contents. */
  S allocate(int length);

  /** Gives a storage back for reuse. Releasing it again does nothing. */
  void release(S storage);

  /** Gives back memory that lies idle for reuse. */
  default void trim() {}

  /** Copies host floats into a storage, converting to the backend's precision. */
  void upload(float[] source, int sourceOffset, S target, int targetOffset, int length);

  /** Copies host doubles into a storage, converting to the backend's precision. */
  void upload(double[] source, int sourceOffset, S target, int targetOffset, int length);

  /** Copies a storage to host floats, after everything that was asked for before is done. */
  void download(S source, int sourceOffset, float[] target, int targetOffset, int length);

  /** Copies a storage to host doubles, after everything that was asked for before is done. */
  void download(S source, int sourceOffset, double[] target, int targetOffset, int length);

  /** Sets the first {@code length} elements to {@code value}. */
  void fill(S target, int length, double value);

  /**
   * Copies {@code rows} runs of {@code rowLength} elements; run i starts at {@code sourceOffset +
   * i·sourceStride} and goes to {@code targetOffset + i·targetStride}. Plain copies have one row;
   * concatenation and slicing along an axis have more. Source and target may be one storage if the
   * runs do not overlap.
   */
  void copyRows(
      int rows,
      int rowLength,
      S source,
      int sourceOffset,
      int sourceStride,
      S target,
      int targetOffset,
      int targetStride);

  // ---------------------------------------------------------------- elementwise, may be in place

  /**
   * dx = f'(x)·dy over {@code length} elements. Some functions use only x and the others only y,
   * see {@link Unary#gradientUsesX}; the one that is not used may be missing. May be in place of
   * dy.
   */
  void unaryBackward(Unary f, int length, @Nullable S x, @Nullable S y, S dy, S dx);

  /** dx = dy where x &gt; 0, else slope·dy. May be in place of dy. */
  void leakyReluBackward(int length, double slope, S x, S dy, S dx);

  /** dx = scale·dy where x &gt; 0, else alpha·rate·exp(rate·x)·dy. May be in place of dy. */
  void eluBackward(int length, double scale, double alpha, double rate, S x, S dy, S dx);

  /** dx = dy where low &lt;= x &lt;= high, else 0; shapes as for {@link #clamp}. */
  void clampBackward(AxisProblem p, S x, S low, S high, S dy, S dx);

  /** da = dy where a &gt; b, half of dy where they are equal, else 0. May be in place of dy. */
  void maximumBackward(int length, S a, S b, S dy, S da);

  /**
   * out[i] = 0 with probability 1 − keep, else 1 / keep; a pure function of (key, i), the same on
   * every backend: element i is kept if the top 53 bits of {@code mix(key + (i +
   * 1)·0x9E3779B97F4A7C15)} over 2⁵³ are below keep, mix being SplitMix64's finaliser ({@code
   * SplitMix64.mix64}).
   */
  void dropoutMask(int length, long key, double keep, S out);

  // ---------------------------------------------------------------- reductions

  /** small[o][i] = scale · Σ over r of a[o][r][i] · b[o][r][i]. */
  void sumOfProducts(AxisProblem p, double scale, S a, S b, S small);

  // ---------------------------------------------------------------- convolution and product

  /** y = conv(x, weight) + bias; {@code bias} has k elements. */
  void conv2d(Conv2dProblem p, S x, S weight, @Nullable S bias, S y);

  /** dx = gradient of ⟨conv(x, weight), dy⟩ for x. */
  void conv2dBackwardData(Conv2dProblem p, S dy, S weight, S dx);

  /** dWeight = gradient of ⟨conv(x, weight), dy⟩ for the weight. */
  void conv2dBackwardWeights(Conv2dProblem p, S x, S dy, S dWeight);

  /** c = op(a)·op(b) + bias, {@code bias} being one row of n elements added to each row. */
  void gemm(GemmProblem p, S a, S b, @Nullable S bias, S c);

  /** c = op(a)·op(b) for each of {@code batch} pairs of matrices that stand one after the other. */
  void matmul(int batch, GemmProblem p, S a, S b, S c);

  // ---------------------------------------------------------------- batch normalisation

  /**
   * Normalises with the batch's own statistics and returns them: mean and biased variance, each of
   * {@code channels} elements. Sums must be accurate for means far from zero (two passes or
   * shifted, not E[x²] − E[x]²).
   */
  void batchNormTrain(BatchNormProblem p, S x, S gamma, S beta, S mean, S variance, S y);

  /**
   * Gradients of batch normalisation. With {@code batchStatistics} the mean and variance are those
   * of x and depend on it (training), otherwise they are constants (evaluation). If {@code
   * p.relu()}, dy is first masked by y &gt; 0; otherwise y may be missing, and so may unwanted ones
   * of {@code dx}, {@code dGamma} and {@code dBeta}.
   */
  void batchNormBackward(
      BatchNormProblem p,
      boolean batchStatistics,
      S x,
      @Nullable S y,
      S dy,
      S gamma,
      S mean,
      S variance,
      @Nullable S dx,
      @Nullable S dGamma,
      @Nullable S dBeta);

  // ---------------------------------------------------------------- pooling and resizing

  /**
   * dx: each dy goes to the first maximum of its window in row-major order (to its first NaN if
   * there is one), zero elsewhere.
   */
  void maxPoolBackward(PoolProblem p, S x, S y, S dy, S dx);

  /** dx of {@link #averagePool}. */
  void averagePoolBackward(PoolProblem p, boolean countPad, S dy, S dx);

  /** dx of {@link #resize}: the transposed linear map. */
  void resizeBackward(ResizeProblem p, S dy, S dx);

  /** dx = the sum of all dy that {@link #gather} takes from an element. */
  void gatherBackward(GatherProblem p, S dy, S dx);

  // ---------------------------------------------------------------- softmax and losses

  /** dx = y·(dy − Σ y·dy) over each row. May be in place of dy. */
  void softmaxBackward(int rows, int cols, S y, S dy, S dx);

  /** dx = dy − exp(y)·Σ dy over each row. May be in place of dy. */
  void logSoftmaxBackward(int rows, int cols, S y, S dy, S dx);

  /**
   * Cross entropy from logits, fused with softmax: loss[row] = −Σ_j t_j · log p_j with p the
   * softmax of the row and t = (1 − smoothing)·onehot(label) + smoothing / cols; a class with t = 0
   * counts nothing even where p is 0. {@code probabilities} receives p for the backward pass.
   *
   * @throws IllegalArgumentException if a label is outside [0, cols)
   */
  void crossEntropy(
      int rows, int cols, S logits, int[] labels, double smoothing, S probabilities, S loss);

  /** dLogits[row][j] = scale·(p_j − t_j), the gradient of scale·Σ loss. */
  void crossEntropyBackward(
      int rows, int cols, S probabilities, int[] labels, double smoothing, double scale, S dLogits);

  // ---------------------------------------------------------------- optimisers, in place

  /** Updates {@code weight} and {@code velocity} (missing if momentum is 0) in place. */
  void sgd(SgdStep step, int length, S weight, S gradient, @Nullable S velocity);

  /** Updates {@code weight} and both moments in place. */
  void adam(AdamStep step, int length, S weight, S gradient, S m, S v);
}
