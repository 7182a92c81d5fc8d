package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.Compilation;
import dev.thumbnet.engine.backend.Passes;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.Primitives;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.conv.ConvolutionAlgorithm;
import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.conv.PreparedWeights;
import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.kernel.KernelGate;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.pass.CpuPasses;
import dev.thumbnet.engine.backend.cpu.runtime.ArrayCopy;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.PassRecorder;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands each primitive to the class that does the work. */
final class CpuPrimitives extends CpuPasses
    implements Primitives<CpuStorage>, Compilation<CpuStorage> {
  /** Floats from which on a copy is shared out: 1 MB. */
  private static final int SHARED_COPY = 256 * 1024;

  private final Kernels kernels;
  private final BufferPool buffers;
  private final WorkerPool workers;
  private final Convolutions convolutions;

  /** For the next upload, so that it need not make one; nothing while one is in use. */
  private final AtomicReference<@Nullable ArrayCopy> idleCopy = new AtomicReference<>();

  CpuPrimitives(Kernels kernels, BufferPool buffers, WorkerPool workers) {
    this(
        kernels,
        buffers,
        workers,
        new Convolutions(kernels, buffers, workers, KernelGate.winograd()));
  }

  CpuPrimitives(
      Kernels kernels, BufferPool buffers, WorkerPool workers, Convolutions convolutions) {
    super(kernels, buffers, workers);
    this.kernels = kernels;
    this.buffers = buffers;
    this.workers = workers;
    this.convolutions = convolutions;
  }

  ElementKernels elements() {
    return kernels.elements();
  }

  Convolutions convolutions() {
    return convolutions;
  }

  @Override
  public CpuStorage allocate(int length) {
    return CpuStorage.of(buffers, length);
  }

  @Override
  public void release(CpuStorage storage) {
    storage.release();
  }

  @Override
  public void trim() {
    buffers.clear();
  }

  @Override
  public void upload(
      float[] source, int sourceOffset, CpuStorage target, int targetOffset, int length) {
    int to = target.offset + targetOffset;
    if (length < SHARED_COPY) {
      System.arraycopy(source, sourceOffset, target.array, to, length);
      return;
    }
    ArrayCopy idle = idleCopy.getAndSet(null);
    ArrayCopy copy = idle == null ? new ArrayCopy() : idle;
    copy.run(source, sourceOffset, target.array, to, length, workers);
    idleCopy.set(copy);
  }

  @Override
  public void upload(
      double[] source, int sourceOffset, CpuStorage target, int targetOffset, int length) {
    int to = target.offset + targetOffset;
    for (int i = 0; i < length; i++) {
      target.array[to + i] = (float) source[sourceOffset + i];
    }
  }

  @Override
  public void download(
      CpuStorage source, int sourceOffset, float[] target, int targetOffset, int length) {
    System.arraycopy(source.array, source.offset + sourceOffset, target, targetOffset, length);
  }

  @Override
  public void download(
      CpuStorage source, int sourceOffset, double[] target, int targetOffset, int length) {
    int from = source.offset + sourceOffset;
    for (int i = 0; i < length; i++) {
      target[targetOffset + i] = source.array[from + i];
    }
  }

  @Override
  public void fill(CpuStorage target, int length, double value) {
    Arrays.fill(target.array, target.offset, target.offset + length, (float) value);
  }

  @Override
  public void copyRows(
      int rows,
      int rowLength,
      CpuStorage source,
      int sourceOffset,
      int sourceStride,
      CpuStorage target,
      int targetOffset,
      int targetStride) {
    for (int i = 0; i < rows; i++) {
      System.arraycopy(
          source.array,
          source.offset + sourceOffset + i * sourceStride,
          target.array,
          target.offset + targetOffset + i * targetStride,
          rowLength);
    }
  }

  @Override
  public void unaryBackward(
      Unary f,
      int length,
      @Nullable CpuStorage x,
      @Nullable CpuStorage y,
      CpuStorage dy,
      CpuStorage dx) {
    CpuStorage value = Objects.requireNonNull(f.gradientUsesX() ? x : y);
    elementwise.unaryBackward(f, length, value, dy, dx);
  }

  @Override
  public void leakyReluBackward(
      int length, double slope, CpuStorage x, CpuStorage dy, CpuStorage dx) {
    elementwise.leakyReluBackward(length, slope, x, dy, dx);
  }

  @Override
  public void clampBackward(
      AxisProblem p, CpuStorage x, CpuStorage low, CpuStorage high, CpuStorage dy, CpuStorage dx) {
    broadcasts.clampBackward(p, x, low, high, dy, dx);
  }

  @Override
  public void eluBackward(
      int length,
      double scale,
      double alpha,
      double rate,
      CpuStorage x,
      CpuStorage dy,
      CpuStorage dx) {
    elementwise.eluBackward(length, scale, alpha, rate, x, dy, dx);
  }

  @Override
  public void maximumBackward(
      int length, CpuStorage a, CpuStorage b, CpuStorage dy, CpuStorage da) {
    elementwise.maximumBackward(length, a, b, dy, da);
  }

  @Override
  public void dropoutMask(int length, long key, double keep, CpuStorage out) {
    elementwise.dropoutMask(length, key, keep, out);
  }

  @Override
  public void sumOfProducts(
      AxisProblem p, double scale, CpuStorage a, CpuStorage b, CpuStorage small) {
    broadcasts.sumOfProducts(p, scale, a, b, small);
  }

  @Override
  public void conv2d(
      Conv2dProblem p, CpuStorage x, CpuStorage weight, @Nullable CpuStorage bias, CpuStorage y) {
    convolutions.forward(p, x, weight, bias, y);
  }

  @Override
  public PreparedConvolution<CpuStorage> prepare(
      Conv2dProblem p,
      CpuStorage weight,
      @Nullable CpuStorage bias,
      @Nullable Unary activation,
      WeightFormat format) {
    return prepare(Direction.forward(p), weight, bias, activation, format);
  }

  @Override
  public PreparedConvolution<CpuStorage> prepareTransposed(
      Conv2dProblem p,
      CpuStorage weight,
      @Nullable CpuStorage bias,
      @Nullable Unary activation,
      WeightFormat format) {
    return prepare(Direction.backwardData(p), weight, bias, activation, format);
  }

  private PreparedConvolution<CpuStorage> prepare(
      Direction c,
      CpuStorage weight,
      @Nullable CpuStorage bias,
      @Nullable Unary activation,
      WeightFormat format) {
    CpuStorage b = bias == null ? null : bias.copy(c.outC);
    ConvolutionAlgorithm algorithm = convolutions.forPreparedWeights(c, format);
    PreparedWeights prepared = algorithm.prepare(c, weight, b, format);
    return new CpuPreparedConvolution(this, c, algorithm.name(), prepared, activation);
  }

  @Override
  public Runnable bind(Consumer<Passes<CpuStorage>> pass) {
    PassRecorder recorder = new PassRecorder(workers);
    pass.accept(new CpuPasses(kernels, buffers, recorder));
    return recorder.recorded();
  }

  @Override
  public void conv2dBackwardData(Conv2dProblem p, CpuStorage dy, CpuStorage weight, CpuStorage dx) {
    convolutions.backwardData(p, dy, weight, dx);
  }

  @Override
  public void conv2dBackwardWeights(
      Conv2dProblem p, CpuStorage x, CpuStorage dy, CpuStorage dWeight) {
    convolutions.backwardWeights(p, x, dy, dWeight);
  }

  @Override
  public void gemm(
      GemmProblem p, CpuStorage a, CpuStorage b, @Nullable CpuStorage bias, CpuStorage c) {
    convolutions.gemm(p, a, b, bias, c);
  }

  @Override
  public void matmul(int batch, GemmProblem p, CpuStorage a, CpuStorage b, CpuStorage c) {
    convolutions.matmul(batch, p, a, b, c);
  }

  @Override
  public void batchNormTrain(
      BatchNormProblem p,
      CpuStorage x,
      CpuStorage gamma,
      CpuStorage beta,
      CpuStorage mean,
      CpuStorage variance,
      CpuStorage y) {
    batchNorm.train(p, x, gamma, beta, mean, variance, y);
  }

  @Override
  public void batchNormBackward(
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
    batchNorm.backward(p, batchStatistics, x, y, dy, gamma, mean, variance, dx, dGamma, dBeta);
  }

  @Override
  public void maxPoolBackward(
      PoolProblem p, CpuStorage x, CpuStorage y, CpuStorage dy, CpuStorage dx) {
    maxPooling.backward(p, x, y, dy, dx);
  }

  @Override
  public void averagePoolBackward(PoolProblem p, boolean countPad, CpuStorage dy, CpuStorage dx) {
    resampling.averagePoolBackward(p, countPad, dy, dx);
  }

  @Override
  public void resizeBackward(ResizeProblem p, CpuStorage dy, CpuStorage dx) {
    resampling.resizeBackward(p, dy, dx);
  }

  @Override
  public void gatherBackward(GatherProblem p, CpuStorage dy, CpuStorage dx) {
    gathering.backward(p, dy, dx);
  }

  @Override
  public void softmaxBackward(int rows, int cols, CpuStorage y, CpuStorage dy, CpuStorage dx) {
    softmax.softmaxBackward(rows, cols, y, dy, dx);
  }

  @Override
  public void logSoftmaxBackward(int rows, int cols, CpuStorage y, CpuStorage dy, CpuStorage dx) {
    softmax.logSoftmaxBackward(rows, cols, y, dy, dx);
  }

  @Override
  public void crossEntropy(
      int rows,
      int cols,
      CpuStorage logits,
      int[] labels,
      double smoothing,
      CpuStorage probabilities,
      CpuStorage loss) {
    softmax.crossEntropy(rows, cols, logits, labels, smoothing, probabilities, loss);
  }

  @Override
  public void crossEntropyBackward(
      int rows,
      int cols,
      CpuStorage probabilities,
      int[] labels,
      double smoothing,
      double scale,
      CpuStorage dLogits) {
    softmax.crossEntropyBackward(rows, cols, probabilities, labels, smoothing, scale, dLogits);
  }

  @Override
  public void sgd(
      SgdStep step,
      int length,
      CpuStorage weight,
      CpuStorage gradient,
      @Nullable CpuStorage velocity) {
    elementwise.sgd(step, length, weight, gradient, velocity);
  }

  @Override
  public void adam(
      AdamStep step,
      int length,
      CpuStorage weight,
      CpuStorage gradient,
      CpuStorage m,
      CpuStorage v) {
    elementwise.adam(step, length, weight, gradient, m, v);
  }
}
