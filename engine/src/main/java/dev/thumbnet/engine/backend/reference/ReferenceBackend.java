package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.AdamStep;
import dev.thumbnet.engine.backend.AxisProblem;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.BatchNormProblem;
import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.GemmProblem;
import dev.thumbnet.engine.backend.PoolProblem;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.ResizeProblem;
import dev.thumbnet.engine.backend.SgdStep;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.Unary;
import dev.thumbnet.engine.backend.WeightFormat;
import java.util.Arrays;

/**
 * The oracle: plain loops in double precision on one thread. Elements of a new storage are NaN, so
 * that code which relies on undefined contents is found out. Safe for use from any thread; {@link
 * #close} has nothing to end.
 */
public final class ReferenceBackend implements Backend {
  /** Makes the backend. */
  public ReferenceBackend() {}

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String describe() {
    return "reference: plain loops in double precision, 1 thread";
  }

  @Override
  public void close() {}

  // ---------------------------------------------------------------- argument checks

  /** Returns the numbers of an argument, or throws if the contract does not allow it. */
  double[] data(String method, String name, Storage argument, long needed) {
    ReferenceStorage storage = own(method, name, argument);
    double[] data = storage.data();
    if (data == null) {
      throw new IllegalArgumentException(method + ": " + name + " was released");
    }
    if (needed > data.length) {
      throw new IllegalArgumentException(
          method + ": " + name + " has " + data.length + " elements but needs " + needed);
    }
    return data;
  }

  double[] dataOrNull(String method, String name, Storage argument, long needed) {
    return argument == null ? null : data(method, name, argument, needed);
  }

  private ReferenceStorage own(String method, String name, Storage argument) {
    if (argument instanceof ReferenceStorage storage && storage.owner() == this) {
      return storage;
    }
    throw new IllegalArgumentException(
        method
            + ": "
            + name
            + (argument == null ? " is null" : " belongs to another backend; copy it over"));
  }

  private static void checkLength(String method, long... lengths) {
    for (long length : lengths) {
      if (length < 0) {
        throw new IllegalArgumentException(
            method + ": negative length or offset in " + Arrays.toString(lengths));
      }
    }
  }

  private static void checkHost(String method, int arrayLength, int offset, int length) {
    checkLength(method, offset, length);
    if ((long) offset + length > arrayLength) {
      throw new IllegalArgumentException(
          method
              + ": host array has "
              + arrayLength
              + " elements but needs "
              + ((long) offset + length));
    }
  }

  private static void checkLabels(String method, int rows, int cols, int[] labels) {
    if (labels.length < rows) {
      throw new IllegalArgumentException(
          method + ": " + labels.length + " labels for " + rows + " rows");
    }
    for (int row = 0; row < rows; row++) {
      if (labels[row] < 0 || labels[row] >= cols) {
        throw new IllegalArgumentException(
            method
                + ": label "
                + labels[row]
                + " of row "
                + row
                + " is outside the "
                + cols
                + " classes");
      }
    }
  }

  // ---------------------------------------------------------------- memory

  @Override
  public Storage allocate(int length) {
    return new ReferenceStorage(this, length);
  }

  @Override
  public void release(Storage storage) {
    own("release", "storage", storage).free();
  }

  @Override
  public void upload(
      float[] source, int sourceOffset, Storage target, int targetOffset, int length) {
    checkHost("upload", source.length, sourceOffset, length);
    checkLength("upload", targetOffset);
    double[] to = data("upload", "target", target, (long) targetOffset + length);
    for (int i = 0; i < length; i++) {
      to[targetOffset + i] = source[sourceOffset + i];
    }
  }

  @Override
  public void upload(
      double[] source, int sourceOffset, Storage target, int targetOffset, int length) {
    checkHost("upload", source.length, sourceOffset, length);
    checkLength("upload", targetOffset);
    double[] to = data("upload", "target", target, (long) targetOffset + length);
    System.arraycopy(source, sourceOffset, to, targetOffset, length);
  }

  @Override
  public void download(
      Storage source, int sourceOffset, float[] target, int targetOffset, int length) {
    checkHost("download", target.length, targetOffset, length);
    checkLength("download", sourceOffset);
    double[] from = data("download", "source", source, (long) sourceOffset + length);
    for (int i = 0; i < length; i++) {
      target[targetOffset + i] = (float) from[sourceOffset + i];
    }
  }

  @Override
  public void download(
      Storage source, int sourceOffset, double[] target, int targetOffset, int length) {
    checkHost("download", target.length, targetOffset, length);
    checkLength("download", sourceOffset);
    double[] from = data("download", "source", source, (long) sourceOffset + length);
    System.arraycopy(from, sourceOffset, target, targetOffset, length);
  }

  @Override
  public void fill(Storage target, int length, double value) {
    checkLength("fill", length);
    Arrays.fill(data("fill", "target", target, length), 0, length, value);
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
    checkLength(
        "copyRows", rows, rowLength, sourceOffset, sourceStride, targetOffset, targetStride);
    long lastRow = Math.max(rows - 1, 0);
    double[] from =
        data("copyRows", "source", source, sourceOffset + lastRow * sourceStride + rowLength);
    double[] to =
        data("copyRows", "target", target, targetOffset + lastRow * targetStride + rowLength);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(
          from, sourceOffset + i * sourceStride, to, targetOffset + i * targetStride, rowLength);
    }
  }

  // ---------------------------------------------------------------- elementwise

  @Override
  public void linearCombination(
      int length, double alpha, Storage a, double beta, Storage b, Storage out) {
    String m = "linearCombination";
    checkLength(m, length);
    Elementwise.linearCombination(
        length,
        alpha,
        data(m, "a", a, length),
        beta,
        data(m, "b", b, length),
        data(m, "out", out, length));
  }

  @Override
  public void affine(int length, double scale, Storage x, double shift, Storage out) {
    checkLength("affine", length);
    Elementwise.affine(
        length, scale, data("affine", "x", x, length), shift, data("affine", "out", out, length));
  }

  @Override
  public void multiply(int length, Storage a, Storage b, Storage out) {
    String m = "multiply";
    checkLength(m, length);
    Elementwise.multiply(
        length, data(m, "a", a, length), data(m, "b", b, length), data(m, "out", out, length));
  }

  @Override
  public void divide(int length, Storage a, Storage b, Storage out) {
    String m = "divide";
    checkLength(m, length);
    Elementwise.divide(
        length, data(m, "a", a, length), data(m, "b", b, length), data(m, "out", out, length));
  }

  @Override
  public void addRelu(int length, Storage a, Storage b, Storage out) {
    String m = "addRelu";
    checkLength(m, length);
    Elementwise.addRelu(
        length, data(m, "a", a, length), data(m, "b", b, length), data(m, "out", out, length));
  }

  @Override
  public void unary(Unary f, int length, Storage x, Storage y) {
    checkLength("unary", length);
    Elementwise.unary(f, length, data("unary", "x", x, length), data("unary", "y", y, length));
  }

  @Override
  public void unaryBackward(Unary f, int length, Storage x, Storage y, Storage dy, Storage dx) {
    String m = "unaryBackward";
    checkLength(m, length);
    boolean usesX = f == Unary.LOG || f == Unary.SQUARE || f == Unary.ABS;
    Elementwise.unaryBackward(
        f,
        length,
        usesX ? data(m, "x", x, length) : null,
        usesX ? null : data(m, "y", y, length),
        data(m, "dy", dy, length),
        data(m, "dx", dx, length));
  }

  @Override
  public void leakyRelu(int length, double slope, Storage x, Storage y) {
    checkLength("leakyRelu", length);
    Elementwise.leakyRelu(
        length, slope, data("leakyRelu", "x", x, length), data("leakyRelu", "y", y, length));
  }

  @Override
  public void leakyReluBackward(int length, double slope, Storage x, Storage dy, Storage dx) {
    String m = "leakyReluBackward";
    checkLength(m, length);
    Elementwise.leakyReluBackward(
        length,
        slope,
        data(m, "x", x, length),
        data(m, "dy", dy, length),
        data(m, "dx", dx, length));
  }

  @Override
  public void dropoutMask(int length, long key, double keep, Storage out) {
    checkLength("dropoutMask", length);
    Elementwise.dropoutMask(length, key, keep, data("dropoutMask", "out", out, length));
  }

  // ---------------------------------------------------------------- broadcasts and reductions

  @Override
  public void broadcastAdd(AxisProblem p, Storage big, double scale, Storage small, Storage out) {
    String m = "broadcastAdd";
    Broadcasts.broadcastAdd(
        p,
        data(m, "big", big, p.bigSize()),
        scale,
        data(m, "small", small, p.smallSize()),
        data(m, "out", out, p.bigSize()));
  }

  @Override
  public void broadcastMultiply(AxisProblem p, Storage big, Storage small, Storage out) {
    String m = "broadcastMultiply";
    Broadcasts.broadcastMultiply(
        p,
        data(m, "big", big, p.bigSize()),
        data(m, "small", small, p.smallSize()),
        data(m, "out", out, p.bigSize()));
  }

  @Override
  public void clamp(AxisProblem p, Storage x, Storage low, Storage high, Storage y) {
    String m = "clamp";
    Broadcasts.clamp(
        p,
        data(m, "x", x, p.bigSize()),
        data(m, "low", low, p.smallSize()),
        data(m, "high", high, p.smallSize()),
        data(m, "y", y, p.bigSize()));
  }

  @Override
  public void clampBackward(
      AxisProblem p, Storage x, Storage low, Storage high, Storage dy, Storage dx) {
    String m = "clampBackward";
    Broadcasts.clampBackward(
        p,
        data(m, "x", x, p.bigSize()),
        data(m, "low", low, p.smallSize()),
        data(m, "high", high, p.smallSize()),
        data(m, "dy", dy, p.bigSize()),
        data(m, "dx", dx, p.bigSize()));
  }

  @Override
  public void broadcast(AxisProblem p, double scale, Storage small, Storage out) {
    Broadcasts.broadcast(
        p,
        scale,
        data("broadcast", "small", small, p.smallSize()),
        data("broadcast", "out", out, p.bigSize()));
  }

  @Override
  public void sum(AxisProblem p, double scale, Storage big, Storage small) {
    Broadcasts.sum(
        p, scale, data("sum", "big", big, p.bigSize()), data("sum", "small", small, p.smallSize()));
  }

  @Override
  public void sumOfProducts(AxisProblem p, double scale, Storage a, Storage b, Storage small) {
    String m = "sumOfProducts";
    Broadcasts.sumOfProducts(
        p,
        scale,
        data(m, "a", a, p.bigSize()),
        data(m, "b", b, p.bigSize()),
        data(m, "small", small, p.smallSize()));
  }

  // ---------------------------------------------------------------- convolution and product

  @Override
  public void conv2d(Conv2dProblem p, Storage x, Storage weight, Storage bias, Storage y) {
    Convolution.forward(
        p,
        data("conv2d", "x", x, p.inputSize()),
        data("conv2d", "weight", weight, p.weightSize()),
        dataOrNull("conv2d", "bias", bias, p.k()),
        data("conv2d", "y", y, p.outputSize()));
  }

  @Override
  public PreparedConvolution prepare(
      Conv2dProblem p, Storage weight, Storage bias, boolean relu, WeightFormat format) {
    double[] w = data("prepare", "weight", weight, p.weightSize()).clone();
    double[] b = bias == null ? null : data("prepare", "bias", bias, p.k()).clone();
    return new ReferencePreparedConvolution(this, p, w, b, relu);
  }

  @Override
  public void conv2dBackwardData(Conv2dProblem p, Storage dy, Storage weight, Storage dx) {
    String m = "conv2dBackwardData";
    Convolution.backwardData(
        p,
        data(m, "dy", dy, p.outputSize()),
        data(m, "weight", weight, p.weightSize()),
        data(m, "dx", dx, p.inputSize()));
  }

  @Override
  public void conv2dBackwardWeights(Conv2dProblem p, Storage x, Storage dy, Storage dWeight) {
    String m = "conv2dBackwardWeights";
    Convolution.backwardWeights(
        p,
        data(m, "x", x, p.inputSize()),
        data(m, "dy", dy, p.outputSize()),
        data(m, "dWeight", dWeight, p.weightSize()));
  }

  @Override
  public void gemm(GemmProblem p, Storage a, Storage b, Storage bias, Storage c) {
    MatrixProduct.gemm(
        p,
        data("gemm", "a", a, (long) p.m() * p.k()),
        data("gemm", "b", b, (long) p.k() * p.n()),
        dataOrNull("gemm", "bias", bias, p.n()),
        data("gemm", "c", c, (long) p.m() * p.n()));
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
    String m = "batchNormTrain";
    double[] input = data(m, "x", x, p.size());
    double[] scale = data(m, "gamma", gamma, p.channels());
    double[] shift = data(m, "beta", beta, p.channels());
    double[] means = data(m, "mean", mean, p.channels());
    double[] variances = data(m, "variance", variance, p.channels());
    double[] output = data(m, "y", y, p.size());
    BatchNorm.statistics(p, input, means, variances);
    BatchNorm.normalize(p, input, scale, shift, means, variances, output);
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
    String m = "batchNormEval";
    BatchNorm.normalize(
        p,
        data(m, "x", x, p.size()),
        data(m, "gamma", gamma, p.channels()),
        data(m, "beta", beta, p.channels()),
        data(m, "mean", mean, p.channels()),
        data(m, "variance", variance, p.channels()),
        data(m, "y", y, p.size()));
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
    String m = "batchNormBackward";
    BatchNorm.backward(
        p,
        batchStatistics,
        data(m, "x", x, p.size()),
        p.relu() ? data(m, "y", y, p.size()) : null,
        data(m, "dy", dy, p.size()),
        data(m, "gamma", gamma, p.channels()),
        data(m, "mean", mean, p.channels()),
        data(m, "variance", variance, p.channels()),
        dataOrNull(m, "dx", dx, p.size()),
        dataOrNull(m, "dGamma", dGamma, p.channels()),
        dataOrNull(m, "dBeta", dBeta, p.channels()));
  }

  // ---------------------------------------------------------------- pooling and resizing

  @Override
  public void maxPool(PoolProblem p, Storage x, Storage y) {
    Pooling.max(p, data("maxPool", "x", x, p.inputSize()), data("maxPool", "y", y, p.outputSize()));
  }

  @Override
  public void maxPoolBackward(PoolProblem p, Storage x, Storage y, Storage dy, Storage dx) {
    String m = "maxPoolBackward";
    // y would spare a faster backend the search for the maximum; here it is only checked.
    data(m, "y", y, p.outputSize());
    Pooling.maxBackward(
        p,
        data(m, "x", x, p.inputSize()),
        data(m, "dy", dy, p.outputSize()),
        data(m, "dx", dx, p.inputSize()));
  }

  @Override
  public void averagePool(PoolProblem p, boolean countPad, Storage x, Storage y) {
    Pooling.average(
        p,
        countPad,
        data("averagePool", "x", x, p.inputSize()),
        data("averagePool", "y", y, p.outputSize()));
  }

  @Override
  public void averagePoolBackward(PoolProblem p, boolean countPad, Storage dy, Storage dx) {
    String m = "averagePoolBackward";
    Pooling.averageBackward(
        p, countPad, data(m, "dy", dy, p.outputSize()), data(m, "dx", dx, p.inputSize()));
  }

  @Override
  public void resize(ResizeProblem p, Storage x, Storage y) {
    Resizing.forward(
        p, data("resize", "x", x, p.inputSize()), data("resize", "y", y, p.outputSize()));
  }

  @Override
  public void resizeBackward(ResizeProblem p, Storage dy, Storage dx) {
    String m = "resizeBackward";
    Resizing.backward(p, data(m, "dy", dy, p.outputSize()), data(m, "dx", dx, p.inputSize()));
  }

  // ---------------------------------------------------------------- softmax and losses

  @Override
  public void softmax(int rows, int cols, Storage x, Storage y) {
    checkLength("softmax", rows, cols);
    long size = (long) rows * cols;
    Softmax.softmax(rows, cols, data("softmax", "x", x, size), data("softmax", "y", y, size));
  }

  @Override
  public void softmaxBackward(int rows, int cols, Storage y, Storage dy, Storage dx) {
    String m = "softmaxBackward";
    checkLength(m, rows, cols);
    long size = (long) rows * cols;
    Softmax.softmaxBackward(
        rows, cols, data(m, "y", y, size), data(m, "dy", dy, size), data(m, "dx", dx, size));
  }

  @Override
  public void logSoftmax(int rows, int cols, Storage x, Storage y) {
    String m = "logSoftmax";
    checkLength(m, rows, cols);
    long size = (long) rows * cols;
    Softmax.logSoftmax(rows, cols, data(m, "x", x, size), data(m, "y", y, size));
  }

  @Override
  public void logSoftmaxBackward(int rows, int cols, Storage y, Storage dy, Storage dx) {
    String m = "logSoftmaxBackward";
    checkLength(m, rows, cols);
    long size = (long) rows * cols;
    Softmax.logSoftmaxBackward(
        rows, cols, data(m, "y", y, size), data(m, "dy", dy, size), data(m, "dx", dx, size));
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
    String m = "crossEntropy";
    checkLength(m, rows, cols);
    checkLabels(m, rows, cols, labels);
    long size = (long) rows * cols;
    Softmax.crossEntropy(
        rows,
        cols,
        data(m, "logits", logits, size),
        labels,
        smoothing,
        data(m, "probabilities", probabilities, size),
        data(m, "loss", loss, rows));
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
    String m = "crossEntropyBackward";
    checkLength(m, rows, cols);
    checkLabels(m, rows, cols, labels);
    long size = (long) rows * cols;
    Softmax.crossEntropyBackward(
        rows,
        cols,
        data(m, "probabilities", probabilities, size),
        labels,
        smoothing,
        scale,
        data(m, "dLogits", dLogits, size));
  }

  // ---------------------------------------------------------------- optimisers

  @Override
  public void sgd(SgdStep step, int length, Storage weight, Storage gradient, Storage velocity) {
    checkLength("sgd", length);
    Optimizers.sgd(
        step,
        length,
        data("sgd", "weight", weight, length),
        data("sgd", "gradient", gradient, length),
        step.momentum() == 0 ? null : data("sgd", "velocity", velocity, length));
  }

  @Override
  public void adam(
      AdamStep step, int length, Storage weight, Storage gradient, Storage m, Storage v) {
    checkLength("adam", length);
    Optimizers.adam(
        step,
        length,
        data("adam", "weight", weight, length),
        data("adam", "gradient", gradient, length),
        data("adam", "m", m, length),
        data("adam", "v", v, length));
  }
}
