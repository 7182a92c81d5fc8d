package dev.thumbnet.engine.backend.cpu.pass;

import dev.thumbnet.engine.backend.Passes;
import dev.thumbnet.engine.backend.cpu.CpuBackend;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.PassRecorder;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import dev.thumbnet.engine.backend.problem.Unary;

/**
 * The passes of {@link CpuBackend}, and what runs their tasks: its threads, or a {@link
 * PassRecorder}.
 */
public class CpuPasses implements Passes<CpuStorage> {
  protected final Elementwise elementwise;
  protected final Broadcasts broadcasts;
  protected final BatchNorm batchNorm;
  protected final MaxPooling maxPooling;
  protected final Resampling resampling;
  protected final Softmax softmax;
  protected final Gathering gathering;
  private final Transposing transposing;

  public CpuPasses(Kernels kernels, BufferPool buffers, WorkerPool workers) {
    elementwise = new Elementwise(workers, kernels);
    broadcasts = new Broadcasts(workers, kernels);
    batchNorm = new BatchNorm(workers, kernels);
    maxPooling = new MaxPooling(workers, kernels);
    resampling = new Resampling(workers, buffers, kernels);
    softmax = new Softmax(workers);
    gathering = new Gathering(workers);
    transposing = new Transposing(workers, kernels);
  }

  @Override
  public void linearCombination(
      int length, double alpha, CpuStorage a, double beta, CpuStorage b, CpuStorage out) {
    elementwise.linearCombination(length, alpha, a, beta, b, out);
  }

  @Override
  public void affine(int length, double scale, CpuStorage x, double shift, CpuStorage out) {
    elementwise.affine(length, scale, x, shift, out);
  }

  @Override
  public void multiply(int length, CpuStorage a, CpuStorage b, CpuStorage out) {
    elementwise.multiply(length, a, b, out);
  }

  @Override
  public void divide(int length, CpuStorage a, CpuStorage b, CpuStorage out) {
    elementwise.divide(length, a, b, out);
  }

  @Override
  public void addRelu(int length, CpuStorage a, CpuStorage b, CpuStorage out) {
    elementwise.addRelu(length, a, b, out);
  }

  @Override
  public void maximum(int length, CpuStorage a, CpuStorage b, CpuStorage out) {
    elementwise.maximum(length, a, b, out);
  }

  @Override
  public void minimum(int length, CpuStorage a, CpuStorage b, CpuStorage out) {
    elementwise.minimum(length, a, b, out);
  }

  @Override
  public void unary(Unary f, int length, CpuStorage x, CpuStorage y) {
    elementwise.unary(f, length, x, y);
  }

  @Override
  public void leakyRelu(int length, double slope, CpuStorage x, CpuStorage y) {
    elementwise.leakyRelu(length, slope, x, y);
  }

  @Override
  public void elu(int length, double scale, double alpha, double rate, CpuStorage x, CpuStorage y) {
    elementwise.elu(length, scale, alpha, rate, x, y);
  }

  @Override
  public void broadcastAdd(
      AxisProblem p, CpuStorage big, double scale, CpuStorage small, CpuStorage out) {
    broadcasts.broadcastAdd(p, big, scale, small, out);
  }

  @Override
  public void broadcastMultiply(AxisProblem p, CpuStorage big, CpuStorage small, CpuStorage out) {
    broadcasts.broadcastMultiply(p, big, small, out);
  }

  @Override
  public void broadcast(AxisProblem p, double scale, CpuStorage small, CpuStorage out) {
    broadcasts.broadcast(p, scale, small, out);
  }

  @Override
  public void sum(AxisProblem p, double scale, CpuStorage big, CpuStorage small) {
    broadcasts.sum(p, scale, big, small);
  }

  @Override
  public void clamp(AxisProblem p, CpuStorage x, CpuStorage low, CpuStorage high, CpuStorage y) {
    broadcasts.clamp(p, x, low, high, y);
  }

  @Override
  public void batchNormEval(
      BatchNormProblem p,
      CpuStorage x,
      CpuStorage gamma,
      CpuStorage beta,
      CpuStorage mean,
      CpuStorage variance,
      CpuStorage y) {
    batchNorm.eval(p, x, gamma, beta, mean, variance, y);
  }

  @Override
  public void maxPool(PoolProblem p, CpuStorage x, CpuStorage y) {
    maxPooling.forward(p, x, y);
  }

  @Override
  public void averagePool(PoolProblem p, boolean countPad, CpuStorage x, CpuStorage y) {
    resampling.averagePool(p, countPad, x, y);
  }

  @Override
  public void resize(ResizeProblem p, CpuStorage x, CpuStorage y) {
    resampling.resize(p, x, y);
  }

  @Override
  public void softmax(int rows, int cols, CpuStorage x, CpuStorage y) {
    softmax.softmax(rows, cols, x, y);
  }

  @Override
  public void logSoftmax(int rows, int cols, CpuStorage x, CpuStorage y) {
    softmax.logSoftmax(rows, cols, x, y);
  }

  @Override
  public void transpose(TransposeProblem p, CpuStorage x, CpuStorage y) {
    transposing.run(p, x, y);
  }

  @Override
  public void gather(GatherProblem p, double value, CpuStorage x, CpuStorage y) {
    gathering.forward(p, value, x, y);
  }
}
