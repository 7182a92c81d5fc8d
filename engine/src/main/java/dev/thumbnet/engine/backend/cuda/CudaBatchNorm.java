package dev.thumbnet.engine.backend.cuda;

import static dev.thumbnet.engine.backend.cuda.CudaQueue.flag;
import static dev.thumbnet.engine.backend.cuda.CudaQueue.real;
import static dev.thumbnet.engine.backend.cuda.ElementType.F32;

import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation. The statistics are taken in one pass: each thread knows number, mean and
 * squared deviations of what it has seen, and these are put together like sums. Results have the
 * element type of x, all values for a channel are F32.
 */
final class CudaBatchNorm {
  private static final long NONE = 0;

  private final CudaQueue queue;
  private final CudaBroadcasts axes;

  CudaBatchNorm(CudaQueue queue, CudaBroadcasts axes) {
    this.queue = queue;
    this.axes = axes;
  }

  void train(
      BatchNormProblem p,
      CudaStorage x,
      CudaStorage gamma,
      CudaStorage beta,
      CudaStorage mean,
      CudaStorage variance,
      CudaStorage y) {
    ElementType type = x.element();
    long from = queue.read(x, p.size(), type);
    long scale = queue.read(gamma, p.channels(), F32);
    long shift = queue.read(beta, p.channels(), F32);
    long means = queue.write(mean, F32);
    long variances = queue.write(variance, F32);
    statistics(p, type, from, means, variances);
    normalise(p, type, from, scale, shift, means, variances, queue.write(y, type));
  }

  private void statistics(BatchNormProblem p, ElementType type, long x, long mean, long variance) {
    Chunks c = Chunks.of(new AxisProblem(1, p.rows(), p.channels()));
    long means = queue.scratchFloats((long) c.count() * p.channels());
    long squares = queue.scratchFloats((long) c.count() * p.channels());
    long shifts = queue.scratchFloats(p.channels());
    queue.launchBlocks(
        "batch_norm_moments" + type.suffix(),
        c.blocks(),
        Chunks.THREADS,
        p.rows(),
        p.channels(),
        c.lanes(),
        c.rows(),
        c.count(),
        x,
        means,
        squares,
        shifts);
    queue.launchBlocks(
        "batch_norm_moments_of_chunks",
        c.blocks() / c.count(),
        Chunks.THREADS,
        p.rows(),
        p.channels(),
        c.lanes(),
        c.rows(),
        c.count(),
        means,
        squares,
        shifts,
        mean,
        variance);
  }

  void eval(
      BatchNormProblem p,
      CudaStorage x,
      CudaStorage gamma,
      CudaStorage beta,
      CudaStorage mean,
      CudaStorage variance,
      CudaStorage y) {
    ElementType type = x.element();
    normalise(
        p,
        type,
        queue.read(x, p.size(), type),
        queue.read(gamma, p.channels(), F32),
        queue.read(beta, p.channels(), F32),
        queue.read(mean, p.channels(), F32),
        queue.read(variance, p.channels(), F32),
        queue.write(y, type));
  }

  private void normalise(
      BatchNormProblem p,
      ElementType type,
      long x,
      long gamma,
      long beta,
      long mean,
      long variance,
      long y) {
    int n = p.size();
    queue.launchPacks(
        "batch_norm",
        type,
        n,
        n,
        p.channels(),
        flag(p.relu()),
        x,
        mean,
        factors(p, gamma, variance),
        beta,
        y);
  }

  /** Returns gamma / √(variance + eps) for each channel; without gamma, its reciprocal root. */
  private long factors(BatchNormProblem p, long gamma, long variance) {
    long factors = queue.scratchFloats(p.channels());
    queue.launch(
        "batch_norm_factors", p.channels(), p.channels(), real(p.eps()), gamma, variance, factors);
    return factors;
  }

  /**
   * @param y missing if there is no ReLU
   * @param dx missing if unwanted, as are dGamma and dBeta
   */
  void backward(
      BatchNormProblem p,
      boolean batchStatistics,
      CudaStorage x,
      @Nullable CudaStorage y,
      CudaStorage dy,
      CudaStorage gamma,
      CudaStorage mean,
      CudaStorage variance,
      @Nullable CudaStorage dx,
      @Nullable CudaStorage dGamma,
      @Nullable CudaStorage dBeta) {
    ElementType type = x.element();
    int n = p.size();
    long input = queue.read(x, n, type);
    long output = y == null ? NONE : queue.read(y, n, type);
    long gradient = queue.read(dy, n, type);
    long scale = queue.read(gamma, p.channels(), F32);
    long means = queue.read(mean, p.channels(), F32);
    long variances = queue.read(variance, p.channels(), F32);
    long inverse = factors(p, NONE, variances);
    long dScale = NONE;
    long dShift = NONE;
    if (batchStatistics || dGamma != null || dBeta != null) {
      dScale = sumsOf(p, dGamma);
      dShift = sumsOf(p, dBeta);
      sums(p, type, input, output, gradient, means, inverse, dScale, dShift);
    }
    if (dx == null) {
      return;
    }
    queue.launchPacks(
        "batch_norm_dx",
        type,
        n,
        n,
        p.channels(),
        flag(p.relu()),
        flag(batchStatistics),
        real(1.0 / p.rows()),
        input,
        output,
        gradient,
        scale,
        means,
        inverse,
        dScale,
        dShift,
        queue.write(dx, type));
  }

  /** Returns where sums go that dx needs even if nobody else does. */
  private long sumsOf(BatchNormProblem p, @Nullable CudaStorage wanted) {
    return wanted == null ? queue.scratchFloats(p.channels()) : queue.write(wanted, F32);
  }

  private void sums(
      BatchNormProblem p,
      ElementType type,
      long x,
      long y,
      long dy,
      long mean,
      long inverse,
      long dGamma,
      long dBeta) {
    Chunks c = Chunks.of(new AxisProblem(1, p.rows(), p.channels()));
    AxisProblem ofChunks = new AxisProblem(1, c.count(), p.channels());
    boolean whole = c.count() == 1;
    long sums = whole ? dBeta : queue.scratchFloats(ofChunks.bigSize());
    long normalSums = whole ? dGamma : queue.scratchFloats(ofChunks.bigSize());
    queue.launchBlocks(
        "batch_norm_sums" + type.suffix(),
        c.blocks(),
        Chunks.THREADS,
        p.rows(),
        p.channels(),
        c.lanes(),
        c.rows(),
        c.count(),
        flag(p.relu()),
        x,
        y,
        dy,
        mean,
        inverse,
        sums,
        normalSums);
    if (!whole) {
      axes.sumOfChunks(ofChunks, 1, sums, dBeta);
      axes.sumOfChunks(ofChunks, 1, normalSums, dGamma);
    }
  }
}
