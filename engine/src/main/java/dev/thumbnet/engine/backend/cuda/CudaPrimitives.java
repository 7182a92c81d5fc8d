package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.Compilation;
import dev.thumbnet.engine.backend.CudaPrecision;
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
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands each primitive to the class that queues the work. Nothing waits for the device but
 * downloads. Convolutions are cuDNN's, matrix products are cuBLAS's, everything else is done by the
 * kernels of {@code kernels.cu}.
 */
final class CudaPrimitives extends CudaPasses
    implements Primitives<CudaStorage>, Compilation<CudaStorage> {
  private final CudaConvolutions convolutions;
  private final CudaProducts products;
  private final CudaOptimizers optimizers;

  CudaPrimitives(CudaQueue queue, CudaPrecision precision) {
    super(queue);
    convolutions = new CudaConvolutions(queue, precision);
    products = new CudaProducts(queue, precision);
    optimizers = new CudaOptimizers(queue);
  }

  CudaQueue queue() {
    return queue;
  }

  CudaConvolutions convolutions() {
    return convolutions;
  }

  @Override
  public Runnable record(Runnable steps) {
    return new CudaRecording(queue, steps);
  }

  // ---------------------------------------------------------------- memory

  @Override
  public CudaStorage allocate(int length) {
    CudaStorage[] storage = new CudaStorage[1];
    queue.run(() -> storage[0] = queue.allocate(length));
    return storage[0];
  }

  @Override
  public void release(CudaStorage storage) {
    queue.release(storage);
  }

  @Override
  public void trim() {
    queue.run(() -> queue.runtime().memory().trim());
  }

  @Override
  public void upload(
      float[] source, int sourceOffset, CudaStorage target, int targetOffset, int length) {
    queue.run(() -> copies.upload(source, sourceOffset, target, targetOffset, length));
  }

  @Override
  public void upload(
      double[] source, int sourceOffset, CudaStorage target, int targetOffset, int length) {
    queue.run(() -> copies.upload(source, sourceOffset, target, targetOffset, length));
  }

  @Override
  public void download(
      CudaStorage source, int sourceOffset, float[] target, int targetOffset, int length) {
    queue.run(() -> copies.download(source, sourceOffset, target, targetOffset, length));
  }

  @Override
  public void download(
      CudaStorage source, int sourceOffset, double[] target, int targetOffset, int length) {
    queue.run(() -> copies.download(source, sourceOffset, target, targetOffset, length));
  }

  @Override
  public void fill(CudaStorage target, int length, double value) {
    queue.run(() -> copies.fill(target, length, value));
  }

  @Override
  public void copyRows(
      int rows,
      int rowLength,
      CudaStorage source,
      int sourceOffset,
      int sourceStride,
      CudaStorage target,
      int targetOffset,
      int targetStride) {
    queue.run(
        () ->
            copies.rows(
                rows,
                rowLength,
                source,
                sourceOffset,
                sourceStride,
                target,
                targetOffset,
                targetStride));
  }

  // ---------------------------------------------------------------- elementwise

  @Override
  public void unaryBackward(
      Unary f,
      int length,
      @Nullable CudaStorage x,
      @Nullable CudaStorage y,
      CudaStorage dy,
      CudaStorage dx) {
    CudaStorage value = Objects.requireNonNull(f.gradientUsesX() ? x : y);
    queue.run(() -> elementwise.unaryBackward(f, length, value, dy, dx));
  }

  @Override
  public void leakyReluBackward(
      int length, double slope, CudaStorage x, CudaStorage dy, CudaStorage dx) {
    queue.run(() -> elementwise.leakyReluBackward(length, slope, x, dy, dx));
  }

  @Override
  public void eluBackward(
      int length,
      double scale,
      double alpha,
      double rate,
      CudaStorage x,
      CudaStorage dy,
      CudaStorage dx) {
    queue.run(() -> elementwise.eluBackward(length, scale, alpha, rate, x, dy, dx));
  }

  @Override
  public void maximumBackward(
      int length, CudaStorage a, CudaStorage b, CudaStorage dy, CudaStorage da) {
    queue.run(() -> elementwise.maximumBackward(length, a, b, dy, da));
  }

  @Override
  public void dropoutMask(int length, long key, double keep, CudaStorage out) {
    queue.run(() -> elementwise.dropoutMask(length, key, keep, out));
  }

  // ---------------------------------------------------------------- broadcasts and reductions

  @Override
  public void clampBackward(
      AxisProblem p,
      CudaStorage x,
      CudaStorage low,
      CudaStorage high,
      CudaStorage dy,
      CudaStorage dx) {
    queue.run(() -> broadcasts.clampBackward(p, x, low, high, dy, dx));
  }

  @Override
  public void sumOfProducts(
      AxisProblem p, double scale, CudaStorage a, CudaStorage b, CudaStorage small) {
    queue.run(() -> broadcasts.sumOfProducts(p, scale, a, b, small));
  }

  // ---------------------------------------------------------------- convolution and product

  @Override
  public void conv2d(
      Conv2dProblem p,
      CudaStorage x,
      CudaStorage weight,
      @Nullable CudaStorage bias,
      CudaStorage y) {
    queue.run(() -> convolutions.forward(p, x, weight, bias, y));
  }

  @Override
  public void conv2dBackwardData(
      Conv2dProblem p, CudaStorage dy, CudaStorage weight, CudaStorage dx) {
    queue.run(() -> convolutions.backwardData(p, dy, weight, dx));
  }

  @Override
  public void conv2dBackwardWeights(
      Conv2dProblem p, CudaStorage x, CudaStorage dy, CudaStorage dWeight) {
    queue.run(() -> convolutions.backwardWeights(p, x, dy, dWeight));
  }

  @Override
  public void gemm(
      GemmProblem p, CudaStorage a, CudaStorage b, @Nullable CudaStorage bias, CudaStorage c) {
    queue.run(() -> products.multiply(p, a, b, bias, c));
  }

  @Override
  public void matmul(int batch, GemmProblem p, CudaStorage a, CudaStorage b, CudaStorage c) {
    queue.run(() -> products.multiply(batch, p, a, b, c));
  }

  @Override
  public PreparedConvolution<CudaStorage> prepare(
      Conv2dProblem p,
      CudaStorage weight,
      @Nullable CudaStorage bias,
      @Nullable Unary activation,
      WeightFormat format) {
    return prepare(p, false, weight, bias, activation);
  }

  @Override
  public PreparedConvolution<CudaStorage> prepareTransposed(
      Conv2dProblem p,
      CudaStorage weight,
      @Nullable CudaStorage bias,
      @Nullable Unary activation,
      WeightFormat format) {
    return prepare(p, true, weight, bias, activation);
  }

  private PreparedConvolution<CudaStorage> prepare(
      Conv2dProblem p,
      boolean transposed,
      CudaStorage weight,
      @Nullable CudaStorage bias,
      @Nullable Unary activation) {
    CudaPreparedConvolution[] prepared = new CudaPreparedConvolution[1];
    queue.run(
        () ->
            prepared[0] =
                new CudaPreparedConvolution(
                    queue, convolutions, p, transposed, activation, weight, bias));
    return prepared[0];
  }

  // ---------------------------------------------------------------- batch normalisation

  @Override
  public void batchNormTrain(
      BatchNormProblem p,
      CudaStorage x,
      CudaStorage gamma,
      CudaStorage beta,
      CudaStorage mean,
      CudaStorage variance,
      CudaStorage y) {
    queue.run(() -> batchNorm.train(p, x, gamma, beta, mean, variance, y));
  }

  @Override
  public void batchNormBackward(
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
    queue.run(
        () ->
            batchNorm.backward(
                p, batchStatistics, x, y, dy, gamma, mean, variance, dx, dGamma, dBeta));
  }

  // ---------------------------------------------------------------- pooling and resizing

  @Override
  public void maxPoolBackward(
      PoolProblem p, CudaStorage x, CudaStorage y, CudaStorage dy, CudaStorage dx) {
    queue.run(() -> pooling.maxBackward(p, x, y, dy, dx));
  }

  @Override
  public void averagePoolBackward(PoolProblem p, boolean countPad, CudaStorage dy, CudaStorage dx) {
    queue.run(() -> pooling.averageBackward(p, countPad, dy, dx));
  }

  @Override
  public void resizeBackward(ResizeProblem p, CudaStorage dy, CudaStorage dx) {
    queue.run(() -> resizing.backward(p, dy, dx));
  }

  @Override
  public void gatherBackward(GatherProblem p, CudaStorage dy, CudaStorage dx) {
    queue.run(() -> resizing.gatherBackward(p, dy, dx));
  }

  // ---------------------------------------------------------------- softmax and losses

  @Override
  public void softmaxBackward(int rows, int cols, CudaStorage y, CudaStorage dy, CudaStorage dx) {
    queue.run(() -> softmax.softmaxBackward(rows, cols, y, dy, dx));
  }

  @Override
  public void logSoftmaxBackward(
      int rows, int cols, CudaStorage y, CudaStorage dy, CudaStorage dx) {
    queue.run(() -> softmax.logSoftmaxBackward(rows, cols, y, dy, dx));
  }

  @Override
  public void crossEntropy(
      int rows,
      int cols,
      CudaStorage logits,
      int[] labels,
      double smoothing,
      CudaStorage probabilities,
      CudaStorage loss) {
    queue.run(
        () -> softmax.crossEntropy(rows, cols, logits, labels, smoothing, probabilities, loss));
  }

  @Override
  public void crossEntropyBackward(
      int rows,
      int cols,
      CudaStorage probabilities,
      int[] labels,
      double smoothing,
      double scale,
      CudaStorage dLogits) {
    queue.run(
        () ->
            softmax.crossEntropyBackward(
                rows, cols, probabilities, labels, smoothing, scale, dLogits));
  }

  // ---------------------------------------------------------------- optimisers

  @Override
  public void sgd(
      SgdStep step,
      int length,
      CudaStorage weight,
      CudaStorage gradient,
      @Nullable CudaStorage velocity) {
    queue.run(() -> optimizers.sgd(step, length, weight, gradient, velocity));
  }

  @Override
  public void adam(
      AdamStep step,
      int length,
      CudaStorage weight,
      CudaStorage gradient,
      CudaStorage m,
      CudaStorage v) {
    queue.run(() -> optimizers.adam(step, length, weight, gradient, m, v));
  }

  @Override
  public Runnable bind(Consumer<Passes<CudaStorage>> pass) {
    return () -> pass.accept(this);
  }
}
