package dev.thumbnet.engine.backend.cpu;

import dev.thumbnet.engine.backend.AdamStep;
import dev.thumbnet.engine.backend.AxisProblem;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.BatchNormProblem;
import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.GemmProblem;
import dev.thumbnet.engine.backend.PoolProblem;
import dev.thumbnet.engine.backend.ResizeProblem;
import dev.thumbnet.engine.backend.SgdStep;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.Unary;
import java.util.Arrays;

/**
 * The CPU backend: checks and unwraps the storages of each call and hands it to the class that does
 * the work.
 */
public final class CpuBackend implements Backend {
  private final Kernels kernels;
  private final BufferPool buffers = BufferPool.forHeap();
  private final WorkerPool workers;

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
    this.kernels = kernels;
    this.workers = new WorkerPool(threads);
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

  @Override
  public Storage allocate(int length) {
    return new CpuStorage(buffers, buffers.take(length), 0, length);
  }

  @Override
  public void release(Storage storage) {
    owned("release", "storage", storage).release();
  }

  @Override
  public void upload(
      float[] source, int sourceOffset, Storage target, int targetOffset, int length) {
    CpuStorage t = checked("upload", "target", target, targetOffset, length);
    System.arraycopy(source, sourceOffset, t.array, t.offset + targetOffset, length);
  }

  @Override
  public void upload(
      double[] source, int sourceOffset, Storage target, int targetOffset, int length) {
    CpuStorage t = checked("upload", "target", target, targetOffset, length);
    int to = t.offset + targetOffset;
    for (int i = 0; i < length; i++) {
      t.array[to + i] = (float) source[sourceOffset + i];
    }
  }

  @Override
  public void download(
      Storage source, int sourceOffset, float[] target, int targetOffset, int length) {
    CpuStorage s = checked("download", "source", source, sourceOffset, length);
    System.arraycopy(s.array, s.offset + sourceOffset, target, targetOffset, length);
  }

  @Override
  public void download(
      Storage source, int sourceOffset, double[] target, int targetOffset, int length) {
    CpuStorage s = checked("download", "source", source, sourceOffset, length);
    int from = s.offset + sourceOffset;
    for (int i = 0; i < length; i++) {
      target[targetOffset + i] = s.array[from + i];
    }
  }

  @Override
  public void fill(Storage target, int length, double value) {
    CpuStorage t = checked("fill", "target", target, 0, length);
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
    CpuStorage s = checkedRows("source", source, rows, rowLength, sourceOffset, sourceStride);
    CpuStorage t = checkedRows("target", target, rows, rowLength, targetOffset, targetStride);
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
  public void linearCombination(
      int length, double alpha, Storage a, double beta, Storage b, Storage out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void affine(int length, double scale, Storage x, double shift, Storage out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void multiply(int length, Storage a, Storage b, Storage out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void divide(int length, Storage a, Storage b, Storage out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void addRelu(int length, Storage a, Storage b, Storage out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void unary(Unary f, int length, Storage x, Storage y) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void unaryBackward(Unary f, int length, Storage x, Storage y, Storage dy, Storage dx) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void leakyRelu(int length, double slope, Storage x, Storage y) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void leakyReluBackward(int length, double slope, Storage x, Storage dy, Storage dx) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void broadcastAdd(AxisProblem p, Storage big, double scale, Storage small, Storage out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void broadcastMultiply(AxisProblem p, Storage big, Storage small, Storage out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void broadcast(AxisProblem p, double scale, Storage small, Storage out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void dropoutMask(int length, long key, double keep, Storage out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sum(AxisProblem p, double scale, Storage big, Storage small) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sumOfProducts(AxisProblem p, double scale, Storage a, Storage b, Storage small) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void conv2d(Conv2dProblem p, Storage x, Storage weight, Storage bias, Storage y) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void conv2dBackwardData(Conv2dProblem p, Storage dy, Storage weight, Storage dx) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void conv2dBackwardWeights(Conv2dProblem p, Storage x, Storage dy, Storage dWeight) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void gemm(GemmProblem p, Storage a, Storage b, Storage bias, Storage c) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  @Override
  public void batchNormEval(
      BatchNormProblem p,
      Storage x,
      Storage gamma,
      Storage beta,
      Storage mean,
      Storage variance,
      Storage y) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  @Override
  public void maxPool(PoolProblem p, Storage x, Storage y) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void maxPoolBackward(PoolProblem p, Storage x, Storage y, Storage dy, Storage dx) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void averagePool(PoolProblem p, boolean countPad, Storage x, Storage y) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void averagePoolBackward(PoolProblem p, boolean countPad, Storage dy, Storage dx) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void resize(ResizeProblem p, Storage x, Storage y) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void resizeBackward(ResizeProblem p, Storage dy, Storage dx) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void softmax(int rows, int cols, Storage x, Storage y) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void softmaxBackward(int rows, int cols, Storage y, Storage dy, Storage dx) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void logSoftmax(int rows, int cols, Storage x, Storage y) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void logSoftmaxBackward(int rows, int cols, Storage y, Storage dy, Storage dx) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  @Override
  public void sgd(SgdStep step, int length, Storage weight, Storage gradient, Storage velocity) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void adam(
      AdamStep step, int length, Storage weight, Storage gradient, Storage m, Storage v) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    workers.close();
    buffers.clear();
  }

  // ---------------------------------------------------------------- checks

  /** Returns the storage as one of this backend that is not released. */
  private CpuStorage owned(String method, String name, Storage storage) {
    if (!(storage instanceof CpuStorage s) || s.pool != buffers) {
      throw new IllegalArgumentException(
          method
              + ": "
              + name
              + (storage == null
                  ? " is missing"
                  : " belongs to another backend or device; copy it to this one first"));
    }
    return s;
  }

  /** Returns the storage as a usable one of this backend with at least {@code length} elements. */
  private CpuStorage checked(String method, String name, Storage storage, int length) {
    return checked(method, name, storage, 0, length);
  }

  private CpuStorage checked(String method, String name, Storage storage, int offset, int length) {
    CpuStorage s = owned(method, name, storage);
    if (s.released()) {
      throw new IllegalArgumentException(
          method + ": " + name + " was released; keep the tensor or move it out of its scope");
    }
    if (offset < 0 || length < 0 || (long) offset + length > s.length()) {
      throw new IllegalArgumentException(
          method
              + ": "
              + name
              + " has "
              + s.length()
              + " elements, but "
              + length
              + (offset == 0 ? "" : " from " + offset + " on")
              + " are needed");
    }
    return s;
  }

  private CpuStorage checkedRows(
      String name, Storage storage, int rows, int rowLength, int offset, int stride) {
    long end = rows == 0 ? 0 : offset + (long) (rows - 1) * stride + rowLength;
    if (rows < 0 || rowLength < 0 || offset < 0 || stride < 0 || end > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "copyRows: "
              + rows
              + " rows of "
              + rowLength
              + " from "
              + offset
              + " on with stride "
              + stride
              + " do not fit the "
              + name);
    }
    return checked("copyRows", name, storage, 0, (int) end);
  }
}
