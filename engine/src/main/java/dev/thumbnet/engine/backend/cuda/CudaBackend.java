package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.AdamStep;
import dev.thumbnet.engine.backend.Arguments;
import dev.thumbnet.engine.backend.AxisProblem;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.BatchNormProblem;
import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.GemmProblem;
import dev.thumbnet.engine.backend.PoolProblem;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.ResizeProblem;
import dev.thumbnet.engine.backend.SgdStep;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.Unary;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cuda.driver.CudaRuntime;

/**
 * The backend for NVIDIA's GPUs: checks the storages of each call and hands it to the class that
 * queues the work. Nothing waits for the device but downloads. Convolutions are cuDNN's, matrix
 * products are cuBLAS's, everything else is done by the kernels of {@code kernels.cu}.
 *
 * <p>Memory that the device does not have gives a {@link DeviceException}, after which the backend
 * can be used as before.
 */
public final class CudaBackend implements Backend {
  private final CudaPrecision precision;
  private final CudaQueue queue;
  private final Arguments<CudaStorage> arguments;
  private final CudaCopies copies;
  private final CudaElementwise elementwise;
  private final CudaBroadcasts axes;
  private final CudaConvolutions convolutions;
  private final CudaProducts products;
  private final CudaBatchNorm batchNorm;
  private final CudaPooling pooling;
  private final CudaResizing resizing;
  private final CudaSoftmax softmax;
  private final CudaOptimizers optimizers;

  /**
   * Opens a device.
   *
   * @param ordinal its number, from 0
   * @param precision of convolutions and matrix products
   * @throws DeviceException if there is no driver, no cuDNN, no cuBLAS or no such device
   */
  public CudaBackend(int ordinal, CudaPrecision precision) {
    this(CudaRuntime.open(ordinal), precision);
  }

  /** Takes over an open device. */
  CudaBackend(CudaRuntime runtime, CudaPrecision precision) {
    this.precision = precision;
    queue = new CudaQueue(runtime);
    arguments = new Arguments<>(CudaStorage.class, storage -> storage.queue() == queue);
    copies = new CudaCopies(queue);
    elementwise = new CudaElementwise(queue);
    axes = new CudaBroadcasts(queue);
    convolutions = new CudaConvolutions(queue, precision);
    products = new CudaProducts(queue, precision);
    batchNorm = new CudaBatchNorm(queue, axes);
    pooling = new CudaPooling(queue);
    resizing = new CudaResizing(queue);
    softmax = new CudaSoftmax(queue);
    optimizers = new CudaOptimizers(queue);
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public String describe() {
    return "cuda: " + queue.runtime().describe() + ", " + precision;
  }

  CudaQueue queue() {
    return queue;
  }

  @Override
  public Runnable record(Runnable steps) {
    return new CudaRecording(queue, steps);
  }

  // ---------------------------------------------------------------- memory

  @Override
  public Storage allocate(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("allocate: length must not be negative: " + length);
    }
    CudaStorage[] storage = new CudaStorage[1];
    queue.run(() -> storage[0] = queue.allocate(length));
    return storage[0];
  }

  @Override
  public void release(Storage storage) {
    queue.release(arguments.owned("release", "storage", storage));
  }

  @Override
  public void trim() {
    queue.run(() -> queue.runtime().memory().trim());
  }

  @Override
  public void upload(
      float[] source, int sourceOffset, Storage target, int targetOffset, int length) {
    Arguments.checkHost("upload", source.length, sourceOffset, length);
    CudaStorage t = arguments.checked("upload", "target", target, targetOffset, length);
    queue.run(() -> copies.upload(source, sourceOffset, t, targetOffset, length));
  }

  @Override
  public void upload(
      double[] source, int sourceOffset, Storage target, int targetOffset, int length) {
    Arguments.checkHost("upload", source.length, sourceOffset, length);
    CudaStorage t = arguments.checked("upload", "target", target, targetOffset, length);
    queue.run(() -> copies.upload(source, sourceOffset, t, targetOffset, length));
  }

  @Override
  public void download(
      Storage source, int sourceOffset, float[] target, int targetOffset, int length) {
    Arguments.checkHost("download", target.length, targetOffset, length);
    CudaStorage s = arguments.checked("download", "source", source, sourceOffset, length);
    queue.run(() -> copies.download(s, sourceOffset, target, targetOffset, length));
  }

  @Override
  public void download(
      Storage source, int sourceOffset, double[] target, int targetOffset, int length) {
    Arguments.checkHost("download", target.length, targetOffset, length);
    CudaStorage s = arguments.checked("download", "source", source, sourceOffset, length);
    queue.run(() -> copies.download(s, sourceOffset, target, targetOffset, length));
  }

  @Override
  public void fill(Storage target, int length, double value) {
    CudaStorage t = checked("fill", "target", target, length);
    queue.run(() -> copies.fill(t, length, value));
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
    CudaStorage s =
        arguments.checkedRows("source", source, rows, rowLength, sourceOffset, sourceStride);
    CudaStorage t =
        arguments.checkedRows("target", target, rows, rowLength, targetOffset, targetStride);
    queue.run(
        () ->
            copies.rows(
                rows, rowLength, s, sourceOffset, sourceStride, t, targetOffset, targetStride));
  }

  // ---------------------------------------------------------------- elementwise

  @Override
  public void linearCombination(
      int length, double alpha, Storage a, double beta, Storage b, Storage out) {
    String method = "linearCombination";
    CudaStorage left = checked(method, "a", a, length);
    CudaStorage right = checked(method, "b", b, length);
    CudaStorage to = checked(method, "out", out, length);
    queue.run(() -> elementwise.linearCombination(length, alpha, left, beta, right, to));
  }

  @Override
  public void affine(int length, double scale, Storage x, double shift, Storage out) {
    CudaStorage from = checked("affine", "x", x, length);
    CudaStorage to = checked("affine", "out", out, length);
    queue.run(() -> elementwise.affine(length, scale, from, shift, to));
  }

  @Override
  public void multiply(int length, Storage a, Storage b, Storage out) {
    CudaStorage left = checked("multiply", "a", a, length);
    CudaStorage right = checked("multiply", "b", b, length);
    CudaStorage to = checked("multiply", "out", out, length);
    queue.run(() -> elementwise.multiply(length, left, right, to));
  }

  @Override
  public void divide(int length, Storage a, Storage b, Storage out) {
    CudaStorage left = checked("divide", "a", a, length);
    CudaStorage right = checked("divide", "b", b, length);
    CudaStorage to = checked("divide", "out", out, length);
    queue.run(() -> elementwise.divide(length, left, right, to));
  }

  @Override
  public void addRelu(int length, Storage a, Storage b, Storage out) {
    CudaStorage left = checked("addRelu", "a", a, length);
    CudaStorage right = checked("addRelu", "b", b, length);
    CudaStorage to = checked("addRelu", "out", out, length);
    queue.run(() -> elementwise.addRelu(length, left, right, to));
  }

  @Override
  public void unary(Unary f, int length, Storage x, Storage y) {
    CudaStorage from = checked("unary", "x", x, length);
    CudaStorage to = checked("unary", "y", y, length);
    queue.run(() -> elementwise.unary(f, length, from, to));
  }

  @Override
  public void unaryBackward(Unary f, int length, Storage x, Storage y, Storage dy, Storage dx) {
    String method = "unaryBackward";
    boolean ofX = f == Unary.LOG || f == Unary.SQUARE || f == Unary.ABS;
    CudaStorage value = ofX ? checked(method, "x", x, length) : checked(method, "y", y, length);
    CudaStorage gradient = checked(method, "dy", dy, length);
    CudaStorage to = checked(method, "dx", dx, length);
    queue.run(() -> elementwise.unaryBackward(f, length, value, gradient, to));
  }

  @Override
  public void leakyRelu(int length, double slope, Storage x, Storage y) {
    CudaStorage from = checked("leakyRelu", "x", x, length);
    CudaStorage to = checked("leakyRelu", "y", y, length);
    queue.run(() -> elementwise.leakyRelu(length, slope, from, to));
  }

  @Override
  public void leakyReluBackward(int length, double slope, Storage x, Storage dy, Storage dx) {
    CudaStorage value = checked("leakyReluBackward", "x", x, length);
    CudaStorage gradient = checked("leakyReluBackward", "dy", dy, length);
    CudaStorage to = checked("leakyReluBackward", "dx", dx, length);
    queue.run(() -> elementwise.leakyReluBackward(length, slope, value, gradient, to));
  }

  @Override
  public void dropoutMask(int length, long key, double keep, Storage out) {
    CudaStorage to = checked("dropoutMask", "out", out, length);
    queue.run(() -> elementwise.dropoutMask(length, key, keep, to));
  }

  // ---------------------------------------------------------------- broadcasts and reductions

  @Override
  public void broadcastAdd(AxisProblem p, Storage big, double scale, Storage small, Storage out) {
    CudaStorage from = checked("broadcastAdd", "big", big, p.bigSize());
    CudaStorage added = checked("broadcastAdd", "small", small, p.smallSize());
    CudaStorage to = checked("broadcastAdd", "out", out, p.bigSize());
    queue.run(() -> axes.broadcastAdd(p, from, scale, added, to));
  }

  @Override
  public void broadcastMultiply(AxisProblem p, Storage big, Storage small, Storage out) {
    CudaStorage from = checked("broadcastMultiply", "big", big, p.bigSize());
    CudaStorage factors = checked("broadcastMultiply", "small", small, p.smallSize());
    CudaStorage to = checked("broadcastMultiply", "out", out, p.bigSize());
    queue.run(() -> axes.broadcastMultiply(p, from, factors, to));
  }

  @Override
  public void clamp(AxisProblem p, Storage x, Storage low, Storage high, Storage y) {
    CudaStorage from = checked("clamp", "x", x, p.bigSize());
    CudaStorage least = checked("clamp", "low", low, p.smallSize());
    CudaStorage most = checked("clamp", "high", high, p.smallSize());
    CudaStorage to = checked("clamp", "y", y, p.bigSize());
    queue.run(() -> axes.clamp(p, from, least, most, to));
  }

  @Override
  public void clampBackward(
      AxisProblem p, Storage x, Storage low, Storage high, Storage dy, Storage dx) {
    CudaStorage value = checked("clampBackward", "x", x, p.bigSize());
    CudaStorage least = checked("clampBackward", "low", low, p.smallSize());
    CudaStorage most = checked("clampBackward", "high", high, p.smallSize());
    CudaStorage gradient = checked("clampBackward", "dy", dy, p.bigSize());
    CudaStorage to = checked("clampBackward", "dx", dx, p.bigSize());
    queue.run(() -> axes.clampBackward(p, value, least, most, gradient, to));
  }

  @Override
  public void broadcast(AxisProblem p, double scale, Storage small, Storage out) {
    CudaStorage from = checked("broadcast", "small", small, p.smallSize());
    CudaStorage to = checked("broadcast", "out", out, p.bigSize());
    queue.run(() -> axes.broadcast(p, scale, from, to));
  }

  @Override
  public void sum(AxisProblem p, double scale, Storage big, Storage small) {
    CudaStorage from = checked("sum", "big", big, p.bigSize());
    CudaStorage to = checked("sum", "small", small, p.smallSize());
    queue.run(() -> axes.sum(p, scale, from, to));
  }

  @Override
  public void sumOfProducts(AxisProblem p, double scale, Storage a, Storage b, Storage small) {
    CudaStorage left = checked("sumOfProducts", "a", a, p.bigSize());
    CudaStorage right = checked("sumOfProducts", "b", b, p.bigSize());
    CudaStorage to = checked("sumOfProducts", "small", small, p.smallSize());
    queue.run(() -> axes.sumOfProducts(p, scale, left, right, to));
  }

  // ---------------------------------------------------------------- convolution and product

  @Override
  public void conv2d(Conv2dProblem p, Storage x, Storage weight, Storage bias, Storage y) {
    CudaStorage from = checked("conv2d", "x", x, p.inputSize());
    CudaStorage w = checked("conv2d", "weight", weight, p.weightSize());
    CudaStorage b = bias == null ? null : checked("conv2d", "bias", bias, p.k());
    CudaStorage to = checked("conv2d", "y", y, p.outputSize());
    queue.run(() -> convolutions.forward(p, from, w, b, to));
  }

  @Override
  public void conv2dBackwardData(Conv2dProblem p, Storage dy, Storage weight, Storage dx) {
    CudaStorage gradient = checked("conv2dBackwardData", "dy", dy, p.outputSize());
    CudaStorage w = checked("conv2dBackwardData", "weight", weight, p.weightSize());
    CudaStorage to = checked("conv2dBackwardData", "dx", dx, p.inputSize());
    queue.run(() -> convolutions.backwardData(p, gradient, w, to));
  }

  @Override
  public void conv2dBackwardWeights(Conv2dProblem p, Storage x, Storage dy, Storage dWeight) {
    CudaStorage from = checked("conv2dBackwardWeights", "x", x, p.inputSize());
    CudaStorage gradient = checked("conv2dBackwardWeights", "dy", dy, p.outputSize());
    CudaStorage to = checked("conv2dBackwardWeights", "dWeight", dWeight, p.weightSize());
    queue.run(() -> convolutions.backwardWeights(p, from, gradient, to));
  }

  @Override
  public void gemm(GemmProblem p, Storage a, Storage b, Storage bias, Storage c) {
    CudaStorage left = checked("gemm", "a", a, p.m() * p.k());
    CudaStorage right = checked("gemm", "b", b, p.k() * p.n());
    CudaStorage added = bias == null ? null : checked("gemm", "bias", bias, p.n());
    CudaStorage to = checked("gemm", "c", c, p.m() * p.n());
    queue.run(() -> products.multiply(p, left, right, added, to));
  }

  /** Keeps the weights in the element type of convolutions, whatever the format allows. */
  @Override
  public PreparedConvolution prepare(
      Conv2dProblem p, Storage weight, Storage bias, boolean relu, WeightFormat format) {
    CudaStorage w = checked("prepare", "weight", weight, p.weightSize());
    CudaStorage b = bias == null ? null : checked("prepare", "bias", bias, p.k());
    CudaPreparedConvolution[] prepared = new CudaPreparedConvolution[1];
    queue.run(() -> prepared[0] = new CudaPreparedConvolution(this, convolutions, p, relu, w, b));
    return prepared[0];
  }

  // ---------------------------------------------------------------- batch normalisation

  @Override
  public void batchNormTrain(
      BatchNormProblem p,
      Storage x,
      Storage gamma,
      Storage beta,
      Storage mean,
      Storage variance,
      Storage y) {
    String method = "batchNormTrain";
    CudaStorage from = checked(method, "x", x, p.size());
    CudaStorage scale = checked(method, "gamma", gamma, p.channels());
    CudaStorage shift = checked(method, "beta", beta, p.channels());
    CudaStorage means = checked(method, "mean", mean, p.channels());
    CudaStorage variances = checked(method, "variance", variance, p.channels());
    CudaStorage to = checked(method, "y", y, p.size());
    queue.run(() -> batchNorm.train(p, from, scale, shift, means, variances, to));
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
    String method = "batchNormEval";
    CudaStorage from = checked(method, "x", x, p.size());
    CudaStorage scale = checked(method, "gamma", gamma, p.channels());
    CudaStorage shift = checked(method, "beta", beta, p.channels());
    CudaStorage means = checked(method, "mean", mean, p.channels());
    CudaStorage variances = checked(method, "variance", variance, p.channels());
    CudaStorage to = checked(method, "y", y, p.size());
    queue.run(() -> batchNorm.eval(p, from, scale, shift, means, variances, to));
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
    String method = "batchNormBackward";
    CudaStorage from = checked(method, "x", x, p.size());
    CudaStorage output = p.relu() ? checked(method, "y", y, p.size()) : null;
    CudaStorage gradient = checked(method, "dy", dy, p.size());
    CudaStorage scale = checked(method, "gamma", gamma, p.channels());
    CudaStorage means = checked(method, "mean", mean, p.channels());
    CudaStorage variances = checked(method, "variance", variance, p.channels());
    CudaStorage to = dx == null ? null : checked(method, "dx", dx, p.size());
    CudaStorage toScale = dGamma == null ? null : checked(method, "dGamma", dGamma, p.channels());
    CudaStorage toShift = dBeta == null ? null : checked(method, "dBeta", dBeta, p.channels());
    queue.run(
        () ->
            batchNorm.backward(
                p,
                batchStatistics,
                from,
                output,
                gradient,
                scale,
                means,
                variances,
                to,
                toScale,
                toShift));
  }

  // ---------------------------------------------------------------- pooling and resizing

  @Override
  public void maxPool(PoolProblem p, Storage x, Storage y) {
    CudaStorage from = checked("maxPool", "x", x, p.inputSize());
    CudaStorage to = checked("maxPool", "y", y, p.outputSize());
    queue.run(() -> pooling.max(p, from, to));
  }

  @Override
  public void maxPoolBackward(PoolProblem p, Storage x, Storage y, Storage dy, Storage dx) {
    CudaStorage from = checked("maxPoolBackward", "x", x, p.inputSize());
    CudaStorage output = checked("maxPoolBackward", "y", y, p.outputSize());
    CudaStorage gradient = checked("maxPoolBackward", "dy", dy, p.outputSize());
    CudaStorage to = checked("maxPoolBackward", "dx", dx, p.inputSize());
    queue.run(() -> pooling.maxBackward(p, from, output, gradient, to));
  }

  @Override
  public void averagePool(PoolProblem p, boolean countPad, Storage x, Storage y) {
    CudaStorage from = checked("averagePool", "x", x, p.inputSize());
    CudaStorage to = checked("averagePool", "y", y, p.outputSize());
    queue.run(() -> pooling.average(p, countPad, from, to));
  }

  @Override
  public void averagePoolBackward(PoolProblem p, boolean countPad, Storage dy, Storage dx) {
    CudaStorage gradient = checked("averagePoolBackward", "dy", dy, p.outputSize());
    CudaStorage to = checked("averagePoolBackward", "dx", dx, p.inputSize());
    queue.run(() -> pooling.averageBackward(p, countPad, gradient, to));
  }

  @Override
  public void resize(ResizeProblem p, Storage x, Storage y) {
    CudaStorage from = checked("resize", "x", x, p.inputSize());
    CudaStorage to = checked("resize", "y", y, p.outputSize());
    queue.run(() -> resizing.forward(p, from, to));
  }

  @Override
  public void resizeBackward(ResizeProblem p, Storage dy, Storage dx) {
    CudaStorage gradient = checked("resizeBackward", "dy", dy, p.outputSize());
    CudaStorage to = checked("resizeBackward", "dx", dx, p.inputSize());
    queue.run(() -> resizing.backward(p, gradient, to));
  }

  // ---------------------------------------------------------------- softmax and losses

  @Override
  public void softmax(int rows, int cols, Storage x, Storage y) {
    int size = Arguments.matrixSize("softmax", rows, cols);
    CudaStorage from = checked("softmax", "x", x, size);
    CudaStorage to = checked("softmax", "y", y, size);
    queue.run(() -> softmax.softmax(rows, cols, from, to));
  }

  @Override
  public void softmaxBackward(int rows, int cols, Storage y, Storage dy, Storage dx) {
    int size = Arguments.matrixSize("softmaxBackward", rows, cols);
    CudaStorage output = checked("softmaxBackward", "y", y, size);
    CudaStorage gradient = checked("softmaxBackward", "dy", dy, size);
    CudaStorage to = checked("softmaxBackward", "dx", dx, size);
    queue.run(() -> softmax.softmaxBackward(rows, cols, output, gradient, to));
  }

  @Override
  public void logSoftmax(int rows, int cols, Storage x, Storage y) {
    int size = Arguments.matrixSize("logSoftmax", rows, cols);
    CudaStorage from = checked("logSoftmax", "x", x, size);
    CudaStorage to = checked("logSoftmax", "y", y, size);
    queue.run(() -> softmax.logSoftmax(rows, cols, from, to));
  }

  @Override
  public void logSoftmaxBackward(int rows, int cols, Storage y, Storage dy, Storage dx) {
    int size = Arguments.matrixSize("logSoftmaxBackward", rows, cols);
    CudaStorage output = checked("logSoftmaxBackward", "y", y, size);
    CudaStorage gradient = checked("logSoftmaxBackward", "dy", dy, size);
    CudaStorage to = checked("logSoftmaxBackward", "dx", dx, size);
    queue.run(() -> softmax.logSoftmaxBackward(rows, cols, output, gradient, to));
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
    CudaStorage from = checked("crossEntropy", "logits", logits, size);
    CudaStorage p = checked("crossEntropy", "probabilities", probabilities, size);
    CudaStorage losses = checked("crossEntropy", "loss", loss, rows);
    queue.run(() -> softmax.crossEntropy(rows, cols, from, labels, smoothing, p, losses));
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
    CudaStorage p = checked("crossEntropyBackward", "probabilities", probabilities, size);
    CudaStorage to = checked("crossEntropyBackward", "dLogits", dLogits, size);
    queue.run(() -> softmax.crossEntropyBackward(rows, cols, p, labels, smoothing, scale, to));
  }

  // ---------------------------------------------------------------- optimisers

  @Override
  public void sgd(SgdStep step, int length, Storage weight, Storage gradient, Storage velocity) {
    CudaStorage w = checked("sgd", "weight", weight, length);
    CudaStorage g = checked("sgd", "gradient", gradient, length);
    CudaStorage v = step.momentum() == 0 ? null : checked("sgd", "velocity", velocity, length);
    queue.run(() -> optimizers.sgd(step, length, w, g, v));
  }

  @Override
  public void adam(
      AdamStep step, int length, Storage weight, Storage gradient, Storage m, Storage v) {
    CudaStorage w = checked("adam", "weight", weight, length);
    CudaStorage g = checked("adam", "gradient", gradient, length);
    CudaStorage first = checked("adam", "m", m, length);
    CudaStorage second = checked("adam", "v", v, length);
    queue.run(() -> optimizers.adam(step, length, w, g, first, second));
  }

  @Override
  public void close() {
    queue.close(convolutions::close);
  }

  /** Returns the storage as a usable one of this backend with at least {@code length} elements. */
  CudaStorage checked(String method, String name, Storage storage, int length) {
    return arguments.checked(method, name, storage, length);
  }
}
