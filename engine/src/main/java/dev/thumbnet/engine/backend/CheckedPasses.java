package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import org.jspecify.annotations.Nullable;

/**
 * Checks the arguments of passes, see {@link CheckedBackend}.
 *
 * @param <S> the storages of the backend
 */
class CheckedPasses<S extends Storage> implements Passes<Storage> {
  final Arguments<S> arguments;
  private final Passes<S> passes;

  CheckedPasses(Arguments<S> arguments, Passes<S> passes) {
    this.arguments = arguments;
    this.passes = passes;
  }

  final S checked(String method, String name, @Nullable Storage storage, int length) {
    return arguments.checked(method, name, storage, 0, length);
  }

  @Override
  public void linearCombination(
      int length, double alpha, Storage a, double beta, Storage b, Storage out) {
    passes.linearCombination(
        length,
        alpha,
        checked("linearCombination", "a", a, length),
        beta,
        checked("linearCombination", "b", b, length),
        checked("linearCombination", "out", out, length));
  }

  @Override
  public void affine(int length, double scale, Storage x, double shift, Storage out) {
    passes.affine(
        length,
        scale,
        checked("affine", "x", x, length),
        shift,
        checked("affine", "out", out, length));
  }

  @Override
  public void multiply(int length, Storage a, Storage b, Storage out) {
    passes.multiply(
        length,
        checked("multiply", "a", a, length),
        checked("multiply", "b", b, length),
        checked("multiply", "out", out, length));
  }

  @Override
  public void divide(int length, Storage a, Storage b, Storage out) {
    passes.divide(
        length,
        checked("divide", "a", a, length),
        checked("divide", "b", b, length),
        checked("divide", "out", out, length));
  }

  @Override
  public void addRelu(int length, Storage a, Storage b, Storage out) {
    passes.addRelu(
        length,
        checked("addRelu", "a", a, length),
        checked("addRelu", "b", b, length),
        checked("addRelu", "out", out, length));
  }

  @Override
  public void maximum(int length, Storage a, Storage b, Storage out) {
    passes.maximum(
        length,
        checked("maximum", "a", a, length),
        checked("maximum", "b", b, length),
        checked("maximum", "out", out, length));
  }

  @Override
  public void minimum(int length, Storage a, Storage b, Storage out) {
    passes.minimum(
        length,
        checked("minimum", "a", a, length),
        checked("minimum", "b", b, length),
        checked("minimum", "out", out, length));
  }

  @Override
  public void unary(Unary f, int length, Storage x, Storage y) {
    passes.unary(f, length, checked("unary", "x", x, length), checked("unary", "y", y, length));
  }

  @Override
  public void leakyRelu(int length, double slope, Storage x, Storage y) {
    passes.leakyRelu(
        length, slope, checked("leakyRelu", "x", x, length), checked("leakyRelu", "y", y, length));
  }

  @Override
  public void elu(int length, double scale, double alpha, double rate, Storage x, Storage y) {
    passes.elu(
        length, scale, alpha, rate, checked("elu", "x", x, length), checked("elu", "y", y, length));
  }

  @Override
  public void broadcastAdd(AxisProblem p, Storage big, double scale, Storage small, Storage out) {
    passes.broadcastAdd(
        p,
        checked("broadcastAdd", "big", big, p.bigSize()),
        scale,
        checked("broadcastAdd", "small", small, p.smallSize()),
        checked("broadcastAdd", "out", out, p.bigSize()));
  }

  @Override
  public void broadcastMultiply(AxisProblem p, Storage big, Storage small, Storage out) {
    passes.broadcastMultiply(
        p,
        checked("broadcastMultiply", "big", big, p.bigSize()),
        checked("broadcastMultiply", "small", small, p.smallSize()),
        checked("broadcastMultiply", "out", out, p.bigSize()));
  }

  @Override
  public void broadcast(AxisProblem p, double scale, Storage small, Storage out) {
    passes.broadcast(
        p,
        scale,
        checked("broadcast", "small", small, p.smallSize()),
        checked("broadcast", "out", out, p.bigSize()));
  }

  @Override
  public void sum(AxisProblem p, double scale, Storage big, Storage small) {
    passes.sum(
        p,
        scale,
        checked("sum", "big", big, p.bigSize()),
        checked("sum", "small", small, p.smallSize()));
  }

  @Override
  public void clamp(AxisProblem p, Storage x, Storage low, Storage high, Storage y) {
    passes.clamp(
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
    passes.batchNormEval(
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
    passes.maxPool(
        p, checked("maxPool", "x", x, p.inputSize()), checked("maxPool", "y", y, p.outputSize()));
  }

  @Override
  public void averagePool(PoolProblem p, boolean countPad, Storage x, Storage y) {
    Arguments.checkMean("averagePool", p);
    passes.averagePool(
        p,
        countPad,
        checked("averagePool", "x", x, p.inputSize()),
        checked("averagePool", "y", y, p.outputSize()));
  }

  @Override
  public void resize(ResizeProblem p, Storage x, Storage y) {
    passes.resize(
        p, checked("resize", "x", x, p.inputSize()), checked("resize", "y", y, p.outputSize()));
  }

  @Override
  public void softmax(int rows, int cols, Storage x, Storage y) {
    int size = Arguments.matrixSize("softmax", rows, cols);
    passes.softmax(rows, cols, checked("softmax", "x", x, size), checked("softmax", "y", y, size));
  }

  @Override
  public void logSoftmax(int rows, int cols, Storage x, Storage y) {
    int size = Arguments.matrixSize("logSoftmax", rows, cols);
    passes.logSoftmax(
        rows, cols, checked("logSoftmax", "x", x, size), checked("logSoftmax", "y", y, size));
  }

  @Override
  public void transpose(TransposeProblem p, Storage x, Storage y) {
    passes.transpose(
        p, checked("transpose", "x", x, p.size()), checked("transpose", "y", y, p.size()));
  }

  @Override
  public void gather(GatherProblem p, double value, Storage x, Storage y) {
    passes.gather(
        p,
        value,
        checked("gather", "x", x, p.inputSize()),
        checked("gather", "y", y, p.outputSize()));
  }
}
