package dev.thumbnet.engine.backend.cpu.pass;

import dev.thumbnet.engine.backend.cpu.kernel.ChannelKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation of (rows, channels).
 *
 * <p><b>Statistics</b> read memory once: each block is summed, which brings it into the cache, and
 * then gone through again for the sums of d = x − m and of d², m being the block's own mean. From
 * these come the block's exact mean and sum of squares about it, and the blocks are combined in
 * double precision (Chan, Golub and LeVeque 1983). So nothing cancels however far the mean is from
 * zero: the relative error of the variance is that of a sum of at most 64 floats (below 4e-6,
 * typically 2e-7), and the mean is as good as a float can hold. The normalisation that follows
 * makes up even for the rounding of the mean to a float.
 */
public final class BatchNorm {
  private final WorkerPool workers;
  private final ChannelKernels kernels;
  private final int lanes;

  BatchNorm(WorkerPool workers, Kernels kernels) {
    this.workers = workers;
    this.kernels = kernels.channels();
    this.lanes = kernels.lanes();
  }

  private ChannelBlocks blocks(BatchNormProblem p) {
    return new ChannelBlocks(1, p.rows(), p.channels(), lanes);
  }

  // ---------------------------------------------------------------- forward

  public void train(
      BatchNormProblem p,
      CpuStorage x,
      CpuStorage gamma,
      CpuStorage beta,
      CpuStorage mean,
      CpuStorage variance,
      CpuStorage y) {
    int channels = p.channels();
    double[] means = new double[channels];
    double[] variances = new double[channels];
    statistics(p, x, means, variances);
    for (int c = 0; c < channels; c++) {
      mean.array[mean.offset + c] = (float) means[c];
      variance.array[variance.offset + c] = (float) variances[c];
    }
    normalise(p, x, gamma, beta, means, variances, y);
  }

  void eval(
      BatchNormProblem p,
      CpuStorage x,
      CpuStorage gamma,
      CpuStorage beta,
      CpuStorage mean,
      CpuStorage variance,
      CpuStorage y) {
    normalise(p, x, gamma, beta, doubles(mean, p), doubles(variance, p), y);
  }

  private static double[] doubles(CpuStorage values, BatchNormProblem p) {
    double[] doubles = new double[p.channels()];
    for (int c = 0; c < doubles.length; c++) {
      doubles[c] = values.array[values.offset + c];
    }
    return doubles;
  }

  private void statistics(BatchNormProblem p, CpuStorage x, double[] mean, double[] variance) {
    int channels = p.channels();
    ChannelBlocks blocks = blocks(p);
    double[] blockMeans = new double[blocks.rowBlocks() * channels];
    double[] blockSquares = new double[blockMeans.length];
    blocks.run(workers, block -> blockStatistics(block, x, blockMeans, blockSquares));

    for (int b = 0; b < blocks.rowBlocks(); b++) {
      double share = (double) blocks.rowsOf(b) / p.rows();
      for (int c = 0; c < channels; c++) {
        mean[c] += share * blockMeans[b * channels + c];
      }
    }
    for (int b = 0; b < blocks.rowBlocks(); b++) {
      double share = (double) blocks.rowsOf(b) / p.rows();
      for (int c = 0; c < channels; c++) {
        double d = blockMeans[b * channels + c] - mean[c];
        variance[c] += blockSquares[b * channels + c] / p.rows() + share * d * d;
      }
    }
  }

  /** Mean of each column of a block, and the sum of squares about it. */
  private void blockStatistics(
      ChannelBlocks.Block block, CpuStorage x, double[] means, double[] squares) {
    int columns = block.columns();
    int to = block.partial();
    float[] sums = block.zeros();
    block.sweep(
        (rows, stride, width, at) ->
            kernels.sum(rows, stride, width, x.array, x.offset + at, sums));
    block.fold(sums, means, to);
    float[] guess = new float[columns];
    for (int j = 0; j < columns; j++) {
      guess[j] = (float) (means[to + j] / block.count());
    }

    float[] centre = block.repeat(guess, 0);
    float[] deviations = block.zeros();
    float[] squared = block.zeros();
    block.sweep(
        (rows, stride, width, at) ->
            kernels.centredSums(
                rows, stride, width, x.array, x.offset + at, centre, deviations, squared));
    double[] deviation = new double[columns];
    block.fold(deviations, deviation, 0);
    block.fold(squared, squares, to);
    for (int j = 0; j < columns; j++) {
      double off = deviation[j] / block.count();
      means[to + j] = guess[j] + off;
      squares[to + j] = Math.max(0, squares[to + j] - off * deviation[j]);
    }
  }

  private void normalise(
      BatchNormProblem p,
      CpuStorage x,
      CpuStorage gamma,
      CpuStorage beta,
      double[] mean,
      double[] variance,
      CpuStorage y) {
    int channels = p.channels();
    float[] centre = new float[channels];
    float[] scale = new float[channels];
    float[] shift = new float[channels];
    for (int c = 0; c < channels; c++) {
      double factor = gamma.array[gamma.offset + c] / Math.sqrt(variance[c] + p.eps());
      centre[c] = (float) mean[c];
      scale[c] = (float) factor;
      // What the mean lost when it became a float goes into the shift.
      shift[c] = (float) (beta.array[beta.offset + c] - (mean[c] - centre[c]) * factor);
    }
    ChannelBlocks blocks = blocks(p);
    float[][] centres = blocks.repeated(centre, 0);
    float[][] scales = blocks.repeated(scale, 0);
    float[][] shifts = blocks.repeated(shift, 0);
    blocks.runPrepared(
        workers,
        block -> {
          float[] m = centres[block.columnIndex()];
          float[] a = scales[block.columnIndex()];
          float[] b = shifts[block.columnIndex()];
          ChannelBlocks.Sweep sweep =
              p.relu()
                  ? (rows, stride, width, at) ->
                      kernels.normaliseRelu(
                          rows,
                          stride,
                          width,
                          x.array,
                          x.offset + at,
                          m,
                          a,
                          b,
                          y.array,
                          y.offset + at)
                  : (rows, stride, width, at) ->
                      kernels.normalise(
                          rows,
                          stride,
                          width,
                          x.array,
                          x.offset + at,
                          m,
                          a,
                          b,
                          y.array,
                          y.offset + at);
          return () -> block.sweep(sweep);
        });
  }

  // ---------------------------------------------------------------- backward

  /**
   * With g = dy (where y &gt; 0, after a ReLU), s = 1/√(variance + eps): dβ = Σ g, dγ = s·Σ g·(x −
   * mean), dx = γ·s·g − γ·s²·dγ/rows·(x − mean) − γ·s·dβ/rows, of which the last two terms are the
   * part of the statistics. {@code y} is missing without ReLU, a gradient if unwanted.
   */
  public void backward(
      BatchNormProblem p,
      boolean batchStatistics,
      CpuStorage x,
      @Nullable CpuStorage y,
      CpuStorage dy,
      CpuStorage gamma,
      CpuStorage mean,
      CpuStorage variance,
      @Nullable CpuStorage dx,
      @Nullable CpuStorage dGamma,
      @Nullable CpuStorage dBeta) {
    int channels = p.channels();
    double[] sums = new double[channels];
    double[] products = new double[channels];
    if (batchStatistics || dGamma != null || dBeta != null) {
      gradientSums(p, x, y, dy, mean, sums, products);
    }

    float[] ofDy = new float[channels];
    float[] ofX = new float[channels];
    float[] constant = new float[channels];
    for (int c = 0; c < channels; c++) {
      double s = 1 / Math.sqrt(variance.array[variance.offset + c] + p.eps());
      if (dBeta != null) {
        dBeta.array[dBeta.offset + c] = (float) sums[c];
      }
      if (dGamma != null) {
        dGamma.array[dGamma.offset + c] = (float) (s * products[c]);
      }
      double factor = gamma.array[gamma.offset + c] * s;
      ofDy[c] = (float) factor;
      if (batchStatistics) {
        ofX[c] = (float) (-factor * s * s * products[c] / p.rows());
        constant[c] = (float) (-factor * sums[c] / p.rows());
      }
    }
    if (dx != null) {
      inputGradient(p, x, y, dy, mean, ofDy, ofX, constant, dx);
    }
  }

  private void gradientSums(
      BatchNormProblem p,
      CpuStorage x,
      @Nullable CpuStorage y,
      CpuStorage dy,
      CpuStorage mean,
      double[] sums,
      double[] products) {
    int channels = p.channels();
    ChannelBlocks blocks = blocks(p);
    double[] blockSums = new double[blocks.rowBlocks() * channels];
    double[] blockProducts = new double[blockSums.length];
    blocks.run(
        workers,
        block -> {
          float[] m = block.repeat(mean.array, mean.offset + block.column());
          float[] sum = block.zeros();
          float[] product = block.zeros();
          block.sweep(
              y == null
                  ? (rows, stride, width, at) ->
                      kernels.gradientSums(
                          rows,
                          stride,
                          width,
                          x.array,
                          x.offset + at,
                          dy.array,
                          dy.offset + at,
                          m,
                          sum,
                          product)
                  : (rows, stride, width, at) ->
                      kernels.gradientSumsRelu(
                          rows,
                          stride,
                          width,
                          x.array,
                          x.offset + at,
                          y.array,
                          y.offset + at,
                          dy.array,
                          dy.offset + at,
                          m,
                          sum,
                          product));
          block.fold(sum, blockSums, block.partial());
          block.fold(product, blockProducts, block.partial());
        });
    for (int b = 0; b < blocks.rowBlocks(); b++) {
      for (int c = 0; c < channels; c++) {
        sums[c] += blockSums[b * channels + c];
        products[c] += blockProducts[b * channels + c];
      }
    }
  }

  private void inputGradient(
      BatchNormProblem p,
      CpuStorage x,
      @Nullable CpuStorage y,
      CpuStorage dy,
      CpuStorage mean,
      float[] ofDy,
      float[] ofX,
      float[] constant,
      CpuStorage dx) {
    blocks(p)
        .run(
            workers,
            block -> {
              float[] m = block.repeat(mean.array, mean.offset + block.column());
              float[] a = block.repeat(ofDy, block.column());
              float[] b = block.repeat(ofX, block.column());
              float[] c = block.repeat(constant, block.column());
              block.sweep(
                  y == null
                      ? (rows, stride, width, at) ->
                          kernels.inputGradient(
                              rows,
                              stride,
                              width,
                              x.array,
                              x.offset + at,
                              dy.array,
                              dy.offset + at,
                              m,
                              a,
                              b,
                              c,
                              dx.array,
                              dx.offset + at)
                      : (rows, stride, width, at) ->
                          kernels.inputGradientRelu(
                              rows,
                              stride,
                              width,
                              x.array,
                              x.offset + at,
                              y.array,
                              y.offset + at,
                              dy.array,
                              dy.offset + at,
                              m,
                              a,
                              b,
                              c,
                              dx.array,
                              dx.offset + at));
            });
  }
}
