package dev.thumbnet.engine.backend.cpu.pass;

import dev.thumbnet.engine.backend.Arguments;
import dev.thumbnet.engine.backend.AxisProblem;
import dev.thumbnet.engine.backend.BatchNormProblem;
import dev.thumbnet.engine.backend.Passes;
import dev.thumbnet.engine.backend.PoolProblem;
import dev.thumbnet.engine.backend.ResizeProblem;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.Unary;
import dev.thumbnet.engine.backend.cpu.CpuBackend;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.PassRecorder;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;

/**
 * The passes of {@link CpuBackend}, and what runs their tasks: its threads, or a {@link
 * PassRecorder}.
 */
public class CpuPasses implements Passes {
  protected final Arguments<CpuStorage> arguments;
  protected final Elementwise elementwise;
  protected final Broadcasts broadcasts;
  protected final BatchNorm batchNorm;
  protected final MaxPooling maxPooling;
  protected final Resampling resampling;
  protected final Softmax softmax;

  public CpuPasses(Kernels kernels, BufferPool buffers, WorkerPool workers) {
    arguments = new Arguments<>(CpuStorage.class, storage -> storage.pool == buffers);
    elementwise = new Elementwise(workers, kernels);
    broadcasts = new Broadcasts(workers, kernels);
    batchNorm = new BatchNorm(workers, kernels);
    maxPooling = new MaxPooling(workers, kernels);
    resampling = new Resampling(workers, buffers, kernels);
    softmax = new Softmax(workers);
  }

  /** Returns the storage as a usable one of this backend with at least {@code length} elements. */
  public final CpuStorage checked(String method, String name, Storage storage, int length) {
    return arguments.checked(method, name, storage, length);
  }

  @Override
  public void linearCombination(
      int length, double alpha, Storage a, double beta, Storage b, Storage out) {
    elementwise.linearCombination(
        length,
        alpha,
        checked("linearCombination", "a", a, length),
        beta,
        checked("linearCombination", "b", b, length),
        checked("linearCombination", "out", out, length));
  }

  @Override
  public void affine(int length, double scale, Storage x, double shift, Storage out) {
    elementwise.affine(
        length,
        scale,
        checked("affine", "x", x, length),
        shift,
        checked("affine", "out", out, length));
  }

  @Override
  public void multiply(int length, Storage a, Storage b, Storage out) {
    elementwise.multiply(
        length,
        checked("multiply", "a", a, length),
        checked("multiply", "b", b, length),
        checked("multiply", "out", out, length));
  }

  @Override
  public void divide(int length, Storage a, Storage b, Storage out) {
    elementwise.divide(
        length,
        checked("divide", "a", a, length),
        checked("divide", "b", b, length),
        checked("divide", "out", out, length));
  }

  @Override
  public void addRelu(int length, Storage a, Storage b, Storage out) {
    elementwise.addRelu(
        length,
        checked("addRelu", "a", a, length),
        checked("addRelu", "b", b, length),
        checked("addRelu", "out", out, length));
  }

  @Override
  public void unary(Unary f, int length, Storage x, Storage y) {
    elementwise.unary(
        f, length, checked("unary", "x", x, length), checked("unary", "y", y, length));
  }

  @Override
  public void leakyRelu(int length, double slope, Storage x, Storage y) {
    elementwise.leakyRelu(
        length, slope, checked("leakyRelu", "x", x, length), checked("leakyRelu", "y", y, length));
  }

  @Override
  public void broadcastAdd(AxisProblem p, Storage big, double scale, Storage small, Storage out) {
    broadcasts.broadcastAdd(
        p,
        checked("broadcastAdd", "big", big, p.bigSize()),
        scale,
        checked("broadcastAdd", "small", small, p.smallSize()),
        checked("broadcastAdd", "out", out, p.bigSize()));
  }

  @Override
  public void broadcastMultiply(AxisProblem p, Storage big, Storage small, Storage out) {
    broadcasts.broadcastMultiply(
        p,
        checked("broadcastMultiply", "big", big, p.bigSize()),
        checked("broadcastMultiply", "small", small, p.smallSize()),
        checked("broadcastMultiply", "out", out, p.bigSize()));
  }

  @Override
  public void broadcast(AxisProblem p, double scale, Storage small, Storage out) {
    broadcasts.broadcast(
        p,
        scale,
        checked("broadcast", "small", small, p.smallSize()),
        checked("broadcast", "out", out, p.bigSize()));
  }

  @Override
  public void sum(AxisProblem p, double scale, Storage big, Storage small) {
    broadcasts.sum(
        p,
        scale,
        checked("sum", "big", big, p.bigSize()),
        checked("sum", "small", small, p.smallSize()));
  }

  @Override
  public void clamp(AxisProblem p, Storage x, Storage low, Storage high, Storage y) {
    broadcasts.clamp(
        p,
        checked("clamp", "x", x, p.bigSize()),
        checked("clamp", "low", low, p.smallSize()),
        checked("clamp", "high", high, p.smallSize()),
        checked("clamp", "y", y, p.bigSize()));
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
    batchNorm.eval(
        p,
        checked("batchNormEval", "x", x, p.size()),
        checked("batchNormEval", "gamma", gamma, p.channels()),
        checked("batchNormEval", "beta", beta, p.channels()),
        checked("batchNormEval", "mean", mean, p.channels()),
        checked("batchNormEval", "variance", variance, p.channels()),
        checked("batchNormEval", "y", y, p.size()));
  }

  @Override
  public void maxPool(PoolProblem p, Storage x, Storage y) {
    maxPooling.forward(
        p, checked("maxPool", "x", x, p.inputSize()), checked("maxPool", "y", y, p.outputSize()));
  }

  @Override
  public void averagePool(PoolProblem p, boolean countPad, Storage x, Storage y) {
    resampling.averagePool(
        p,
        countPad,
        checked("averagePool", "x", x, p.inputSize()),
        checked("averagePool", "y", y, p.outputSize()));
  }

  @Override
  public void resize(ResizeProblem p, Storage x, Storage y) {
    resampling.resize(
        p, checked("resize", "x", x, p.inputSize()), checked("resize", "y", y, p.outputSize()));
  }

  @Override
  public void softmax(int rows, int cols, Storage x, Storage y) {
    int size = Arguments.matrixSize("softmax", rows, cols);
    softmax.softmax(rows, cols, checked("softmax", "x", x, size), checked("softmax", "y", y, size));
  }

  @Override
  public void logSoftmax(int rows, int cols, Storage x, Storage y) {
    int size = Arguments.matrixSize("logSoftmax", rows, cols);
    softmax.logSoftmax(
        rows, cols, checked("logSoftmax", "x", x, size), checked("logSoftmax", "y", y, size));
  }
}
