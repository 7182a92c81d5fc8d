package dev.thumbnet.engine.backend.reference;

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

/** Placeholder until the kernels land. */
public final class ReferenceBackend implements Backend {
  /** Makes the backend. */
  public ReferenceBackend() {}

  @Override
  public String name() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String describe() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Storage allocate(int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void release(Storage storage) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void upload(
      float[] source, int sourceOffset, Storage target, int targetOffset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void upload(
      double[] source, int sourceOffset, Storage target, int targetOffset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void download(
      Storage source, int sourceOffset, float[] target, int targetOffset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void download(
      Storage source, int sourceOffset, double[] target, int targetOffset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void fill(Storage target, int length, double value) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }
}
