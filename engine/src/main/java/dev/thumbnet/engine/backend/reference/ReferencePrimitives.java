package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.Compilation;
import dev.thumbnet.engine.backend.Passes;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.Primitives;
import dev.thumbnet.engine.backend.WeightFormat;
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
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Each primitive as plain loops in double precision on one thread. */
final class ReferencePrimitives extends ReferencePasses
    implements Primitives<ReferenceStorage>, Compilation<ReferenceStorage> {
  private static double @Nullable [] dataOrNull(@Nullable ReferenceStorage storage) {
    return storage == null ? null : storage.data();
  }

  // ---------------------------------------------------------------- memory

  @Override
  public ReferenceStorage allocate(int length) {
    return new ReferenceStorage(this, length);
  }

  @Override
  public void release(ReferenceStorage storage) {
    storage.free();
  }

  @Override
  public void upload(
      float[] source, int sourceOffset, ReferenceStorage target, int targetOffset, int length) {
    double[] to = target.data();
    for (int i = 0; i < length; i++) {
      to[targetOffset + i] = source[sourceOffset + i];
    }
  }

  @Override
  public void upload(
      double[] source, int sourceOffset, ReferenceStorage target, int targetOffset, int length) {
    double[] to = target.data();
    System.arraycopy(source, sourceOffset, to, targetOffset, length);
  }

  @Override
  public void download(
      ReferenceStorage source, int sourceOffset, float[] target, int targetOffset, int length) {
    double[] from = source.data();
    for (int i = 0; i < length; i++) {
      target[targetOffset + i] = (float) from[sourceOffset + i];
    }
  }

  @Override
  public void download(
      ReferenceStorage source, int sourceOffset, double[] target, int targetOffset, int length) {
    double[] from = source.data();
    System.arraycopy(from, sourceOffset, target, targetOffset, length);
  }

  @Override
  public void fill(ReferenceStorage target, int length, double value) {
    Arrays.fill(target.data(), 0, length, value);
  }

  @Override
  public void copyRows(
      int rows,
      int rowLength,
      ReferenceStorage source,
      int sourceOffset,
      int sourceStride,
      ReferenceStorage target,
      int targetOffset,
      int targetStride) {
    double[] from = source.data();
    double[] to = target.data();
    for (int i = 0; i < rows; i++) {
      System.arraycopy(
          from, sourceOffset + i * sourceStride, to, targetOffset + i * targetStride, rowLength);
    }
  }

  // ---------------------------------------------------------------- elementwise

  @Override
  public void unaryBackward(
      Unary f,
      int length,
      @Nullable ReferenceStorage x,
      @Nullable ReferenceStorage y,
      ReferenceStorage dy,
      ReferenceStorage dx) {
    ReferenceStorage v = Objects.requireNonNull(f.gradientUsesX() ? x : y);
    Elementwise.unaryBackward(f, length, v.data(), dy.data(), dx.data());
  }

  @Override
  public void leakyReluBackward(
      int length, double slope, ReferenceStorage x, ReferenceStorage dy, ReferenceStorage dx) {
    Elementwise.leakyReluBackward(length, slope, x.data(), dy.data(), dx.data());
  }

  @Override
  public void eluBackward(
      int length,
      double scale,
      double alpha,
      double rate,
      ReferenceStorage x,
      ReferenceStorage dy,
      ReferenceStorage dx) {
    Elementwise.eluBackward(length, scale, alpha, rate, x.data(), dy.data(), dx.data());
  }

  @Override
  public void maximumBackward(
      int length,
      ReferenceStorage a,
      ReferenceStorage b,
      ReferenceStorage dy,
      ReferenceStorage da) {
    Elementwise.maximumBackward(length, a.data(), b.data(), dy.data(), da.data());
  }

  @Override
  public void dropoutMask(int length, long key, double keep, ReferenceStorage out) {
    Elementwise.dropoutMask(length, key, keep, out.data());
  }

  // ---------------------------------------------------------------- broadcasts and reductions

  @Override
  public void clampBackward(
      AxisProblem p,
      ReferenceStorage x,
      ReferenceStorage low,
      ReferenceStorage high,
      ReferenceStorage dy,
      ReferenceStorage dx) {
    Broadcasts.clampBackward(p, x.data(), low.data(), high.data(), dy.data(), dx.data());
  }

  @Override
  public void sumOfProducts(
      AxisProblem p, double scale, ReferenceStorage a, ReferenceStorage b, ReferenceStorage small) {
    Broadcasts.sumOfProducts(p, scale, a.data(), b.data(), small.data());
  }

  // ---------------------------------------------------------------- convolution and product

  @Override
  public void conv2d(
      Conv2dProblem p,
      ReferenceStorage x,
      ReferenceStorage weight,
      @Nullable ReferenceStorage bias,
      ReferenceStorage y) {
    Convolution.forward(p, x.data(), weight.data(), dataOrNull(bias), y.data());
  }

  @Override
  public PreparedConvolution<ReferenceStorage> prepare(
      Conv2dProblem p,
      ReferenceStorage weight,
      @Nullable ReferenceStorage bias,
      @Nullable Unary activation,
      WeightFormat format) {
    return prepare(p, false, weight, bias, activation);
  }

  @Override
  public PreparedConvolution<ReferenceStorage> prepareTransposed(
      Conv2dProblem p,
      ReferenceStorage weight,
      @Nullable ReferenceStorage bias,
      @Nullable Unary activation,
      WeightFormat format) {
    return prepare(p, true, weight, bias, activation);
  }

  private static PreparedConvolution<ReferenceStorage> prepare(
      Conv2dProblem p,
      boolean transposed,
      ReferenceStorage weight,
      @Nullable ReferenceStorage bias,
      @Nullable Unary activation) {
    double[] w = Arrays.copyOf(weight.data(), p.weightSize());
    double[] b = bias == null ? null : Arrays.copyOf(bias.data(), transposed ? p.c() : p.k());
    return new ReferencePreparedConvolution(p, transposed, w, b, activation);
  }

  @Override
  public void conv2dBackwardData(
      Conv2dProblem p, ReferenceStorage dy, ReferenceStorage weight, ReferenceStorage dx) {
    Convolution.backwardData(p, dy.data(), weight.data(), dx.data());
  }

  @Override
  public void conv2dBackwardWeights(
      Conv2dProblem p, ReferenceStorage x, ReferenceStorage dy, ReferenceStorage dWeight) {
    Convolution.backwardWeights(p, x.data(), dy.data(), dWeight.data());
  }

  @Override
  public void gemm(
      GemmProblem p,
      ReferenceStorage a,
      ReferenceStorage b,
      @Nullable ReferenceStorage bias,
      ReferenceStorage c) {
    MatrixProduct.gemm(p, a.data(), b.data(), dataOrNull(bias), c.data());
  }

  @Override
  public void matmul(
      int batch, GemmProblem p, ReferenceStorage a, ReferenceStorage b, ReferenceStorage c) {
    MatrixProduct.matmul(batch, p, a.data(), b.data(), c.data());
  }

  // ---------------------------------------------------------------- batch normalisation

  @Override
  public void batchNormTrain(
      BatchNormProblem p,
      ReferenceStorage x,
      ReferenceStorage gamma,
      ReferenceStorage beta,
      ReferenceStorage mean,
      ReferenceStorage variance,
      ReferenceStorage y) {
    double[] input = x.data();
    double[] scale = gamma.data();
    double[] shift = beta.data();
    double[] means = mean.data();
    double[] variances = variance.data();
    double[] output = y.data();
    BatchNorm.statistics(p, input, means, variances);
    BatchNorm.normalize(p, input, scale, shift, means, variances, output);
  }

  @Override
  public void batchNormBackward(
      BatchNormProblem p,
      boolean batchStatistics,
      ReferenceStorage x,
      @Nullable ReferenceStorage y,
      ReferenceStorage dy,
      ReferenceStorage gamma,
      ReferenceStorage mean,
      ReferenceStorage variance,
      @Nullable ReferenceStorage dx,
      @Nullable ReferenceStorage dGamma,
      @Nullable ReferenceStorage dBeta) {
    BatchNorm.backward(
        p,
        batchStatistics,
        x.data(),
        dataOrNull(y),
        dy.data(),
        gamma.data(),
        mean.data(),
        variance.data(),
        dataOrNull(dx),
        dataOrNull(dGamma),
        dataOrNull(dBeta));
  }

  // ---------------------------------------------------------------- pooling and resizing

  @Override
  public void maxPoolBackward(
      PoolProblem p,
      ReferenceStorage x,
      ReferenceStorage y,
      ReferenceStorage dy,
      ReferenceStorage dx) {
    Pooling.maxBackward(p, x.data(), dy.data(), dx.data());
  }

  @Override
  public void averagePoolBackward(
      PoolProblem p, boolean countPad, ReferenceStorage dy, ReferenceStorage dx) {
    Pooling.averageBackward(p, countPad, dy.data(), dx.data());
  }

  @Override
  public void resizeBackward(ResizeProblem p, ReferenceStorage dy, ReferenceStorage dx) {
    Resizing.backward(p, dy.data(), dx.data());
  }

  @Override
  public void gatherBackward(GatherProblem p, ReferenceStorage dy, ReferenceStorage dx) {
    Rearrangement.gatherBackward(p, dy.data(), dx.data());
  }

  // ---------------------------------------------------------------- softmax and losses

  @Override
  public void softmaxBackward(
      int rows, int cols, ReferenceStorage y, ReferenceStorage dy, ReferenceStorage dx) {
    Softmax.softmaxBackward(rows, cols, y.data(), dy.data(), dx.data());
  }

  @Override
  public void logSoftmaxBackward(
      int rows, int cols, ReferenceStorage y, ReferenceStorage dy, ReferenceStorage dx) {
    Softmax.logSoftmaxBackward(rows, cols, y.data(), dy.data(), dx.data());
  }

  @Override
  public void crossEntropy(
      int rows,
      int cols,
      ReferenceStorage logits,
      int[] labels,
      double smoothing,
      ReferenceStorage probabilities,
      ReferenceStorage loss) {
    Softmax.crossEntropy(
        rows, cols, logits.data(), labels, smoothing, probabilities.data(), loss.data());
  }

  @Override
  public void crossEntropyBackward(
      int rows,
      int cols,
      ReferenceStorage probabilities,
      int[] labels,
      double smoothing,
      double scale,
      ReferenceStorage dLogits) {
    Softmax.crossEntropyBackward(
        rows, cols, probabilities.data(), labels, smoothing, scale, dLogits.data());
  }

  // ---------------------------------------------------------------- optimisers

  @Override
  public void sgd(
      SgdStep step,
      int length,
      ReferenceStorage weight,
      ReferenceStorage gradient,
      @Nullable ReferenceStorage velocity) {
    Optimizers.sgd(step, length, weight.data(), gradient.data(), dataOrNull(velocity));
  }

  @Override
  public void adam(
      AdamStep step,
      int length,
      ReferenceStorage weight,
      ReferenceStorage gradient,
      ReferenceStorage m,
      ReferenceStorage v) {
    Optimizers.adam(step, length, weight.data(), gradient.data(), m.data(), v.data());
  }

  @Override
  public Runnable bind(Consumer<Passes<ReferenceStorage>> pass) {
    return () -> pass.accept(this);
  }
}
