package dev.thumbnet.engine.backend;

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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of every backend: checks the arguments of each call, as the contract of {@link
 * Primitives} promises, and hands them on as the backend's own storages.
 *
 * @param <S> the storages of the backend
 */
public abstract class CheckedBackend<S extends Storage> extends CheckedPasses<S>
    implements Backend {
  private final Primitives<S> primitives;
  private final Compilation<S> compilation;

  /**
   * @param owner of the backend's storages, see {@link Storage}
   * @param implementation what computes
   * @param <P> its type
   */
  protected <P extends Primitives<S> & Compilation<S>> CheckedBackend(
      Object owner, P implementation) {
    super(new Arguments<>(owner), implementation);
    this.primitives = implementation;
    this.compilation = implementation;
  }

  @Override
  public Storage allocate(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("allocate: length must not be negative: " + length);
    }
    return primitives.allocate(length);
  }

  @Override
  public void release(Storage storage) {
    primitives.release(arguments.owned("release", "storage", storage));
  }

  @Override
  public void trim() {
    primitives.trim();
  }

  @Override
  public void upload(
      float[] source, int sourceOffset, Storage target, int targetOffset, int length) {
    Arguments.checkHost("upload", source.length, sourceOffset, length);
    S to = arguments.checked("upload", "target", target, targetOffset, length);
    primitives.upload(source, sourceOffset, to, targetOffset, length);
  }

  @Override
  public void upload(
      double[] source, int sourceOffset, Storage target, int targetOffset, int length) {
    Arguments.checkHost("upload", source.length, sourceOffset, length);
    S to = arguments.checked("upload", "target", target, targetOffset, length);
    primitives.upload(source, sourceOffset, to, targetOffset, length);
  }

  @Override
  public void download(
      Storage source, int sourceOffset, float[] target, int targetOffset, int length) {
    Arguments.checkHost("download", target.length, targetOffset, length);
    S from = arguments.checked("download", "source", source, sourceOffset, length);
    primitives.download(from, sourceOffset, target, targetOffset, length);
  }

  @Override
  public void download(
      Storage source, int sourceOffset, double[] target, int targetOffset, int length) {
    Arguments.checkHost("download", target.length, targetOffset, length);
    S from = arguments.checked("download", "source", source, sourceOffset, length);
    primitives.download(from, sourceOffset, target, targetOffset, length);
  }

  @Override
  public void fill(Storage target, int length, double value) {
    primitives.fill(checked("fill", "target", target, length), length, value);
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
    primitives.copyRows(
        rows,
        rowLength,
        arguments.checkedRows("source", source, rows, rowLength, sourceOffset, sourceStride),
        sourceOffset,
        sourceStride,
        arguments.checkedRows("target", target, rows, rowLength, targetOffset, targetStride),
        targetOffset,
        targetStride);
  }

  @Override
  public void unaryBackward(
      Unary f, int length, @Nullable Storage x, @Nullable Storage y, Storage dy, Storage dx) {
    primitives.unaryBackward(
        f,
        length,
        f.gradientUsesX() ? checked("unaryBackward", "x", x, length) : null,
        f.gradientUsesX() ? null : checked("unaryBackward", "y", y, length),
        checked("unaryBackward", "dy", dy, length),
        checked("unaryBackward", "dx", dx, length));
  }

  @Override
  public void leakyReluBackward(int length, double slope, Storage x, Storage dy, Storage dx) {
    primitives.leakyReluBackward(
        length,
        slope,
        checked("leakyReluBackward", "x", x, length),
        checked("leakyReluBackward", "dy", dy, length),
        checked("leakyReluBackward", "dx", dx, length));
  }

  @Override
  public void eluBackward(
      int length, double scale, double alpha, double rate, Storage x, Storage dy, Storage dx) {
    primitives.eluBackward(
        length,
        scale,
        alpha,
        rate,
        checked("eluBackward", "x", x, length),
        checked("eluBackward", "dy", dy, length),
        checked("eluBackward", "dx", dx, length));
  }

  @Override
  public void maximumBackward(int length, Storage a, Storage b, Storage dy, Storage da) {
    primitives.maximumBackward(
        length,
        checked("maximumBackward", "a", a, length),
        checked("maximumBackward", "b", b, length),
        checked("maximumBackward", "dy", dy, length),
        checked("maximumBackward", "da", da, length));
  }

  @Override
  public void clampBackward(
      AxisProblem p, Storage x, Storage low, Storage high, Storage dy, Storage dx) {
    primitives.clampBackward(
        p,
        checked("clampBackward", "x", x, p.bigSize()),
        checked("clampBackward", "low", low, p.smallSize()),
        checked("clampBackward", "high", high, p.smallSize()),
        checked("clampBackward", "dy", dy, p.bigSize()),
        checked("clampBackward", "dx", dx, p.bigSize()));
  }

  @Override
  public void dropoutMask(int length, long key, double keep, Storage out) {
    primitives.dropoutMask(length, key, keep, checked("dropoutMask", "out", out, length));
  }

  @Override
  public void sumOfProducts(AxisProblem p, double scale, Storage a, Storage b, Storage small) {
    primitives.sumOfProducts(
        p,
        scale,
        checked("sumOfProducts", "a", a, p.bigSize()),
        checked("sumOfProducts", "b", b, p.bigSize()),
        checked("sumOfProducts", "small", small, p.smallSize()));
  }

  @Override
  public void conv2d(
      Conv2dProblem p, Storage x, Storage weight, @Nullable Storage bias, Storage y) {
    primitives.conv2d(
        p,
        checked("conv2d", "x", x, p.inputSize()),
        checked("conv2d", "weight", weight, p.weightSize()),
        bias == null ? null : checked("conv2d", "bias", bias, p.k()),
        checked("conv2d", "y", y, p.outputSize()));
  }

  @Override
  public void conv2dBackwardData(Conv2dProblem p, Storage dy, Storage weight, Storage dx) {
    primitives.conv2dBackwardData(
        p,
        checked("conv2dBackwardData", "dy", dy, p.outputSize()),
        checked("conv2dBackwardData", "weight", weight, p.weightSize()),
        checked("conv2dBackwardData", "dx", dx, p.inputSize()));
  }

  @Override
  public void conv2dBackwardWeights(Conv2dProblem p, Storage x, Storage dy, Storage dWeight) {
    primitives.conv2dBackwardWeights(
        p,
        checked("conv2dBackwardWeights", "x", x, p.inputSize()),
        checked("conv2dBackwardWeights", "dy", dy, p.outputSize()),
        checked("conv2dBackwardWeights", "dWeight", dWeight, p.weightSize()));
  }

  @Override
  public void gemm(GemmProblem p, Storage a, Storage b, @Nullable Storage bias, Storage c) {
    primitives.gemm(
        p,
        checked("gemm", "a", a, Arguments.matrixSize("gemm", p.m(), p.k())),
        checked("gemm", "b", b, Arguments.matrixSize("gemm", p.k(), p.n())),
        bias == null ? null : checked("gemm", "bias", bias, p.n()),
        checked("gemm", "c", c, Arguments.matrixSize("gemm", p.m(), p.n())));
  }

  @Override
  public void matmul(int batch, GemmProblem p, Storage a, Storage b, Storage c) {
    primitives.matmul(
        batch,
        p,
        checked("matmul", "a", a, Arguments.matrixSize("matmul", batch, p.m() * p.k())),
        checked("matmul", "b", b, Arguments.matrixSize("matmul", batch, p.k() * p.n())),
        checked("matmul", "c", c, Arguments.matrixSize("matmul", batch, p.m() * p.n())));
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
    primitives.batchNormTrain(
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
      @Nullable Storage y,
      Storage dy,
      Storage gamma,
      Storage mean,
      Storage variance,
      @Nullable Storage dx,
      @Nullable Storage dGamma,
      @Nullable Storage dBeta) {
    primitives.batchNormBackward(
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
    primitives.maxPoolBackward(
        p,
        checked("maxPoolBackward", "x", x, p.inputSize()),
        checked("maxPoolBackward", "y", y, p.outputSize()),
        checked("maxPoolBackward", "dy", dy, p.outputSize()),
        checked("maxPoolBackward", "dx", dx, p.inputSize()));
  }

  @Override
  public void averagePoolBackward(PoolProblem p, boolean countPad, Storage dy, Storage dx) {
    Arguments.checkMean("averagePoolBackward", p);
    primitives.averagePoolBackward(
        p,
        countPad,
        checked("averagePoolBackward", "dy", dy, p.outputSize()),
        checked("averagePoolBackward", "dx", dx, p.inputSize()));
  }

  @Override
  public void resizeBackward(ResizeProblem p, Storage dy, Storage dx) {
    primitives.resizeBackward(
        p,
        checked("resizeBackward", "dy", dy, p.outputSize()),
        checked("resizeBackward", "dx", dx, p.inputSize()));
  }

  @Override
  public void gatherBackward(GatherProblem p, Storage dy, Storage dx) {
    primitives.gatherBackward(
        p,
        checked("gatherBackward", "dy", dy, p.outputSize()),
        checked("gatherBackward", "dx", dx, p.inputSize()));
  }

  @Override
  public void softmaxBackward(int rows, int cols, Storage y, Storage dy, Storage dx) {
    int size = Arguments.matrixSize("softmaxBackward", rows, cols);
    primitives.softmaxBackward(
        rows,
        cols,
        checked("softmaxBackward", "y", y, size),
        checked("softmaxBackward", "dy", dy, size),
        checked("softmaxBackward", "dx", dx, size));
  }

  @Override
  public void logSoftmaxBackward(int rows, int cols, Storage y, Storage dy, Storage dx) {
    int size = Arguments.matrixSize("logSoftmaxBackward", rows, cols);
    primitives.logSoftmaxBackward(
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
    primitives.crossEntropy(
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
    primitives.crossEntropyBackward(
        rows,
        cols,
        checked("crossEntropyBackward", "probabilities", probabilities, size),
        labels,
        smoothing,
        scale,
        checked("crossEntropyBackward", "dLogits", dLogits, size));
  }

  @Override
  public void sgd(
      SgdStep step, int length, Storage weight, Storage gradient, @Nullable Storage velocity) {
    primitives.sgd(
        step,
        length,
        checked("sgd", "weight", weight, length),
        checked("sgd", "gradient", gradient, length),
        step.momentum() == 0 ? null : checked("sgd", "velocity", velocity, length));
  }

  @Override
  public void adam(
      AdamStep step, int length, Storage weight, Storage gradient, Storage m, Storage v) {
    primitives.adam(
        step,
        length,
        checked("adam", "weight", weight, length),
        checked("adam", "gradient", gradient, length),
        checked("adam", "m", m, length),
        checked("adam", "v", v, length));
  }

  // ---------------------------------------------------------------- compilation

  @Override
  public PreparedConvolution<Storage> prepare(
      Conv2dProblem p,
      Storage weight,
      @Nullable Storage bias,
      @Nullable Unary activation,
      WeightFormat format) {
    S w = checked("prepare", "weight", weight, p.weightSize());
    S b = bias == null ? null : checked("prepare", "bias", bias, p.k());
    return new CheckedConvolution<>(
        this, p, false, compilation.prepare(p, w, b, activation, format));
  }

  @Override
  public PreparedConvolution<Storage> prepareTransposed(
      Conv2dProblem p,
      Storage weight,
      @Nullable Storage bias,
      @Nullable Unary activation,
      WeightFormat format) {
    S w = checked("prepareTransposed", "weight", weight, p.weightSize());
    S b = bias == null ? null : checked("prepareTransposed", "bias", bias, p.c());
    return new CheckedConvolution<>(
        this, p, true, compilation.prepareTransposed(p, w, b, activation, format));
  }

  @Override
  public Runnable bind(Consumer<Passes<Storage>> pass) {
    return compilation.bind(passes -> pass.accept(new CheckedPasses<>(arguments, passes)));
  }

  @Override
  public Runnable record(Runnable steps) {
    return compilation.record(steps);
  }

  Compilation<S> compilation() {
    return compilation;
  }
}
