package dev.thumbnet.engine.backend.cuda;

import static dev.thumbnet.engine.backend.cuda.CudaQueue.real;
import static dev.thumbnet.engine.backend.cuda.ElementType.F32;

/** Softmax, its logarithm and cross entropy over rows, in F32 always; a block to a row. */
final class CudaSoftmax {
  /** Threads to a row; kernels.cu relies on it. */
  private static final int THREADS = 128;

  private final CudaQueue queue;

  CudaSoftmax(CudaQueue queue) {
    this.queue = queue;
  }

  void softmax(int rows, int cols, CudaStorage x, CudaStorage y) {
    forward("softmax", rows, cols, x, y);
  }

  void logSoftmax(int rows, int cols, CudaStorage x, CudaStorage y) {
    forward("log_softmax", rows, cols, x, y);
  }

  private void forward(String entry, int rows, int cols, CudaStorage x, CudaStorage y) {
    long from = queue.read(x, rows * cols, F32);
    long to = queue.write(y, F32);
    eachRow(entry, rows, cols, cols, from, to);
  }

  void softmaxBackward(int rows, int cols, CudaStorage y, CudaStorage dy, CudaStorage dx) {
    backward("softmax_backward", rows, cols, y, dy, dx);
  }

  void logSoftmaxBackward(int rows, int cols, CudaStorage y, CudaStorage dy, CudaStorage dx) {
    backward("log_softmax_backward", rows, cols, y, dy, dx);
  }

  private void backward(
      String entry, int rows, int cols, CudaStorage y, CudaStorage dy, CudaStorage dx) {
    long output = queue.read(y, rows * cols, F32);
    long gradient = queue.read(dy, rows * cols, F32);
    long to = queue.write(dx, F32);
    eachRow(entry, rows, cols, cols, output, gradient, to);
  }

  void crossEntropy(
      int rows,
      int cols,
      CudaStorage logits,
      int[] labels,
      double smoothing,
      CudaStorage probabilities,
      CudaStorage loss) {
    if (rows == 0) {
      return;
    }
    long from = queue.read(logits, rows * cols, F32);
    long p = queue.write(probabilities, F32);
    long losses = queue.write(loss, F32);
    eachRow(
        "cross_entropy",
        rows,
        cols,
        cols,
        real(onTarget(cols, smoothing)),
        real(offTarget(cols, smoothing)),
        from,
        upload(rows, labels),
        p,
        losses);
  }

  void crossEntropyBackward(
      int rows,
      int cols,
      CudaStorage probabilities,
      int[] labels,
      double smoothing,
      double scale,
      CudaStorage dLogits) {
    if (rows == 0) {
      return;
    }
    int n = rows * cols;
    long from = queue.read(probabilities, n, F32);
    long to = queue.write(dLogits, F32);
    queue.launchPacks(
        "cross_entropy_backward",
        F32,
        n,
        n,
        cols,
        real(onTarget(cols, smoothing)),
        real(offTarget(cols, smoothing)),
        real(scale),
        from,
        upload(rows, labels),
        to);
  }

  private static double onTarget(int cols, double smoothing) {
    return 1 - smoothing + smoothing / cols;
  }

  private static double offTarget(int cols, double smoothing) {
    return smoothing / cols;
  }

  private long upload(int rows, int[] labels) {
    // Ints travel as the floats with the same bits; classes are few, so that none is a NaN.
    float[] bits = new float[rows];
    for (int i = 0; i < rows; i++) {
      bits[i] = Float.intBitsToFloat(labels[i]);
    }
    long to = queue.scratchFloats(rows);
    queue.runtime().staging().upload(bits, 0, to, rows);
    return to;
  }

  private void eachRow(String entry, int rows, int cols, long... arguments) {
    if (rows > 0 && cols > 0) {
      queue.launchBlocks(entry, rows, THREADS, arguments);
    }
  }
}
