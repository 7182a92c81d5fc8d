package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.AdamStep;
import dev.thumbnet.engine.backend.Arguments;
import dev.thumbnet.engine.backend.AxisProblem;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.BatchNormProblem;
import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.GemmProblem;
import dev.thumbnet.engine.backend.Passes;
import dev.thumbnet.engine.backend.PoolProblem;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.ResizeProblem;
import dev.thumbnet.engine.backend.SgdStep;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.Unary;
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
import dev.thumbnet.engine.backend.cpu.runtime.WarmUp;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The CPU backend: checks and unwraps the storages of each call and hands it to the class that does
 * the work.
 */
public final class CpuBackend extends CpuPasses implements Backend {
  /** Floats from which on a copy is shared out: 1 MB. */
  private static final int SHARED_COPY = 256 * 1024;

  private final Kernels kernels;
  private final BufferPool buffers;
  private final WorkerPool workers;
  private final Convolutions convolutions;
  private final WarmUp warmUp = new WarmUp();

  /** For the next upload, so that it need not make one; null while one is in use. */
  private final AtomicReference<ArrayCopy> idleCopy = new AtomicReference<>();

  /**
   * Makes a backend with the best kernels that this JVM can run.
   *
   * @param threads how many threads compute, the caller's included; at least 1
   */
  public CpuBackend(int threads) {
    this(threads, KernelGate.selected());
  }

  /** Makes a backend with given kernels. */
  public CpuBackend(int threads, Kernels kernels) {
    this(kernels, BufferPool.forHeap(), new WorkerPool(threads));
  }

  private CpuBackend(Kernels kernels, BufferPool buffers, WorkerPool workers) {
    super(kernels, buffers, workers);
    this.kernels = kernels;
    this.buffers = buffers;
    this.workers = workers;
    convolutions = new Convolutions(kernels, buffers, workers, KernelGate.winograd());
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String describe() {
    return "cpu: "
        + kernels.name()
        + " kernels, "
        + kernels.lanes()
        + (kernels.lanes() == 1 ? " lane, " : " lanes, ")
        + workers.threads()
        + (workers.threads() == 1 ? " thread" : " threads");
  }

  ElementKernels elements() {
    return kernels.elements();
  }

  Convolutions convolutions() {
    return convolutions;
  }

  /** Returns one line that tells which algorithms run for a convolution, forward and backward. */
  public String describe(Conv2dProblem p) {
    return convolutions.describe(p);
  }

  @Override
  public Storage allocate(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("allocate: length must not be negative: " + length);
    }
    return new CpuStorage(buffers, buffers.take(length), 0, length);
  }

  @Override
  public void release(Storage storage) {
    arguments.owned("release", "storage", storage).release();
  }

  @Override
  public void trim() {
    buffers.clear();
  }

  @Override
  public void upload(
      float[] source, int sourceOffset, Storage target, int targetOffset, int length) {
    Arguments.checkHost("upload", source.length, sourceOffset, length);
    CpuStorage t = arguments.checked("upload", "target", target, targetOffset, length);
    int to = t.offset + targetOffset;
    if (length < SHARED_COPY) {
      System.arraycopy(source, sourceOffset, t.array, to, length);
      return;
    }
    ArrayCopy idle = idleCopy.getAndSet(null);
    ArrayCopy copy = idle == null ? new ArrayCopy() : idle;
    copy.run(source, sourceOffset, t.array, to, length, workers);
    idleCopy.set(copy);
  }

  @Override
  public void upload(
      double[] source, int sourceOffset, Storage target, int targetOffset, int length) {
    Arguments.checkHost("upload", source.length, sourceOffset, length);
    CpuStorage t = arguments.checked("upload", "target", target, targetOffset, length);
    int to = t.offset + targetOffset;
    for (int i = 0; i < length; i++) {
      t.array[to + i] = (float) source[sourceOffset + i];
    }
  }

  @Override
  public void download(
      Storage source, int sourceOffset, float[] target, int targetOffset, int length) {
    Arguments.checkHost("download", target.length, targetOffset, length);
    CpuStorage s = arguments.checked("download", "source", source, sourceOffset, length);
    System.arraycopy(s.array, s.offset + sourceOffset, target, targetOffset, length);
  }

  @Override
  public void download(
      Storage source, int sourceOffset, double[] target, int targetOffset, int length) {
    Arguments.checkHost("download", target.length, targetOffset, length);
    CpuStorage s = arguments.checked("download", "source", source, sourceOffset, length);
    int from = s.offset + sourceOffset;
    for (int i = 0; i < length; i++) {
      target[targetOffset + i] = s.array[from + i];
    }
  }

  @Override
  public void fill(Storage target, int length, double value) {
    CpuStorage t = arguments.checked("fill", "target", target, 0, length);
    Arrays.fill(t.array, t.offset, t.offset + length, (float) value);
  }

  @Override
  public void copyRows(
      int rows,
      int rowLength,
      Storage source,
      int sourceOffset,
      int sourceStride,
      Storage target,
      int targetOffset,
      int targetStride) {
    CpuStorage s =
        arguments.checkedRows("source", source, rows, rowLength, sourceOffset, sourceStride);
    CpuStorage t =
        arguments.checkedRows("target", target, rows, rowLength, targetOffset, targetStride);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(
          s.array,
          s.offset + sourceOffset + i * sourceStride,
          t.array,
          t.offset + targetOffset + i * targetStride,
          rowLength);
    }
  }

  @Override
  public void unaryBackward(Unary f, int length, Storage x, Storage y, Storage dy, Storage dx) {
    boolean ofX = f == Unary.LOG || f == Unary.SQUARE || f == Unary.ABS;
    elementwise.unaryBackward(
        f,
        length,
        ofX ? checked("unaryBackward", "x", x, length) : checked("unaryBackward", "y", y, length),
        checked("unaryBackward", "dy", dy, length),
        checked("unaryBackward", "dx", dx, length));
  }

  @Override
  public void leakyReluBackward(int length, double slope, Storage x, Storage dy, Storage dx) {
    elementwise.leakyReluBackward(
        length,
        slope,
        checked("leakyReluBackward", "x", x, length),
        checked("leakyReluBackward", "dy", dy, length),
        checked("leakyReluBackward", "dx", dx, length));
  }

  @Override
  public void clampBackward(
      AxisProblem p, Storage x, Storage low, Storage high, Storage dy, Storage dx) {
    broadcasts.clampBackward(
        p,
        checked("clampBackward", "x", x, p.bigSize()),
        checked("clampBackward", "low", low, p.smallSize()),
        checked("clampBackward", "high", high, p.smallSize()),
        checked("clampBackward", "dy", dy, p.bigSize()),
        checked("clampBackward", "dx", dx, p.bigSize()));
  }

  @Override
  public void dropoutMask(int length, long key, double keep, Storage out) {
    elementwise.dropoutMask(length, key, keep, checked("dropoutMask", "out", out, length));
  }

  @Override
  public void sumOfProducts(AxisProblem p, double scale, Storage a, Storage b, Storage small) {
    broadcasts.sumOfProducts(
        p,
        scale,
        checked("sumOfProducts", "a", a, p.bigSize()),
        checked("sumOfProducts", "b", b, p.bigSize()),
        checked("sumOfProducts", "small", small, p.smallSize()));
  }

  @Override
  public void conv2d(Conv2dProblem p, Storage x, Storage weight, Storage bias, Storage y) {
    convolutions.forward(
        p,
        checked("conv2d", "x", x, p.inputSize()),
        checked("conv2d", "weight", weight, p.weightSize()),
        bias == null ? null : checked("conv2d", "bias", bias, p.k()),
        checked("conv2d", "y", y, p.outputSize()));
  }

  @Override
  public PreparedConvolution prepare(
      Conv2dProblem p, Storage weight, Storage bias, boolean relu, WeightFormat format) {
    CpuStorage w = checked("prepare", "weight", weight, p.weightSize());
    CpuStorage b = bias == null ? null : checked("prepare", "bias", bias, p.k()).copy(p.k());
    Direction c = Direction.forward(p);
    ConvolutionAlgorithm algorithm = convolutions.forPreparedWeights(c, format);
    PreparedWeights prepared = algorithm.prepare(c, w, b, format);
    return new CpuPreparedConvolution(this, p, algorithm.name(), prepared, relu);
  }

  @Override
  public Backend cold() {
    Kernels others = kernels.cold();
    boolean alike = others == kernels || !warmUp.isCold();
    return alike ? this : new CpuBackend(others, buffers, workers);
  }

  @Override
  public void warmUp(Runnable work, BooleanSupplier wanted, Runnable done) {
    warmUp.start(work, wanted, done);
  }

  @Override
  public Runnable bind(Consumer<Passes> pass) {
    PassRecorder recorder = new PassRecorder(workers);
    pass.accept(new CpuPasses(kernels, buffers, recorder));
    return recorder.recorded();
  }

  @Override
  public void conv2dBackwardData(Conv2dProblem p, Storage dy, Storage weight, Storage dx) {
    convolutions.backwardData(
        p,
        checked("conv2dBackwardData", "dy", dy, p.outputSize()),
        checked("conv2dBackwardData", "weight", weight, p.weightSize()),
        checked("conv2dBackwardData", "dx", dx, p.inputSize()));
  }

  @Override
  public void conv2dBackwardWeights(Conv2dProblem p, Storage x, Storage dy, Storage dWeight) {
    convolutions.backwardWeights(
        p,
        checked("conv2dBackwardWeights", "x", x, p.inputSize()),
        checked("conv2dBackwardWeights", "dy", dy, p.outputSize()),
        checked("conv2dBackwardWeights", "dWeight", dWeight, p.weightSize()));
  }

  @Override
  public void gemm(GemmProblem p, Storage a, Storage b, Storage bias, Storage c) {
    convolutions.gemm(
        p,
        checked("gemm", "a", a, p.m() * p.k()),
        checked("gemm", "b", b, p.k() * p.n()),
        bias == null ? null : checked("gemm", "bias", bias, p.n()),
        checked("gemm", "c", c, p.m() * p.n()));
  }

  @Override
  public void batchNormTrain(
      BatchNormProblem p,
      Storage x,
      Storage gamma,
      Storage beta,
      Storage mean,
      Storage variance,
      Storage y) {
    batchNorm.train(
        p,
        checked("batchNormTrain", "x", x, p.size()),
        checked("batchNormTrain", "gamma", gamma, p.channels()),
        checked("batchNormTrain", "beta", beta, p.channels()),
        checked("batchNormTrain", "mean", mean, p.channels()),
        checked("batchNormTrain", "variance", variance, p.channels()),
        checked("batchNormTrain", "y", y, p.size()));
  }

  @Override
  public void batchNormBackward(
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
      Storage dBeta) {
    batchNorm.backward(
        p,
        batchStatistics,
        checked("batchNormBackward", "x", x, p.size()),
        p.relu() ? checked("batchNormBackward", "y", y, p.size()) : null,
        checked("batchNormBackward", "dy", dy, p.size()),
        checked("batchNormBackward", "gamma", gamma, p.channels()),
        checked("batchNormBackward", "mean", mean, p.channels()),
        checked("batchNormBackward", "variance", variance, p.channels()),
        dx == null ? null : checked("batchNormBackward", "dx", dx, p.size()),
        dGamma == null ? null : checked("batchNormBackward", "dGamma", dGamma, p.channels()),
        dBeta == null ? null : checked("batchNormBackward", "dBeta", dBeta, p.channels()));
  }

  @Override
  public void maxPoolBackward(PoolProblem p, Storage x, Storage y, Storage dy, Storage dx) {
    maxPooling.backward(
        p,
        checked("maxPoolBackward", "x", x, p.inputSize()),
        checked("maxPoolBackward", "y", y, p.outputSize()),
        checked("maxPoolBackward", "dy", dy, p.outputSize()),
        checked("maxPoolBackward", "dx", dx, p.inputSize()));
  }

  @Override
  public void averagePoolBackward(PoolProblem p, boolean countPad, Storage dy, Storage dx) {
    resampling.averagePoolBackward(
        p,
        countPad,
        checked("averagePoolBackward", "dy", dy, p.outputSize()),
        checked("averagePoolBackward", "dx", dx, p.inputSize()));
  }

  @Override
  public void resizeBackward(ResizeProblem p, Storage dy, Storage dx) {
    resampling.resizeBackward(
        p,
        checked("resizeBackward", "dy", dy, p.outputSize()),
        checked("resizeBackward", "dx", dx, p.inputSize()));
  }

  @Override
  public void softmaxBackward(int rows, int cols, Storage y, Storage dy, Storage dx) {
    int size = Arguments.matrixSize("softmaxBackward", rows, cols);
    softmax.softmaxBackward(
        rows,
        cols,
        checked("softmaxBackward", "y", y, size),
        checked("softmaxBackward", "dy", dy, size),
        checked("softmaxBackward", "dx", dx, size));
  }

  @Override
  public void logSoftmaxBackward(int rows, int cols, Storage y, Storage dy, Storage dx) {
    int size = Arguments.matrixSize("logSoftmaxBackward", rows, cols);
    softmax.logSoftmaxBackward(
        rows,
        cols,
        checked("logSoftmaxBackward", "y", y, size),
        checked("logSoftmaxBackward", "dy", dy, size),
        checked("logSoftmaxBackward", "dx", dx, size));
  }

  @Override
  public void crossEntropy(
      int rows,
      int cols,
      Storage logits,
      int[] labels,
      double smoothing,
      Storage probabilities,
      Storage loss) {
    int size = Arguments.matrixSize("crossEntropy", rows, cols);
    Arguments.checkLabels("crossEntropy", rows, cols, labels);
    softmax.crossEntropy(
        rows,
        cols,
        checked("crossEntropy", "logits", logits, size),
        labels,
        smoothing,
        checked("crossEntropy", "probabilities", probabilities, size),
        checked("crossEntropy", "loss", loss, rows));
  }

  @Override
  public void crossEntropyBackward(
      int rows,
      int cols,
      Storage probabilities,
      int[] labels,
      double smoothing,
      double scale,
      Storage dLogits) {
    int size = Arguments.matrixSize("crossEntropyBackward", rows, cols);
    Arguments.checkLabels("crossEntropyBackward", rows, cols, labels);
    softmax.crossEntropyBackward(
        rows,
        cols,
        checked("crossEntropyBackward", "probabilities", probabilities, size),
        labels,
        smoothing,
        scale,
        checked("crossEntropyBackward", "dLogits", dLogits, size));
  }

  @Override
  public void sgd(SgdStep step, int length, Storage weight, Storage gradient, Storage velocity) {
    elementwise.sgd(
        step,
        length,
        checked("sgd", "weight", weight, length),
        checked("sgd", "gradient", gradient, length),
        step.momentum() == 0 ? null : checked("sgd", "velocity", velocity, length));
  }

  @Override
  public void adam(
      AdamStep step, int length, Storage weight, Storage gradient, Storage m, Storage v) {
    elementwise.adam(
        step,
        length,
        checked("adam", "weight", weight, length),
        checked("adam", "gradient", gradient, length),
        checked("adam", "m", m, length),
        checked("adam", "v", v, length));
  }

  @Override
  public void close() {
    warmUp.close();
    workers.close();
    buffers.clear();
  }
}
