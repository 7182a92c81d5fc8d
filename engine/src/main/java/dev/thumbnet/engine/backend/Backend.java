package dev.thumbnet.engine.backend;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The list of primitives that everything else is made of. This Javadoc is the contract that each
 * implementation fulfils; {@code backend.reference} is its executable form in double precision.
 *
 * <p><b>Arrays.</b> All are dense and row-major, images NHWC, convolution weights HWIO. A {@link
 * Storage} argument belongs to this backend, is not released, and is at least as long as the
 * problem says; only that many leading elements are touched. Outputs are overwritten unless the
 * method says otherwise. An output must not overlap an input, except that the elementwise methods
 * (marked "may be in place") accept an output that is the very same storage as an input.
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
 * the method; nothing is written then. Lengths and numbers of rows may be zero.
 */
public interface Backend extends Passes, AutoCloseable {
  /** Returns a short name: "cpu", "reference", "cuda". */
  String name();

  /** Returns one line for people: kernels, lanes, threads. */
  String describe();

  // ---------------------------------------------------------------- memory

  /** Returns a storage of {@code length} elements with undefined contents. */
  Storage allocate(int length);

  /** Gives a storage back for reuse. Releasing it again does nothing. */
  void release(Storage storage);

  /** Gives back memory that lies idle for reuse. */
  default void trim() {}

  /** Copies host floats into a storage, converting to the backend's precision. */
  void upload(float[] source, int sourceOffset, Storage target, int targetOffset, int length);

  /** Copies host doubles into a storage, converting to the backend's precision. */
  void upload(double[] source, int sourceOffset, Storage target, int targetOffset, int length);

  /** Copies a storage to host floats, after everything that was asked for before is done. */
  void download(Storage source, int sourceOffset, float[] target, int targetOffset, int length);

  /** Copies a storage to host doubles, after everything that was asked for before is done. */
  void download(Storage source, int sourceOffset, double[] target, int targetOffset, int length);

  /** Sets the first {@code length} elements to {@code value}. */
  void fill(Storage target, int length, double value);

  /**
   * Copies {@code rows} runs of {@code rowLength} elements; run i starts at {@code sourceOffset +
   * i·sourceStride} and goes to {@code targetOffset + i·targetStride}. Plain copies have one row;
   * concatenation and slicing along an axis have more. Source and target may be one storage if the
   * runs do not overlap.
   */
  void copyRows(
      int rows,
      int rowLength,
      Storage source,
      int sourceOffset,
      int sourceStride,
      Storage target,
      int targetOffset,
      int targetStride);

  // ---------------------------------------------------------------- elementwise, may be in place

  /**
   * dx = f'(x)·dy over {@code length} elements. {@code RELU, SIGMOID, TANH, EXP, SQRT} use only y,
   * {@code LOG, SQUARE, ABS} only x; the other may be null. May be in place of dy.
   */
  void unaryBackward(Unary f, int length, Storage x, Storage y, Storage dy, Storage dx);

  /** dx = dy where x &gt; 0, else slope·dy. May be in place of dy. */
  void leakyReluBackward(int length, double slope, Storage x, Storage dy, Storage dx);

  /** dx = dy where low &lt;= x &lt;= high, else 0; shapes as for {@link #clamp}. */
  void clampBackward(AxisProblem p, Storage x, Storage low, Storage high, Storage dy, Storage dx);

  /**
   * out[i] = 0 with probability 1 − keep, else 1 / keep; a pure function of (key, i), the same on
   * every backend: element i is kept if the top 53 bits of {@code mix(key + (i +
   * 1)·0x9E3779B97F4A7C15)} over 2⁵³ are below keep, mix being SplitMix64's finaliser ({@code
   * SplitMix64.mix64}).
   */
  void dropoutMask(int length, long key, double keep, Storage out);

  // ---------------------------------------------------------------- reductions

  /** small[o][i] = scale · Σ over r of a[o][r][i] · b[o][r][i]. */
  void sumOfProducts(AxisProblem p, double scale, Storage a, Storage b, Storage small);

  // ---------------------------------------------------------------- convolution and product

  /** y = conv(x, weight) + bias; {@code bias} has k elements or is null. */
  void conv2d(Conv2dProblem p, Storage x, Storage weight, Storage bias, Storage y);

  /** dx = gradient of ⟨conv(x, weight), dy⟩ for x. */
  void conv2dBackwardData(Conv2dProblem p, Storage dy, Storage weight, Storage dx);

  /** dWeight = gradient of ⟨conv(x, weight), dy⟩ for the weight. */
  void conv2dBackwardWeights(Conv2dProblem p, Storage x, Storage dy, Storage dWeight);

  /**
   * c = op(a)·op(b) + bias, {@code bias} being one row of n elements added to each row, or null.
   */
  void gemm(GemmProblem p, Storage a, Storage b, Storage bias, Storage c);

  /**
   * Prepares a convolution for inference.
   *
   * @param p its shape, with the largest number of pictures
   * @param weight is copied
   * @param bias k elements, or null; is copied
   * @param relu whether max(·, 0) is taken in the end
   * @param format how the copy of the weights may be kept
   */
  PreparedConvolution prepare(
      Conv2dProblem p, Storage weight, Storage bias, boolean relu, WeightFormat format);

  /**
   * Returns the backend with which plans run best as long as this one's code has never run: one
   * with the same storages, that gives the same bits. It is this one itself if that makes no
   * difference, or not any more.
   */
  default Backend cold() {
    return this;
  }

  /**
   * Warms code up: repeats it in the background until it no longer gets faster. For a backend whose
   * {@link #cold} is another.
   *
   * @param work a pass through a plan of this backend
   * @param wanted asked before each run: it ends when the answer is no
   * @param done called once after that
   */
  default void warmUp(Runnable work, BooleanSupplier wanted, Runnable done) {
    throw new UnsupportedOperationException(name() + " needs no warming up");
  }

  /**
   * Ties one pass to its operands, with everything that depends on its problem worked out.
   *
   * @param pass calls one method of its argument, now or whenever the result is run
   * @return does what the call does, on the same storages, as often as it is run, in one thread at
   *     a time; statistics and factors of normalisation may be read now once and for all
   */
  default Runnable bind(Consumer<Passes> pass) {
    return () -> pass.accept(this);
  }

  /**
   * Returns what repeats the steps; a GPU may replay them as one graph instead of carrying them
   * out. So they must do the same each time: the same calls with the same numbers on the same
   * storages, or on storages that they allocate and release themselves, without copies from or to
   * the host and without labels. Storages that were there before must live as long as the result is
   * used. What is returned is run in one thread at a time.
   *
   * @param steps calls of this backend
   * @return does what the steps do, as often as it is run
   */
  default Runnable record(Runnable steps) {
    return steps;
  }

  // ---------------------------------------------------------------- batch normalisation

  /**
   * Normalises with the batch's own statistics and returns them: mean and biased variance, each of
   * {@code channels} elements. Sums must be accurate for means far from zero (two passes or
   * shifted, not E[x²] − E[x]²).
   */
  void batchNormTrain(
      BatchNormProblem p,
      Storage x,
      Storage gamma,
      Storage beta,
      Storage mean,
      Storage variance,
      Storage y);

  /**
   * Gradients of batch normalisation. With {@code batchStatistics} the mean and variance are those
   * of x and depend on it (training), otherwise they are constants (evaluation). If {@code
   * p.relu()}, dy is first masked by y &gt; 0; otherwise y may be null. Each of {@code dx}, {@code
   * dGamma} and {@code dBeta} may be null if unwanted.
   */
  void batchNormBackward(
      BatchNormProblem p,
      boolean batchStatistics,
      Storage x,
      Storage y,
      Storage dy,
      Storage gamma,
      Storage mean,
      Storage variance,
      Storage dx,
      Storage dGamma,
      Storage dBeta);

  // ---------------------------------------------------------------- pooling and resizing

  /**
   * dx: each dy goes to the first maximum of its window in row-major order (to its first NaN if
   * there is one), zero elsewhere.
   */
  void maxPoolBackward(PoolProblem p, Storage x, Storage y, Storage dy, Storage dx);

  /** dx of {@link #averagePool}. */
  void averagePoolBackward(PoolProblem p, boolean countPad, Storage dy, Storage dx);

  /** dx of {@link #resize}: the transposed linear map. */
  void resizeBackward(ResizeProblem p, Storage dy, Storage dx);

  // ---------------------------------------------------------------- softmax and losses

  /** dx = y·(dy − Σ y·dy) over each row. May be in place of dy. */
  void softmaxBackward(int rows, int cols, Storage y, Storage dy, Storage dx);

  /** dx = dy − exp(y)·Σ dy over each row. May be in place of dy. */
  void logSoftmaxBackward(int rows, int cols, Storage y, Storage dy, Storage dx);

  /**
   * Cross entropy from logits, fused with softmax: loss[row] = −Σ_j t_j · log p_j with p the
   * softmax of the row and t = (1 − smoothing)·onehot(label) + smoothing / cols; a class with t = 0
   * counts nothing even where p is 0. {@code probabilities} receives p for the backward pass.
   *
   * @throws IllegalArgumentException if a label is outside [0, cols)
   */
  void crossEntropy(
      int rows,
      int cols,
      Storage logits,
      int[] labels,
      double smoothing,
      Storage probabilities,
      Storage loss);

  /** dLogits[row][j] = scale·(p_j − t_j), the gradient of scale·Σ loss. */
  void crossEntropyBackward(
      int rows,
      int cols,
      Storage probabilities,
      int[] labels,
      double smoothing,
      double scale,
      Storage dLogits);

  // ---------------------------------------------------------------- optimisers, in place

  /** Updates {@code weight} and {@code velocity} (null if momentum is 0) in place. */
  void sgd(SgdStep step, int length, Storage weight, Storage gradient, Storage velocity);

  /** Updates {@code weight} and both moments in place. */
  void adam(AdamStep step, int length, Storage weight, Storage gradient, Storage m, Storage v);

  /** Ends the backend's threads and frees its memory; idle storages become unusable. */
  @Override
  void close();
}
